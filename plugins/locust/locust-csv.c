/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Locust's tables as CSV: _stats.csv, _stats_history.csv and _failures.csv. Headers tell them apart
 * and where the columns are; versions before 1.0 quote them and have other names. The history is a
 * time series of which the last row of each name has the totals; a row before the first request has
 * N/A in it. */

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "locust.h"
#include "reader-csv.h"
#include "reader-text.h"

typedef enum {
	TABLE_NONE,
	TABLE_STATS,
	TABLE_HISTORY,
	TABLE_FAILURES,
} Table;

/* how headers begin */
static const struct {
	const char *start;
	Table table;
} headers[] = {
	{"Type,Name,Request Count,Failure Count,", TABLE_STATS},
	{"\"Type\",\"Name\",\"Request Count\",\"Failure Count\",", TABLE_STATS},
	{"\"Type\",\"Name\",\"# requests\",\"# failures\",", TABLE_STATS},
	{"\"Method\",\"Name\",\"# requests\",\"# failures\",", TABLE_STATS},
	{"Timestamp,User Count,Type,Name,", TABLE_HISTORY},
	{"\"Timestamp\",\"User Count\",\"Type\",\"Name\",", TABLE_HISTORY},
	{"Method,Name,Error,Occurrences", TABLE_FAILURES},
	{"\"Method\",\"Name\",\"Error\",\"Occurrences\"", TABLE_FAILURES},
};

/* columns that are fields of a row */
static const struct {
	const char *name;
	gsize offset;
} columns[] = {
	{"Request Count", offsetof(LocustRow, requests)},
	{"# requests", offsetof(LocustRow, requests)},
	{"Total Request Count", offsetof(LocustRow, requests)},
	{"Failure Count", offsetof(LocustRow, failures)},
	{"# failures", offsetof(LocustRow, failures)},
	{"Total Failure Count", offsetof(LocustRow, failures)},
	{"Median Response Time", offsetof(LocustRow, median)},
	{"Median response time", offsetof(LocustRow, median)},
	{"Total Median Response Time", offsetof(LocustRow, median)},
	{"Average Response Time", offsetof(LocustRow, average)},
	{"Average response time", offsetof(LocustRow, average)},
	{"Total Average Response Time", offsetof(LocustRow, average)},
	{"Min Response Time", offsetof(LocustRow, minimum)},
	{"Min response time", offsetof(LocustRow, minimum)},
	{"Total Min Response Time", offsetof(LocustRow, minimum)},
	{"Max Response Time", offsetof(LocustRow, maximum)},
	{"Max response time", offsetof(LocustRow, maximum)},
	{"Total Max Response Time", offsetof(LocustRow, maximum)},
	{"Average Content Size", offsetof(LocustRow, content_size)},
	{"Total Average Content Size", offsetof(LocustRow, content_size)},
	{"Requests/s", offsetof(LocustRow, rate)},
	{"Failures/s", offsetof(LocustRow, failure_rate)},
};

/* a table that is being read */
typedef struct {
	PerfdashRunBuilder *builder;
	ReaderCsv csv;
	Table table;
	guint first_line;
	GPtrArray *header;   /* of char * */
	GPtrArray *rows;     /* of LocustRow; of a history the last one of each name */
	GHashTable *indexes; /* of a history: name -> place of its row, from 1 */
	GArray *counts;      /* guint, of a history: how many rows a name has */
	gboolean has_total;
} Reading;

static Table
find_table(const char *line)
{
	for (guint i = 0; i < G_N_ELEMENTS(headers); i++) {
		if (g_str_has_prefix(line, headers[i].start))
			return headers[i].table;
	}
	return TABLE_NONE;
}

static const char *
get(Reading *reading, GPtrArray *fields, const char *name)
{
	return reader_csv_get(fields, reader_csv_find(reading->header, name));
}

static void
read_field(Reading *reading, LocustRow *row, const char *name, const char *text)
{
	double value;
	double percent;
	const char *rest;
	if (!reader_number(text, &value, NULL))
		return;
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		if (g_str_equal(columns[i].name, name))
			G_STRUCT_MEMBER(double, row, columns[i].offset) = value;
	}
	/* percentiles of a history are those of the last seconds */
	if (reading->table == TABLE_STATS && reader_number(name, &percent, &rest) &&
	    g_str_equal(rest, "%"))
		locust_row_add_percentile(row, percent, value);
}

static LocustRow *
read_row(Reading *reading, GPtrArray *fields)
{
	const char *type = get(reading, fields, "Type");
	LocustRow *row = locust_row_new(*type != '\0' ? type : get(reading, fields, "Method"),
					get(reading, fields, "Name"));
	for (guint i = 0; i < fields->len; i++)
		read_field(reading,
			   row,
			   g_ptr_array_index(reading->header, i),
			   g_ptr_array_index(fields, i));
	row->line = reading->first_line + reading->csv.line - 1;
	return row;
}

