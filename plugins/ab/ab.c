/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The report of ab, as text or (-w) as a table in HTML, which is the same but for tags. Progress
 * goes to standard error and may be missing or stand anywhere. "Failed requests" also counts
 * answers of another length, as any dynamic page gives; answers that are no 2xx stand in a line of
 * their own. A server that closes every connection counts as completed requests of nothing. An
 * interrupted test has a whole report and is told only by the "Finished" that is missing. */

#include "ab.h"

#include <math.h>
#include <string.h>

#include "reader-quantity.h"
#include "reader-report.h"

#define MOST_SILENT 150 /* requests without progress lines */

typedef struct {
	PerfdashRunBuilder *builder;
	ReaderReport *report;
	gboolean started;
	char *version;        /* nullable */
	char *path;           /* nullable */
	gboolean many;        /* more than MOST_SILENT requests were asked for, and no -q */
	gboolean dots;        /* a short test, which says "..done" */
	gboolean done;        /* it said so, or "Finished" */
	gboolean in_report;   /* its first line was there */
	gboolean in_times;    /* the table of times */
	gboolean has_times;   /* it was whole */
	gboolean in_percent;  /* the table of percentiles has begun */
	gboolean has_percent; /* it was whole */
	gboolean is_cut;      /* the log ends in the middle of a line */
	gboolean is_over;     /* what follows is not of the report */
	double progress;      /* last number of completed requests */
	double completed;
	double broken;  /* requests that met an error of the connection */
	double non_2xx; /* answers */
	char *error;    /* why ab gave up, nullable */
} Run;

static const ReaderField fields[] = {
	{"Time taken for tests:", "duration", "s", PERFDASH_DIRECTION_NONE},
	{"Complete requests:", "requests", "1", PERFDASH_DIRECTION_NONE},
	{"Failed requests:", "errors", "1", PERFDASH_DIRECTION_LOWER},
	{"Keep-Alive requests:", "keep_alive_requests", "1", PERFDASH_DIRECTION_NONE},
	{"Total transferred:", "bytes_read", "B", PERFDASH_DIRECTION_NONE},
	{"Total body sent:", "bytes_sent", "B", PERFDASH_DIRECTION_NONE},
	{"Total POSTed:", "bytes_sent", "B", PERFDASH_DIRECTION_NONE},
	{"Total PUT:", "bytes_sent", "B", PERFDASH_DIRECTION_NONE},
	{"HTML transferred:", "body_bytes_read", "B", PERFDASH_DIRECTION_NONE},
	{"Requests per second:", "throughput", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"Transfer rate:", "transfer", "KiB/s", PERFDASH_DIRECTION_HIGHER},
	{NULL},
};

static const ReaderFact parameters[] = {
	{"Concurrency Level:", "concurrency"},
	{"Server Port:", "port"},
	{"Document Length:", "document_length"},
	{"SSL/TLS Protocol:", "tls_protocol"},
	{NULL},
};

static const ReaderFact environment[] = {{"Server Software:", "server"}, {NULL}};

static const struct {
	const char *prefix;
	const char *metric;
} times[] = {
	{"Connect:", "connect_time"},
	{"Processing:", "processing_time"},
	{"Waiting:", "waiting_time"},
	{"Total:", "total_time"},
};

static void
clear_run(Run *run)
{
	PerfdashRunBuilder *builder = run->builder;
	reader_report_free(run->report);
	g_free(run->version);
	g_free(run->path);
	g_free(run->error);
	*run = (Run){.builder = builder, .report = reader_report_new()};
}

static void
fail(Run *run, const char *why)
{
	perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_FAILED);
	perfdash_run_builder_add_warning_literal(run->builder, why);
}

static void
mark_partial(Run *run, const char *why)
{
	perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning_literal(run->builder, why);
}

/* a test without a report */
static void
end_unreported(Run *run)
{
	ReaderQuantity requests = {run->progress, run->progress > 0 ? "1" : NULL};
	reader_report_add(run->report, "requests", PERFDASH_DIRECTION_NONE, requests);
	if (run->error != NULL)
		fail(run, run->error);
	else
		mark_partial(run, "the log ends before the report");
}

