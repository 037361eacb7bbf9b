/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* JSON is read with json-glib, behind a check of its depth (json-glib recurses), and written here:
 * a builder of nodes costs a microsecond a number, and numbers are most of what the API says. */

#include "perfdash-json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "perfdash-decimal.h"
#include "perfdash-error.h"

struct _PerfdashJsonWriter {
	gatomicrefcount refs;
	GString *text;
	gboolean needs_comma; /* before the next name or value */
	guint depth;
	int exponent; /* of the last number: the next one is likely to have it too */
};

G_DEFINE_BOXED_TYPE(PerfdashJsonWriter,
		    perfdash_json_writer,
		    perfdash_json_writer_ref,
		    perfdash_json_writer_unref)

/* the byte after the string that starts at p */
static const char *
skip_string(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++) {
		if (*p == '\\')
			p++;
	}
	return p + 1;
}

/**
 * perfdash_json_check_depth:
 * @json: JSON from outside
 * @max_depth: how many arrays and objects may stand in each other, such as %PERFDASH_JSON_MAX_DEPTH
 * @error: return location for an error, or %NULL
 *
 * To be called before JSON goes to a parser that recurses. Says nothing about whether @json is
 * valid.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_OVER_LIMIT
 *
 * Since: 0.1
 */
gboolean
perfdash_json_check_depth(GBytes *json, guint max_depth, GError **error)
{
	g_return_val_if_fail(json != NULL, FALSE);
	gsize size;
	const char *data = g_bytes_get_data(json, &size);
	const char *end = data != NULL ? data + size : NULL;
	guint depth = 0;
	for (const char *p = data; p < end;) {
		if (*p == '"') {
			p = skip_string(p, end);
			continue;
		}
		if ((*p == '[' || *p == '{') && ++depth > max_depth) {
			g_set_error(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_OVER_LIMIT,
				    "JSON is nested more than %u deep at byte %" G_GSIZE_FORMAT,
				    max_depth,
				    (gsize)(p - data));
			return FALSE;
		}
		if ((*p == ']' || *p == '}') && depth > 0)
			depth--;
		p++;
	}
	return TRUE;
}

/**
 * perfdash_json_writer_new:
 *
 * Returns: (transfer full): a writer of one JSON value
 *
 * Since: 0.1
 */
PerfdashJsonWriter *
perfdash_json_writer_new(void)
{
	PerfdashJsonWriter *self = g_new0(PerfdashJsonWriter, 1);
	g_atomic_ref_count_init(&self->refs);
	self->text = g_string_sized_new(4096);
	return self;
}

/**
 * perfdash_json_writer_ref:
 * @self: a #PerfdashJsonWriter
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashJsonWriter *
perfdash_json_writer_ref(PerfdashJsonWriter *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_json_writer_unref:
 * @self: (transfer full): a #PerfdashJsonWriter
 *
 * Since: 0.1
 */
void
perfdash_json_writer_unref(PerfdashJsonWriter *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_string_free(self->text, TRUE);
	g_free(self);
}

static void
separate(PerfdashJsonWriter *self)
{
	if (self->needs_comma)
		g_string_append_c(self->text, ',');
	self->needs_comma = TRUE;
}

static void
begin(PerfdashJsonWriter *self, char bracket)
{
	separate(self);
	g_string_append_c(self->text, bracket);
	self->needs_comma = FALSE;
	self->depth++;
}

static void
end(PerfdashJsonWriter *self, char bracket)
{
	g_assert(self->depth > 0);
	g_string_append_c(self->text, bracket);
	self->needs_comma = TRUE;
	self->depth--;
}

/**
 * perfdash_json_writer_begin_object:
 * @self: a #PerfdashJsonWriter
 *
 * Since: 0.1
 */
void
perfdash_json_writer_begin_object(PerfdashJsonWriter *self)
{
	g_return_if_fail(self != NULL);
	begin(self, '{');
}

/**
 * perfdash_json_writer_end_object:
 * @self: a #PerfdashJsonWriter
 *
 * Since: 0.1
 */
void
perfdash_json_writer_end_object(PerfdashJsonWriter *self)
{
	g_return_if_fail(self != NULL);
	end(self, '}');
}

/**
 * perfdash_json_writer_begin_array:
 * @self: a #PerfdashJsonWriter
 *
 * Since: 0.1
 */
void
perfdash_json_writer_begin_array(PerfdashJsonWriter *self)
{
	g_return_if_fail(self != NULL);
	begin(self, '[');
}

/**
 * perfdash_json_writer_end_array:
 * @self: a #PerfdashJsonWriter
 *
 * Since: 0.1
 */
void
perfdash_json_writer_end_array(PerfdashJsonWriter *self)
{
	g_return_if_fail(self != NULL);
	end(self, ']');
}

static void
append_escaped(GString *text, guchar c)
{
	const char *short_forms = "\b\f\n\r\t\"\\";
	const char *letters = "bfnrt\"\\";
	const char *found = strchr(short_forms, c);
	if (found != NULL)
		g_string_append_printf(text, "\\%c", letters[found - short_forms]);
	else
		g_string_append_printf(text, "\\u%04x", c);
}

static void
append_string(GString *text, const char *value)
{
	const char *plain = value;
	g_string_append_c(text, '"');
	for (const char *p = value; *p != '\0'; p++) {
		guchar c = *p;
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
			continue;
		g_string_append_len(text, plain, p - plain);
		append_escaped(text, c);
		plain = p + 1;
	}
	g_string_append(text, plain);
	g_string_append_c(text, '"');
}

/**
 * perfdash_json_writer_name:
 * @self: a #PerfdashJsonWriter
 * @name: the name of the member whose value is written next
 *
 * Since: 0.1
 */
