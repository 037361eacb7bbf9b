/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-standing.h"

G_DEFINE_ENUM_TYPE(PerfdashStanding,
		   perfdash_standing,
		   G_DEFINE_ENUM_VALUE(PERFDASH_STANDING_SHOWN, "shown"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_STANDING_HIDDEN, "hidden"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_STANDING_REPLACED, "replaced"))

/**
 * perfdash_standing_to_string:
 * @standing: a #PerfdashStanding
 *
 * Returns: `shown`, `hidden` or `replaced`
 *
 * Since: 0.1
 */
const char *
perfdash_standing_to_string(PerfdashStanding standing)
{
	static const char *const names[] = {"shown", "hidden", "replaced"};
	g_return_val_if_fail((guint)standing < G_N_ELEMENTS(names), "shown");
	return names[standing];
}

/**
 * perfdash_standing_from_string:
 * @text: what perfdash_standing_to_string() gave
 * @standing: (out): the #PerfdashStanding
 *
 * Returns: whether @text names a standing
 *
 * Since: 0.1
 */
gboolean
perfdash_standing_from_string(const char *text, PerfdashStanding *standing)
{
	for (PerfdashStanding i = PERFDASH_STANDING_SHOWN; i <= PERFDASH_STANDING_REPLACED; i++) {
		if (g_str_equal(text, perfdash_standing_to_string(i))) {
			*standing = i;
			return TRUE;
		}
	}
	return FALSE;
}
