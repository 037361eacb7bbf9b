/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-config-budget.h"

G_BEGIN_DECLS

/* a budget of the configuration, and how it stood when it was judged last; for any thread */
typedef struct _PddBudget PddBudget;

/* config must live as long */
PddBudget *
pdd_budget_new(const PddBudgetConfig *config);
void
pdd_budget_free(PddBudget *self);
const PddBudgetConfig *
pdd_budget_get_config(PddBudget *self);
char *
pdd_budget_to_string(PddBudget *self);
PerfdashBudgetReport *
pdd_budget_judge(PddBudget *self, PerfdashStore *store, GError **error);
PerfdashBudgetReport *
pdd_budget_judge_lately(PddBudget *self, PerfdashStore *store, GError **error);

G_END_DECLS
