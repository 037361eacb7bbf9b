/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Columns differ between versions and with --print-percentiles, so that their heading tells what
 * they are; "---" is no value. A command that was not sent has 0.00. Rows end with a blank. */

#include "memtier.h"

#include <string.h>

#include "reader-text.h"

#define MAX_COLUMNS 40

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	gboolean is_running;
	gboolean has_sections;
	gboolean has_totals; /* of the section */
	char *last_line;     /* that may be a title, nullable */
	char *title;         /* of the section, nullable */
	GPtrArray *columns;  /* of char *, of the table, nullable */
	double n_operations; /* of all totals, a rate */
	gboolean is_interrupted;
	gboolean in_histogram;
	gboolean has_error;   /* of a connection */
	double progress_rate; /* 0 unknown */
	double progress_latency;
} Report;

static const struct {
	const char *text;
	const char *key;
} parameters[] = {
	{"Threads", "threads"},
	{"Connections per thread", "clients"},
	{"Requests per client", "requests"},
	{"Seconds", "test_time"},
};

static const struct {
	const char *column;
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} rates[] = {
	{"Ops/sec", "throughput", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"KB/sec", "transfer", "KiB/s", PERFDASH_DIRECTION_HIGHER},
	{"Hits/sec", "hits", "1/s", PERFDASH_DIRECTION_NONE},
	{"Misses/sec", "misses", "1/s", PERFDASH_DIRECTION_NONE},
	{"MOVED/sec", "moved", "1/s", PERFDASH_DIRECTION_NONE},
	{"ASK/sec", "ask", "1/s", PERFDASH_DIRECTION_NONE},
	{"Latency", "latency", "ms", PERFDASH_DIRECTION_LOWER},
	{"Avg. Latency", "latency", "ms", PERFDASH_DIRECTION_LOWER},
};

static void
add_progress(Report *report)
{
	g_autofree char *benchmark = memtier_benchmark_name("ALL STATS", "Totals");
	if (report->progress_rate > 0)
		perfdash_run_builder_add_result(report->builder,
						benchmark,
						"throughput",
						"1/s",
						PERFDASH_DIRECTION_HIGHER,
						report->progress_rate);
	if (report->progress_rate > 0 && report->progress_latency > 0)
		perfdash_run_builder_add_result(report->builder,
						benchmark,
						"latency",
						"ms",
						PERFDASH_DIRECTION_LOWER,
						report->progress_latency);
	memtier_set_unfinished(report->builder,
			       report->has_error && report->progress_rate <= 0
				       ? PERFDASH_OUTCOME_FAILED
				       : PERFDASH_OUTCOME_PARTIAL,
			       "the log ends before the totals");
}

static void
end_run(Report *report)
{
	if (!report->is_running)
		return;
	if (!report->has_totals && perfdash_run_builder_get_n_results(report->builder) == 0)
		add_progress(report);
	else if (!report->has_totals)
		memtier_set_unfinished(report->builder,
				       PERFDASH_OUTCOME_PARTIAL,
				       "the log ends before the totals");
	else if (report->n_operations == 0)
		memtier_set_unfinished(report->builder,
				       PERFDASH_OUTCOME_FAILED,
				       "no request was answered");
	if (report->is_interrupted && report->n_operations > 0)
		memtier_set_unfinished(report->builder,
				       PERFDASH_OUTCOME_PARTIAL,
				       "memtier_benchmark was interrupted");
	g_clear_pointer(&report->title, g_free);
	g_clear_pointer(&report->columns, g_ptr_array_unref);
	g_free(report->last_line);
	*report = (Report){.builder = report->builder, .n_runs = report->n_runs};
}

static void
start_run(Report *report)
{
	end_run(report);
	if (report->n_runs++ > 0)
		perfdash_run_builder_next_run(report->builder);
	report->is_running = TRUE;
	perfdash_run_builder_set_label(report->builder, "tool", "memtier_benchmark");
}

/* "Type  Ops/sec  Avg. Latency  p99.9 Latency" */
static GPtrArray *
read_heading(const char *line)
{
	g_auto(GStrv) words = reader_words(line);
	GPtrArray *columns = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; words[i] != NULL && i < MAX_COLUMNS; i++) {
		gboolean has_more = g_str_equal(words[i], "Avg.") ||
				    (*words[i] == 'p' && g_ascii_isdigit(words[i][1]));
		if (has_more && words[i + 1] != NULL) {
			g_ptr_array_add(columns, g_strconcat(words[i], " ", words[i + 1], NULL));
			i++;
		} else {
			g_ptr_array_add(columns, g_strdup(words[i]));
		}
	}
	return columns;
}

/* FALSE when the cell has no value */
static gboolean
add_cell(Report *report, const char *benchmark, const char *column, const char *cell)
{
	double value;
	if (!reader_number(cell, &value, NULL))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(rates); i++) {
		if (g_str_equal(rates[i].column, column))
			perfdash_run_builder_add_result(report->builder,
							benchmark,
							rates[i].metric,
							rates[i].unit,
							rates[i].direction,
							value);
	}
	return TRUE;
}

static const char *
get_column(Report *report, guint i)
{
	return g_ptr_array_index(report->columns, i);
}

