/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* siege's report as text, which goes to standard error and may stand anywhere among the lines of
 * the requests, even in the middle of one. Until 4.1.6 times are seconds and the last two lines
 * have no unit, later ones say ms. MB are 1024 * 1024 bytes. */

#include "siege.h"

#include <string.h>

#include "reader-json.h"

#define SCORE 90

typedef struct {
	PerfdashRunBuilder *builder;
	ReaderReport *report;
	gboolean started;  /* its first line was there */
	gboolean is_siege; /* and the second */
	gboolean is_over;
	char *version;     /* of the next report, nullable */
	char *concurrency; /* likewise */
	gboolean was_aborted;
} Run;

static const ReaderField fields[] = {
	{"Availability:", "availability", "%", PERFDASH_DIRECTION_HIGHER},
	{"Elapsed time:", "duration", "s", PERFDASH_DIRECTION_NONE},
	{"Data transferred:", "bytes_read", "MiB", PERFDASH_DIRECTION_NONE},
	{"Transaction rate:", "throughput", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"Throughput:", "transfer", "MiB/s", PERFDASH_DIRECTION_HIGHER},
	{"Concurrency:", "concurrency", "1", PERFDASH_DIRECTION_NONE},
	{"Failed transactions:", "errors", "1", PERFDASH_DIRECTION_LOWER},
	{NULL},
};

static const ReaderSuffix times[] = {{"secs", "s", 0}, {"ms", "ms", 0}, {"", "s", 0}, {NULL}};

void
siege_end_run(ReaderReport *report, PerfdashRunBuilder *builder, const char *why_partial)
{
	double transactions = 1;
	double errors;
	perfdash_run_builder_set_label(builder, "tool", "siege");
	reader_report_get(report, "transactions", &transactions);
	if (why_partial == NULL && !reader_report_get(report, "errors", &errors))
		why_partial = "the log ends before the end of the report";
	if (transactions == 0) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder, "no transaction succeeded");
	} else if (why_partial != NULL) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning_literal(builder, why_partial);
	}
	reader_report_end(report, builder, SIEGE_NO_URL, transactions == 0);
}

static void
clear_run(Run *run)
{
	run->started = FALSE;
	run->is_siege = FALSE;
	run->is_over = FALSE;
	run->was_aborted = FALSE;
	g_clear_pointer(&run->version, g_free);
	g_clear_pointer(&run->concurrency, g_free);
}

static void
set_facts(Run *run)
{
	if (run->version != NULL)
		perfdash_run_builder_set_environment(run->builder, "tool_version", run->version);
	if (run->concurrency != NULL)
		perfdash_run_builder_set_parameter(run->builder, "concurrency", run->concurrency);
}

/* siege said what it would do, and no report came, be it text or JSON */
static void
end_killed(Run *run, GBytes *log)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	if (run->version == NULL || run->concurrency == NULL ||
	    g_strstr_len(text, size, "\"transactions\":") != NULL)
		return;
	set_facts(run);
	perfdash_run_builder_set_label(run->builder, "tool", "siege");
	perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(run->builder, "the log ends before the report");
}

static void
end_run(Run *run)
{
	const char *why = NULL;
	if (run->was_aborted)
		why = "siege aborted because too many connections failed";
	else if (!run->is_over)
		why = "the log ends before the end of the report";
	if (run->is_siege) {
		set_facts(run);
		siege_end_run(run->report, run->builder, why);
		perfdash_run_builder_next_run(run->builder);
	}
	reader_report_clear(run->report);
	if (run->started)
		clear_run(run);
}

static char *
first_word(const char *text)
{
	g_autofree char *word = g_strndup(text, strcspn(text, " \t"));
	return reader_name(word);
}

/* what stands before the requests */
static void
read_setup(Run *run, const char *line)
{
	const char *text;
	if ((text = reader_after(line, "** SIEGE ")) != NULL) {
		end_run(run);
		clear_run(run);
		run->version = first_word(text);
	} else if ((text = reader_after(line, "** Preparing ")) != NULL) {
		g_free(run->concurrency);
		run->concurrency = first_word(text);
	} else if (strstr(line, "aborted due to excessive socket failure; you") != NULL) {
		run->was_aborted = TRUE;
	}
}