/* why nothing but counts is true, or NULL */
static const char *
find_failure(const Run *run)
{
	double received;
	if (run->completed == 0)
		return "no request was completed";
	if (run->non_2xx >= run->completed)
		return "no response was a 2xx";
	if (run->broken >= run->completed)
		return "every request met an error of its connection";
	if (reader_report_get(run->report, "bytes_read", &received) && received == 0)
		return "nothing was received";
	return NULL;
}

static void
add_error_kind(Run *run, const char *kind, double count)
{
	ReaderQuantity quantity = {count, "1"};
	reader_report_add_kind(run->report,
			       "errors",
			       "kind",
			       kind,
			       PERFDASH_DIRECTION_LOWER,
			       quantity);
}

/* without progress, which may have gone elsewhere, only odd numbers tell: somebody asks for a round
 * number of requests, or (-t) for a round time, that is exceeded by milliseconds */
static gboolean
is_odd(Run *run)
{
	double duration = 0;
	reader_report_get(run->report, "duration", &duration);
	return fmod(run->completed, 10) != 0 && duration - floor(duration) > 0.1;
}

/* TRUE when the results are good for more than counts */
static gboolean
judge(Run *run)
{
	double value;
	const char *failure = NULL;
	gboolean was_interrupted = (run->dots || run->progress > 0) && !run->done;
	if (reader_report_get(run->report, "requests", &value))
		failure = find_failure(run);
	if (failure != NULL)
		fail(run, failure);
	else if (!run->has_times || (run->in_percent && !run->has_percent) ||
		 (run->is_cut && !run->is_over))
		mark_partial(run, "the log ends before the end of the report");
	else if (was_interrupted)
		mark_partial(run, "the test was interrupted");
	else if (run->many && !run->done && run->completed <= MOST_SILENT)
		mark_partial(run, "fewer requests were completed than were asked for");
	else if (run->many && !run->done && is_odd(run))
		mark_partial(run, "the test says nothing of its end, and seems to be interrupted");
	if (failure == NULL && run->has_times && run->non_2xx == 0)
		add_error_kind(run, "non-2xx", 0);
	return failure == NULL;
}

static void
end_run(Run *run)
{
	gboolean only_counts = TRUE;
	if (!run->started)
		return;
	perfdash_run_builder_set_label(run->builder, "tool", "ab");
	if (run->version != NULL)
		perfdash_run_builder_set_environment(run->builder, "tool_version", run->version);
	if (run->in_report && run->error == NULL)
		only_counts = !judge(run);
	else
		end_unreported(run);
	g_autofree char *benchmark = reader_name(run->path != NULL ? run->path : AB_NO_URL);
	reader_report_end(run->report, run->builder, benchmark, only_counts);
	perfdash_run_builder_next_run(run->builder);
	clear_run(run);
}

static void
read_version(Run *run, const char *text)
{
	g_autofree char *version = g_strndup(text, strcspn(text, " <"));
	g_free(run->version);
	run->version = reader_name(version);
}

/* min, mean, sd, median and max, or with -S and in HTML only min, mean and max */
static void
add_times(Run *run, const char *metric, const char *text)
{
	double columns[5];
	guint n = 0;
	while (n < G_N_ELEMENTS(columns) && reader_number(text, &columns[n], &text))
		n++;
	if (n != 3 && n != 5)
		return;
	static const char *const names[2][5] = {
		{"min", NULL, "max"},
		{"min", NULL, "sd", "p50", "max"},
	};
	for (guint i = 0; i < n; i++) {
		const char *name = names[n == 5][i];
		ReaderQuantity time = {columns[i], "ms"};
		if (name != NULL)
			reader_report_add_stat(run->report, metric, name, time);
		else
			reader_report_add(run->report, metric, PERFDASH_DIRECTION_LOWER, time);
	}
	run->has_times |= g_str_equal(metric, "total_time");
}

static gboolean
read_times(Run *run, const char *text)
{
	run->in_times |= g_str_has_prefix(text, "Connection Times (ms)");
	for (guint i = 0; run->in_times && i < G_N_ELEMENTS(times); i++) {
		const char *columns = reader_after(text, times[i].prefix);
		if (columns == NULL)
			continue;
		add_times(run, times[i].metric, columns);
		return TRUE;
	}
	return FALSE;
}

