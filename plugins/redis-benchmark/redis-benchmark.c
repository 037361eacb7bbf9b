/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* redis-benchmark's text, its one line a test (-q) and CSV. Quotes in names are not escaped, so
 * that rows are split from the right. Before 6.2 there was no latency, and CSV had no header: such
 * rows are taken only with the name of a test that comes with the tool. Latency is in ms, in all of
 * them. One call of the tool ends with an empty line, in text before 6.2 with two, and in CSV,
 * which had no header then, with nothing: the next one begins with a shell's trace, a name that
 * comes again, one that the tool's fixed order has before the last one, or another form. */

#include <math.h>
#include <string.h>

#include "reader-field.h"
#include "reader-text.h"

#define N_COLUMNS 7 /* numbers of a row of CSV */

typedef enum {
	FORM_TEXT,
	FORM_QUIET,
	FORM_CSV,
} Form;

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	gboolean is_running;
	GHashTable *names;   /* of the tests of this run */
	Form form;           /* of the tests of this run */
	guint place;         /* of the last test, in the order of all */
	char *test;          /* whose text is being read, nullable */
	gboolean in_test;    /* it has begun to say what was done */
	gboolean in_latency; /* values of the summary follow */
	gboolean in_csv;     /* a header was there */
	gboolean is_ended;   /* by an error */
	gboolean is_old;     /* an empty line ends each test */
	guint n_empty;       /* lines before this one */
	char *progress;      /* name of a test that is not done, nullable */
	double progress_rate;
	double progress_latency;
} Report;

/* in the order in which they are run */
static const char *const known_tests[] = {"PING_INLINE",
					  "PING_BULK",
					  "PING_MBULK",
					  "SET",
					  "GET",
					  "INCR",
					  "LPUSH",
					  "RPUSH",
					  "LPOP",
					  "RPOP",
					  "SADD",
					  "HSET",
					  "SPOP",
					  "ZADD",
					  "ZPOPMIN",
					  "LPUSH (needed to benchmark LRANGE)",
					  "LRANGE_100 (first 100 elements)",
					  "LRANGE_300 (first 300 elements)",
					  "LRANGE_500 (first 450 elements)",
					  "LRANGE_500 (first 500 elements)",
					  "LRANGE_600 (first 600 elements)",
					  "MSET (10 keys)",
					  "XADD",
					  NULL};

static const ReaderFact parameters[] = {
	{"keep alive:", "keep_alive"},
	{"multi-thread:", "multi_thread"},
	{"threads:", "threads"},
	{"cluster mode:", "cluster_mode"},
	{"host configuration \"appendonly\":", "appendonly"},
	{NULL},
};

static const char *const latency_columns[] = {"avg", "min", "p50", "p95", "p99", "max", NULL};

static const char csv_header[] = "\"test\",\"rps\",\"avg_latency_ms\"";

static void
add(Report *report,
    const char *test,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    double value)
{
	perfdash_run_builder_add_result(report->builder, test, metric, unit, direction, value);
}

static void
warn(Report *report, PerfdashOutcome outcome, const char *why)
{
	perfdash_run_builder_set_outcome(report->builder, outcome);
	perfdash_run_builder_add_warning_literal(report->builder, why);
}

/* what was printed of a test that was never done */
static void
add_progress(Report *report)
{
	if (report->progress == NULL)
		return;
	if (report->progress_rate > 0)
		add(report,
		    report->progress,
		    "throughput",
		    "1/s",
		    PERFDASH_DIRECTION_HIGHER,
		    report->progress_rate);
	if (report->progress_rate > 0 && report->progress_latency > 0)
		add(report,
		    report->progress,
		    "latency",
		    "ms",
		    PERFDASH_DIRECTION_LOWER,
		    report->progress_latency);
	perfdash_run_builder_add_warning(report->builder,
					 "the log ends before %s is done",
					 report->progress);
	perfdash_run_builder_set_outcome(report->builder, PERFDASH_OUTCOME_PARTIAL);
}

