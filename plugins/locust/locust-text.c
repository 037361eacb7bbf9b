/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Locust's console: the table of statistics comes again every two seconds, and once more at the
 * end, where that of percentiles follows. Names hold blanks, so rows are read from their end, by
 * the columns that the header names; the only word with brackets counts the failures. */

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "locust.h"
#include "reader-field.h"
#include "reader-text.h"

typedef enum {
	TABLE_NONE,
	TABLE_STATS,
	TABLE_PERCENTILES,
} Table;

static const struct {
	const char *name;
	gsize offset;
} columns[] = {
	{"Avg", offsetof(LocustRow, average)},
	{"Min", offsetof(LocustRow, minimum)},
	{"Max", offsetof(LocustRow, maximum)},
	{"Med", offsetof(LocustRow, median)},
	{"Median", offsetof(LocustRow, median)},
	{"req/s", offsetof(LocustRow, rate)},
	{"failures/s", offsetof(LocustRow, failure_rate)},
};

/* a run that is being read */
typedef struct {
	PerfdashRunBuilder *builder;
	Table table;
	gboolean is_typed; /* the table has a column for the method */
	GStrv header;      /* columns behind the name, or behind the failures */
	GPtrArray *rows;   /* of LocustRow: the last table that has its total */
	GPtrArray *next;   /* the table that is being read */
	gboolean is_limited, is_at_limit;
	gboolean has_percentiles;
	char *error; /* nullable */
} Run;

static GPtrArray *
rows_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)locust_row_free);
}

static void
clear_run(Run *run)
{
	g_clear_pointer(&run->header, g_strfreev);
	g_clear_pointer(&run->rows, g_ptr_array_unref);
	g_clear_pointer(&run->next, g_ptr_array_unref);
	g_clear_pointer(&run->error, g_free);
}

static void
start_run(Run *run, PerfdashRunBuilder *builder)
{
	memset(run, 0, sizeof(*run));
	run->builder = builder;
	run->rows = rows_new();
	run->next = rows_new();
}

static gboolean
is_bar(const char *word)
{
	return g_str_equal(word, "|");
}

/* the words of a row without the bars that separate columns */
static GStrv
split_columns(const char *text)
{
	g_auto(GStrv) words = reader_words(text);
	g_autoptr(GStrvBuilder) columns_of_text = g_strv_builder_new();
	for (guint i = 0; words[i] != NULL; i++) {
		const char *word = words[i];
		while (*word == '|' && word[1] != '\0')
			word++;
		if (!is_bar(word))
			g_strv_builder_add(columns_of_text, word);
	}
	return g_strv_builder_end(columns_of_text);
}

static Table
find_table(const char *line)
{
	const char *text = line + strspn(line, " ");
	gboolean has_name = g_str_has_prefix(text, "Name  ") || g_str_has_prefix(text, "Type  ");
	if (!has_name || strstr(text, "Name") == NULL || strstr(text, " # reqs") == NULL)
		return TABLE_NONE;
	if (strstr(text, " # fails ") != NULL && strstr(text, " req/s") != NULL)
		return TABLE_STATS;
	return strstr(text, " 50% ") != NULL ? TABLE_PERCENTILES : TABLE_NONE;
}

static void
begin_table(Run *run, Table table, const char *line)
{
	const char *text = line + strspn(line, " ");
	const char *name = strstr(text, "Name") + strlen("Name");
	const char *fails = strstr(name, " # fails");
	run->table = table;
	run->is_typed = g_str_has_prefix(text, "Type");
	g_strfreev(run->header);
	run->header = split_columns(fails != NULL ? fails + strlen(" # fails") : name);
	g_ptr_array_set_size(run->next, 0);
}

/* name and method stand in front of the columns */
static LocustRow *
new_row(Run *run, const char *line, gsize length)
{
	g_autofree char *text = g_strndup(line, length);
	if (!run->is_typed || g_ascii_isspace(*text))
		return locust_row_new("",
				      g_strstrip(text) + (g_str_has_prefix(text, "None ") ? 4 : 0));
	gsize type_length = strcspn(text, " ");
	g_autofree char *type = g_strndup(text, type_length);
	return locust_row_new(type, g_strstrip(text + type_length));
}

