/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sysbench's report, of 0.4 to 1.1. It does not say which test ran: each has lines of its own, and
 * threads, mutex and scripts have none. A checkpoint report is like the last one but of a part of
 * the run; what is printed every few seconds counts only when the run was killed before it ended;
 * FATAL without a report is a failure. Mb, MB and MiB are all of 1024. */

#include "sysbench.h"

#include <string.h>

#include "reader-field.h"
#include "reader-quantity.h"
#include "reader-text.h"

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	gboolean is_running;
	gboolean has_options; /* the command was run, and not prepare or cleanup */
	gboolean in_checkpoint;
	gboolean in_latency;
	gboolean has_throughput;
	gboolean has_events;
	gboolean ends_with_sum; /* 1.1 on files */
	gboolean is_ended;
	char *benchmark;
	char *command; /* the test that a shell was told to run, nullable */
	char *fatal;   /* what it says, nullable */
	double n_unfinished;
	double n_events;
	ReaderQuantity latency[4]; /* avg, min, max and a percentile */
	double percent;
	SysbenchIntervals intervals;
	SysbenchRow row;   /* that is being read */
	SysbenchRow total; /* the last one of the whole run */
} Report;

static const struct {
	const char *prefix;
	const char *benchmark;
} tests[] = {
	{"CPU speed:", "cpu"},
	{"Prime numbers limit:", "cpu"},
	{"Primer numbers limit:", "cpu"},
	{"Maximum prime number checked in CPU test:", "cpu"},
	{"Running memory speed test", "memory"},
	{"Doing memory operations speed test", "memory"},
	{"Extra file open flags:", "fileio"},
	{"File operations:", "fileio"},
	{"SQL statistics:", "oltp"},
	{"OLTP test statistics:", "oltp"},
	{"Doing OLTP test", "oltp"},
	{"Doing thread subsystem performance test", "threads"},
	{"Doing mutex performance test", "mutex"},
};

static const ReaderFact parameters[] = {
	{"Number of threads:", "threads"},
	{"Warmup time:", "warmup_time"},
	{"Target transaction rate:", "rate"},
	{"Prime numbers limit:", "cpu_max_prime"},
	{"Primer numbers limit:", "cpu_max_prime"},
	{"Maximum prime number checked in CPU test:", "cpu_max_prime"},
	{"block size:", "block_size"},
	{"total size:", "total_size"},
	{"operation:", "operation"},
	{"scope:", "scope"},
	{"Memory block size:", "block_size"},
	{"Memory transfer size:", "total_size"},
	{"Memory operations type:", "operation"},
	{"Memory scope type:", "scope"},
	{"Block size ", "block_size"},
	{"Read/Write ratio for combined random IO test:", "read_write_ratio"},
	{NULL},
};

/* counts and times, with the rate in brackets where there is one */
static const ReaderField fields[] = {
	{"queries:", "queries", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"read/write requests:", "read_write_requests", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"deadlocks:", "deadlocks", "1", PERFDASH_DIRECTION_LOWER},
	{"ignored errors:", "errors", "1", PERFDASH_DIRECTION_LOWER},
	{"reconnects:", "reconnects", "1", PERFDASH_DIRECTION_LOWER},
	{"total time:", "duration", "s", PERFDASH_DIRECTION_NONE},
	{"time elapsed:", "duration", "s", PERFDASH_DIRECTION_NONE},
	{"total time taken by event execution:", "latency_sum", "s", PERFDASH_DIRECTION_NONE},
	{NULL},
};

/* zero means that the test does none of them */
static const ReaderField file_fields[] = {
	{"reads/s:", "read_iops", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"writes/s:", "write_iops", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"fsyncs/s:", "fsyncs", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"read, MiB/s:", "read_bandwidth", "MiB/s", PERFDASH_DIRECTION_HIGHER},
	{"written, MiB/s:", "write_bandwidth", "MiB/s", PERFDASH_DIRECTION_HIGHER},
	{NULL},
};

static const struct {
	const char *prefix;
	const char *iops;
	const char *bandwidth;
} file_directions[] = {
	{"read:", "read_iops", "read_bandwidth"},
	{"write:", "write_iops", "write_bandwidth"},
	{"fsync:", "fsyncs", NULL},
};

