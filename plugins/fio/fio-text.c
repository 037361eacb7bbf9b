/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Each block of a job chooses nsec, usec or msec for itself, and large numbers in it may end with
 * k. Bandwidth is printed twice, of 1024 and of 1000: what is there in units of 1000 counts, as it
 * has as many digits. Version 2 prints units of 1024 as if they were of 1000. */

#include "fio.h"

#include <string.h>

#include "reader-quantity.h"

static const ReaderSuffix rates[] = {{"B/s", "B/s", 0},
				     {"kB/s", "B/s", 3},
				     {"KB/s", "B/s", 3},
				     {"MB/s", "B/s", 6},
				     {"GB/s", "B/s", 9},
				     {"KiB/s", "KiB/s", 0},
				     {"MiB/s", "MiB/s", 0},
				     {"GiB/s", "GiB/s", 0},
				     {"kbit/s", "bit/s", 3},
				     {"Kbit/s", "bit/s", 3},
				     {"Mbit/s", "bit/s", 6},
				     {"Gbit/s", "bit/s", 9},
				     {NULL}};
static const ReaderSuffix old_rates[] = {{"B/s", "B/s", 0},
					 {"KB/s", "KiB/s", 0},
					 {"MB/s", "MiB/s", 0},
					 {"GB/s", "GiB/s", 0},
					 {NULL}};
static const char *const directions[] = {"read", "write", "trim"};
/* what a line of a latency begins with, and its metric */
static const struct {
	const char *name;
	const char *metric;
} latencies[] = {
	{"slat", "submission_latency"},
	{"clat", "completion_latency"},
	{"lat", "total_latency"},
};

static const struct {
	double percent;
	const char *name;
} percentiles[] = {
	{50, "p50"},
	{90, "p90"},
	{95, "p95"},
	{99, "p99"},
	{99.9, "p99.9"},
	{99.99, "p99.99"},
};

/* a distribution; its percentiles come later, and after other ones */
typedef struct {
	ReaderQuantity mean;
	ReaderQuantity min;
	ReaderQuantity max;
	ReaderQuantity sd;
	ReaderQuantity percentiles[G_N_ELEMENTS(percentiles)];
} Latency;

typedef struct {
	PerfdashRunBuilder *builder;
	char *version; /* nullable */
	guint n_runs;
	gboolean is_open;      /* a run has begun, but its end was not seen */
	char *job;             /* nullable */
	const char *direction; /* nullable */
	Latency latencies[G_N_ELEMENTS(latencies)];
	Latency *read;    /* whose percentiles are being read, nullable */
	const char *unit; /* of those */
	gboolean is_stopped;
} Text;

static void
end_direction(Text *self)
{
	for (guint i = 0; self->direction != NULL && i < G_N_ELEMENTS(latencies); i++) {
		Latency *one = &self->latencies[i];
		g_autofree char *metric =
			g_strconcat(self->direction, ".", latencies[i].metric, NULL);
		/* zero is no latency: it was not measured */
		if (one->mean.unit == NULL || one->mean.value == 0)
			continue;
		reader_add(self->builder, self->job, metric, PERFDASH_DIRECTION_LOWER, one->mean);
		reader_add_stat(self->builder, "min", one->min);
		reader_add_stat(self->builder, "max", one->max);
		reader_add_stat(self->builder, "sd", one->sd);
		for (guint j = 0; j < G_N_ELEMENTS(percentiles); j++)
			reader_add_stat(self->builder, percentiles[j].name, one->percentiles[j]);
	}
	memset(self->latencies, 0, sizeof(self->latencies));
	self->read = NULL;
	self->direction = NULL;
}

static void
end_run(Text *self)
{
	end_direction(self);
	if (self->is_open && self->is_stopped) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder, "fio was stopped by a signal");
	}
	self->is_open = FALSE;
	g_clear_pointer(&self->job, g_free);
}

static void
start_run(Text *self)
{
	if (self->is_open)
		return;
	if (self->n_runs++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_label(self->builder, "tool", "fio");
	if (self->version != NULL)
		perfdash_run_builder_set_environment(self->builder, "tool_version", self->version);
	self->is_open = TRUE;
}

/* "NAME: (groupid=0, jobs=1): err= 0: pid=...": the line before the numbers of a job */
static gboolean
read_job(Text *self, const char *line)
{
	const char *group = strstr(line, ": (groupid=");
	double error_number;
	if (group == NULL || group == line || !reader_number_after(group, "err=", &error_number))
		return FALSE;
	start_run(self);
	end_direction(self);
	g_free(self->job);
	self->job = g_strndup(line, group - line);
	if (error_number != 0) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(self->builder,
						 "job %s ended with error %.0f",
						 self->job,
						 error_number);
		g_clear_pointer(&self->job, g_free);
	}
	return TRUE;
}

static ReaderQuantity
find_rate(const char *line)
{
	ReaderQuantity first = reader_quantity_after(line, "BW=", rates);
	const char *bracket = strchr(line, '(');
	ReaderQuantity second = reader_quantity(bracket != NULL ? bracket + 1 : NULL, rates, NULL);
	gboolean is_exact = second.unit != NULL && strchr(second.unit, 'i') == NULL;
	return first.unit == NULL || is_exact ? second : first;
}

