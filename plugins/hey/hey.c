/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The report of hey, and of boom, its older name. Requests that were not answered stand only in the
 * distribution of errors, and count in the rate: when none was answered the average is NaN and the
 * rate is one of failures. A percentile that was not found is "0% in 0.0000 secs". Fastest and
 * slowest of DNS+dialup are those of the whole requests. */

#include "hey.h"

#include <math.h>
#include <string.h>

#include "reader-report.h"

typedef enum { NOTHING, SUMMARY, HISTOGRAM, LATENCY, DETAILS, STATUS, ERRORS } Section;

typedef struct {
	PerfdashRunBuilder *builder;
	ReaderReport *report;
	gboolean after_summary; /* the line before was "Summary:" */
	gboolean started;
	Section section;
	gboolean is_over; /* something stood below its last distribution */
	gboolean is_idle; /* nothing was answered: there is no average */
	double responses;
	double good; /* responses that are no 4xx or 5xx */
	double errors;
	guint last_line; /* that was of the report */
} Run;

static const struct {
	const char *heading;
	Section section;
} sections[] = {
	{"Response time histogram:", HISTOGRAM},
	{"Latency distribution:", LATENCY},
	{"Details (average, fastest, slowest)", DETAILS},
	{"Status code distribution:", STATUS},
	{"Error distribution:", ERRORS},
};

static const ReaderField fields[] = {
	{"Total:", "duration", "s", PERFDASH_DIRECTION_NONE},
	{"Average:", "latency", "s", PERFDASH_DIRECTION_LOWER},
	{"Requests/sec:", "throughput", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"Total data:", "bytes_read", "B", PERFDASH_DIRECTION_NONE},
	{"Size/request:", "response_size", "B", PERFDASH_DIRECTION_NONE},
	{NULL},
};

static const struct {
	const char *prefix;
	const char *metric;
	gboolean has_extremes; /* that are its own */
} details[] = {
	{"DNS+dialup:", "connect_time", FALSE},
	{"DNS-lookup:", "dns_time", TRUE},
	{"req write:", "request_write_time", TRUE},
	{"resp wait:", "waiting_time", TRUE},
	{"resp read:", "response_read_time", TRUE},
};

/* the rate times the duration, which has four decimals, are all requests */
static gboolean
counts_all(Run *run)
{
	double rate;
	double duration;
	if (!reader_report_get(run->report, "throughput", &rate) ||
	    !reader_report_get(run->report, "duration", &duration))
		return FALSE;
	double off = fabs(run->responses + run->errors - rate * duration);
	return off <= 0.5 + rate * 0.00005;
}

static void
add_counts(Run *run)
{
	ReaderQuantity errors = {run->errors, "1"};
	ReaderQuantity requests = {run->errors + run->responses, "1"};
	reader_report_add(run->report, "errors", PERFDASH_DIRECTION_LOWER, errors);
	reader_report_add(run->report, "requests", PERFDASH_DIRECTION_NONE, requests);
}

static void
end_run(Run *run)
{
	gboolean is_whole = run->is_over || counts_all(run);
	gboolean failed = run->is_idle || (is_whole && run->good == 0);
	if (!run->started)
		return;
	perfdash_run_builder_set_label(run->builder, "tool", "hey");
	/* the report has ended above the line that is read */
	reader_report_set_line(run->report, run->last_line);
	if (is_whole)
		add_counts(run);
	if (failed) {
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(run->builder,
						 run->responses == 0
							 ? "no request was answered"
							 : "every response was an error");
	} else if (!is_whole) {
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(run->builder,
						 "the log ends before the end of the report");
	}
	reader_report_end(run->report, run->builder, HEY_NO_URL, failed);
	perfdash_run_builder_next_run(run->builder);
	reader_report_free(run->report);
	*run = (Run){.builder = run->builder,
		     .report = reader_report_new(),
		     .after_summary = run->after_summary};
}

static void
read_summary(Run *run, const char *text)
{
	ReaderQuantity quantity = {0, "s"};
	const char *slowest = reader_after(text, "Slowest:");
	const char *fastest = reader_after(text, "Fastest:");
	const char *extreme = slowest != NULL ? slowest : fastest;
	run->is_idle |= g_str_has_prefix(text, "Average:") && strstr(text, "NaN") != NULL;
	if (extreme == NULL)
		reader_report_add_field(run->report, text, fields);
	else if (reader_number(extreme, &quantity.value, NULL))
		reader_report_add_stat(run->report,
				       "latency",
				       slowest != NULL ? "max" : "min",
				       quantity);
}

/* "95% in 0.0042 secs"; most versions print the percent sign twice */
static void
read_percentile(Run *run, const char *text)
{
	double percent;
	ReaderQuantity time = {0, "s"};
	if (!reader_number(text, &percent, &text) || *text != '%')
		return;
	text = reader_after(text + strspn(text, "%"), " in ");
	if (text != NULL && percent > 0 && reader_number(text, &time.value, NULL))
		reader_report_add_percentile(run->report, "latency", percent, time);
}