static const char *const latency_names[] = {"avg:", "min:", "max:"};

static const ReaderSuffix latency_units[] = {{"", "ms", 0}, {"ms", "ms", 0}, {"s", "s", 0}, {NULL}};
static const ReaderSuffix rates[] = {{"b/sec", "B/s", 0},
				     {"Kb/sec", "KiB/s", 0},
				     {"Mb/sec", "MiB/s", 0},
				     {"Gb/sec", "GiB/s", 0},
				     {"MB/sec", "MiB/s", 0},
				     {"MiB/sec", "MiB/s", 0},
				     {NULL}};

static const char *
get_benchmark(Report *report)
{
	if (report->benchmark != NULL)
		return report->benchmark;
	/* only tests of SQL count transactions */
	if (report->intervals.sums[0] > 0)
		return "oltp";
	return report->command != NULL ? report->command : "sysbench";
}

static void
add(Report *report, const char *metric, const char *unit, PerfdashDirection direction, double value)
{
	perfdash_run_builder_add_result(report->builder,
					get_benchmark(report),
					metric,
					unit,
					direction,
					value);
}

static void
add_throughput(Report *report, double value)
{
	if (value <= 0 || report->has_throughput)
		return;
	report->has_throughput = TRUE;
	add(report, "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, value);
}

/* what is measured of events says nothing when there were none */
static gboolean
has_none(Report *report)
{
	return report->has_events && report->n_events == 0;
}

static void
add_latency(Report *report)
{
	static const char *const names[] = {"min", "max"};
	if (report->latency[0].unit == NULL || has_none(report))
		return;
	reader_add(report->builder,
		   get_benchmark(report),
		   "latency",
		   PERFDASH_DIRECTION_LOWER,
		   report->latency[0]);
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		reader_add_stat(report->builder, names[i], report->latency[1 + i]);
	reader_add_percentile(report->builder, report->percent, report->latency[3]);
	report->latency[0].unit = NULL;
}

static gboolean
read_percentile(Report *report, const char *text)
{
	double percent;
	const char *rest;
	const char *number = reader_after(text, "approx.");
	if (!reader_number(number != NULL ? number : text, &percent, &rest) || percent <= 0 ||
	    percent > 100)
		return FALSE;
	rest += g_str_has_prefix(rest, "th") ? 2 : 0;
	if (!g_str_has_prefix(rest, " percentile:"))
		return FALSE;
	report->percent = percent;
	report->latency[3] = reader_quantity(rest + strlen(" percentile:"), latency_units, NULL);
	return TRUE;
}

static gboolean
read_latency(Report *report, const char *text)
{
	const char *number;
	if (!report->in_latency)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(latency_names); i++) {
		if ((number = reader_after(text, latency_names[i])) == NULL)
			continue;
		report->latency[i] = reader_quantity(number, latency_units, NULL);
		return TRUE;
	}
	if ((number = reader_after(text, "sum:")) != NULL) {
		ReaderQuantity sum = reader_quantity(number, latency_units, NULL);
		add_latency(report);
		if (!has_none(report))
			reader_add(report->builder,
				   get_benchmark(report),
				   "latency_sum",
				   PERFDASH_DIRECTION_NONE,
				   sum);
		report->is_ended = report->ends_with_sum;
		return TRUE;
	}
	return read_percentile(report, text);
}

/* "12516  (4539.31 per sec.)": the rate when the metric is one */
static gboolean
read_field(Report *report, const char *text)
{
	for (const ReaderField *one = fields; one->prefix != NULL; one++) {
		const char *number = reader_after(text, one->prefix);
		double value;
		if (number == NULL)
			continue;
		gboolean is_rate = g_str_equal(one->unit, "1/s");
		if (is_rate ? reader_number_after(number, "(", &value)
			    : reader_number(number, &value, NULL))
			add(report, one->metric, one->unit, one->direction, value);
		return TRUE;
	}
	return FALSE;
}

