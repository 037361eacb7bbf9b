/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-outcome.h"

G_DEFINE_ENUM_TYPE(PerfdashOutcome,
		   perfdash_outcome,
		   G_DEFINE_ENUM_VALUE(PERFDASH_OUTCOME_OK, "ok"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_OUTCOME_PARTIAL, "partial"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_OUTCOME_FAILED, "failed"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_OUTCOME_NO_RESULT, "no-result"))

/**
 * perfdash_outcome_to_string:
 * @outcome: a #PerfdashOutcome
 *
 * Returns: `ok`, `partial`, `failed` or `no-result`
 *
 * Since: 0.1
 */
const char *
perfdash_outcome_to_string(PerfdashOutcome outcome)
{
	static const char *const names[] = {"ok", "partial", "failed", "no-result"};
	g_return_val_if_fail((guint)outcome < G_N_ELEMENTS(names), "failed");
	return names[outcome];
}

/**
 * perfdash_outcome_from_string:
 * @text: what perfdash_outcome_to_string() gave
 * @outcome: (out): the #PerfdashOutcome
 *
 * Returns: whether @text names an outcome
 *
 * Since: 0.1
 */
gboolean
perfdash_outcome_from_string(const char *text, PerfdashOutcome *outcome)
{
	for (PerfdashOutcome i = PERFDASH_OUTCOME_OK; i <= PERFDASH_OUTCOME_NO_RESULT; i++) {
		if (g_str_equal(text, perfdash_outcome_to_string(i))) {
			*outcome = i;
			return TRUE;
		}
	}
	return FALSE;
}