static gboolean
read_times(Run *run, const char *line)
{
	static const struct {
		const char *prefix;
		const char *stat; /* NULL: the mean */
	} rows[] = {
		{"Response time:", NULL},
		{"Longest transaction:", "max"},
		{"Shortest transaction:", "min"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *text = reader_after(line, rows[i].prefix);
		ReaderQuantity time = reader_quantity(text, times, NULL);
		if (text == NULL)
			continue;
		if (rows[i].stat != NULL)
			reader_report_add_stat(run->report, "latency", rows[i].stat, time);
		else
			reader_report_add(run->report, "latency", PERFDASH_DIRECTION_LOWER, time);
		run->is_over |= g_strcmp0(rows[i].stat, "min") == 0;
		return TRUE;
	}
	return FALSE;
}

static void
read_report(Run *run, const char *line)
{
	ReaderQuantity count = {0, "1"};
	const char *successful = reader_after(line, "Successful transactions:");
	if (read_times(run, line))
		return;
	if (successful != NULL && reader_number(successful, &count.value, NULL))
		reader_report_add_kind(run->report,
				       "transactions",
				       "kind",
				       "successful",
				       PERFDASH_DIRECTION_NONE,
				       count);
	else if (reader_report_add_field(run->report, line, fields))
		run->is_siege |= g_str_has_prefix(line, "Availability:");
}

/* "Transactions:		         250 hits" */
static gboolean
read_start(Run *run, const char *line)
{
	ReaderQuantity count = {0, "1"};
	const char *text = reader_after(line, "Transactions:");
	const char *rest;
	if (text == NULL || !reader_number(text, &count.value, &rest) ||
	    !g_str_equal(rest, " hits"))
		return FALSE;
	if (run->started)
		end_run(run);
	run->started = TRUE;
	reader_report_add(run->report, "transactions", PERFDASH_DIRECTION_NONE, count);
	return TRUE;
}

static void
read_line(Run *run, const char *line)
{
	if (read_start(run, line))
		return;
	if (run->started)
		read_report(run, line);
	else
		read_setup(run, line);
	/* nothing but the second line of the report may follow the first */
	if (run->is_over || (run->started && !run->is_siege))
		end_run(run);
}

static gboolean
siege_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	Run run = {.builder = builder, .report = reader_report_new()};
	reader_lines_init(&lines, log, builder);
	const char *line = reader_lines_next(&lines);
	while (line != NULL) {
		if (siege_log_is_heading(line)) {
			line = siege_log_read(&lines, builder);
			continue;
		}
		reader_report_set_line(run.report, lines.number);
		if (!lines.is_cut)
			read_line(&run, line);
		line = reader_lines_next(&lines);
	}
	end_run(&run);
	end_killed(&run, log);
	clear_run(&run);
	reader_report_free(run.report);
	return TRUE;
}

static guint
siege_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	return reader_json_is_own(head, siege_json_is_own) ? SCORE : 0;
}

static gboolean
siege_parser_parse(PerfdashParser *parser,
		   const char *name,
		   GBytes *log,
		   PerfdashRunBuilder *builder,
		   GError **error)
{
	if (reader_json_is_own(log, siege_json_is_own))
		return siege_json_read(log, builder);
	return siege_text_read(log, builder);
}

PERFDASH_DEFINE_PARSER(SiegeParser,
		       siege_parser,
		       siege_parser_probe,
		       siege_parser_parse,
		       "siege",
		       "2",
		       "siege, HTTP load: text output, JSON, siege.log",
		       "*siege*.txt;*siege*.log;*siege*.json",
		       PERFDASH_PARSER_CONSOLE | PERFDASH_PARSER_JSON,
		       "Transactions:\n\"transaction_rate\":\n"
		       "      Date & Time,  Trans,  Elap Time,  Data Trans,\n"
		       "** Preparing ")
