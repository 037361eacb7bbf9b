/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-error-private.h"

GQuark
perfdash_error_quark(void)
{
	return g_quark_from_static_string("perfdash-error-quark");
}

G_DEFINE_ENUM_TYPE(PerfdashError,
		   perfdash_error,
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_INVALID, "invalid"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_NOT_FOUND, "not-found"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_UNREADABLE, "unreadable"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_BROKEN, "broken"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_CRASHED, "crashed"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_TIMED_OUT, "timed-out"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_OVER_LIMIT, "over-limit"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_PROTOCOL, "protocol"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_BLOCKED, "blocked"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_STORE, "store"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_NOT_OURS, "not-ours"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_TOO_NEW, "too-new"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_IO, "io"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_FORBIDDEN, "forbidden"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_ERROR_DENIED, "denied"))

/**
 * perfdash_error_to_string:
 * @code: a #PerfdashError
 *
 * Returns: the class of error as the API and the store write it, such as `timed-out`
 *
 * Since: 0.1
 */
const char *
perfdash_error_to_string(PerfdashError code)
{
	g_autoptr(GEnumClass) klass = g_type_class_ref(PERFDASH_TYPE_ERROR);
	GEnumValue *value = g_enum_get_value(klass, code);
	g_return_val_if_fail(value != NULL, "failed");
	return value->value_nick;
}

/**
 * perfdash_error_from_string:
 * @text: what perfdash_error_to_string() gave
 * @code: (out): the #PerfdashError
 *
 * Returns: whether @text names an error
 *
 * Since: 0.1
 */
gboolean
perfdash_error_from_string(const char *text, PerfdashError *code)
{
	g_autoptr(GEnumClass) klass = g_type_class_ref(PERFDASH_TYPE_ERROR);
	GEnumValue *value = g_enum_get_value_by_nick(klass, text);
	if (value == NULL)
		return FALSE;
	*code = value->value;
	return TRUE;
}

gboolean
perfdash_error_set_io(GError **error, int code, const char *doing, const char *what)
{
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_IO,
		    "failed to %s %s: %s",
		    doing,
		    what,
		    g_strerror(code));
	return FALSE;
}
