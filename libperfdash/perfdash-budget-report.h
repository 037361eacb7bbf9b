/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-budget-row.h>
#include <perfdash-budget.h>
#include <perfdash-store.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_BUDGET_REPORT (perfdash_budget_report_get_type())

typedef struct _PerfdashBudgetReport PerfdashBudgetReport;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_budget_report_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashBudgetReport *
perfdash_budget_report_new(PerfdashBudget *budget, PerfdashStore *store, GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashBudgetReport *
perfdash_budget_report_ref(PerfdashBudgetReport *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_budget_report_unref(PerfdashBudgetReport *self);

PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_budget_report_get_rows(PerfdashBudgetReport *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashBudgetState
perfdash_budget_report_get_state(PerfdashBudgetReport *self);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_budget_report_count(PerfdashBudgetReport *self, PerfdashBudgetState state);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_budget_report_get_n_without_baseline(PerfdashBudgetReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashBudgetReport, perfdash_budget_report_unref)

G_END_DECLS
