/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The text of wrk and wrk2: every number has its own unit; the lines that count errors are there
 * only when there were some; a run that was killed prints nothing, one that was interrupted says so
 * only by its time. */

#include <string.h>

#include "reader-quantity.h"
#include "reader-report.h"
#include "reader-text.h"

/* what the lines of one run say */
typedef struct {
	PerfdashRunBuilder *builder;
	ReaderReport *report;
	char *url; /* nullable: no run has begun */
	ReaderQuantity wanted_duration;
	const char *latency;  /* metric of the distribution that is being read */
	gboolean is_wrk;      /* autocannon begins with the same line */
	gboolean in_spectrum; /* wrk2's table of all percentiles */
	gboolean has_throughput;
	gboolean is_over;
	double non_2xx;
	double socket_errors;
	double timeouts;
} Run;

static const ReaderSuffix rates[] = {{"B", "B/s", 0},
				     {"KB", "KiB/s", 0},
				     {"MB", "MiB/s", 0},
				     {"GB", "GiB/s", 0},
				     {"TB", "TiB/s", 0},
				     {NULL}};

/* counts per second; without reader_counts' unit */
static ReaderQuantity
read_rate(const char *text, const char **rest)
{
	ReaderQuantity quantity = reader_quantity(text, reader_counts, rest);
	if (quantity.unit != NULL)
		quantity.unit = "1/s";
	return quantity;
}

static ReaderQuantity
read_time(const char *text, const char **rest)
{
	return reader_quantity(text, reader_times, rest);
}

/* average, standard deviation, maximum; "-nan%" behind them says that there was no sample */
static void
read_columns(Run *run,
	     const char *text,
	     const char *metric,
	     PerfdashDirection direction,
	     ReaderQuantity (*read)(const char *, const char **))
{
	if (strstr(text, "nan") != NULL)
		return;
	reader_report_add(run->report, metric, direction, read(text, &text));
	reader_report_add_stat(run->report, metric, "sd", read(text, &text));
	reader_report_add_stat(run->report, metric, "max", read(text, NULL));
}

/* "connect 0, read 14, write 0, timeout 5" */
static void
read_socket_errors(Run *run, const char *text)
{
	static const char *const kinds[] = {"connect", "read", "write", "timeout"};
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		ReaderQuantity count = {0, "1"};
		if (!reader_number_after(text, kinds[i], &count.value))
			continue;
		run->socket_errors += count.value;
		if (g_str_equal(kinds[i], "timeout"))
			run->timeouts = count.value;
		reader_report_add_kind(run->report,
				       "socket_errors",
				       "kind",
				       kinds[i],
				       PERFDASH_DIRECTION_LOWER,
				       count);
	}
}

static void
read_percentile(Run *run, const char *text)
{
	double percent;
	const char *rest;
	if (reader_number(text, &percent, &rest) && *rest == '%')
		reader_report_add_percentile(run->report,
					     run->latency,
					     percent,
					     read_time(rest + 1, NULL));
}

/* "171499 requests in 3.10s, 265.78MB read" */
static void
read_requests(Run *run, const char *text)
{
	const char *in = strstr(text, " requests in ");
	const char *rest = NULL;
	ReaderQuantity requests = reader_quantity(text, reader_counts, NULL);
	ReaderQuantity duration = read_time(in + strlen(" requests in "), &rest);
	reader_report_add(run->report, "requests", PERFDASH_DIRECTION_NONE, requests);
	reader_report_add(run->report, "duration", PERFDASH_DIRECTION_NONE, duration);
	if (rest != NULL && *rest == ',')
		reader_report_add(run->report,
				  "bytes_read",
				  PERFDASH_DIRECTION_NONE,
				  reader_quantity(rest + 1, reader_sizes_1024, NULL));
}

static void
read_setup(Run *run, const char *text)
{
	double threads;
	double connections;
	const char *rest;
	if (!reader_number(text, &threads, &rest) ||
	    !reader_number_after(rest, "and", &connections))
		return;
	g_autofree char *threads_text = g_strdup_printf("%.0f", threads);
	g_autofree char *connections_text = g_strdup_printf("%.0f", connections);
	perfdash_run_builder_set_parameter(run->builder, "threads", threads_text);
	perfdash_run_builder_set_parameter(run->builder, "connections", connections_text);
	run->is_wrk = TRUE;
}