static gboolean
read_percentile(Run *run, const char *text)
{
	double percent;
	ReaderQuantity time = {0, "ms"};
	if (!reader_number(text, &percent, &text) || *text != '%' ||
	    !reader_number(text + 1, &time.value, &text))
		return FALSE;
	if (percent == 100)
		reader_report_add_stat(run->report, "latency", "max", time);
	else
		reader_report_add_percentile(run->report, "latency", percent, time);
	run->has_percent |= percent == 100;
	return TRUE;
}

/* "Time per request:" stands twice: as a client sees it, and of all clients together */
static void
read_time_per_request(Run *run, const char *text)
{
	gboolean across = strstr(text, "across all concurrent requests") != NULL;
	ReaderQuantity time = {0, "ms"};
	if (reader_number(text, &time.value, NULL))
		reader_report_add(run->report,
				  across ? "time_per_request_across_all" : "latency",
				  PERFDASH_DIRECTION_LOWER,
				  time);
}

/* "(Connect: 0, Receive: 0, Length: 171, Exceptions: 0)", below the failed requests */
static void
read_error_kinds(Run *run, const char *text)
{
	static const struct {
		const char *mark;
		const char *kind;
	} kinds[] = {
		{"Connect: ", "connect"},
		{"Receive: ", "receive"},
		{"Length: ", "length"},
		{"Exceptions: ", "exception"},
	};
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		double count;
		if (!reader_number_after(text, kinds[i].mark, &count))
			continue;
		add_error_kind(run, kinds[i].kind, count);
		if (!g_str_equal(kinds[i].kind, "length"))
			run->broken += count;
	}
}

static void
read_sent(Run *run, const char *text)
{
	ReaderQuantity rate = {0, "KiB/s"};
	if (!reader_number(text, &rate.value, &text))
		return;
	gboolean is_total = g_str_has_prefix(text, " kb/s total");
	if (is_total || g_str_has_prefix(text, " kb/s sent"))
		reader_report_add(run->report,
				  is_total ? "transfer_total" : "transfer_sent",
				  PERFDASH_DIRECTION_HIGHER,
				  rate);
}

static void
read_rest(Run *run, const char *text)
{
	double count;
	const char *rest;
	if ((rest = reader_after(text, "Document Path:")) != NULL) {
		g_free(run->path);
		run->path = g_strdup(rest);
	} else if ((rest = reader_after(text, "Time per request:")) != NULL) {
		read_time_per_request(run, rest);
	} else if (g_str_has_prefix(text, "(Connect: ")) {
		read_error_kinds(run, text);
	} else if ((rest = reader_after(text, "Write errors:")) != NULL) {
		if (reader_number(rest, &count, NULL))
			add_error_kind(run, "write", count);
	} else if ((rest = reader_after(text, "Non-2xx responses:")) != NULL) {
		if (reader_number(rest, &run->non_2xx, NULL))
			add_error_kind(run, "non-2xx", run->non_2xx);
	} else if (strstr(text, " kb/s ") != NULL) {
		read_sent(run, text);
	}
}

static gboolean
is_remark(const char *text)
{
	return g_str_has_prefix(text, "WARNING: The median and mean for") ||
	       g_str_has_prefix(text, "ERROR: The median and mean for") ||
	       g_str_has_prefix(text, "These results are ");
}

/* below the times, where remarks and percentiles may stand, or nothing */
static void
read_below_times(Run *run, const char *text)
{
	if (run->in_percent) {
		run->is_over = !read_percentile(run, text) || run->has_percent;
	} else if (g_str_has_prefix(text, "Percentage of the requests served")) {
		run->in_percent = TRUE;
	} else if (is_remark(text)) {
		if (!g_str_has_prefix(text, "These results"))
			perfdash_run_builder_add_warning_literal(run->builder, text);
	} else {
		run->is_over = *text != '\0';
	}
}

static void
read_report(Run *run, const char *text)
{
	if (run->has_times) {
		read_below_times(run, text);
		return;
	}
	if (read_times(run, text))
		return;
	if (!reader_report_add_field(run->report, text, fields) &&
	    !reader_set_parameter(run->builder, text, parameters) &&
	    !reader_set_environment(run->builder, text, environment))
		read_rest(run, text);
	reader_report_get(run->report, "requests", &run->completed);
}