static gboolean
read_file_field(Report *report, const char *text)
{
	for (const ReaderField *one = file_fields; one->prefix != NULL; one++) {
		const char *number = reader_after(text, one->prefix);
		double value;
		if (number != NULL && reader_number(number, &value, NULL) && value > 0)
			add(report, one->metric, one->unit, one->direction, value);
		if (number != NULL)
			return TRUE;
	}
	return FALSE;
}

/* 1.1: "read:  IOPS=7934.53 123.98 MiB/s (130.00 MB/s)" */
static gboolean
read_file_direction(Report *report, const char *text)
{
	double value;
	const char *rest;
	for (guint i = 0; i < G_N_ELEMENTS(file_directions); i++) {
		const char *number = reader_after(text, file_directions[i].prefix);
		if (number == NULL || (number = reader_after(number, "IOPS=")) == NULL ||
		    strstr(number, "BW=") != NULL)
			continue;
		report->ends_with_sum = TRUE;
		if (!reader_number(number, &value, &rest) || value <= 0)
			return TRUE;
		add(report, file_directions[i].iops, "1/s", PERFDASH_DIRECTION_HIGHER, value);
		const char *bandwidth = file_directions[i].bandwidth;
		if (bandwidth != NULL && reader_number(rest, &value, NULL))
			add(report, bandwidth, "MiB/s", PERFDASH_DIRECTION_HIGHER, value);
		return TRUE;
	}
	return FALSE;
}

static void
read_bandwidth(Report *report, const char *text)
{
	const char *bracket = strrchr(text, '(');
	if (bracket != NULL)
		reader_add(report->builder,
			   get_benchmark(report),
			   "bandwidth",
			   PERFDASH_DIRECTION_HIGHER,
			   reader_quantity(bracket + 1, rates, NULL));
}

static gboolean
read_throughput(Report *report, const char *text)
{
	double value;
	const char *number;
	if ((number = reader_after(text, "events per second:")) != NULL ||
	    (number = reader_after(text, "events/s (eps):")) != NULL) {
		if (reader_number(number, &value, NULL))
			add_throughput(report, value);
	} else if (g_str_has_suffix(text, " Requests/sec executed")) {
		if (reader_number(text, &value, NULL))
			add_throughput(report, value);
	} else if (g_str_has_prefix(text, "transactions:") ||
		   g_str_has_prefix(text, "Total operations:") ||
		   g_str_has_prefix(text, "Operations performed:")) {
		if (reader_number_after(text, "(", &value))
			add_throughput(report, value);
	} else {
		return FALSE;
	}
	return TRUE;
}

static gboolean
read_events(Report *report, const char *text)
{
	const char *number = reader_after(text, "total number of events:");
	if (number == NULL || !reader_number(number, &report->n_events, NULL))
		return FALSE;
	report->has_events = TRUE;
	add(report, "events", "1", PERFDASH_DIRECTION_NONE, report->n_events);
	return TRUE;
}

/* "Doing random r/w test", "Using synchronous I/O mode" */
static void
read_file_mode(Report *report, const char *text, const char *prefix, const char *suffix)
{
	const char *mode = reader_after(text, prefix);
	if (mode == NULL || !g_str_has_suffix(mode, suffix))
		return;
	g_autofree char *name = g_strndup(mode, strlen(mode) - strlen(suffix));
	g_autofree char *value = reader_name(name);
	perfdash_run_builder_set_parameter(report->builder,
					   *prefix == 'D' ? "file_test_mode" : "file_io_mode",
					   value);
}

static void
read_setup(Report *report, const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS(tests); i++) {
		if (!g_str_has_prefix(text, tests[i].prefix))
			continue;
		g_free(report->benchmark);
		report->benchmark = g_strdup(tests[i].benchmark);
	}
	if (g_strcmp0(report->benchmark, "fileio") == 0) {
		read_file_mode(report, text, "Doing ", " test");
		read_file_mode(report, text, "Using ", " I/O mode");
	}
	reader_set_parameter(report->builder, text, parameters);
}

