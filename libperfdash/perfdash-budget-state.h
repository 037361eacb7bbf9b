/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

/**
 * PerfdashBudgetState:
 * @PERFDASH_BUDGET_STATE_KEPT: what changed is within the limit
 * @PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA: so few results cannot tell
 * @PERFDASH_BUDGET_STATE_UNCLEAR: the change is so near to the limit that it may be on either side
 * @PERFDASH_BUDGET_STATE_EXCEEDED: it got worse by more than the limit
 *
 * How a series, or all of them, stand to a budget; what is worse comes later.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_BUDGET_STATE_KEPT,
	PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA,
	PERFDASH_BUDGET_STATE_UNCLEAR,
	PERFDASH_BUDGET_STATE_EXCEEDED,
} PerfdashBudgetState;

#define PERFDASH_TYPE_BUDGET_STATE (perfdash_budget_state_get_type())

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_budget_state_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_budget_state_to_string(PerfdashBudgetState state);

G_END_DECLS