/* "#[Mean    =        0.809, StdDeviation   =        0.439]" and "#[Max     =        3.350, ...",
 * which only the uncorrected distribution needs */
static void
read_moments(Run *run, const char *text)
{
	ReaderQuantity time = {0, "ms"};
	if (g_str_equal(run->latency, "latency"))
		return;
	if (reader_number_after(text, "#[Mean    =", &time.value))
		reader_report_add(run->report, run->latency, PERFDASH_DIRECTION_LOWER, time);
	if (reader_number_after(text, "StdDeviation   =", &time.value))
		reader_report_add_stat(run->report, run->latency, "sd", time);
	if (reader_number_after(text, "#[Max     =", &time.value))
		reader_report_add_stat(run->report, run->latency, "max", time);
}

static void
start_distribution(Run *run, const char *text)
{
	if (strstr(text, "HdrHistogram") != NULL)
		perfdash_run_builder_set_label(run->builder, "tool", "wrk2");
	if (strstr(text, "Uncorrected") != NULL)
		run->latency = "uncorrected_latency";
	run->in_spectrum = FALSE;
}

static void
read_latency(Run *run, const char *text)
{
	const char *columns;
	if (g_str_has_prefix(text, "Thread calibration: "))
		perfdash_run_builder_set_label(run->builder, "tool", "wrk2");
	else if (g_str_has_prefix(text, "Latency Distribution"))
		start_distribution(run, text);
	else if (g_str_has_prefix(text, "Detailed Percentile spectrum:"))
		run->in_spectrum = TRUE;
	else if ((columns = reader_after(text, "Latency  ")) != NULL)
		read_columns(run, columns, "latency", PERFDASH_DIRECTION_LOWER, read_time);
	else if (g_str_has_prefix(text, "#["))
		read_moments(run, text);
	else if (g_ascii_isdigit(*text) && !run->in_spectrum)
		read_percentile(run, text);
}

/* the lines that count errors are there only when there were some, and above the rates */
static void
add_errors(Run *run)
{
	ReaderQuantity errors = {run->non_2xx, "1"};
	ReaderQuantity socket_errors = {run->socket_errors, "1"};
	reader_report_add(run->report, "errors", PERFDASH_DIRECTION_LOWER, errors);
	reader_report_add(run->report, "socket_errors", PERFDASH_DIRECTION_LOWER, socket_errors);
}

static void
read_rates(Run *run, const char *text)
{
	const char *rest;
	ReaderQuantity quantity;
	if ((rest = reader_after(text, "Requests/sec:")) != NULL) {
		add_errors(run);
		quantity = read_rate(rest, NULL);
		run->has_throughput = quantity.unit != NULL;
		reader_report_add(run->report, "throughput", PERFDASH_DIRECTION_HIGHER, quantity);
	} else if ((rest = reader_after(text, "Transfer/sec:")) != NULL) {
		quantity = reader_quantity(rest, rates, NULL);
		run->is_over = run->has_throughput && quantity.unit != NULL;
		reader_report_add(run->report, "transfer", PERFDASH_DIRECTION_HIGHER, quantity);
	} else {
		read_latency(run, text);
	}
}

static void
read_line(Run *run, const char *line)
{
	const char *text = line + strspn(line, " ");
	const char *rest;
	if (strstr(text, " threads and ") != NULL && g_str_has_suffix(text, " connections"))
		read_setup(run, text);
	else if ((rest = reader_after(text, "Req/Sec")) != NULL)
		read_columns(run,
			     rest,
			     "requests_per_second_per_thread",
			     PERFDASH_DIRECTION_HIGHER,
			     read_rate);
	else if (strstr(text, " requests in ") != NULL)
		read_requests(run, text);
	else if ((rest = reader_after(text, "Socket errors: ")) != NULL)
		read_socket_errors(run, rest);
	else if ((rest = reader_after(text, "Non-2xx or 3xx responses: ")) != NULL)
		reader_number(rest, &run->non_2xx, NULL);
	else
		read_rates(run, text);
}