static void
read_result(Report *report, const char *text)
{
	if (g_str_equal(text, "Latency (ms):") || g_str_equal(text, "response time:") ||
	    g_str_equal(text, "per-request statistics:"))
		report->in_latency = TRUE;
	else if (g_str_equal(text, "Threads fairness:"))
		add_latency(report);
	else if (strstr(text, " transferred (") != NULL ||
		 strstr(text, "Total transferred ") != NULL)
		read_bandwidth(report, text);
	else if (!read_latency(report, text) && !read_throughput(report, text) &&
		 !read_events(report, text) && !read_field(report, text) &&
		 !read_file_field(report, text) && !read_file_direction(report, text))
		read_setup(report, text);
}

static void
set_outcome(Report *report, PerfdashOutcome outcome, const char *why)
{
	perfdash_run_builder_set_outcome(report->builder, outcome);
	perfdash_run_builder_add_warning_literal(report->builder, why);
}

static void
add_fatal(Report *report)
{
	if (report->fatal != NULL)
		perfdash_run_builder_add_warning(report->builder,
						 "sysbench says: %.200s",
						 report->fatal);
}

/* the log ends before the report, or has none */
static void
end_without_report(Report *report)
{
	if (report->fatal != NULL) {
		perfdash_run_builder_set_outcome(report->builder, PERFDASH_OUTCOME_FAILED);
	} else if (sysbench_row_is_total(&report->total)) {
		sysbench_row_add(&report->total, report->builder, get_benchmark(report));
	} else if (report->intervals.n > 0 &&
		   perfdash_run_builder_get_n_results(report->builder) == 0) {
		sysbench_intervals_add(&report->intervals, report->builder, get_benchmark(report));
		set_outcome(report,
			    PERFDASH_OUTCOME_PARTIAL,
			    "the log ends before the report: the rates are means of what was "
			    "printed until then");
	} else if (perfdash_run_builder_get_n_results(report->builder) > 0) {
		add_latency(report);
		set_outcome(report,
			    PERFDASH_OUTCOME_PARTIAL,
			    "the log ends before the end of the report");
	} else if (report->has_options) {
		set_outcome(report, PERFDASH_OUTCOME_PARTIAL, "the log ends before the report");
	}
}

static void
end_run(Report *report)
{
	if (!report->is_running)
		return;
	report->is_running = FALSE;
	add_fatal(report);
	if (!report->is_ended)
		end_without_report(report);
	else if (has_none(report))
		set_outcome(report, PERFDASH_OUTCOME_FAILED, "there was no event");
	else if (report->fatal != NULL || report->n_unfinished > 0)
		set_outcome(report, PERFDASH_OUTCOME_PARTIAL, "sysbench was shut down by force");
	g_free(report->benchmark);
	g_free(report->command);
	g_free(report->fatal);
	*report = (Report){.builder = report->builder, .n_runs = report->n_runs};
}

static void
start_run(Report *report)
{
	g_autofree char *command = g_steal_pointer(&report->command);
	end_run(report);
	if (report->n_runs++ > 0)
		perfdash_run_builder_next_run(report->builder);
	report->is_running = TRUE;
	report->command = g_steal_pointer(&command);
	perfdash_run_builder_set_label(report->builder, "tool", "sysbench");
}

/* "sysbench 1.0.20 (using ...", "sysbench 0.4.12:  multi-threaded system evaluation benchmark" */
static gboolean
read_head(Report *report, const char *line)
{
	const char *version = reader_after(line, "sysbench ");
	if (version == NULL || !g_ascii_isdigit(*version))
		return FALSE;
	gsize length = strcspn(version, " :");
	if (!g_str_has_prefix(version + length, " (using ") &&
	    strstr(version, ":  multi-threaded system evaluation benchmark") == NULL)
		return FALSE;
	g_autofree char *text = g_strndup(version, length);
	g_autofree char *name = reader_name(text);
	start_run(report);
	perfdash_run_builder_set_environment(report->builder, "tool_version", name);
	return TRUE;
}

static gboolean
read_options(Report *report, const char *line)
{
	if (!g_str_equal(line, "Running the test with following options:"))
		return FALSE;
	if (!report->is_running || report->has_options)
		start_run(report);
	report->has_options = TRUE;
	return TRUE;
}