/* "Completed 200 requests" */
static gboolean
read_count(const char *text, const char *before, const char *behind, double *count)
{
	const char *rest;
	return g_str_has_prefix(text, before) &&
	       reader_number(text + strlen(before), count, &rest) && g_str_equal(rest, behind);
}

/* what a test says before its report, or a library's complaint at which it ends */
static gboolean
read_progress(Run *run, const char *text)
{
	const char *ready = strstr(text, "(be patient)");
	const char *behind = ready != NULL ? ready + strlen("(be patient)") : text;
	double count;
	if (ready != NULL) {
		run->dots = g_str_has_prefix(behind, "...");
		run->many = *behind == '\0';
	}
	behind += strspn(behind, ".");
	if (g_str_equal(behind, "done") || read_count(text, "Finished ", " requests", &count))
		run->done = TRUE;
	else if (g_str_has_prefix(behind, "apr_") || g_str_has_prefix(behind, "Test aborted after"))
		run->error = run->error != NULL ? run->error : g_strdup(behind);
	else if (!read_count(text, "Completed ", " requests", &run->progress) &&
		 !read_count(text, "Total of ", " requests completed", &run->progress))
		return ready != NULL;
	return TRUE;
}

/* a line without tags and entities of HTML, which ab writes only of one kind */
static char *
strip_tags(const char *line)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *close;
	while (*line != '\0') {
		if (*line == '<' && (close = strchr(line, '>')) != NULL) {
			g_string_append_c(text, ' ');
			line = close + 1;
		} else if (g_str_has_prefix(line, "&nbsp;")) {
			line += strlen("&nbsp;");
		} else {
			g_string_append_c(text, *line++);
		}
	}
	return g_strstrip(g_string_free(g_steal_pointer(&text), FALSE));
}

static gboolean
is_start(Run *run, const char *text)
{
	if (g_str_has_prefix(text, "Benchmarking ") && strstr(text, " (be patient)") != NULL)
		return TRUE;
	/* someone cut off what stands above, or it is HTML, which has none */
	return g_str_has_prefix(text, "Server Software:") && (run->in_report || !run->started);
}

static void
read_line(Run *run, const char *line)
{
	line += strspn(line, " \t");
	g_autofree char *text = *line == '<' ? strip_tags(line) : g_strchomp(g_strdup(line));
	const char *version = reader_after(text, "This is ApacheBench, Version ");
	if (version != NULL || is_start(run, text))
		end_run(run);
	if (version != NULL) {
		read_version(run, version);
		return;
	}
	run->started |= is_start(run, text);
	if (!run->started || read_progress(run, text))
		return;
	run->in_report |= g_str_has_prefix(text, "Server Software:");
	if (run->in_report && !run->is_over)
		read_report(run, text);
}

static gboolean
ab_parser_parse(PerfdashParser *parser,
		const char *name,
		GBytes *log,
		PerfdashRunBuilder *builder,
		GError **error)
{
	g_auto(ReaderLines) lines;
	Run run = {.builder = builder, .report = reader_report_new()};
	const char *line;
	reader_lines_init(&lines, log, builder);
	line = reader_lines_next(&lines);
	while (line != NULL) {
		const char *(*read)(ReaderLines *, PerfdashRunBuilder *) = NULL;
		if (ab_csv_is_heading(line))
			read = ab_csv_read;
		else if (ab_tsv_is_heading(line))
			read = ab_tsv_read;
		if (read != NULL) {
			end_run(&run);
			line = read(&lines, builder);
			continue;
		}
		/* what is said of a whole report must not stand in a line of another tool */
		if (!run.has_times)
			reader_report_set_line(run.report, lines.number);
		if (!lines.is_cut)
			read_line(&run, line);
		run.is_cut = lines.is_cut;
		line = reader_lines_next(&lines);
	}
	end_run(&run);
	clear_run(&run);
	reader_report_free(run.report);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(
	AbParser,
	ab_parser,
	NULL,
	ab_parser_parse,
	"ab",
	"3",
	"ab, HTTP load: text and HTML output, CSV (-e) and TSV (-g) files",
	"ab*.txt;ab*.log;ab*.html",
	PERFDASH_PARSER_CONSOLE,
	"This is ApacheBench, Version \nServer Software:\n(be patient)\n"
	"Percentage served,Time in ms\nstarttime\tseconds\tctime\tdtime\tttime\twait")
