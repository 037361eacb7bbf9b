/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* httperf's report. Its first line repeats the command with all its defaults. When nothing was
 * answered it prints times of 0.0 as if they were measured; the rate of replies is one of samples
 * of 5 s, and a shorter test has none. KB/s are 1024 bytes. */

#include <string.h>

#include "reader-quantity.h"
#include "reader-report.h"
#include "reader-text.h"

typedef struct {
	PerfdashRunBuilder *builder;
	ReaderReport *report;
	char *uri; /* nullable: no report has begun */
	gboolean has_totals;
	gboolean has_statuses;
	guint error_lines;  /* of two */
	gboolean no_server; /* its address is unknown */
	double wanted;      /* connections, 0 when it was something else */
	double replies;
	double good; /* replies that are no 4xx or 5xx */
} Run;

/* a number on a line of several; the marks stand in their order */
typedef struct {
	const char *mark;
	const char *metric;
	const char *name; /* of a statistic, a kind, or NULL: the value */
	const char *key;  /* of the label that the kind is for, or NULL */
	const char *unit;
	PerfdashDirection direction;
} Cell;

#define LOWER  PERFDASH_DIRECTION_LOWER
#define HIGHER PERFDASH_DIRECTION_HIGHER
#define NONE   PERFDASH_DIRECTION_NONE

static const Cell totals[] = {
	{"connections ", "connections", NULL, NULL, "1", NONE},
	{"requests ", "requests", NULL, NULL, "1", NONE},
	{"replies ", "replies", NULL, NULL, "1", NONE},
	{"test-duration ", "duration", NULL, NULL, "s", NONE},
	{NULL},
};

static const Cell connection_rate[] = {{"", "connection_rate", NULL, NULL, "1/s", HIGHER}, {NULL}};

static const Cell connection_time[] = {
	{"min ", "connection_time", "min", NULL, "ms", LOWER},
	{"avg ", "connection_time", NULL, NULL, "ms", LOWER},
	{"max ", "connection_time", "max", NULL, "ms", LOWER},
	{"median ", "connection_time", "p50", NULL, "ms", LOWER},
	{"stddev ", "connection_time", "sd", NULL, "ms", LOWER},
	{"connect ", "connect_time", NULL, NULL, "ms", LOWER},
	{NULL},
};

static const Cell request_rate[] = {{"", "throughput", NULL, NULL, "1/s", HIGHER}, {NULL}};

static const Cell reply_rate[] = {
	{"min ", "reply_rate", "min", NULL, "1/s", HIGHER},
	{"avg ", "reply_rate", NULL, NULL, "1/s", HIGHER},
	{"max ", "reply_rate", "max", NULL, "1/s", HIGHER},
	{"stddev ", "reply_rate", "sd", NULL, "1/s", HIGHER},
	{NULL},
};

static const Cell reply_time[] = {
	{"response ", "latency", NULL, NULL, "ms", LOWER},
	{"transfer ", "transfer_time", NULL, NULL, "ms", LOWER},
	{NULL},
};

static const Cell reply_size[] = {{"(total ", "response_size", NULL, NULL, "B", NONE}, {NULL}};

static const Cell statuses[] = {
	{"1xx=", "responses", "1xx", "status", "1", NONE},
	{"2xx=", "responses", "2xx", "status", "1", NONE},
	{"3xx=", "responses", "3xx", "status", "1", NONE},
	{"4xx=", "responses", "4xx", "status", "1", NONE},
	{"5xx=", "responses", "5xx", "status", "1", NONE},
	{NULL},
};

static const Cell processor_time[] = {
	{"user ", "cpu_time", "user", "mode", "s", NONE},
	{"system ", "cpu_time", "system", "mode", "s", NONE},
	{NULL},
};

static const Cell transfer[] = {{"", "transfer", NULL, NULL, "KiB/s", HIGHER}, {NULL}};

