/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* h2load's report. Every time has its own unit; columns stand as their heading says: min, max,
 * mean, sd, and after 1.68 percentiles between them. Requests that are done may have failed, and
 * failed ones include answers of 5xx. A row of nothing but 0us was not measured. KB are 1024 bytes.
 */

#include <string.h>

#include "reader-quantity.h"
#include "reader-report.h"
#include "reader-text.h"

#define NO_URL      "(url not printed)" /* as benchmark */
#define MAX_COLUMNS 8

typedef struct {
	PerfdashRunBuilder *builder;
	ReaderReport *report;
	gboolean started;
	gboolean has_totals; /* "finished in" */
	gboolean has_requests;
	gboolean is_over;
	double succeeded;
	double threads;
	double clients;
	char *protocol; /* nullable */
	const char
		*columns[MAX_COLUMNS]; /* names of statistics; "" for other ones, NULL at the end */
} Run;

static const ReaderSuffix rates[] = {{"B/s", "B/s", 0},
				     {"KB/s", "KiB/s", 0},
				     {"MB/s", "MiB/s", 0},
				     {"GB/s", "GiB/s", 0},
				     {"TB/s", "TiB/s", 0},
				     {NULL}};

/* what stands behind the number in a list of counts; kind NULL is the one without a label */
typedef struct {
	const char *word;
	const char *metric;
	const char *kind;
	PerfdashDirection direction;
} Count;

static const Count request_counts[] = {
	{"total", "requests", "total", PERFDASH_DIRECTION_NONE},
	{"started", "requests", "started", PERFDASH_DIRECTION_NONE},
	{"done", "requests", NULL, PERFDASH_DIRECTION_NONE},
	{"succeeded", "requests", "succeeded", PERFDASH_DIRECTION_NONE},
	{"failed", "errors", NULL, PERFDASH_DIRECTION_LOWER},
	{"errored", "errors", "errored", PERFDASH_DIRECTION_LOWER},
	{"timeout", "errors", "timeout", PERFDASH_DIRECTION_LOWER},
	{NULL},
};

static const Count status_counts[] = {
	{"2xx", "responses", "2xx", PERFDASH_DIRECTION_NONE},
	{"3xx", "responses", "3xx", PERFDASH_DIRECTION_NONE},
	{"4xx", "responses", "4xx", PERFDASH_DIRECTION_NONE},
	{"5xx", "responses", "5xx", PERFDASH_DIRECTION_NONE},
	{NULL},
};

static const struct {
	const char *prefix;
	const char *metric;
	PerfdashDirection direction;
} rows[] = {
	{"time for request:", "latency", PERFDASH_DIRECTION_LOWER},
	{"request     :", "latency", PERFDASH_DIRECTION_LOWER},
	{"time for connect:", "connect_time", PERFDASH_DIRECTION_LOWER},
	{"connect     :", "connect_time", PERFDASH_DIRECTION_LOWER},
	{"time to 1st byte:", "time_to_first_byte", PERFDASH_DIRECTION_LOWER},
	{"TTFB        :", "time_to_first_byte", PERFDASH_DIRECTION_LOWER},
	{"req/s           :", "requests_per_second_per_client", PERFDASH_DIRECTION_HIGHER},
	{"req/s       :", "requests_per_second_per_client", PERFDASH_DIRECTION_HIGHER},
};

static const struct {
	const char *heading;
	const char *stat;
} columns[] = {
	{"min", "min"},
	{"max", "max"},
	{"median", "p50"},
	{"p95", "p95"},
	{"p99", "p99"},
	{"mean", "mean"},
	{"sd", "sd"},
};

static void
clear_run(Run *run)
{
	g_free(run->protocol);
	reader_report_clear(run->report);
	*run = (Run){.builder = run->builder, .report = run->report};
}

static void
set_number(Run *run, const char *key, double value)
{
	g_autofree char *text = g_strdup_printf("%.0f", value);
	if (value > 0)
		perfdash_run_builder_set_parameter(run->builder, key, text);
}

