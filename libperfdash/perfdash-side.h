/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-selector.h"
#include "perfdash-series.h"

G_BEGIN_DECLS

/* one side of a comparison: which results of which series belong to it */
typedef struct _PerfdashSide PerfdashSide;

/* terms with blanks between them: see perfdash_comparison_list_new() */
PerfdashSide *
perfdash_side_new(const char *text, GError **error);
void
perfdash_side_free(PerfdashSide *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashSide, perfdash_side_free)

/* whether it chooses series by that label */
gboolean
perfdash_side_chooses_by(PerfdashSide *self, const char *key);
gboolean
perfdash_side_has_series(PerfdashSide *self, PerfdashLabels *labels);
/* appends doubles */
void
perfdash_side_add_values(PerfdashSide *self, PerfdashSeries *series, GArray *values);
/* appends the ids of runs, each a gint64, whose results are on both sides */
void
perfdash_side_add_shared_runs(PerfdashSide *self,
			      PerfdashSide *other,
			      PerfdashSeries *series,
			      GArray *runs);

G_END_DECLS