static const Cell errors[] = {
	{"total ", "errors", NULL, NULL, "1", LOWER},
	{"client-timo ", "errors", "client_timeout", "kind", "1", LOWER},
	{"socket-timo ", "errors", "socket_timeout", "kind", "1", LOWER},
	{"connrefused ", "errors", "connection_refused", "kind", "1", LOWER},
	{"connreset ", "errors", "connection_reset", "kind", "1", LOWER},
	{"fd-unavail ", "errors", "no_descriptor", "kind", "1", LOWER},
	{"addrunavail ", "errors", "no_address", "kind", "1", LOWER},
	{"ftab-full ", "errors", "file_table_full", "kind", "1", LOWER},
	{"other ", "errors", "other", "kind", "1", LOWER},
	{NULL},
};

/* minimum and maximum are those of samples of 5 s, and 0 without */
static const Cell session_rate[] = {{"avg ", "session_rate", NULL, NULL, "1/s", HIGHER}, {NULL}};

static const Cell session_time[] = {{"", "session_time", NULL, NULL, "s", LOWER}, {NULL}};

static const struct {
	const char *prefix;
	const Cell *cells;
} rows[] = {
	{"Total: ", totals},
	{"Connection rate: ", connection_rate},
	{"Connection time [ms]: ", connection_time},
	{"Request rate: ", request_rate},
	{"Reply rate [replies/s]: ", reply_rate},
	{"Reply time [ms]: ", reply_time},
	{"Reply size [B]: ", reply_size},
	{"Reply status: ", statuses},
	{"CPU time [s]: ", processor_time},
	{"Net I/O: ", transfer},
	{"Errors: ", errors},
	{"Session rate [sess/s]: ", session_rate},
	{"Session lifetime [s]: ", session_time},
};

/* of the first line: what may be kept of the command */
static const struct {
	const char *option;
	const char *key;
} options[] = {
	{" --rate=", "rate"},
	{" --num-conns=", "connections"},
	{" --num-calls=", "calls_per_connection"},
	{" --burst-length=", "burst_length"},
	{" --timeout=", "timeout"},
	{" --wsess=", "sessions"},
	{" --port=", "port"},
};

/* an interrupted test has a whole report */
static gboolean
is_short(Run *run)
{
	double connections = 0;
	double n_errors = 0;
	reader_report_get(run->report, "connections", &connections);
	reader_report_get(run->report, "errors", &n_errors);
	return connections + n_errors < run->wanted;
}

static void
mark(Run *run, PerfdashOutcome outcome, const char *why)
{
	perfdash_run_builder_set_outcome(run->builder, outcome);
	perfdash_run_builder_add_warning_literal(run->builder, why);
}

static void
end_run(Run *run)
{
	gboolean failed = FALSE;
	if (run->uri != NULL) {
		failed = run->has_totals &&
			 (run->replies == 0 || (run->has_statuses && run->good == 0));
		perfdash_run_builder_set_label(run->builder, "tool", "httperf");
		if (!run->has_totals && run->no_server)
			mark(run, PERFDASH_OUTCOME_FAILED, "the server has no address");
		else if (!run->has_totals)
			mark(run, PERFDASH_OUTCOME_PARTIAL, "the log ends before the report");
		else if (failed)
			mark(run,
			     PERFDASH_OUTCOME_FAILED,
			     run->replies == 0 ? "no request was answered"
					       : "every reply was an error");
		else if (run->error_lines < 2)
			mark(run,
			     PERFDASH_OUTCOME_PARTIAL,
			     "the log ends before the end of the report");
		else if (is_short(run))
			mark(run, PERFDASH_OUTCOME_PARTIAL, "the test was stopped before its end");
		reader_report_end(run->report, run->builder, run->uri, failed);
		perfdash_run_builder_next_run(run->builder);
	}
	reader_report_clear(run->report);
	g_free(run->uri);
	*run = (Run){.builder = run->builder, .report = run->report};
}

