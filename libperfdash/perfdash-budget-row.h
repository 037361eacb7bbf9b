/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-budget-state.h>
#include <perfdash-comparison.h>
#include <perfdash-labels.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_BUDGET_ROW (perfdash_budget_row_get_type())

typedef struct _PerfdashBudgetRow PerfdashBudgetRow;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_budget_row_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashBudgetRow *
perfdash_budget_row_ref(PerfdashBudgetRow *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_budget_row_unref(PerfdashBudgetRow *self);

PERFDASH_AVAILABLE_IN_0_1
PerfdashLabels *
perfdash_budget_row_get_labels(PerfdashBudgetRow *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_budget_row_get_series(PerfdashBudgetRow *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_budget_row_get_unit(PerfdashBudgetRow *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashDirection
perfdash_budget_row_get_direction(PerfdashBudgetRow *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashComparison *
perfdash_budget_row_get_comparison(PerfdashBudgetRow *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashBudgetState
perfdash_budget_row_get_state(PerfdashBudgetRow *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_budget_row_get_used(PerfdashBudgetRow *self, double *low, double *high);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_budget_row_get_p(PerfdashBudgetRow *self);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_budget_row_get_runs_needed(PerfdashBudgetRow *self);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_budget_row_get_drift(PerfdashBudgetRow *self,
			      double *drift,
			      double *low,
			      double *high,
			      gboolean *is_relative);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_budget_row_get_used_up(PerfdashBudgetRow *self, gint64 *first, gint64 *last);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashBudgetRow, perfdash_budget_row_unref)

G_END_DECLS
