/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which columns a JTL has, by its header or by its first row. One row alone may be of anything,
 * unless it has a time, whole milliseconds, a kind of data and a verdict where JMeter writes them
 * when nothing was set, and a thread that JMeter named. Without such a name it takes a few in a
 * row, of equally many fields. Those are of JMeter wherever they stand. */

#include "jmeter-columns.h"

#include <perfdash.h>
#include <string.h>

#include "jmeter-clock.h"
#include "jmeter-number.h"
#include "reader-csv.h"

#define THREAD_POSITION 5
#define KIND_POSITION   6
#define N_CERTAIN       3  /* rows */
#define TIME_DIGITS     13 /* of milliseconds since 1970 */

static const char separators[] = ",;\t|";

static const char *const column_names[JMETER_N_COLUMNS] = {
	"timeStamp",
	"elapsed",
	"label",
	"responseMessage",
	"success",
};

static gboolean
is_separator(char character)
{
	return character != '\0' && strchr(separators, character) != NULL;
}

static gboolean
begins_with_time(const char *text, gsize size)
{
	gsize n = 0;
	while (n < size && n <= TIME_DIGITS && g_ascii_isdigit(text[n]))
		n++;
	return n == TIME_DIGITS && n < size && is_separator(text[n]);
}

char
jmeter_columns_find_separator(const char *text, gsize size)
{
	const char *newline = memchr(text, '\n', size);
	gsize length = newline != NULL ? (gsize)(newline - text) : size;
	guint counts[G_N_ELEMENTS(separators)] = {0};
	guint best = 0;
	if (begins_with_time(text, length))
		return text[TIME_DIGITS];
	for (gsize i = 0; i < length; i++) {
		const char *one = text[i] != '\0' ? strchr(separators, text[i]) : NULL;
		if (one != NULL)
			counts[one - separators]++;
	}
	for (guint i = 1; separators[i] != '\0'; i++) {
		if (counts[i] > counts[best])
			best = i;
	}
	return separators[best];
}

gboolean
jmeter_columns_name(GPtrArray *fields, int *positions)
{
	for (JmeterColumn column = 0; column < JMETER_N_COLUMNS; column++)
		positions[column] = reader_csv_find(fields, column_names[column]);
	return positions[JMETER_ELAPSED_COLUMN] >= 0 && positions[JMETER_LABEL_COLUMN] >= 0;
}

static gboolean
is_verdict(const char *text)
{
	return g_str_equal(text, "true") || g_str_equal(text, "false");
}

/* of what follows the message any column may be missing */
static int
guess_success(GPtrArray *fields)
{
	if (is_verdict(reader_csv_get(fields, JMETER_SUCCESS_POSITION)))
		return JMETER_SUCCESS_POSITION;
	for (guint i = 3; i < fields->len; i++) {
		if (is_verdict(g_ptr_array_index(fields, i)))
			return i;
	}
	return -1;
}

static gboolean
is_number(const char *text)
{
	gsize length = strlen(text);
	gint64 number;
	return jmeter_read_number(text, length, text + length, &number);
}

/* where the columns are when no header says so: in all versions of JMeter a row begins with time,
 * milliseconds, label, code and message */
static gboolean
guess(GPtrArray *fields, int *positions)
{
	const char *start = reader_csv_get(fields, 0);
	gint64 time;
	gboolean has_zone;
	if (!(strlen(start) == TIME_DIGITS && is_number(start)) &&
	    !jmeter_clock_read(start, strlen(start), &time, &has_zone))
		return FALSE;
	memcpy(positions, jmeter_default_positions, sizeof(jmeter_default_positions));
	positions[JMETER_SUCCESS_COLUMN] = guess_success(fields);
	return is_number(reader_csv_get(fields, 1)) && positions[JMETER_SUCCESS_COLUMN] >= 0;
}

gboolean
jmeter_columns_find(const char *text, gsize size, char separator, int *positions)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, MIN(size, PERFDASH_PARSER_HEAD_SIZE));
	g_auto(ReaderCsv) csv;
	reader_csv_init(&csv, bytes, separator);
	GPtrArray *fields = reader_csv_next(&csv);
	return fields != NULL &&
	       (jmeter_columns_name(fields, positions) || guess(fields, positions));
}

static gboolean
is_certain(GPtrArray *fields)
{
	static const char *const kinds[] = {"", "text", "bin", NULL};
	const char *start = reader_csv_get(fields, 0);
	return fields->len > JMETER_SUCCESS_POSITION && strlen(start) == TIME_DIGITS &&
	       is_number(start) && is_number(reader_csv_get(fields, 1)) &&
	       *reader_csv_get(fields, JMETER_LABEL_POSITION) != '\0' &&
	       g_strv_contains(kinds, reader_csv_get(fields, KIND_POSITION)) &&
	       is_verdict(reader_csv_get(fields, JMETER_SUCCESS_POSITION));
}

/* "Thread Group 1-12": behind the group's name its number, and the thread's */
static gboolean
has_thread(GPtrArray *fields)
{
	const char *thread = reader_csv_get(fields, THREAD_POSITION);
	const char *blank = strrchr(thread, ' ');
	if (blank == NULL || blank == thread)
		return FALSE;
	gsize group = strspn(blank + 1, "0123456789");
	const char *dash = blank + 1 + group;
	return group > 0 && *dash == '-' && dash[1] != '\0' &&
	       dash[1 + strspn(dash + 1, "0123456789")] == '\0';
}

/* gives where the first one ends */
static const char *
read_certain_rows(ReaderCsv *csv, gboolean *are_certain)
{
	const char *first_end = NULL;
	guint n_fields = 0;
	*are_certain = FALSE;
	for (guint i = 0; i < N_CERTAIN; i++) {
		GPtrArray *fields = reader_csv_next(csv);
		if (i == 0)
			first_end = csv->p;
		if (fields == NULL || csv->is_cut || !is_certain(fields) ||
		    (i > 0 && fields->len != n_fields))
			return first_end;
		if (has_thread(fields))
			break;
		n_fields = fields->len;
	}
	*are_certain = TRUE;
	return first_end;
}

gboolean
jmeter_columns_are_certain(const char *text, gsize size, const char **next)
{
	gboolean are_certain;
	if (!begins_with_time(text, size))
		return FALSE;
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, MIN(size, PERFDASH_PARSER_HEAD_SIZE));
	g_auto(ReaderCsv) csv;
	reader_csv_init(&csv, bytes, text[TIME_DIGITS]);
	const char *first_end = read_certain_rows(&csv, &are_certain);
	/* each row is looked at a few times at most, whatever its quotes swallow */
	if (next != NULL)
		*next = first_end;
	return are_certain;
}
