/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-comparison.h>
#include <perfdash-store.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_COMPARISON_LIST (perfdash_comparison_list_get_type())

typedef struct _PerfdashComparisonList PerfdashComparisonList;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_comparison_list_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashComparisonList *
perfdash_comparison_list_new(PerfdashStore *store,
			     PerfdashSelector *selector,
			     const char *before,
			     const char *after,
			     double margin,
			     GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashComparisonList *
perfdash_comparison_list_ref(PerfdashComparisonList *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_comparison_list_unref(PerfdashComparisonList *self);

PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_comparison_list_get_length(PerfdashComparisonList *self);
PERFDASH_AVAILABLE_IN_0_1
const gint64 *
perfdash_comparison_list_get_shared_runs(PerfdashComparisonList *self, gsize *n_runs);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLabels *
perfdash_comparison_list_get_labels(PerfdashComparisonList *self, guint index);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_comparison_list_get_unit(PerfdashComparisonList *self, guint index);
PERFDASH_AVAILABLE_IN_0_1
PerfdashDirection
perfdash_comparison_list_get_direction(PerfdashComparisonList *self, guint index);
PERFDASH_AVAILABLE_IN_0_1
PerfdashComparison *
perfdash_comparison_list_get_comparison(PerfdashComparisonList *self, guint index);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_comparison_list_get_mean_ratio(PerfdashComparisonList *self,
					PerfdashDirection direction,
					double *ratio,
					double *low,
					double *high);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashComparisonList, perfdash_comparison_list_unref)

G_END_DECLS
