/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-budget-state.h"

G_DEFINE_ENUM_TYPE(PerfdashBudgetState,
		   perfdash_budget_state,
		   G_DEFINE_ENUM_VALUE(PERFDASH_BUDGET_STATE_KEPT, "kept"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA, "not-enough-data"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_BUDGET_STATE_UNCLEAR, "unclear"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_BUDGET_STATE_EXCEEDED, "exceeded"))

/**
 * perfdash_budget_state_to_string:
 * @state: a #PerfdashBudgetState
 *
 * Returns: `kept`, `not-enough-data`, `unclear` or `exceeded`
 *
 * Since: 0.1
 */
const char *
perfdash_budget_state_to_string(PerfdashBudgetState state)
{
	g_autoptr(GEnumClass) klass = g_type_class_ref(PERFDASH_TYPE_BUDGET_STATE);
	GEnumValue *value = g_enum_get_value(klass, state);
	g_return_val_if_fail(value != NULL, "not-enough-data");
	return value->value_nick;
}