/* "12(3.45%)" and the count of requests in front of it; sets where the name ends */
static gboolean
find_failures(const char *line,
	      double *requests,
	      double *failures,
	      gsize *length,
	      const char **behind)
{
	const char *open = NULL;
	const char *rest;
	double percent;
	for (const char *p = strchr(line, '('); p != NULL; p = strchr(p + 1, '(')) {
		if (p > line && g_ascii_isdigit(p[-1]) && reader_number(p + 1, &percent, &rest) &&
		    g_str_has_prefix(rest, "%)"))
			open = p;
	}
	if (open == NULL)
		return FALSE;
	const char *p = open;
	while (p > line && g_ascii_isdigit(p[-1]))
		p--;
	reader_number(p, failures, NULL);
	while (p > line && p[-1] == ' ')
		p--;
	while (p > line && g_ascii_isdigit(p[-1]))
		p--;
	*length = p - line;
	*behind = strchr(open, ')') + 1;
	return *length > 0 && line[*length - 1] == ' ' && reader_number(p, requests, NULL);
}

static void
set_column(LocustRow *row, const char *name, const char *text)
{
	double value;
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		if (g_str_equal(columns[i].name, name) && reader_number(text, &value, NULL))
			G_STRUCT_MEMBER(double, row, columns[i].offset) = value;
	}
}

static void
read_stats_row(Run *run, const char *line, guint number)
{
	double requests;
	double failures;
	gsize length;
	const char *behind;
	if (!find_failures(line, &requests, &failures, &length, &behind))
		return;
	LocustRow *row = new_row(run, line, length);
	g_auto(GStrv) words = split_columns(behind);
	guint n = g_strv_length(words);
	row->requests = requests;
	row->failures = failures;
	row->line = number;
	/* the total of old versions has nothing but its rate */
	if (n == 1)
		set_column(row, "req/s", words[0]);
	for (guint i = 0; n == g_strv_length(run->header) && i < n; i++)
		set_column(row, run->header[i], words[i]);
	g_ptr_array_add(run->next, row);
	if (!locust_row_is_total(row))
		return;
	g_ptr_array_unref(run->rows);
	run->rows = g_steal_pointer(&run->next);
	run->next = rows_new();
	run->table = TABLE_NONE;
}

static LocustRow *
find_row(Run *run, const char *benchmark)
{
	for (guint i = 0; i < run->rows->len; i++) {
		LocustRow *row = g_ptr_array_index(run->rows, i);
		if (g_str_equal(row->benchmark, benchmark))
			return row;
	}
	return NULL;
}

/* where the last n words of a line begin */
static gsize
find_last_words(const char *line, guint n)
{
	gsize p = strlen(line);
	for (; n > 0 && p > 0; n--) {
		while (p > 0 && line[p - 1] == ' ')
			p--;
		while (p > 0 && line[p - 1] != ' ')
			p--;
	}
	return p;
}

static void
read_percentile_row(Run *run, const char *line)
{
	/* "# reqs" is two words of the header and one column */
	guint n = g_strv_length(run->header) - 1;
	gsize length = find_last_words(line, n);
	if (length == 0)
		return;
	g_auto(GStrv) words = reader_words(line + length);
	LocustRow *named = new_row(run, line, length);
	LocustRow *row = find_row(run, named->benchmark);
	run->has_percentiles |= locust_row_is_total(named);
	locust_row_free(named);
	if (row == NULL || row->percentiles->len > 0 || g_strv_length(words) != n)
		return;
	for (guint i = 0, column = 0; run->header[i] != NULL; i++) {
		double percent;
		double value;
		if (g_str_equal(run->header[i], "#"))
			continue;
		if (reader_number(run->header[i], &percent, NULL) &&
		    reader_number(words[column], &value, NULL))
			locust_row_add_percentile(row, percent, value);
		column++;
	}
}