static void
end_run(Report *report)
{
	if (!report->is_running)
		return;
	add_progress(report);
	if (report->in_test)
		warn(report, PERFDASH_OUTCOME_PARTIAL, "the log ends in the report of a test");
	if (perfdash_run_builder_get_n_results(report->builder) == 0)
		warn(report, PERFDASH_OUTCOME_FAILED, "no test was done");
	report->is_running = FALSE;
	report->in_test = FALSE;
	report->in_csv = FALSE;
	report->is_ended = FALSE;
	report->place = 0;
	report->n_empty = 0;
	g_hash_table_remove_all(report->names);
	g_clear_pointer(&report->test, g_free);
	g_clear_pointer(&report->progress, g_free);
}

static void
start_run(Report *report)
{
	end_run(report);
	report->is_old = FALSE;
	report->form = FORM_TEXT;
	if (report->n_runs++ > 0)
		perfdash_run_builder_next_run(report->builder);
	report->is_running = TRUE;
	perfdash_run_builder_set_label(report->builder, "tool", "redis-benchmark");
}

/* whether a test would have been run before the last one; MSET was once before all others */
static gboolean
is_before(Report *report, const char *name)
{
	guint place = 0;
	if (g_str_has_prefix(name, "MSET"))
		return FALSE;
	while (known_tests[place] != NULL && !g_str_equal(known_tests[place], name))
		place++;
	gboolean is_before = place < report->place;
	if (known_tests[place] != NULL)
		report->place = place;
	return is_before;
}

/* a test is done, in this run or in a new one; its name */
static char *
start_test(Report *report, Form form, const char *text)
{
	char *name = reader_name(text);
	gboolean is_other = g_hash_table_size(report->names) > 0 && form != report->form;
	is_other |= is_before(report, name);
	guint place = report->place;
	if (!report->is_running || is_other || g_hash_table_contains(report->names, name))
		start_run(report);
	report->place = place;
	report->form = form;
	g_hash_table_add(report->names, g_strdup(name));
	g_clear_pointer(&report->progress, g_free);
	return name;
}

static gboolean
is_known(const char *name)
{
	return g_strv_contains(known_tests, name);
}

/* two digits behind the point, as of %.2f */
static gboolean
is_rate(const char *text, gsize length)
{
	return length > 3 && text[length - 3] == '.' && strspn(text, "0123456789.") >= length;
}

/* what is no number: too fast or nothing measured */
static gboolean
is_no_value(const char *text)
{
	text += *text == '-';
	return g_str_has_prefix(text, "inf") || g_str_has_prefix(text, "nan");
}

/* "1234.50" in quotes before end; where its comma is, or NULL; the value may be NAN */
static const char *
read_column(const char *row, const char *end, double *value)
{
	if (end - row < 4 || end[-1] != '"')
		return NULL;
	const char *quote = end - 2;
	while (quote > row && *quote != '"')
		quote--;
	if (quote == row || quote[-1] != ',')
		return NULL;
	if (is_no_value(quote + 1))
		*value = NAN;
	else if (!reader_number(quote + 1, value, NULL))
		return NULL;
	return quote - 1;
}

