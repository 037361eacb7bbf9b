/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* JTL as CSV: which columns there are is a setting of JMeter, and so is whether a header names
 * them; runs that were appended repeat it. Fields may be quoted and hold separators and line ends,
 * so records are found by reading fields, never lines. */

#include <stdio.h>
#include <string.h>

#include "jmeter-samples.h"

#define MAX_FIELDS 64

typedef enum {
	COLUMN_START,
	COLUMN_ELAPSED,
	COLUMN_LABEL,
	COLUMN_SUCCESS,
	N_COLUMNS,
} Column;

/* what JMeter writes when nothing was set; the same in all versions as far as we need it */
static const int default_positions[N_COLUMNS] = {0, 1, 2, 7};
static const char *const column_names[N_COLUMNS] = {"timeStamp", "elapsed", "label", "success"};

typedef struct {
	const char *text;
	gsize size;
	gboolean quoted; /* has doubled quotes to undo, maybe */
} Field;

typedef struct {
	const char *p;
	const char *end;
	char separator;
	guint line;
	Field fields[MAX_FIELDS];
	guint n_fields;
	gboolean is_cut; /* the record has no end */
} Reading;

/* at the quote that opens a field; leaves p behind the one that closes it, or at the end */
static void
read_quoted(Reading *reading, Field *field)
{
	field->quoted = TRUE;
	field->text = ++reading->p;
	while (reading->p < reading->end) {
		const char *quote = memchr(reading->p, '"', reading->end - reading->p);
		if (quote == NULL)
			break;
		reading->p = quote + 1;
		if (reading->p < reading->end && *reading->p == '"') {
			reading->p++;
			continue;
		}
		field->size = quote - field->text;
		return;
	}
	reading->is_cut = TRUE;
	reading->p = reading->end;
	field->size = reading->end - field->text;
}

static void
read_plain(Reading *reading, Field *field)
{
	field->quoted = FALSE;
	field->text = reading->p;
	while (reading->p < reading->end && *reading->p != reading->separator &&
	       *reading->p != '\n')
		reading->p++;
	field->size = reading->p - field->text;
}

static void
count_lines(Reading *reading, const char *from)
{
	while ((from = memchr(from, '\n', reading->p - from)) != NULL) {
		reading->line++;
		from++;
	}
}

static void
trim_return(Field *field)
{
	if (!field->quoted && field->size > 0 && field->text[field->size - 1] == '\r')
		field->size--;
}

/* the next record; FALSE at the end */
static gboolean
read_record(Reading *reading)
{
	const char *start = reading->p;
	gboolean more = reading->p < reading->end;
	reading->n_fields = 0;
	reading->is_cut = FALSE;
	if (!more)
		return FALSE;
	while (more) {
		Field ignored;
		Field *field = reading->n_fields < MAX_FIELDS ? &reading->fields[reading->n_fields]
							      : &ignored;
		if (reading->p < reading->end && *reading->p == '"')
			read_quoted(reading, field);
		else
			read_plain(reading, field);
		/* what stands between a closing quote and the separator is no part of anything */
		while (reading->p < reading->end && *reading->p != reading->separator &&
		       *reading->p != '\n')
			reading->p++;
		reading->n_fields = MIN(reading->n_fields + 1, MAX_FIELDS);
		more = reading->p < reading->end && *reading->p == reading->separator;
		if (more)
			reading->p++;
	}
	trim_return(&reading->fields[reading->n_fields - 1]);
	if (reading->p < reading->end)
		reading->p++;
	else
		reading->is_cut = TRUE;
	count_lines(reading, start);
	return TRUE;
}

static char *
field_text(const Field *field)
{
	char *text = g_strndup(field->text, field->size);
	char *out = text;
	for (const char *p = text; field->quoted && *p != '\0'; p++) {
		if (p[0] == '"' && p[1] == '"')
			p++;
		*out++ = *p;
	}
	if (field->quoted)
		*out = '\0';
	return text;
}

static gboolean
field_is(const Field *field, const char *text)
{
	return field->size == strlen(text) && memcmp(field->text, text, field->size) == 0;
}

static gboolean
read_digits(const char *text, gsize size, gint64 *value)
{
	*value = 0;
	for (gsize i = 0; i < size; i++) {
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
		*value = *value * 10 + (text[i] - '0');
	}
	return size > 0 && size <= 15;
}

/* "2026/11/23 17:16:12.478": a time of nobody knows which zone */
static gboolean
read_clock(const Field *field, gint64 *milliseconds)
{
	int year, month, day, hour, minute, second, fraction = 0;
	g_autofree char *text = g_strndup(field->text, MIN(field->size, 40));
	int n = sscanf(text,
		       "%4d%*1[/-]%2d%*1[/-]%2d %2d:%2d:%2d%*1[.,]%3d",
		       &year,
		       &month,
		       &day,
		       &hour,
		       &minute,
		       &second,
		       &fraction);
	if (n < 6)
		return FALSE;
	g_autoptr(GDateTime) time = g_date_time_new_utc(year, month, day, hour, minute, second);
	if (time == NULL)
		return FALSE;
	*milliseconds = g_date_time_to_unix(time) * 1000 + fraction;
	return TRUE;
}

