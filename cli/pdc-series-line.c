/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads a line of JSON where it stands: numbers go into an array at once. json-glib would do for
 * less code, but it makes -1 of 18446744073709551615 and takes 010 and 0x10 for numbers (1.6.6): a
 * value that is not the one in the line must not be analysed. The NUL at the end of the text
 * belongs to no value, so that nothing reads past it. */

#include "pdc-series-line.h"

#include <math.h>
#include <string.h>

typedef struct {
	PdcSeriesLine *line;
	const char *text;
	const char *p;
	gboolean has_values;
	GError *error;
} Reader;

void
pdc_series_line_init(PdcSeriesLine *self)
{
	*self = (PdcSeriesLine){.values = g_array_new(FALSE, FALSE, sizeof(double)),
				.times = g_array_new(FALSE, FALSE, sizeof(gint64))};
}

void
pdc_series_line_clear(PdcSeriesLine *self)
{
	g_array_unref(self->values);
	g_array_unref(self->times);
}

static gboolean
refuse(Reader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

static gboolean
refuse(Reader *reader, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	if (reader->error == NULL)
		reader->error =
			g_error_new_valist(PERFDASH_ERROR, PERFDASH_ERROR_INVALID, format, args);
	va_end(args);
	return FALSE;
}

static gboolean
refuse_syntax(Reader *reader, const char *expected)
{
	return refuse(reader,
		      "no JSON at byte %" G_GSIZE_FORMAT ", where %s is expected",
		      (gsize)(reader->p - reader->text),
		      expected);
}

static void
skip_blanks(Reader *reader)
{
	while (*reader->p == ' ' || *reader->p == '\t' || *reader->p == '\r' || *reader->p == '\n')
		reader->p++;
}

static gboolean
take(Reader *reader, char c)
{
	skip_blanks(reader);
	if (*reader->p != c)
		return FALSE;
	reader->p++;
	return TRUE;
}

static gboolean
skip_escape(Reader *reader)
{
	const char *p = reader->p + 1;
	if (*p == '\0' || strchr("\"\\/bfnrtu", *p) == NULL)
		return refuse_syntax(reader, "an escape such as \\n");
	if (*p == 'u') {
		for (guint i = 0; i < 4; i++) {
			if (!g_ascii_isxdigit(*++p))
				return refuse_syntax(reader, "an escape such as \\u00e9");
		}
	}
	reader->p = p + 1;
	return TRUE;
}

static gboolean
skip_string(Reader *reader)
{
	reader->p++;
	while (*reader->p != '"') {
		if ((guchar)*reader->p < 0x20)
			return refuse_syntax(reader, "the end of a text");
		if (*reader->p != '\\')
			reader->p++;
		else if (!skip_escape(reader))
			return FALSE;
	}
	reader->p++;
	return TRUE;
}

static const char *
skip_digits(const char *p)
{
	while (g_ascii_isdigit(*p))
		p++;
	return p;
}

/* behind the number that p begins; NULL when it begins none */
static const char *
find_number_end(const char *p)
{
	const char *digits = *p == '-' ? p + 1 : p;
	const char *end = skip_digits(digits);
	if (end == digits || (*digits == '0' && end > digits + 1))
		return NULL;
	if (*end == '.') {
		digits = end + 1;
		end = skip_digits(digits);
		if (end == digits)
			return NULL;
	}
	if (*end == 'e' || *end == 'E') {
		digits = end[1] == '-' || end[1] == '+' ? end + 2 : end + 1;
		end = skip_digits(digits);
		if (end == digits)
			return NULL;
	}
	return end;
}

static gboolean
skip_word(Reader *reader)
{
	static const char *const words[] = {"true", "false", "null"};
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		if (g_str_has_prefix(reader->p, words[i])) {
			reader->p += strlen(words[i]);
			return TRUE;
		}
	}
	return refuse_syntax(reader, "a value");
}