void
perfdash_json_writer_name(PerfdashJsonWriter *self, const char *name)
{
	g_return_if_fail(self != NULL && name != NULL);
	separate(self);
	append_string(self->text, name);
	g_string_append_c(self->text, ':');
	self->needs_comma = FALSE;
}

/**
 * perfdash_json_writer_string:
 * @self: a #PerfdashJsonWriter
 * @value: (nullable): UTF-8; %NULL is written as `null`
 *
 * Since: 0.1
 */
void
perfdash_json_writer_string(PerfdashJsonWriter *self, const char *value)
{
	g_return_if_fail(self != NULL);
	separate(self);
	if (value != NULL)
		append_string(self->text, value);
	else
		g_string_append(self->text, "null");
}

static char *
write_digits(char *end_of_buffer, guint64 value)
{
	do {
		*--end_of_buffer = '0' + value % 10;
		value /= 10;
	} while (value != 0);
	return end_of_buffer;
}

/**
 * perfdash_json_writer_int:
 * @self: a #PerfdashJsonWriter
 * @value: a whole number
 *
 * Since: 0.1
 */
void
perfdash_json_writer_int(PerfdashJsonWriter *self, gint64 value)
{
	g_return_if_fail(self != NULL);
	char buffer[24];
	char *first = write_digits(buffer + sizeof(buffer),
				   value < 0 ? -(guint64)value : (guint64)value);
	if (value < 0)
		*--first = '-';
	separate(self);
	g_string_append_len(self->text, first, buffer + sizeof(buffer) - first);
}

/* mantissa / 10^exponent */
static void
append_decimal(GString *text, gint64 mantissa, int exponent)
{
	char buffer[64];
	char *last = buffer + sizeof(buffer);
	char *first = last;
	guint64 magnitude = ABS(mantissa);
	for (int i = 0; i < exponent; i++) {
		*--first = '0' + magnitude % 10;
		magnitude /= 10;
	}
	if (exponent > 0)
		*--first = '.';
	first = write_digits(first, magnitude);
	if (mantissa < 0)
		*--first = '-';
	g_string_append_len(text, first, last - first);
}

/* the fewest digits that give the same double */
static void
append_any_double(GString *text, double value)
{
	char buffer[G_ASCII_DTOSTR_BUF_SIZE];
	const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
	for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_ascii_formatd(buffer, sizeof(buffer), formats[i], value);
		if (g_ascii_strtod(buffer, NULL) == value)
			break;
	}
	g_string_append(text, buffer);
}

/**
 * perfdash_json_writer_double:
 * @self: a #PerfdashJsonWriter
 * @value: a number; one that is not finite is written as `null`
 *
 * Writes digits that read back as the same double.
 *
 * Since: 0.1
 */
void
perfdash_json_writer_double(PerfdashJsonWriter *self, double value)
{
	g_return_if_fail(self != NULL);
	gint64 mantissa;
	separate(self);
	if (!isfinite(value))
		g_string_append(self->text, "null");
	else if (perfdash_decimal_from_double(value, self->exponent, &mantissa, &self->exponent))
		append_decimal(self->text, mantissa, self->exponent);
	else
		append_any_double(self->text, value);
}

/**
 * perfdash_json_writer_boolean:
 * @self: a #PerfdashJsonWriter
 * @value: %TRUE or %FALSE
 *
 * Since: 0.1
 */
void
perfdash_json_writer_boolean(PerfdashJsonWriter *self, gboolean value)
{
	g_return_if_fail(self != NULL);
	separate(self);
	g_string_append(self->text, value ? "true" : "false");
}

/**
 * perfdash_json_writer_null:
 * @self: a #PerfdashJsonWriter
 *
 * Since: 0.1
 */
void
perfdash_json_writer_null(PerfdashJsonWriter *self)
{
	g_return_if_fail(self != NULL);
	separate(self);
	g_string_append(self->text, "null");
}

/**
 * perfdash_json_writer_time:
 * @self: a #PerfdashJsonWriter
 * @microseconds: a time since 1970 UTC, before the year 10000
 *
 * Writes a time as RFC 3339 in UTC with milliseconds: `"2026-11-23T17:12:20.000Z"`.
 *
 * Since: 0.1
 */
void
perfdash_json_writer_time(PerfdashJsonWriter *self, gint64 microseconds)
{
	g_return_if_fail(self != NULL);
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(microseconds / G_USEC_PER_SEC);
	g_return_if_fail(time != NULL);
	g_autofree char *text = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
	separate(self);
	g_string_append_printf(self->text,
			       "\"%s.%03dZ\"",
			       text,
			       (int)(microseconds % G_USEC_PER_SEC / 1000));
}

/**
 * perfdash_json_writer_raw:
 * @self: a #PerfdashJsonWriter
 * @text: (array length=size) (element-type guint8): a JSON value that was written before
 * @size: its size in bytes
 *
 * Since: 0.1
 */
void
perfdash_json_writer_raw(PerfdashJsonWriter *self, const char *text, gsize size)
{
	g_return_if_fail(self != NULL && text != NULL);
	separate(self);
	g_string_append_len(self->text, text, size);
}

/**
 * perfdash_json_writer_end:
 * @self: a #PerfdashJsonWriter
 *
 * Ends the value; all objects and arrays must be closed. The writer is empty afterwards.
 *
 * Returns: (transfer full): the JSON
 *
 * Since: 0.1
 */
GBytes *
perfdash_json_writer_end(PerfdashJsonWriter *self)
{
	g_return_val_if_fail(self != NULL && self->depth == 0, NULL);
	GBytes *bytes = g_string_free_to_bytes(self->text);
	self->text = g_string_sized_new(4096);
	self->needs_comma = FALSE;
	return bytes;
}
