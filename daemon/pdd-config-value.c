/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What values of the configuration are, whatever they are of. */

#include "pdd-config-value.h"

#include <perfdash.h>
#include <string.h>

#include "pdd-suggestion.h"

static void
report_unknown_key(const PddConfigEntry *entry, const PddConfigKey *keys, GPtrArray *errors)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (const PddConfigKey *key = keys; key->name != NULL; key++)
		g_ptr_array_add(names, (gpointer)key->name);
	g_ptr_array_add(names, NULL);
	g_autofree char *hint = pdd_suggestion_format(entry->key,
						      (const char *const *)names->pdata);
	pdd_config_file_add_error(errors,
				  entry,
				  "unknown key \"%s\" in [%s]%s",
				  entry->key,
				  entry->group,
				  hint);
}

void
pdd_config_value_read(const PddConfigEntry *entry,
		      const PddConfigKey *keys,
		      gpointer owner,
		      GPtrArray *errors)
{
	const PddConfigKey *key = keys;
	g_autoptr(GError) error = NULL;
	if (entry->key == NULL)
		return;
	while (key->name != NULL && !g_str_equal(key->name, entry->key))
		key++;
	if (key->name == NULL)
		report_unknown_key(entry, keys, errors);
	else if (!key->read(owner, entry->value, &error))
		pdd_config_file_add_error(errors, entry, "%s: %s", entry->key, error->message);
}

static gboolean
is_name(const char *name)
{
	gsize length = strspn(name,
			      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "0123456789_.-");
	return length > 0 && length <= 64 && name[length] == '\0' && name[0] != '.';
}

/* that of the group [kind NAME] in which entry stands, or NULL when it can be none */
const char *
pdd_config_value_get_name(const PddConfigEntry *entry, const char *kind, GPtrArray *errors)
{
	const char *name = entry->group + strlen(kind) + 1;
	if (is_name(name))
		return name;
	/* once is enough */
	if (entry->key == NULL)
		pdd_config_file_add_error(errors,
					  entry,
					  "%s name \"%s\" is not 1 to 64 of a-z A-Z 0-9 _ . -",
					  kind,
					  name);
	return NULL;
}

/* always FALSE */
gboolean
pdd_config_value_reject(GError **error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_propagate_error(error,
			  g_error_new_valist(PERFDASH_ERROR, PERFDASH_ERROR_INVALID, format, args));
	va_end(args);
	return FALSE;
}

gboolean
pdd_config_value_set_text(char **field, const char *value)
{
	g_free(*field);
	*field = g_strdup(value);
	return TRUE;
}

gboolean
pdd_config_value_set_path(char **field, const char *value, GError **error)
{
	if (!g_path_is_absolute(value))
		return pdd_config_value_reject(error, "\"%s\" is not an absolute path", value);
	return pdd_config_value_set_text(field, value);
}

gboolean
pdd_config_value_set_size(guint64 *field, const char *value, GError **error)
{
	static const char units[] = "KMGT";
	char *end;
	guint64 number = g_ascii_strtoull(value, &end, 10);
	guint shift = 0;
	while (*end == ' ')
		end++;
	const char *unit = *end != '\0' ? strchr(units, *end) : NULL;
	if (unit != NULL) {
		shift = 10 * (unit - units + 1);
		end++;
		if (*end == 'i')
			end++;
	}
	if (*end == 'B')
		end++;
	if (!g_ascii_isdigit(*value) || *end != '\0' || number == 0 ||
	    number > ((guint64)G_MAXINT64 >> shift))
		return pdd_config_value_reject(error,
					       "\"%s\" is not a size such as 512 MiB",
					       value);
	*field = number << shift;
	return TRUE;
}

/* such as 14d */
gboolean
pdd_config_value_set_days(GTimeSpan *field, const char *value, GError **error)
{
	char *end;
	guint64 number = g_ascii_strtoull(value, &end, 10);
	if (!g_ascii_isdigit(*value) || number > 36500 ||
	    (!g_str_equal(end, "d") && !g_str_equal(end, " days")))
		return pdd_config_value_reject(
			error,
			"\"%s\" is not a number of days such as 14d, up to 36500d",
			value);
	*field = number * G_TIME_SPAN_DAY;
	return TRUE;
}

/* such as 20s, 15min, 24h, 365d; not 0 */
gboolean
pdd_config_value_parse_span(const char *value, GTimeSpan *span)
{
	static const struct {
		const char *unit;
		GTimeSpan length;
	} units[] = {
		{"s", G_TIME_SPAN_SECOND},
		{"min", G_TIME_SPAN_MINUTE},
		{"h", G_TIME_SPAN_HOUR},
		{"d", G_TIME_SPAN_DAY},
	};
	char *end;
	guint64 number = g_ascii_strtoull(value, &end, 10);
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (g_str_equal(end, units[i].unit)) {
			*span = MIN(number, 36500) * units[i].length;
			return g_ascii_isdigit(*value) && number > 0 && number <= 36500;
		}
	}
	return FALSE;
}
