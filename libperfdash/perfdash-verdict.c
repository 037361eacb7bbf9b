/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-verdict.h"

G_DEFINE_ENUM_TYPE(PerfdashVerdict,
		   perfdash_verdict,
		   G_DEFINE_ENUM_VALUE(PERFDASH_VERDICT_NOT_ENOUGH_DATA, "not-enough-data"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_VERDICT_SAME, "same"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_VERDICT_BETTER, "better"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_VERDICT_WORSE, "worse"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_VERDICT_CHANGED, "changed"))

/**
 * perfdash_verdict_to_string:
 * @verdict: a #PerfdashVerdict
 *
 * Returns: `not-enough-data`, `same`, `better`, `worse` or `changed`
 *
 * Since: 0.1
 */
const char *
perfdash_verdict_to_string(PerfdashVerdict verdict)
{
	g_autoptr(GEnumClass) klass = g_type_class_ref(PERFDASH_TYPE_VERDICT);
	GEnumValue *value = g_enum_get_value(klass, verdict);
	g_return_val_if_fail(value != NULL, "not-enough-data");
	return value->value_nick;
}
