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
/* a label by which it chooses series and the other side does not, or NULL */
const char *
perfdash_side_get_lone_key(PerfdashSide *self, PerfdashSide *other);
/* whether it says nothing of runs */
gboolean
perfdash_side_is_of_all_runs(PerfdashSide *self);
/* whether it says of runs that all newer ones are of it, or the newest ones only */
gboolean
perfdash_side_moves(PerfdashSide *self);
/* whether a time of it is so long ago */
gboolean
perfdash_side_is_relative(PerfdashSide *self);
gboolean
perfdash_side_has_series(PerfdashSide *self, PerfdashLabels *labels);
/* the places of its results, of guint, in their order; except: those that are not its, likewise, or
 * NULL */
GArray *
perfdash_side_find(PerfdashSide *self, PerfdashSeries *series, const GArray *except);

G_END_DECLS