static void
read_detail(Run *run, const char *text)
{
	static const char *const names[] = {NULL, "min", "max"};
	for (guint i = 0; i < G_N_ELEMENTS(details); i++) {
		const char *metric = details[i].metric;
		const char *column = reader_after(text, details[i].prefix);
		for (guint j = 0; column != NULL && j < G_N_ELEMENTS(names); j++) {
			ReaderQuantity time = {0, "s"};
			if (!reader_number(column, &time.value, NULL))
				return;
			if (names[j] == NULL)
				reader_report_add(run->report,
						  metric,
						  PERFDASH_DIRECTION_LOWER,
						  time);
			else if (details[i].has_extremes)
				reader_report_add_stat(run->report, metric, names[j], time);
			column = strchr(column, ',');
			column = column != NULL ? column + 1 : NULL;
		}
	}
}

/* "[200]	2000 responses" */
static gboolean
read_status(Run *run, const char *text)
{
	double status;
	ReaderQuantity count = {0, "1"};
	const char *rest;
	if (*text != '[' || !reader_number(text + 1, &status, &rest) || *rest != ']' ||
	    !reader_number(rest + 1, &count.value, &rest) || !g_str_equal(rest, " responses"))
		return FALSE;
	g_autofree char *name = g_strndup(text + 1, strcspn(text + 1, "]"));
	reader_report_add_kind(run->report,
			       "responses",
			       "status",
			       name,
			       PERFDASH_DIRECTION_NONE,
			       count);
	run->responses += count.value;
	if (status < 400)
		run->good += count.value;
	return TRUE;
}

/* "[20]	Get "http://...": EOF"; the address may hold what is nobody's business */
static gboolean
read_error(Run *run, const char *text)
{
	double count;
	const char *rest;
	if (*text != '[' || !reader_number(text + 1, &count, &rest) || *rest != ']')
		return FALSE;
	const char *behind_address = strstr(rest, "\": ");
	rest = behind_address != NULL ? behind_address + strlen("\": ")
				      : rest + strspn(rest, "]\t ");
	run->errors += count;
	perfdash_run_builder_add_warning(run->builder, "%.0f requests: %s", count, rest);
	return TRUE;
}

static gboolean
read_heading(Run *run, const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS(sections); i++) {
		if (!g_str_has_prefix(text, sections[i].heading))
			continue;
		run->section = sections[i].section;
		run->is_over = FALSE;
		return TRUE;
	}
	return FALSE;
}

/* FALSE when the report is at its end */
static gboolean
read_line(Run *run, const char *text)
{
	if (read_heading(run, text))
		return TRUE;
	if (run->section == SUMMARY)
		read_summary(run, text);
	else if (run->section == LATENCY)
		read_percentile(run, text);
	else if (run->section == DETAILS)
		read_detail(run, text);
	else if (run->section == STATUS && !read_status(run, text))
		run->is_over = TRUE;
	else if (run->section == ERRORS)
		run->is_over = !read_error(run, text);
	/* the distribution of errors may follow an empty line */
	if (run->section != STATUS || !run->is_over)
		return !run->is_over;
	/* errors may stand below an empty line */
	run->is_over = *text != '\0';
	return !run->is_over;
}

/* the name of the section is no sign: others have it, too, but not this first line in it */
static gboolean
is_start(Run *run, const char *text)
{
	gboolean begins = run->after_summary && g_str_has_prefix(text, "Total:\t") &&
			  g_str_has_suffix(text, " secs");
	if (*text != '\0')
		run->after_summary = g_str_equal(text, "Summary:");
	return begins;
}

static void
take_line(Run *run, const char *line)
{
	const char *text = line + strspn(line, " ");
	if (is_start(run, text)) {
		end_run(run);
		run->started = TRUE;
		run->section = SUMMARY;
	}
	if (run->started && !read_line(run, text))
		end_run(run);
}

static gboolean
hey_parser_parse(PerfdashParser *parser,
		 const char *name,
		 GBytes *log,
		 PerfdashRunBuilder *builder,
		 GError **error)
{
	g_auto(ReaderLines) lines;
	Run run = {.builder = builder, .report = reader_report_new()};
	reader_lines_init(&lines, log, builder);
	const char *line = reader_lines_next(&lines);
	while (line != NULL) {
		if (hey_csv_is_heading(line)) {
			end_run(&run);
			line = hey_csv_read(&lines, builder);
			continue;
		}
		reader_report_set_line(run.report, lines.number);
		if (!lines.is_cut)
			take_line(&run, line);
		run.last_line = lines.number;
		line = reader_lines_next(&lines);
	}
	end_run(&run);
	reader_report_free(run.report);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(HeyParser,
		       hey_parser,
		       NULL,
		       hey_parser_parse,
		       "hey",
		       "2",
		       "hey, HTTP load: text output, and CSV (-o csv)",
		       "*hey*.txt;*hey*.log;*hey*.csv",
		       PERFDASH_PARSER_CONSOLE,
		       "Summary:\nresponse-time,DNS+dialup,DNS,Request-write,")