static gboolean
is_header(Reading *reading)
{
	gboolean elapsed = FALSE;
	gboolean label = FALSE;
	for (guint i = 0; i < reading->n_fields; i++) {
		elapsed |= field_is(&reading->fields[i], "elapsed");
		label |= field_is(&reading->fields[i], "label");
	}
	return elapsed && label;
}

static void
read_header(Reading *reading, int *positions)
{
	for (guint column = 0; column < N_COLUMNS; column++) {
		positions[column] = -1;
		for (guint i = 0; i < reading->n_fields; i++) {
			if (field_is(&reading->fields[i], column_names[column]))
				positions[column] = i;
		}
	}
}

static const Field *
get_field(Reading *reading, const int *positions, Column column)
{
	int position = positions[column];
	return position >= 0 && (guint)position < reading->n_fields ? &reading->fields[position]
								    : NULL;
}

static gboolean
read_start(const Field *field, JmeterSample *sample, gboolean *has_zone)
{
	sample->has_start = field != NULL && field->size > 0;
	sample->start = 0;
	if (!sample->has_start || read_digits(field->text, field->size, &sample->start))
		return TRUE;
	*has_zone = FALSE;
	return read_clock(field, &sample->start);
}

static gboolean
read_sample(Reading *reading,
	    const int *positions,
	    JmeterSamples *samples,
	    gboolean *has_zone,
	    GError **error)
{
	const Field *start = get_field(reading, positions, COLUMN_START);
	const Field *elapsed = get_field(reading, positions, COLUMN_ELAPSED);
	const Field *label = get_field(reading, positions, COLUMN_LABEL);
	const Field *success = get_field(reading, positions, COLUMN_SUCCESS);
	JmeterSample sample;
	sample.success = success == NULL || field_is(success, "true");
	sample.in_total = TRUE;
	if (elapsed == NULL || label == NULL || !read_start(start, &sample, has_zone) ||
	    !read_digits(elapsed->text, elapsed->size, &sample.elapsed)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "line %u: no sample with timeStamp, elapsed and label",
			    reading->line);
		return FALSE;
	}
	g_autofree char *name = field_text(label);
	jmeter_samples_add(samples, *name != '\0' ? name : "(no label)", &sample);
	return TRUE;
}

static char
find_separator(const char *text, gsize size)
{
	const char *newline = memchr(text, '\n', size);
	gsize length = newline != NULL ? (gsize)(newline - text) : size;
	guint n_semicolons = 0, n_tabs = 0, n_commas = 0;
	for (gsize i = 0; i < length; i++) {
		n_commas += text[i] == ',';
		n_semicolons += text[i] == ';';
		n_tabs += text[i] == '\t';
	}
	if (n_tabs > n_commas && n_tabs > n_semicolons)
		return '\t';
	return n_semicolons > n_commas ? ';' : ',';
}

gboolean
jmeter_csv_read(const char *text,
		gsize size,
		JmeterSamples *samples,
		gboolean *has_zone,
		gboolean *is_cut,
		GError **error)
{
	Reading reading = {text, text + size, find_separator(text, size), 0};
	int positions[N_COLUMNS];
	memcpy(positions, default_positions, sizeof(positions));
	*has_zone = TRUE;
	*is_cut = FALSE;
	while (read_record(&reading)) {
		if (reading.n_fields == 1 && reading.fields[0].size == 0)
			continue;
		/* the last record of a log that was cut off proves nothing */
		*is_cut = reading.is_cut;
		if (reading.is_cut)
			break;
		if (is_header(&reading))
			read_header(&reading, positions);
		else if (!read_sample(&reading, positions, samples, has_zone, error))
			return FALSE;
	}
	return TRUE;
}

/* a row of JMeter's own order: milliseconds since 1970, milliseconds, text ..., true or false */
static gboolean
is_default_row(Reading *reading)
{
	gint64 number;
	const Field *fields = reading->fields;
	return reading->n_fields >= 8 && fields[0].size == 13 &&
	       read_digits(fields[0].text, fields[0].size, &number) &&
	       read_digits(fields[1].text, fields[1].size, &number) &&
	       (field_is(&fields[7], "true") || field_is(&fields[7], "false"));
}

gboolean
jmeter_csv_is(const char *text, gsize size)
{
	Reading reading = {text, text + size, find_separator(text, size), 0};
	if (!read_record(&reading))
		return FALSE;
	return is_header(&reading) || is_default_row(&reading);
}