static void
add_row(Report *report, const char *test, const double *values)
{
	static const char *const stats[] = {"min", "p50", "p95", "p99", "max"};
	if (!isnan(values[0]))
		add(report, test, "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, values[0]);
	if (isnan(values[1]))
		return;
	add(report, test, "latency", "ms", PERFDASH_DIRECTION_LOWER, values[1]);
	for (guint i = 0; i < G_N_ELEMENTS(stats) && !isnan(values[2 + i]); i++)
		perfdash_run_builder_add_stat(report->builder, stats[i], values[2 + i]);
}

static gboolean
read_row(Report *report, const char *line)
{
	double values[N_COLUMNS];
	const char *end = line + strlen(line);
	if (!report->in_csv || *line != '"')
		return FALSE;
	for (int i = N_COLUMNS - 1; i >= 0; i--) {
		end = read_column(line, end, &values[i]);
		if (end == NULL)
			return FALSE;
	}
	if (end - line < 3 || end[-1] != '"')
		return FALSE;
	g_autofree char *name = g_strndup(line + 1, end - line - 2);
	g_autofree char *test = reader_name(name);
	g_hash_table_add(report->names, g_strdup(test));
	add_row(report, test, values);
	return TRUE;
}

/* before 6.2: "SET","12345.67" */
static gboolean
read_old_row(Report *report, const char *line)
{
	double value;
	const char *end = line + strlen(line);
	const char *comma = *line == '"' ? read_column(line, end, &value) : NULL;
	if (comma == NULL || comma - line < 3 || comma[-1] != '"' ||
	    !is_rate(comma + 2, end - comma - 3))
		return FALSE;
	g_autofree char *name = g_strndup(line + 1, comma - line - 2);
	/* other tools have GET and numbers as well */
	if (!is_known(name) || (!report->is_running && g_str_equal(name, "GET")))
		return FALSE;
	g_autofree char *test = start_test(report, FORM_CSV, name);
	add(report, test, "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, value);
	return TRUE;
}

/* "SET: 186915.89 requests per second, p50=0.807 msec" */
static gboolean
read_quiet(Report *report, const char *line)
{
	const char *behind = strstr(line, " requests per second");
	const char *number = behind;
	double value;
	double p50;
	while (number != NULL && number > line && number[-1] != ' ')
		number--;
	if (number == NULL || number < line + 3 || number[-2] != ':')
		return FALSE;
	/* a few requests may take no time at all */
	gboolean has_rate = !g_str_has_prefix(number, "inf ");
	if (has_rate && (!is_rate(number, behind - number) || !reader_number(number, &value, NULL)))
		return FALSE;
	behind += strlen(" requests per second");
	g_autofree char *name = g_strndup(line, number - line - 2);
	gboolean has_p50 = g_str_has_prefix(behind, ", p50=") && g_str_has_suffix(behind, " msec");
	if (!has_p50 && (*behind != '\0' || !is_known(name)))
		return FALSE;
	g_autofree char *test = start_test(report, FORM_QUIET, name);
	if (has_rate)
		add(report, test, "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, value);
	/* the median is all that is known of latency */
	if (has_p50 && reader_number_after(behind, "p50=", &p50)) {
		add(report, test, "latency", "ms", PERFDASH_DIRECTION_LOWER, p50);
		perfdash_run_builder_add_stat(report->builder, "p50", p50);
	}
	return TRUE;
}

/* "SET: rps=26318.7 (overall: 26234.1) avg_msec=0.126 (overall: 0.126)" */
static gboolean
read_progress(Report *report, const char *line)
{
	const char *rps = strstr(line, ": rps=");
	const char *latency = rps != NULL ? strstr(rps, ") avg_msec=") : NULL;
	if (latency == NULL || strchr(latency + 1, ')') == NULL)
		return FALSE;
	g_autofree char *text = g_strndup(line, rps - line);
	g_autofree char *name = reader_name(text);
	/* with CSV there is none */
	if (!report->is_running || report->is_ended || report->in_csv || report->form == FORM_CSV)
		start_run(report);
	g_free(report->progress);
	report->progress = g_steal_pointer(&name);
	report->progress_rate = 0;
	report->progress_latency = 0;
	reader_number_after(rps, "(overall: ", &report->progress_rate);
	reader_number_after(latency, "(overall: ", &report->progress_latency);
	return TRUE;
}

static gboolean
read_heading(Report *report, const char *line)
{
	static const char rule[] = "======";
	const char *name = reader_after(line, rule);
	if (name == NULL || !g_str_has_suffix(name, rule) || strlen(name) < strlen(rule) + 2)
		return FALSE;
	if (report->in_test)
		warn(report, PERFDASH_OUTCOME_PARTIAL, "a test has no totals");
	g_free(report->test);
	report->test = g_strndup(name, strlen(name) - strlen(rule));
	report->in_test = FALSE;
	return TRUE;
}

/* "  100000 requests completed in 1.30 seconds", which follows the heading at once */
static gboolean
read_completed(Report *report, const char *text)
{
	double requests;
	double seconds;
	if (!reader_number(text, &requests, &text) ||
	    !g_str_has_prefix(text, " requests completed in ") ||
	    !reader_number_after(text, " in ", &seconds))
		return FALSE;
	char *name = start_test(report, FORM_TEXT, report->test);
	g_free(report->test);
	report->test = name;
	report->in_test = TRUE;
	add(report, name, "requests", "1", PERFDASH_DIRECTION_NONE, requests);
	add(report, name, "duration", "s", PERFDASH_DIRECTION_NONE, seconds);
	return TRUE;
}

static void
end_test(Report *report)
{
	report->in_test = FALSE;
	g_clear_pointer(&report->test, g_free);
	report->in_latency = FALSE;
}

static gboolean
is_latency_heading(const char *text)
{
	g_auto(GStrv) words = reader_words(text);
	return g_strv_equal((const char *const *)words, latency_columns);
}

/* values below the names of the columns */
static void
read_latency(Report *report, const char *text)
{
	double values[G_N_ELEMENTS(latency_columns) - 1];
	guint n = 0;
	while (n < G_N_ELEMENTS(values) && reader_number(text, &values[n], &text))
		n++;
	if (n > 0)
		add(report, report->test, "latency", "ms", PERFDASH_DIRECTION_LOWER, values[0]);
	for (guint i = 1; i < n; i++)
		perfdash_run_builder_add_stat(report->builder, latency_columns[i], values[i]);
	end_test(report);
}

static gboolean
read_setup(Report *report, const char *text)
{
	double value;
	const char *rest;
	if (!reader_number(text, &value, &rest))
		return reader_set_parameter(report->builder, text, parameters);
	g_autofree char *digits = g_strndup(text, rest - text);
	g_autofree char *number = reader_name(digits);
	if (g_str_equal(rest, " parallel clients"))
		perfdash_run_builder_set_parameter(report->builder, "clients", number);
	else if (g_str_equal(rest, " bytes payload"))
		perfdash_run_builder_set_parameter(report->builder, "payload", number);
	else
		return FALSE;
	return TRUE;
}

static void
read_throughput(Report *report, const char *text)
{
	double value;
	if (reader_number(text, &value, NULL))
		add(report, report->test, "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, value);
	else
		perfdash_run_builder_add_warning(report->builder,
						 "%s has no throughput",
						 report->test);
}

static void
read_test(Report *report, const char *line)
{
	const char *text = line + strspn(line, " ");
	const char *rest;
	if (report->in_latency) {
		read_latency(report, text);
	} else if ((rest = reader_after(text, "throughput summary:")) != NULL) {
		read_throughput(report, rest);
	} else if (is_latency_heading(text)) {
		report->in_latency = TRUE;
	} else if (g_ascii_isdigit(*line) && g_str_has_suffix(line, " requests per second")) {
		/* before 6.2 it is the last line */
		read_throughput(report, line);
		report->is_old = TRUE;
		end_test(report);
	} else {
		read_setup(report, text);
	}
}

static gboolean
read_whole_row(Report *report, const char *line)
{
	if (g_str_has_prefix(line, csv_header)) {
		/* an error may have been written before all output */
		if (!report->is_ended || g_hash_table_size(report->names) > 0)
			start_run(report);
		report->in_csv = TRUE;
		return TRUE;
	}
	return read_row(report, line) || read_old_row(report, line);
}

/* since version 7 the first error ends all tests; kubectl has lines like it, but of small letters
 */
static gboolean
is_end(const char *line)
{
	const char *error = reader_after(line, "Error from server:");
	if (error == NULL)
		return g_str_equal(line, "All clients disconnected... aborting.");
	gsize length = strspn(error, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	return length >= 3 && error[length] == ' ';
}

/* the answer of the server may have names of keys */
static void
read_end(Report *report)
{
	if (!report->is_running || report->is_ended)
		start_run(report);
	g_clear_pointer(&report->progress, g_free);
	report->is_ended = TRUE;
	warn(report, PERFDASH_OUTCOME_PARTIAL, "an error ended the tests");
}

/* behind the last test of a run; what redraws a line, and was made lines of its own, has blanks */
static void
read_empty(Report *report)
{
	gboolean is_csv = report->in_csv || report->form == FORM_CSV;
	report->n_empty++;
	if (!is_csv && report->progress == NULL && g_hash_table_size(report->names) > 0 &&
	    report->n_empty > (report->is_old ? 1 : 0))
		end_run(report);
}

static void
read_line(Report *report, const char *line)
{
	report->n_empty = 0;
	if (read_heading(report, line) || read_whole_row(report, line))
		return;
	if (report->in_test)
		read_test(report, line);
	else if (report->test != NULL && read_completed(report, line + strspn(line, " ")))
		return;
	else if (read_progress(report, line) || read_quiet(report, line))
		return;
	else if (is_end(line))
		read_end(report);
	else if (g_str_equal(line, "WARNING: Could not fetch server CONFIG"))
		start_run(report);
	else
		g_clear_pointer(&report->test, g_free);
}

/* "+ redis-benchmark -t set" of a shell's trace begins another run */
static const char *
hide_quote(Report *report, const char *line)
{
	if (!reader_is_quoted(line))
		return line;
	if (g_str_has_prefix(line, "+ ") && strstr(line, "redis-benchmark ") != NULL)
		end_run(report);
	return "";
}

/* whether a last line without a line end has all it should have */
static gboolean
is_whole(Report *report, const char *line)
{
	guint n_columns = 1;
	for (const char *p = line; (p = strstr(p, "\",\"")) != NULL; p++)
		n_columns++;
	if (g_str_has_suffix(line, "\""))
		return !report->in_csv || n_columns > N_COLUMNS;
	return g_str_has_suffix(line, " msec") || g_str_has_suffix(line, " requests per second") ||
	       (strstr(line, ": rps=") != NULL && g_str_has_suffix(line, ")"));
}

/* rows and lines of which more may follow */
static gboolean
is_own(Report *report, const char *line)
{
	return report->is_running && ((report->in_csv && *line == '"') ||
				      strstr(line, " requests per second, p50=") != NULL);
}

static gboolean
redis_parser_parse(PerfdashParser *self,
		   const char *name,
		   GBytes *log,
		   PerfdashRunBuilder *builder,
		   GError **error)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	Report report = {.builder = builder, .names = names};
	gboolean follows_own = FALSE;
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		g_autofree char *text = g_strdup(hide_quote(&report, line));
		gboolean is_empty = *text == '\0' && report.test == NULL;
		g_strchomp(text);
		if (is_empty)
			read_empty(&report);
		else if (!lines.is_cut || is_whole(&report, text))
			read_line(&report, text + (*text == ' ' && !report.in_test));
		else if (follows_own)
			warn(&report, PERFDASH_OUTCOME_PARTIAL, "the last line was cut off");
		follows_own = is_own(&report, text);
	}
	end_run(&report);
	end_test(&report);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(RedisParser,
		       redis_parser,
		       NULL,
		       redis_parser_parse,
		       "redis-benchmark",
		       "4",
		       "redis-benchmark, Redis: text and CSV output",
		       "*redis*.txt;*redis*.csv;*redis*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "requests per second\nrequests completed in \n"
		       "\"test\",\"rps\",\"avg_latency_ms\"\n) avg_msec=\n"
		       "WARNING: Could not fetch server CONFIG\n"
		       "Error from server: ERR \nError from server: WRONGTYPE \n"
		       "Error from server: NOAUTH \nError from server: NOPERM \n"
		       "Error from server: OOM \nError from server: MISCONF \n"
		       "Error from server: READONLY \nError from server: LOADING \n"
		       "\"PING_INLINE\",\"\n\"PING_BULK\",\"\n\"PING_MBULK\",\"\n\"SET\",\"\n"
		       "\"INCR\",\"\n\"LPUSH\",\"\n\"RPUSH\",\"\n\"LPOP\",\"\n\"RPOP\",\"\n"
		       "\"SADD\",\"\n\"HSET\",\"\n\"SPOP\",\"\n\"ZADD\",\"\n\"MSET (10 keys)\",\"")