static void
judge(Run *run)
{
	const char *why = NULL;
	gboolean failed = run->has_requests && run->succeeded == 0;
	if (!run->has_totals)
		why = "the log ends before the report";
	else if (failed)
		why = "no request succeeded";
	else if (!run->is_over)
		why = "the log ends before the end of the report";
	if (why == NULL)
		return;
	perfdash_run_builder_set_outcome(run->builder,
					 failed ? PERFDASH_OUTCOME_FAILED
						: PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning_literal(run->builder, why);
}

static void
end_run(Run *run)
{
	if (!run->started)
		return;
	perfdash_run_builder_set_label(run->builder, "tool", "h2load");
	set_number(run, "threads", run->threads);
	set_number(run, "clients", run->clients);
	if (run->protocol != NULL)
		perfdash_run_builder_set_parameter(run->builder, "protocol", run->protocol);
	judge(run);
	reader_report_end(run->report,
			  run->builder,
			  NO_URL,
			  run->has_requests && run->succeeded == 0);
	perfdash_run_builder_next_run(run->builder);
	clear_run(run);
}

/* "115.65ms, 17293.71 req/s, 26.80MB/s" */
static void
read_totals(Run *run, const char *text)
{
	ReaderQuantity duration = reader_quantity(text, reader_times, &text);
	ReaderQuantity throughput = {0, "1/s"};
	if (*text != ',' || !reader_number(text + 1, &throughput.value, &text) ||
	    !g_str_has_prefix(text, " req/s"))
		return;
	run->has_totals = TRUE;
	reader_report_add(run->report, "duration", PERFDASH_DIRECTION_NONE, duration);
	reader_report_add(run->report, "throughput", PERFDASH_DIRECTION_HIGHER, throughput);
	text += strlen(" req/s");
	if (*text == ',')
		reader_report_add(run->report,
				  "transfer",
				  PERFDASH_DIRECTION_HIGHER,
				  reader_quantity(text + 1, rates, NULL));
}

static void
add_count(Run *run, const Count *count, const char *key, ReaderQuantity quantity)
{
	if (count->kind == NULL)
		reader_report_add(run->report, count->metric, count->direction, quantity);
	else
		reader_report_add_kind(run->report,
				       count->metric,
				       key,
				       count->kind,
				       count->direction,
				       quantity);
}

/* "2000 total, 2000 started, 2000 done" */
static void
read_counts(Run *run, const char *text, const Count *counts, const char *key)
{
	ReaderQuantity quantity = {0, "1"};
	while (text != NULL && reader_number(text, &quantity.value, &text)) {
		const char *word = text + strspn(text, " ");
		gsize length = strcspn(word, ", ");
		for (const Count *one = counts; one->word != NULL; one++) {
			if (strlen(one->word) == length && strncmp(word, one->word, length) == 0)
				add_count(run, one, key, quantity);
		}
		if (strncmp(word, "succeeded", length) == 0 && length > 0)
			run->succeeded = quantity.value;
		text = word[length] == ',' ? word + length + 1 : NULL;
	}
}

/* "3.10MB (3250000) total, 367.19KB (376000) headers (space savings 0.00%), 2.64MB (2772000) data"
 */
static void
read_traffic(Run *run, const char *text)
{
	static const struct {
		const char *mark;
		const char *metric;
	} parts[] = {
		{") total", "bytes_read"},
		{") headers", "header_bytes_read"},
		{") data", "body_bytes_read"},
	};
	ReaderQuantity savings = {0, "%"};
	for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
		ReaderQuantity bytes = {0, "B"};
		const char *digits = strstr(text, parts[i].mark);
		while (digits != NULL && digits > text && g_ascii_isdigit(digits[-1]))
			digits--;
		if (digits != NULL && reader_number(digits, &bytes.value, NULL))
			reader_report_add(run->report,
					  parts[i].metric,
					  PERFDASH_DIRECTION_NONE,
					  bytes);
	}
	if (reader_number_after(text, "(space savings ", &savings.value))
		reader_report_add(run->report,
				  "header_space_savings",
				  PERFDASH_DIRECTION_HIGHER,
				  savings);
}

/* "min         max         mean         sd        +/- sd" */
static void
read_heading(Run *run, const char *text)
{
	g_auto(GStrv) words = reader_words(text);
	for (guint i = 0; words[i] != NULL && i + 1 < MAX_COLUMNS; i++) {
		run->columns[i] = "";
		run->columns[i + 1] = NULL;
		for (guint j = 0; j < G_N_ELEMENTS(columns); j++) {
			if (g_str_equal(words[i], columns[j].heading))
				run->columns[i] = columns[j].stat;
		}
	}
}

