/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-series-info.h"

G_BEGIN_DECLS

/* another series with the same labels and unit, whose runs have other labels than it has: its id
 * says so */
PerfdashSeriesInfo *
perfdash_series_info_new_apart(PerfdashSeriesInfo *self, PerfdashLabels *run_labels);
/* the same series, and the same id */
PerfdashSeriesInfo *
perfdash_series_info_with_direction(PerfdashSeriesInfo *self, PerfdashDirection direction);

G_END_DECLS