static void
set_fact(Run *run, const char *key, const char *text)
{
	double value;
	const char *rest;
	if (!reader_number(text, &value, &rest))
		return;
	g_autofree char *number = g_strndup(text, rest - text);
	perfdash_run_builder_set_parameter(run->builder, key, number);
}

/* a line that Locust logs */
static void
read_message(Run *run, const char *text)
{
	const char *rest;
	if ((rest = reader_after(text, "Starting Locust ")) != NULL && g_ascii_isdigit(*rest)) {
		g_autofree char *version = reader_name(rest);
		perfdash_run_builder_set_environment(run->builder, "tool_version", version);
	} else if ((rest = reader_after(text, "Run time limit set to ")) != NULL) {
		run->is_limited = TRUE;
		set_fact(run, "run_time", rest);
	} else if ((rest = reader_after(text, "Ramping to ")) != NULL) {
		set_fact(run, "users", rest);
		if (strstr(rest, " at a rate of ") != NULL)
			set_fact(run,
				 "spawn_rate",
				 strstr(rest, " at a rate of ") + strlen(" at a rate of "));
	} else if (g_str_has_prefix(text, "Got SIGTERM signal")) {
		run->is_limited = TRUE;
	} else if (strstr(text, "ime limit reached") != NULL ||
		   g_str_has_prefix(text, "--run-time limit reached")) {
		run->is_at_limit = TRUE;
	}
}

/* a run may say how long it will be before it says that it starts */
static gboolean
is_beginning(const char *text)
{
	return g_str_has_prefix(text, "Starting Locust") ||
	       g_str_has_prefix(text, "Run time limit set to ") ||
	       g_str_has_prefix(text, "No run time limit set");
}

static gboolean
has_numbers(Run *run)
{
	return run->rows->len > 0 || run->next->len > 0;
}

static void
end_rows(Run *run, GPtrArray *rows)
{
	gboolean is_good = locust_add_rows(run->builder, rows);
	if (run->has_percentiles && (!run->is_limited || run->is_at_limit))
		return;
	if (is_good)
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(run->builder,
					 run->has_percentiles
						 ? "the test ended before its time limit"
						 : "the log ends before the last table");
}

static void
end_run(Run *run)
{
	if (has_numbers(run)) {
		end_rows(run, run->rows->len > 0 ? run->rows : run->next);
	} else if (run->error != NULL) {
		perfdash_run_builder_set_label(run->builder, "tool", "locust");
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning_literal(run->builder, run->error);
	} else if (run->table != TABLE_NONE) {
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(run->builder,
						 "the log ends within the first table");
	}
	perfdash_run_builder_next_run(run->builder);
}

static void
restart(Run *run)
{
	PerfdashRunBuilder *builder = run->builder;
	end_run(run);
	clear_run(run);
	start_run(run, builder);
}

static void
read_line(Run *run, const char *line, guint number)
{
	const char *message = *line == '[' ? strstr(line, "/locust.main: ") : NULL;
	Table table = find_table(line);
	if (message == NULL && *line == '[')
		message = strstr(line, "/INFO/locust.runners: ");
	else if (message != NULL && strstr(line, "/ERROR/locust.main: ") != NULL &&
		 run->error == NULL)
		run->error = g_strdup(strstr(line, "locust.main: ") + strlen("locust.main: "));
	if (message != NULL) {
		const char *text = strstr(message, ": ") + strlen(": ");
		if (has_numbers(run) && is_beginning(text))
			restart(run);
		read_message(run, text);
	} else if (table != TABLE_NONE) {
		/* a run has one table of percentiles, and nothing behind it */
		if (table == TABLE_STATS && run->has_percentiles)
			restart(run);
		begin_table(run, table, line);
	} else if (run->table == TABLE_STATS) {
		read_stats_row(run, line, number);
	} else if (run->table == TABLE_PERCENTILES) {
		if (*line == '\0')
			run->table = TABLE_NONE;
		else
			read_percentile_row(run, line);
	}
}

void
locust_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	Run run;
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	start_run(&run, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&run, line, lines.number);
	}
	end_run(&run);
	clear_run(&run);
}