/* the row of a name in a history takes the place of the one before */
static void
take_history(Reading *reading, LocustRow *row)
{
	gpointer key = row->benchmark;
	guint index = GPOINTER_TO_UINT(g_hash_table_lookup(reading->indexes, key));
	row->rate = row->failure_rate = NAN;
	if (index == 0) {
		guint n = 1;
		g_ptr_array_add(reading->rows, row);
		g_array_append_val(reading->counts, n);
		index = reading->rows->len;
	} else {
		locust_row_free(reading->rows->pdata[index - 1]);
		reading->rows->pdata[index - 1] = row;
		g_array_index(reading->counts, guint, index - 1)++;
	}
	g_hash_table_replace(reading->indexes, g_strdup(key), GUINT_TO_POINTER(index));
}

static void
read_failure(Reading *reading, GPtrArray *fields)
{
	double value;
	LocustRow *row = locust_row_new(get(reading, fields, "Method"),
					get(reading, fields, "Name"));
	g_autofree char *message = reader_name(get(reading, fields, "Error"));
	perfdash_run_builder_set_line(reading->builder,
				      reading->first_line + reading->csv.line - 1);
	if (reader_number(get(reading, fields, "Occurrences"), &value, NULL)) {
		perfdash_run_builder_set_label(reading->builder, "tool", "locust");
		perfdash_run_builder_add_result(reading->builder,
						row->benchmark,
						"errors",
						"1",
						PERFDASH_DIRECTION_LOWER,
						value);
		perfdash_run_builder_add_result_label(reading->builder, "error", message);
	}
	locust_row_free(row);
}

static void
take_fields(Reading *reading, GPtrArray *fields)
{
	if (reading->table == TABLE_FAILURES) {
		read_failure(reading, fields);
		return;
	}
	LocustRow *row = read_row(reading, fields);
	reading->has_total |= locust_row_is_total(row);
	if (reading->table == TABLE_HISTORY)
		take_history(reading, row);
	else
		g_ptr_array_add(reading->rows, row);
}

/* FALSE when the run has failed */
static gboolean
add_history(Reading *reading)
{
	double requests = 0;
	for (guint i = 0; i < reading->rows->len; i++) {
		LocustRow *row = g_ptr_array_index(reading->rows, i);
		requests += isfinite(row->requests) ? row->requests : 0;
	}
	gboolean is_good = locust_add_rows(reading->builder, reading->rows) || requests == 0;
	/* a history that ends before the first request is no failure yet */
	if (requests == 0)
		perfdash_run_builder_set_outcome(reading->builder, PERFDASH_OUTCOME_OK);
	for (guint i = 0; i < reading->rows->len; i++) {
		LocustRow *row = g_ptr_array_index(reading->rows, i);
		perfdash_run_builder_set_line(reading->builder, row->line);
		perfdash_run_builder_add_result(reading->builder,
						row->benchmark,
						"time_series",
						"1",
						PERFDASH_DIRECTION_NONE,
						g_array_index(reading->counts, guint, i));
	}
	return is_good;
}

static void
end_table(Reading *reading, gboolean is_cut)
{
	gboolean is_good = TRUE;
	if (reading->table == TABLE_HISTORY && reading->rows->len > 0)
		is_good = add_history(reading);
	else if (reading->table == TABLE_STATS && reading->rows->len > 0)
		is_good = locust_add_rows(reading->builder, reading->rows);
	if (!is_cut && (reading->table != TABLE_STATS || reading->has_total))
		return;
	if (is_good)
		perfdash_run_builder_set_outcome(reading->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(reading->builder, "the table was cut off");
}

/* the table that begins with the header at p; gives where it ends */
static const char *
read_table(PerfdashRunBuilder *builder, Table table, const char *p, const char *end, guint line)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(p, end - p);
	Reading reading = {.builder = builder, .table = table, .first_line = line};
	GPtrArray *fields;
	reading.rows = g_ptr_array_new_with_free_func((GDestroyNotify)locust_row_free);
	reading.counts = g_array_new(FALSE, FALSE, sizeof(guint));
	reading.indexes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	reader_csv_init(&reading.csv, bytes, ',');
	reading.header = reader_csv_copy(reader_csv_next(&reading.csv));
	const char *behind = reading.csv.p;
	while ((fields = reader_csv_next(&reading.csv)) != NULL && !reading.csv.is_cut &&
	       fields->len == reading.header->len &&
	       !reader_csv_is_header(reading.header, fields)) {
		take_fields(&reading, fields);
		behind = reading.csv.p;
	}
	end_table(&reading, fields != NULL && reading.csv.is_cut);
	reader_csv_clear(&reading.csv);
	g_ptr_array_unref(reading.header);
	g_ptr_array_unref(reading.rows);
	g_array_unref(reading.counts);
	g_hash_table_unref(reading.indexes);
	return MIN(behind, end);
}

void
locust_csv_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		Table table = lines.is_cut ? TABLE_NONE : find_table(line);
		if (table == TABLE_NONE)
			continue;
		const char *start = lines.p;
		for (start--;
		     start > (const char *)g_bytes_get_data(log, NULL) && start[-1] != '\n';)
			start--;
		const char *behind = read_table(builder, table, start, lines.end, lines.number);
		for (; lines.p < behind; lines.p++)
			lines.number += *lines.p == '\n';
		perfdash_run_builder_next_run(builder);
	}
}