/* the mean comes first; percentiles describe it */
static void
add_latency(Report *report, const char *benchmark, GStrv words)
{
	g_autoptr(GArray) seen = g_array_new(FALSE, FALSE, sizeof(double));
	gboolean has_mean = FALSE;
	double value;
	for (guint i = 1; i < report->columns->len; i++) {
		const char *column = get_column(report, i);
		if (!g_str_has_suffix(column, "Latency"))
			continue;
		if (*column != 'p')
			has_mean = !has_mean && add_cell(report, benchmark, column, words[i]);
		else if (has_mean && reader_number(words[i], &value, NULL))
			memtier_add_percentile(report->builder, seen, column + 1, value);
	}
}

static void
add_row(Report *report, GStrv words)
{
	g_autofree char *benchmark = memtier_benchmark_name(report->title, words[0]);
	for (guint i = 1; i < report->columns->len; i++) {
		const char *column = get_column(report, i);
		if (!g_str_has_suffix(column, "Latency"))
			add_cell(report, benchmark, column, words[i]);
	}
	add_latency(report, benchmark, words);
}

static void
read_row(Report *report, const char *line)
{
	g_auto(GStrv) words = reader_words(line);
	double per_second;
	if (g_str_has_prefix(line, "---"))
		return;
	if (g_strv_length(words) != report->columns->len ||
	    !reader_number(words[1], &per_second, NULL)) {
		g_clear_pointer(&report->columns, g_ptr_array_unref);
		return;
	}
	if (per_second > 0)
		add_row(report, words);
	if (!g_str_equal(words[0], "Totals"))
		return;
	report->has_totals = TRUE;
	report->n_operations += per_second;
	g_clear_pointer(&report->columns, g_ptr_array_unref);
}

/* the line of equals signs below a title */
static gboolean
read_title(Report *report, const char *line)
{
	if (!g_str_has_prefix(line, "======") || report->last_line == NULL ||
	    !memtier_is_title(report->last_line))
		return FALSE;
	gboolean is_first = g_str_equal(report->last_line, "ALL STATS") ||
			    g_str_equal(report->last_line, "RUN #1 RESULTS");
	g_autofree char *title = g_strdup(report->last_line);
	if (!report->is_running || (is_first && report->has_sections))
		start_run(report);
	g_free(report->title);
	report->title = g_steal_pointer(&title);
	report->has_sections = TRUE;
	report->has_totals = report->in_histogram = FALSE;
	return TRUE;
}

/* "2         Threads" */
static gboolean
read_parameter(Report *report, const char *line)
{
	double value;
	const char *rest;
	if (!g_ascii_isdigit(*line) || !reader_number(line, &value, &rest))
		return FALSE;
	g_autofree char *number = g_strndup(line, rest - line);
	rest += strspn(rest, " ");
	for (guint i = 0; i < G_N_ELEMENTS(parameters); i++) {
		if (!g_str_equal(rest, parameters[i].text))
			continue;
		perfdash_run_builder_set_parameter(report->builder, parameters[i].key, number);
		return TRUE;
	}
	return FALSE;
}

/* "[RUN #1 50%, 1 secs] 2 threads 10 conns: 5000 ops, 4000 (avg: 4144) ops/sec, ..." */
static gboolean
read_run_line(Report *report, const char *line)
{
	double number;
	const char *rest;
	const char *latency;
	if (!g_str_has_prefix(line, "[RUN #") ||
	    !reader_number(line + strlen("[RUN #"), &number, &rest))
		return FALSE;
	if (g_str_has_prefix(rest, "] Preparing benchmark client") && number == 1)
		start_run(report);
	else if (!report->is_running)
		return FALSE;
	else if (g_str_has_prefix(rest, "] Interrupted by user"))
		report->is_interrupted = TRUE;
	else if (strstr(rest, ") ops/sec, ") != NULL) {
		latency = strrchr(rest, '(');
		reader_number_after(rest, "(avg:", &report->progress_rate);
		reader_number_after(latency, "(avg:", &report->progress_latency);
	}
	return TRUE;
}

/* rows of the histogram are the last that is printed */
static void
read_cut(Report *report, const char *line)
{
	if (report->in_histogram && report->n_operations > 0 && *line != '\0' &&
	    !g_str_equal(line, "---"))
		memtier_set_unfinished(report->builder,
				       PERFDASH_OUTCOME_PARTIAL,
				       "the last line was cut off");
}

static void
read_line(Report *report, const char *line)
{
	report->has_error |= g_str_has_prefix(line, "connection error");
	if (g_str_has_prefix(line, "Request Latency Distribution"))
		report->in_histogram = TRUE;
	if (read_run_line(report, line) || read_title(report, line))
		return;
	if (report->columns != NULL)
		read_row(report, line);
	else if (report->title != NULL && g_str_has_prefix(line, "Type ") &&
		 strstr(line, " Ops/sec ") != NULL && strstr(line, "KB/sec") != NULL)
		report->columns = read_heading(line);
	else if (report->is_running && !report->has_sections)
		read_parameter(report, line);
	if (*line != '\0') {
		g_free(report->last_line);
		report->last_line = g_strdup(line);
	}
}

void
memtier_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	Report report = {.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		/* a row ends with a blank */
		if (!lines.is_cut || g_str_has_suffix(line, " "))
			read_line(&report, line);
		else
			read_cut(&report, line);
	}
	end_run(&report);
	g_free(report.last_line);
}