static gboolean
read_name(Reader *reader, const char **name, gsize *size)
{
	skip_blanks(reader);
	*name = reader->p + 1;
	if (*reader->p != '"')
		return refuse_syntax(reader, "the name of a member");
	if (!skip_string(reader))
		return FALSE;
	*size = reader->p - 1 - *name;
	return take(reader, ':') || refuse_syntax(reader, "a colon");
}

static gboolean
skip_value(Reader *reader, guint depth)
{
	const char *name;
	gsize size;
	skip_blanks(reader);
	gboolean is_object = *reader->p == '{';
	if (*reader->p == '"')
		return skip_string(reader);
	if (!is_object && *reader->p != '[') {
		const char *end = find_number_end(reader->p);
		if (end == NULL)
			return skip_word(reader);
		reader->p = end;
		return TRUE;
	}
	if (depth == PERFDASH_JSON_MAX_DEPTH)
		return refuse(reader, "JSON is nested more than %u deep", depth);
	reader->p++;
	if (take(reader, is_object ? '}' : ']'))
		return TRUE;
	do {
		if (is_object && !read_name(reader, &name, &size))
			return FALSE;
		if (!skip_value(reader, depth + 1))
			return FALSE;
	} while (take(reader, ','));
	return take(reader, is_object ? '}' : ']') ||
	       refuse_syntax(reader, is_object ? "a comma or }" : "a comma or ]");
}

/* what begins here, for a message */
static char *
peek_token(Reader *reader)
{
	gsize size = strcspn(reader->p + 1, ",:[]{}\" \t\r\n") + 1;
	if (*reader->p == '"' && reader->p[size] == '"')
		size++;
	g_autofree char *token = g_strndup(reader->p, MIN(size, 40));
	return g_utf8_make_valid(token, -1);
}

static gboolean
read_number(Reader *reader, const char *array, guint index, double *value)
{
	const char *end = find_number_end(reader->p);
	if (*reader->p == '\0')
		return refuse_syntax(reader, "a number");
	if (end != NULL)
		*value = g_ascii_strtod(reader->p, NULL);
	if (end == NULL || !isfinite(*value)) {
		g_autofree char *token = peek_token(reader);
		return refuse(reader,
			      "%s[%u] is %s, no finite number: leave out what was not measured",
			      array,
			      index,
			      token);
	}
	reader->p = end;
	return TRUE;
}

static gboolean
read_value(Reader *reader)
{
	GArray *values = reader->line->values;
	double value = 0;
	if (!read_number(reader, "values", values->len, &value))
		return FALSE;
	g_array_append_val(values, value);
	return TRUE;
}

/* Seconds, milliseconds, microseconds and nanoseconds since 1970 do not overlap from 1973 to 5138.
 */
static double
get_microseconds(double time)
{
	double size = fabs(time);
	return size < 1e11   ? time * 1e6
	       : size < 1e14 ? time * 1e3
	       : size < 1e17 ? time
			     : time / 1e3;
}

static gboolean
read_date(Reader *reader, guint index, gint64 *time)
{
	const char *begin = reader->p + 1;
	if (!skip_string(reader))
		return FALSE;
	g_autofree char *text = g_strndup(begin, reader->p - 1 - begin);
	g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(text, NULL);
	if (date == NULL)
		return refuse(reader,
			      "times[%u] is \"%.40s\", no time such as 2026-11-23T17:12:20Z",
			      index,
			      text);
	*time = g_date_time_to_unix(date) * G_USEC_PER_SEC + g_date_time_get_microsecond(date);
	return TRUE;
}

static gboolean
read_time(Reader *reader)
{
	GArray *times = reader->line->times;
	gint64 time = 0;
	double number = 0;
	if (*reader->p == '"') {
		if (!read_date(reader, times->len, &time))
			return FALSE;
	} else {
		if (!read_number(reader, "times", times->len, &number))
			return FALSE;
		number = get_microseconds(number);
		if (fabs(number) >= 9e18)
			return refuse(reader, "times[%u] is out of range", times->len);
		time = (gint64)rint(number);
	}
	g_array_append_val(times, time);
	return TRUE;
}

