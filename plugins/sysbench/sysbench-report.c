/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the lines of a report of sysbench say. Which test ran is told by lines that only it has;
 * threads, mutex and scripts have none. Zeros of files are of directions that the test does not
 * use. Mb, MB and MiB are all of 1024. */

#include "sysbench-report.h"

#include <string.h>

#include "reader-field.h"
#include "reader-text.h"

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

const char *
sysbench_report_get_benchmark(SysbenchReport *report)
{
	if (report->benchmark != NULL)
		return report->benchmark;
	/* only tests of SQL count transactions */
	if (report->intervals.sums[0] > 0)
		return "oltp";
	return report->command != NULL ? report->command : "sysbench";
}

static void
add(SysbenchReport *report,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    double value)
{
	perfdash_run_builder_add_result(report->builder,
					sysbench_report_get_benchmark(report),
					metric,
					unit,
					direction,
					value);
}

static void
add_throughput(SysbenchReport *report, double value)
{
	if (value <= 0 || report->has_throughput)
		return;
	report->has_throughput = TRUE;
	add(report, "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, value);
}

gboolean
sysbench_report_has_none(SysbenchReport *report)
{
	return report->has_events && report->n_events == 0;
}

void
sysbench_report_add_latency(SysbenchReport *report)
{
	static const char *const names[] = {"min", "max"};
	if (report->latency[0].unit == NULL || sysbench_report_has_none(report))
		return;
	reader_add(report->builder,
		   sysbench_report_get_benchmark(report),
		   "latency",
		   PERFDASH_DIRECTION_LOWER,
		   report->latency[0]);
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		reader_add_stat(report->builder, names[i], report->latency[1 + i]);
	reader_add_percentile(report->builder, report->percent, report->latency[3]);
	report->latency[0].unit = NULL;
}

static gboolean
read_percentile(SysbenchReport *report, const char *text)
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
read_latency(SysbenchReport *report, const char *text)
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
		sysbench_report_add_latency(report);
		if (!sysbench_report_has_none(report))
			reader_add(report->builder,
				   sysbench_report_get_benchmark(report),
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
read_field(SysbenchReport *report, const char *text)
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
read_file_field(SysbenchReport *report, const char *text)
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
read_file_direction(SysbenchReport *report, const char *text)
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
read_bandwidth(SysbenchReport *report, const char *text)
{
	const char *bracket = strrchr(text, '(');
	if (bracket != NULL)
		reader_add(report->builder,
			   sysbench_report_get_benchmark(report),
			   "bandwidth",
			   PERFDASH_DIRECTION_HIGHER,
			   reader_quantity(bracket + 1, rates, NULL));
}

static gboolean
read_throughput(SysbenchReport *report, const char *text)
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
read_events(SysbenchReport *report, const char *text)
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
read_file_mode(SysbenchReport *report, const char *text, const char *prefix, const char *suffix)
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
read_setup(SysbenchReport *report, const char *text)
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

void
sysbench_report_read(SysbenchReport *report, const char *text)
{
	if (g_str_equal(text, "Latency (ms):") || g_str_equal(text, "response time:") ||
	    g_str_equal(text, "per-request statistics:"))
		report->in_latency = TRUE;
	else if (g_str_equal(text, "Threads fairness:"))
		sysbench_report_add_latency(report);
	else if (strstr(text, " transferred (") != NULL ||
		 strstr(text, "Total transferred ") != NULL)
		read_bandwidth(report, text);
	else if (!read_latency(report, text) && !read_throughput(report, text) &&
		 !read_events(report, text) && !read_field(report, text) &&
		 !read_file_field(report, text) && !read_file_direction(report, text))
		read_setup(report, text);
}