/* "+ sysbench threads --threads=4 run" */
static void
read_command(Report *report, const char *line)
{
	const char *text = strstr(line, "sysbench ");
	if ((*line != '+' && *line != '$') || text == NULL || !g_str_has_suffix(line, " run"))
		return;
	g_auto(GStrv) words = reader_words(text + strlen("sysbench "));
	end_run(report);
	g_clear_pointer(&report->command, g_free);
	for (guint i = 0; words[i + 1] != NULL && report->command == NULL; i++) {
		if (g_str_has_prefix(words[i], "--test="))
			report->command = reader_name(words[i] + strlen("--test="));
		else if (g_ascii_isalpha(*words[i]))
			report->command = reader_name(words[i]);
	}
}

static void
take_row(Report *report)
{
	SysbenchRow row = report->row;
	if (!report->is_running ||
	    (sysbench_row_is_total(&report->total) && row.time <= report->total.time))
		start_run(report);
	report->total = row;
	report->intervals.sums[0] += row.transactions;
	report->intervals.n += !sysbench_row_is_total(&row);
}

static gboolean
read_interval(Report *report, const char *line)
{
	if (strstr(line, "] Checkpoint report:") != NULL) {
		report->in_checkpoint = TRUE;
		perfdash_run_builder_add_warning_literal(
			report->builder,
			"the report is of what followed the last checkpoint");
	} else if (sysbench_row_read_csv(&report->row, line)) {
		take_row(report);
	} else {
		return sysbench_intervals_read(&report->intervals, line);
	}
	return TRUE;
}

/* FATAL may be said by every thread: the first one tells why; names of hosts and users follow */
static void
read_fatal(Report *report, const char *message)
{
	g_autofree char *reason = g_strndup(message, strcspn(message, ":'\"@/"));
	if (report->fatal == NULL)
		report->fatal = reader_name(g_strchomp(reason));
}

static void
read_run_line(Report *report, const char *line)
{
	const char *text = line + strspn(line, " \t");
	gboolean is_last = g_str_has_prefix(text, "execution time (avg/stddev):");
	const char *rest;
	/* all but rows that follows those of a whole test is of something else */
	if (sysbench_row_is_total(&report->total))
		read_interval(report, line);
	else if ((rest = reader_after(line, "FATAL:")) ||
		 g_str_has_prefix(line, "invalid option: "))
		read_fatal(report, rest != NULL ? rest : line);
	else if ((rest = reader_after(line, "Number of unfinished transactions on ")) != NULL)
		reader_number_after(rest, ": ", &report->n_unfinished);
	else if (report->in_checkpoint)
		report->in_checkpoint = !is_last;
	else if (is_last && report->in_latency)
		report->is_ended = TRUE;
	else if (!read_interval(report, line))
		read_result(report, text);
	if (report->is_ended)
		end_run(report);
}

static void
read_line(Report *report, const char *line)
{
	if (sysbench_row_read_json(&report->row, line))
		take_row(report);
	else if (read_head(report, line) || read_options(report, line))
		return;
	else if (report->is_running)
		read_run_line(report, line);
	read_command(report, line);
}

/* whether a last line without a line end has all it should have */
static gboolean
is_whole(const char *line)
{
	const char *sd = strrchr(line, '/');
	return g_str_has_prefix(line, "    execution time (avg/stddev):") && sd != NULL &&
	       strlen(sd) >= strlen("/0.00") && sd[strlen(sd) - 3] == '.';
}

static gboolean
sysbench_parser_parse(PerfdashParser *self,
		      const char *name,
		      GBytes *log,
		      PerfdashRunBuilder *builder,
		      GError **error)
{
	g_auto(ReaderLines) lines;
	Report report = {.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut || is_whole(line))
			read_line(&report, line);
	}
	end_run(&report);
	g_free(report.command);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(SysbenchParser,
		       sysbench_parser,
		       NULL,
		       sysbench_parser_parse,
		       "sysbench",
		       "3",
		       "sysbench, CPU, memory, files and SQL: text, JSON and CSV reports",
		       "*sysbench*.txt;*sysbench*.log",
		       PERFDASH_PARSER_CONSOLE,
		       "sysbench 1.\nsysbench 0.\nRunning the test with following options:\n"
		       "\"reconnects\": ")