/* the value of an option, or NULL */
static char *
find_option(const char *command, const char *option)
{
	const char *at = strstr(command, option);
	if (at == NULL)
		return NULL;
	g_autofree char *value = g_strndup(at + strlen(option), strcspn(at + strlen(option), " "));
	return reader_name(value);
}

static void
start_run(Run *run, const char *command)
{
	/* what goes to standard error may stand above the command */
	gboolean no_server = run->uri == NULL && run->no_server;
	end_run(run);
	run->no_server = no_server;
	run->uri = find_option(command, " --uri=");
	if (run->uri == NULL)
		run->uri = g_strdup("(url not printed)");
	reader_number_after(command, " --num-conns=", &run->wanted);
	for (guint i = 0; i < G_N_ELEMENTS(options); i++) {
		g_autofree char *value = find_option(command, options[i].option);
		if (value != NULL)
			perfdash_run_builder_set_parameter(run->builder, options[i].key, value);
	}
}

static void
add_cell(Run *run, const Cell *cell, double value)
{
	ReaderQuantity quantity = {value, cell->unit};
	if (cell->key != NULL)
		reader_report_add_kind(run->report,
				       cell->metric,
				       cell->key,
				       cell->name,
				       cell->direction,
				       quantity);
	else if (cell->name != NULL)
		reader_report_add_stat(run->report, cell->metric, cell->name, quantity);
	else
		reader_report_add(run->report, cell->metric, cell->direction, quantity);
}

/* what later lines are judged by */
static void
note(Run *run, const Cell *cells, const char *text)
{
	double good;
	double moved;
	if (cells == totals) {
		run->has_totals = TRUE;
		reader_report_get(run->report, "replies", &run->replies);
	} else if (cells == statuses && reader_number_after(text, "2xx=", &good) &&
		   reader_number_after(text, "3xx=", &moved)) {
		run->has_statuses = TRUE;
		run->good = good + moved;
	} else if (cells == errors) {
		run->error_lines++;
	}
}

static void
read_row(Run *run, const char *line)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const Cell *cells = rows[i].cells;
		const char *text = reader_after(line, rows[i].prefix);
		double value;
		if (text == NULL || (cells == reply_rate && strstr(text, "(0 samples)") != NULL))
			continue;
		for (const Cell *cell = cells; cell->mark != NULL; cell++) {
			if (reader_number_after(text, cell->mark, &value))
				add_cell(run, cell, value);
		}
		note(run, cells, text);
	}
}

static gboolean
is_command(const char *line)
{
	return g_str_has_prefix(line, "httperf ") && strstr(line, " --client=") != NULL &&
	       strstr(line, " --server=") != NULL;
}

static gboolean
is_totals(const char *line)
{
	return g_str_has_prefix(line, "Total: connections ") &&
	       strstr(line, " test-duration ") != NULL;
}

static void
read_line(Run *run, const char *line)
{
	if (is_command(line) || (is_totals(line) && (run->uri == NULL || run->has_totals)))
		start_run(run, line);
	if (strstr(line, "core_addr_intern: invalid server address ") != NULL) {
		/* said once in a run */
		if (run->no_server)
			end_run(run);
		run->no_server = TRUE;
	}
	if (run->uri == NULL || (!run->has_totals && !is_totals(line)))
		return;
	/* sessions stand below the errors, behind an empty line */
	if (run->error_lines < 2 || *line == '\0' || g_str_has_prefix(line, "Session"))
		read_row(run, line);
	else
		end_run(run);
}

static gboolean
httperf_parser_parse(PerfdashParser *parser,
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
		else if (g_str_has_prefix(line, "httperf --"))
			start_run(&run, line);
	}
	end_run(&run);
	reader_report_free(run.report);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(HttperfParser,
		       httperf_parser,
		       NULL,
		       httperf_parser_parse,
		       "httperf",
		       "4",
		       "httperf, HTTP load: text output",
		       "*httperf*.txt;*httperf*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "httperf --\nTotal: connections ")
