/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The report of loadtest, which looks like ab's. Requests that failed are among the completed ones
 * and in their times. Before version 7 every line begins with a date and INFO, and "Requests per
 * second" stands twice: as what was wanted and as what was reached. A percentile that was not found
 * is "false ms". */

#include <string.h>

#include "reader-quantity.h"
#include "reader-report.h"
#include "reader-text.h"

typedef struct {
	PerfdashRunBuilder *builder;
	ReaderReport *report;
	char *url;            /* nullable: no report has begun */
	gboolean has_results; /* its setup is over */
	gboolean in_percent;
	gboolean is_over; /* but for the errors */
	gboolean is_cut;  /* the log ends in the middle of a line */
	double wanted;    /* requests, 0 when it was a time */
	double wanted_s;  /* seconds, 0 when it was a number */
} Run;

static const ReaderField fields[] = {
	{"Total errors:", "errors", "1", PERFDASH_DIRECTION_LOWER},
	{"Total time:", "duration", "s", PERFDASH_DIRECTION_NONE},
	{"Mean latency:", "latency", "ms", PERFDASH_DIRECTION_LOWER},
	{"Effective rps:", "throughput", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"Requests per second:", "throughput", "1/s", PERFDASH_DIRECTION_HIGHER},
	{NULL},
};

static const ReaderFact facts[] = {
	{"Max requests:", "max_requests"},
	{"Max time (s):", "max_time"},
	{"Target rps:", "target_rps"},
	{"Requests per second:", "target_rps"},
	{"Concurrent clients:", "concurrency"},
	{"Concurrency level:", "concurrency"},
	{"Running on cores:", "cores"},
	{"Agent:", "agent"},
	{NULL},
};

static void
judge(Run *run, gboolean failed, double requests, double errors)
{
	double duration = 0;
	const char *why = NULL;
	reader_report_get(run->report, "duration", &duration);
	if (failed)
		why = requests == 0 ? "no request was completed" : "every request failed";
	else if (!run->is_over || (run->is_cut && errors > 0))
		why = "the log ends before the end of the report";
	else if (requests < run->wanted || duration < 0.9 * run->wanted_s)
		why = "the test was stopped before its end";
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
	double requests;
	double errors = 0;
	if (run->url != NULL && reader_report_get(run->report, "requests", &requests)) {
		gboolean failed = requests == 0;
		if (reader_report_get(run->report, "errors", &errors))
			failed |= errors >= requests;
		perfdash_run_builder_set_label(run->builder, "tool", "loadtest");
		judge(run, failed, requests, errors);
		reader_report_end(run->report, run->builder, run->url, failed);
		perfdash_run_builder_next_run(run->builder);
	}
	reader_report_clear(run->report);
	g_free(run->url);
	*run = (Run){.builder = run->builder, .report = run->report};
}

static void
read_setup(Run *run, const char *text)
{
	const char *rest;
	double value;
	if ((rest = reader_after(text, "Completed requests:")) != NULL) {
		ReaderQuantity count = {0, "1"};
		run->has_results = reader_number(rest, &count.value, NULL);
		if (run->has_results)
			reader_report_add(run->report, "requests", PERFDASH_DIRECTION_NONE, count);
		return;
	}
	if ((rest = reader_after(text, "Max requests:")) != NULL &&
	    reader_number(rest, &value, NULL))
		run->wanted = value;
	if ((rest = reader_after(text, "Max time (s):")) != NULL &&
	    reader_number(rest, &value, NULL))
		run->wanted_s = value;
	if (!reader_set_parameter(run->builder, text, facts) && *text != '\0')
		end_run(run);
}

/* "95%      4 ms"; what follows "100%" are errors, if anything */
static void
read_percentile(Run *run, const char *text)
{
	double percent;
	ReaderQuantity time;
	if (!reader_number(text, &percent, &text) || *text != '%')
		return;
	time = reader_quantity(text + 1, reader_times, NULL);
	if (percent == 100)
		reader_report_add_stat(run->report, "latency", "max", time);
	else
		reader_report_add_percentile(run->report, "latency", percent, time);
	run->is_over |= percent == 100;
}

/* "-1:   20 errors" */
static gboolean
read_errors(Run *run, const char *text)
{
	ReaderQuantity count = {0, "1"};
	const char *colon = strchr(text, ':');
	const char *rest;
	if (colon == NULL || !reader_number(colon + 1, &count.value, &rest) ||
	    !g_str_equal(rest, " errors"))
		return FALSE;
	g_autofree char *code = g_strndup(text, colon - text);
	g_autofree char *name = reader_name(code);
	reader_report_add_kind(run->report,
			       "errors",
			       "status",
			       name,
			       PERFDASH_DIRECTION_LOWER,
			       count);
	return TRUE;
}

/* an old line without its date */
static const char *
skip_prefix(const char *line)
{
	const char *close = *line == '[' ? strstr(line, "] ") : NULL;
	if (close != NULL && g_str_has_prefix(close, "] INFO"))
		line = close + strlen("] ");
	if (g_str_equal(line, "INFO") || g_str_has_prefix(line, "INFO "))
		line += strlen("INFO");
	return line + strspn(line, " ");
}

static void
read_line(Run *run, const char *line)
{
	const char *text = skip_prefix(line);
	const char *url = reader_after(text, "Target URL:");
	if (url != NULL) {
		end_run(run);
		run->url = reader_name(url);
	} else if (run->url == NULL) {
		return;
	} else if (!run->has_results) {
		read_setup(run, text);
	} else if (run->is_over) {
		if (!read_errors(run, text) && *text != '\0')
			end_run(run);
	} else if (run->in_percent) {
		read_percentile(run, text);
	} else {
		run->in_percent = g_str_has_prefix(text, "Percentage of ");
		reader_report_add_field(run->report, text, fields);
	}
}

static gboolean
loadtest_parser_parse(PerfdashParser *parser,
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
		run.is_cut = lines.is_cut;
	}
	end_run(&run);
	reader_report_free(run.report);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(LoadtestParser,
		       loadtest_parser,
		       NULL,
		       loadtest_parser_parse,
		       "loadtest",
		       "1",
		       "loadtest, HTTP load: text output",
		       "*loadtest*.txt;*loadtest*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "Target URL:")
