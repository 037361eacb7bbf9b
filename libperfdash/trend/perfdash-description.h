/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-analysis.h"
#include "perfdash-change-point-private.h"

G_BEGIN_DECLS

/* what a step means; offset: of the analysed values in the series */
PerfdashChangePoint *
perfdash_description_new(const PerfdashAnalysis *analysis,
			 const PerfdashStep *step,
			 gsize offset,
			 PerfdashDirection direction);
/* of the newest results */
void
perfdash_description_get_level(const PerfdashAnalysis *analysis, PerfdashEstimate *level);

G_END_DECLS