static gboolean
read_array(Reader *reader, GArray *array, const char *name, gboolean (*read_element)(Reader *))
{
	g_array_set_size(array, 0);
	if (!take(reader, '['))
		return refuse(reader, "\"%s\" is no array", name);
	if (take(reader, ']'))
		return TRUE;
	do {
		skip_blanks(reader);
		if (!read_element(reader))
			return FALSE;
	} while (take(reader, ','));
	return take(reader, ']') || refuse_syntax(reader, "a comma or ]");
}

static gboolean
read_id(Reader *reader)
{
	PdcSeriesLine *line = reader->line;
	line->id = reader->p;
	if (*reader->p != '"' && find_number_end(reader->p) == NULL)
		return refuse(reader, "\"id\" is neither a text nor a number");
	if (!skip_value(reader, 0))
		return FALSE;
	line->id_size = reader->p - line->id;
	return TRUE;
}

static gboolean
read_direction(Reader *reader)
{
	const char *begin = reader->p;
	if (!skip_value(reader, 0))
		return FALSE;
	gsize size = reader->p - begin;
	g_autofree char *text = g_strndup(begin + 1, MAX(size, 2) - 2);
	if (*begin == '"' && perfdash_direction_from_string(text, &reader->line->direction))
		return TRUE;
	if (g_str_has_prefix(begin, "null"))
		return TRUE;
	return refuse(reader,
		      "\"direction\" is %.*s, none of lower, higher, none",
		      (int)MIN(size, 40),
		      begin);
}

static gboolean
is_named(const char *name, gsize size, const char *expected)
{
	return size == strlen(expected) && memcmp(name, expected, size) == 0;
}

static gboolean
read_member(Reader *reader)
{
	PdcSeriesLine *line = reader->line;
	const char *name;
	gsize size;
	if (!read_name(reader, &name, &size))
		return FALSE;
	skip_blanks(reader);
	if (is_named(name, size, "id"))
		return read_id(reader);
	if (is_named(name, size, "values")) {
		reader->has_values = TRUE;
		return read_array(reader, line->values, "values", read_value);
	}
	if (is_named(name, size, "times") && !g_str_has_prefix(reader->p, "null")) {
		line->has_times = TRUE;
		return read_array(reader, line->times, "times", read_time);
	}
	if (is_named(name, size, "direction"))
		return read_direction(reader);
	return skip_value(reader, 1);
}

static gboolean
read_object(Reader *reader)
{
	if (!take(reader, '{'))
		return refuse_syntax(reader, "an object");
	if (!take(reader, '}')) {
		do {
			if (!read_member(reader))
				return FALSE;
		} while (take(reader, ','));
		if (!take(reader, '}'))
			return refuse_syntax(reader, "a comma or }");
	}
	skip_blanks(reader);
	if (*reader->p != '\0')
		return refuse_syntax(reader, "the end of the line");
	return TRUE;
}

static gboolean
check_members(Reader *reader)
{
	if (reader->line->id == NULL)
		return refuse(reader, "has no \"id\": name the series, its answer carries it");
	return reader->has_values || refuse(reader, "has no \"values\": an array of numbers");
}

gboolean
pdc_series_line_read(PdcSeriesLine *self, const char *text, gsize size, GError **error)
{
	Reader reader = {.line = self, .text = text, .p = text};
	self->id = NULL;
	self->has_times = FALSE;
	self->direction = PERFDASH_DIRECTION_NONE;
	if (!g_utf8_validate(text, size, NULL))
		refuse(&reader, "is not UTF-8");
	else if (read_object(&reader))
		check_members(&reader);
	if (reader.error == NULL)
		return TRUE;
	g_propagate_error(error, reader.error);
	return FALSE;
}