/* why nothing but counts is true, or NULL */
static const char *
find_failure(Run *run)
{
	double requests;
	double latency;
	if (!reader_report_get(run->report, "requests", &requests))
		return NULL;
	if (requests == 0)
		return "no request was answered";
	/* what came too late is counted as a request, but not as a latency */
	if (run->timeouts > 0 && !reader_report_get(run->report, "latency", &latency))
		return "every request was too late";
	return run->non_2xx >= requests ? "every request was an error" : NULL;
}

static void
mark(Run *run, PerfdashOutcome outcome, const char *why)
{
	perfdash_run_builder_set_outcome(run->builder, outcome);
	perfdash_run_builder_add_warning_literal(run->builder, why);
}

/* what the numbers are worth */
static void
judge(Run *run, const char *failure)
{
	double duration = 0;
	double wanted = reader_quantity_to_base(run->wanted_duration);
	reader_report_get(run->report, "duration", &duration);
	if (failure != NULL) {
		mark(run, PERFDASH_OUTCOME_FAILED, failure);
	} else if (!run->is_over) {
		mark(run, PERFDASH_OUTCOME_PARTIAL, "the log ends before the totals");
	} else if (duration < 0.9 * wanted) {
		g_autofree char *why = g_strdup_printf("the test was stopped after %.3g of %.3g s",
						       duration,
						       wanted);
		mark(run, PERFDASH_OUTCOME_PARTIAL, why);
	}
}

static void
end_run(Run *run)
{
	const char *failure = find_failure(run);
	if (run->url != NULL && run->is_wrk) {
		judge(run, failure);
		reader_report_end(run->report, run->builder, run->url, failure != NULL);
	}
	if (run->url != NULL)
		perfdash_run_builder_next_run(run->builder);
	reader_report_clear(run->report);
	g_free(run->url);
	*run = (Run){.builder = run->builder, .report = run->report, .latency = "latency"};
}

static void
start_run(Run *run, const char *line)
{
	const char *duration = line + strlen("Running ");
	g_autofree char *text = g_strndup(duration, strcspn(duration, " "));
	g_autofree char *name = reader_name(text);
	end_run(run);
	run->url = reader_name(strstr(line, " test @ ") + strlen(" test @ "));
	run->wanted_duration = read_time(duration, NULL);
	perfdash_run_builder_set_label(run->builder, "tool", "wrk");
	perfdash_run_builder_set_parameter(run->builder, "duration", name);
}

static gboolean
is_start(const char *line)
{
	return g_str_has_prefix(line, "Running ") && strstr(line, " test @ ") != NULL;
}

/* all that is said when there is no server: others say so, too, but not as the first thing, or
 * below the command */
static void
read_refusal(Run *run, const char *line)
{
	end_run(run);
	perfdash_run_builder_set_label(run->builder, "tool", "wrk");
	mark(run, PERFDASH_OUTCOME_FAILED, line);
	perfdash_run_builder_next_run(run->builder);
}

static gboolean
is_refusal(const char *line)
{
	return g_str_has_prefix(line, "unable to connect to ") ||
	       g_str_has_prefix(line, "unable to resolve ");
}

static gboolean
is_command(const char *line)
{
	line += strspn(line, "+$# ");
	return g_str_has_prefix(line, "wrk ") || g_str_has_prefix(line, "wrk2 ");
}

static gboolean
wrk_parser_parse(PerfdashParser *parser,
		 const char *name,
		 GBytes *log,
		 PerfdashRunBuilder *builder,
		 GError **error)
{
	g_auto(ReaderLines) lines;
	Run run = {.builder = builder, .report = reader_report_new(), .latency = "latency"};
	gboolean may_refuse = TRUE;
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		reader_report_set_line(run.report, lines.number);
		if (is_start(line) && !lines.is_cut)
			start_run(&run, line);
		else if (may_refuse && is_refusal(line))
			read_refusal(&run, line);
		else if (run.url != NULL && !lines.is_cut)
			read_line(&run, line);
		may_refuse = is_command(line);
		if (run.is_over)
			end_run(&run);
	}
	end_run(&run);
	reader_report_free(run.report);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(WrkParser,
		       wrk_parser,
		       NULL,
		       wrk_parser_parse,
		       "wrk",
		       "3",
		       "wrk and wrk2, HTTP load: text output",
		       "*wrk*.txt;*wrk*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "test @ \nunable to connect to \nunable to resolve ")