static void
add_row(Run *run, guint row, const ReaderQuantity *values, guint n)
{
	gboolean is_measured = FALSE;
	for (guint i = 0; i < n; i++)
		is_measured |= values[i].value != 0;
	for (guint i = 0; is_measured && i < n; i++) {
		if (g_str_equal(run->columns[i], "mean"))
			reader_report_add(run->report,
					  rows[row].metric,
					  rows[row].direction,
					  values[i]);
		else if (*run->columns[i] != '\0')
			reader_report_add_stat(run->report,
					       rows[row].metric,
					       run->columns[i],
					       values[i]);
	}
}

static gboolean
read_row(Run *run, const char *line)
{
	for (guint i = 0; run->columns[0] != NULL && i < G_N_ELEMENTS(rows); i++) {
		const char *text = reader_after(line, rows[i].prefix);
		gboolean is_rate = rows[i].direction == PERFDASH_DIRECTION_HIGHER;
		ReaderQuantity values[MAX_COLUMNS];
		guint n = 0;
		if (text == NULL)
			continue;
		for (; run->columns[n] != NULL && *run->columns[n] != '\0'; n++) {
			values[n] = reader_quantity(text,
						    is_rate ? reader_counts : reader_times,
						    &text);
			if (values[n].unit == NULL)
				return FALSE;
			if (is_rate)
				values[n].unit = "1/s";
		}
		add_row(run, i, values, n);
		run->is_over |= is_rate;
		return TRUE;
	}
	return FALSE;
}

static void
read_thread(Run *run, const char *text)
{
	double clients;
	const char *count = strchr(text, ':');
	if (count == NULL || !reader_number(count + 1, &clients, NULL))
		return;
	run->threads++;
	run->clients += clients;
}

static void
read_report(Run *run, const char *line)
{
	const char *text;
	if ((text = reader_after(line, "requests: ")) != NULL) {
		run->has_requests = strstr(text, " succeeded") != NULL;
		read_counts(run, text, request_counts, "kind");
	} else if ((text = reader_after(line, "status codes: ")) != NULL) {
		read_counts(run, text, status_counts, "status");
	} else if ((text = reader_after(line, "traffic: ")) != NULL) {
		read_traffic(run, text);
	} else if (g_str_has_prefix(line + strspn(line, " "), "min ") &&
		   g_str_has_suffix(line, "+/- sd")) {
		read_heading(run, line);
	} else if (!read_row(run, line) && run->columns[0] != NULL) {
		end_run(run);
	}
	if (run->is_over)
		end_run(run);
}

static gboolean
is_thread(const char *line)
{
	return g_str_has_prefix(line, "spawning thread #") &&
	       strstr(line, " total client(s). ") != NULL;
}

static gboolean
is_totals(const char *line)
{
	return g_str_has_prefix(line, "finished in ") && strstr(line, " req/s, ") != NULL;
}

static void
read_line(Run *run, const char *line)
{
	const char *protocol = reader_after(line, "Application protocol: ");
	if (is_thread(line)) {
		if (run->has_totals || g_str_has_prefix(line, "spawning thread #0:"))
			end_run(run);
		run->started = TRUE;
		read_thread(run, line);
	} else if (is_totals(line)) {
		if (run->has_totals)
			end_run(run);
		run->started = TRUE;
		read_totals(run, line + strlen("finished in "));
	} else if (run->has_totals) {
		read_report(run, line);
	} else if (run->started && protocol != NULL && run->protocol == NULL) {
		run->protocol = reader_name(protocol);
	}
}

static gboolean
h2load_parser_parse(PerfdashParser *parser,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	g_auto(ReaderLines) lines;
	Run run = {.builder = builder, .report = reader_report_new()};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		reader_report_set_line(run.report, lines.number);
		if (!lines.is_cut)
			read_line(&run, line);
	}
	end_run(&run);
	reader_report_free(run.report);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(H2loadParser,
		       h2load_parser,
		       NULL,
		       h2load_parser_parse,
		       "h2load",
		       "2",
		       "h2load, HTTP load: text output",
		       "*h2load*.txt;*h2load*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "spawning thread #\nfinished in ")