/* "  read: IOPS=14.3k, BW=1789MiB/s (1876MB/s)(3592MiB/2008msec)", in version 2
 * "  read : io=3592.0MB, bw=1789.2MB/s, iops=14313, runt=  2008msec" */
static gboolean
read_direction(Text *self, const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS(directions); i++) {
		const char *rest = reader_after(text, directions[i]);
		if (rest == NULL || *rest != ':')
			continue;
		end_direction(self);
		self->direction = directions[i];
		ReaderQuantity iops = reader_quantity_after(rest, "IOPS=", reader_counts);
		ReaderQuantity rate = find_rate(rest);
		if (iops.unit == NULL) {
			iops = reader_quantity_after(rest, "iops=", reader_counts);
			rate = reader_quantity_after(rest, "bw=", old_rates);
		}
		if (iops.unit != NULL)
			iops.unit = "1/s";
		g_autofree char *iops_name = g_strconcat(self->direction, ".iops", NULL);
		g_autofree char *rate_name = g_strconcat(self->direction, ".bandwidth", NULL);
		reader_add(self->builder, self->job, iops_name, PERFDASH_DIRECTION_HIGHER, iops);
		reader_add(self->builder, self->job, rate_name, PERFDASH_DIRECTION_HIGHER, rate);
		return TRUE;
	}
	return FALSE;
}

static const char *
find_unit(const char *text)
{
	return g_str_has_prefix(text, "(nsec)")   ? "ns"
	       : g_str_has_prefix(text, "(usec)") ? "us"
	       : g_str_has_prefix(text, "(msec)") ? "ms"
						  : NULL;
}

static ReaderQuantity
find_number(const char *line, const char *mark, const char *unit)
{
	ReaderQuantity value = reader_quantity_after(line, mark, reader_counts);
	if (value.unit != NULL)
		value.unit = unit;
	return value;
}

/* "clat (usec): min=15, max=74236, avg=69.06, stdev=794.27" or "clat percentiles (usec):" */
static void
read_latency(Text *self, const char *text)
{
	self->read = NULL;
	for (guint i = 0; i < G_N_ELEMENTS(latencies); i++) {
		const char *rest = reader_after(text, latencies[i].name);
		const char *percentiles_rest = rest != NULL ? reader_after(rest, "percentiles")
							    : NULL;
		const char *unit = rest != NULL ? find_unit(rest) : NULL;
		if (percentiles_rest != NULL) {
			self->unit = find_unit(percentiles_rest);
			self->read = self->unit != NULL ? &self->latencies[i] : NULL;
		} else if (unit != NULL && strstr(rest, "avg=") != NULL) {
			self->latencies[i].mean = find_number(rest, "avg=", unit);
			self->latencies[i].min = find_number(rest, "min=", unit);
			self->latencies[i].max = find_number(rest, "max=", unit);
			self->latencies[i].sd = find_number(rest, "stdev=", unit);
		}
	}
}

/* "|  1.00th=[   19],  5.00th=[   20], ..." */
static void
read_percentiles(Text *self, const char *text)
{
	for (const char *p = text; (p = strpbrk(p, "0123456789")) != NULL;) {
		double percent;
		double value;
		if (!reader_number(p, &percent, &p) || !g_str_has_prefix(p, "th=["))
			return;
		if (!reader_number(p + strlen("th=["), &value, &p))
			return;
		for (guint i = 0; i < G_N_ELEMENTS(percentiles); i++) {
			if (percent == percentiles[i].percent)
				self->read->percentiles[i] = (ReaderQuantity){value, self->unit};
		}
	}
}

static void
read_line(Text *self, const char *line)
{
	const char *text = line + strspn(line, " ");
	if (self->read != NULL && *text == '|')
		read_percentiles(self, text);
	else if (*line != ' ')
		end_direction(self);
	else if (!read_direction(self, text) && self->direction != NULL)
		read_latency(self, text);
}

void
fio_text_read(GBytes *text, PerfdashRunBuilder *builder)
{
	Text self = {.builder = builder};
	g_auto(ReaderLines) lines;
	const char *line;
	reader_lines_init(&lines, text, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		gboolean is_version = g_str_has_prefix(line, "fio-") && g_ascii_isdigit(line[4]);
		if (is_version || g_str_has_prefix(line, "Run status group ")) {
			if (!is_version || self.job != NULL)
				end_run(&self);
			if (is_version) {
				g_free(self.version);
				self.version = g_strdup(line);
			}
		} else if (g_str_has_prefix(line, "fio: terminating on signal")) {
			self.is_stopped = TRUE;
		} else if (!read_job(&self, line) && self.job != NULL && !lines.is_cut) {
			read_line(&self, line);
		}
	}
	if (self.is_open) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the log ends before fio did");
	}
	end_run(&self);
	g_free(self.version);
}
