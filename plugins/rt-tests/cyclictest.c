/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* cyclictest's text. While it runs, it draws the line of each thread over and over: the last one
 * counts. With -h it prints a histogram and, behind it, a number for each thread; with -v every
 * sample, as "THREAD: CYCLE: LATENCY". Microseconds and, with -N, nanoseconds differ only in how
 * wide a column is. Threads that had no cycle yet print a minimum of 1000000. */

#include <math.h>
#include <string.h>

#include "reader-text.h"
#include "rt-tests.h"

#define MAX_THREADS 4096
#define MAX_SAMPLES 1000000 /* of all threads */
#define WIDTH_OF_NANOSECONDS                                                                       \
	8 /* of the column of averages; else 5, or more when digits need it                        \
	   */

typedef struct {
	double pid;
	double cycles, min, mean, max;
	guint line;
	GArray *samples; /* of double; NULL without -v */
	double sum;      /* of the samples */
} Thread;

typedef struct {
	PerfdashRunBuilder *builder;
	GPtrArray *threads; /* of Thread, nullable elements */
	const char *tool;
	const char *unit;
	guint n_samples;
	gboolean is_verbose;
	gboolean is_cut;
	double break_value; /* 0 none */
} Cyclictest;

static void
thread_free(Thread *thread)
{
	if (thread == NULL)
		return;
	g_clear_pointer(&thread->samples, g_array_unref);
	g_free(thread);
}

static Thread *
ensure_thread(Cyclictest *self, double index, guint line)
{
	if (!(index >= 0 && index < MAX_THREADS))
		return NULL;
	if (self->threads->len <= index)
		g_ptr_array_set_size(self->threads, (gint)index + 1);
	Thread **thread = (Thread **)&self->threads->pdata[(guint)index];
	if (*thread == NULL)
		*thread = g_new0(Thread, 1);
	(*thread)->line = line;
	return *thread;
}

static double
deviation(const Thread *thread)
{
	double sum = 0;
	double mean = thread->sum / thread->cycles;
	for (guint i = 0; i < thread->samples->len; i++)
		sum += pow(g_array_index(thread->samples, double, i) - mean, 2);
	return sqrt(sum / (thread->samples->len - 1));
}

static void
add_samples(Cyclictest *self, const Thread *thread)
{
	if (thread->samples->len < 2 || thread->samples->len < thread->cycles)
		return;
	perfdash_run_builder_add_stat(self->builder, "sd", deviation(thread));
	for (guint i = 0; i < thread->samples->len; i++)
		perfdash_run_builder_add_replicate(self->builder,
						   g_array_index(thread->samples, double, i));
}

static void
add_thread(Cyclictest *self, guint index, const Thread *thread)
{
	g_autofree char *benchmark = g_strdup_printf("thread %u", index);
	perfdash_run_builder_set_line(self->builder, thread->line);
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"cycles",
					"1",
					PERFDASH_DIRECTION_NONE,
					thread->cycles);
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"latency",
					self->unit,
					PERFDASH_DIRECTION_LOWER,
					thread->mean);
	perfdash_run_builder_add_stat(self->builder, "min", thread->min);
	perfdash_run_builder_add_stat(self->builder, "max", thread->max);
	if (thread->samples != NULL)
		add_samples(self, thread);
}

/* the one sample that is known of a test that stopped before its first cycle was counted */
static void
add_break(Cyclictest *self)
{
	perfdash_run_builder_add_result(self->builder,
					"cyclictest",
					"latency_at_break",
					self->unit,
					PERFDASH_DIRECTION_LOWER,
					self->break_value);
}

static void
end_run(Cyclictest *self)
{
	guint n = 0;
	for (guint i = 0; i < self->threads->len; i++) {
		Thread *thread = g_ptr_array_index(self->threads, i);
		if (thread == NULL || thread->cycles <= 0)
			continue;
		add_thread(self, i, thread);
		n++;
	}
	if (n > 0 || self->threads->len > 0)
		perfdash_run_builder_set_label(self->builder, "tool", self->tool);
	if (n == 0 && self->threads->len > 0 && self->break_value > 0)
		add_break(self);
	if (n == 0 && self->threads->len > 0 && self->break_value == 0) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(self->builder, "no thread had a cycle");
	} else if (self->break_value > 0) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder,
						 "the test stopped at a latency of %.0f",
						 self->break_value);
	} else if (self->is_cut) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder, "the last line was cut off");
	}
	if (self->threads->len > 0)
		perfdash_run_builder_next_run(self->builder);
	g_ptr_array_set_size(self->threads, 0);
	self->n_samples = 0;
	self->unit = "us";
	self->tool = "cyclictest";
	self->is_verbose = FALSE;
	self->break_value = 0;
}

static void
set_parameter(Cyclictest *self, const char *line, const char *mark, const char *key)
{
	double value;
	if (!reader_number_after(line, mark, &value))
		return;
	g_autofree char *text = g_strdup_printf("%.0f", value);
	perfdash_run_builder_set_parameter(self->builder, key, text);
}

static gboolean
is_in_nanoseconds(const char *average, const char *max)
{
	return max - average >= WIDTH_OF_NANOSECONDS && *average == ' ';
}

/* "T: 0 (20207) P:80 I:1000 C:   1999 Min:     14 Act:   22 Avg:   37 Max:    1245" */
static gboolean
read_thread(Cyclictest *self, const char *line, guint number)
{
	double index;
	Thread values = {0};
	const char *rest;
	const char *average = strstr(line, " Avg:");
	const char *max = average != NULL ? strstr(average, " Max:") : NULL;
	if (!g_str_has_prefix(line, "T:") || max == NULL || strstr(line, " Act:") == NULL ||
	    !reader_number(line + 2, &index, &rest) || !g_str_has_prefix(rest, " (") ||
	    !reader_number(rest + 2, &values.pid, NULL) ||
	    !reader_number_after(rest, " C:", &values.cycles) ||
	    !reader_number_after(rest, " Min:", &values.min) ||
	    !reader_number(average + 5, &values.mean, NULL) ||
	    !reader_number(max + 5, &values.max, NULL))
		return FALSE;
	Thread *known = index >= 0 && index < self->threads->len
				? g_ptr_array_index(self->threads, (guint)index)
				: NULL;
	if (known != NULL && known->cycles > 0 && known->pid != values.pid)
		end_run(self);
	Thread *thread = ensure_thread(self, index, number);
	if (thread == NULL)
		return TRUE;
	values.line = number;
	values.samples = thread->samples;
	*thread = values;
	if (is_in_nanoseconds(average + 5, max))
		self->unit = "ns";
	if (strstr(line, " I:") == NULL)
		self->tool = "signaltest";
	if (index == 0) {
		set_parameter(self, line, " P:", "priority");
		set_parameter(self, line, " I:", "interval_us");
	}
	return TRUE;
}

typedef void (*SetNumber)(Thread *thread, double value);

static void
set_min(Thread *thread, double value)
{
	thread->min = value;
}

static void
set_mean(Thread *thread, double value)
{
	thread->mean = value;
}

static void
set_max(Thread *thread, double value)
{
	thread->max = value;
}

/* samples inside and outside of the histogram */
static void
add_cycles(Thread *thread, double value)
{
	if (thread->pid == 0)
		thread->cycles += value;
}

/* what follows a histogram: a number for each thread */
static const struct {
	const char *prefix;
	SetNumber set;
} summaries[] = {
	{"# Min Latencies:", set_min},
	{"# Avg Latencies:", set_mean},
	{"# Max Latencies:", set_max},
	{"# Histogram Overflows:", add_cycles},
};

static void
set_numbers(Cyclictest *self, const char *text, SetNumber set, guint limit, guint line)
{
	double value;
	for (guint i = 0; i < limit && reader_number(text, &value, &text); i++) {
		Thread *thread = ensure_thread(self, i, line);
		if (thread != NULL)
			set(thread, value);
	}
}

/* the totals come first and have one number too many with -H: the threads are known only later */
static gboolean
read_summary(Cyclictest *self, const char *line, char **totals, guint number)
{
	const char *text = reader_after(line, "# Total:");
	if (text != NULL) {
		g_free(*totals);
		*totals = g_strdup(text);
		return TRUE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(summaries); i++) {
		text = reader_after(line, summaries[i].prefix);
		if (text == NULL)
			continue;
		set_numbers(self,
			    text,
			    summaries[i].set,
			    i == 0 ? MAX_THREADS : self->threads->len,
			    number);
		if (summaries[i].set == set_max && *totals != NULL) {
			set_numbers(self, *totals, add_cycles, self->threads->len, number);
			g_clear_pointer(totals, g_free);
		}
		return TRUE;
	}
	return FALSE;
}

/* "       0:       1:      91" of -v: thread, cycle, latency */
static gboolean
read_sample(Cyclictest *self, const char *line, guint number)
{
	double index;
	double cycle;
	double latency;
	const char *rest;
	if (!self->is_verbose || *line != ' ' || !reader_number(line, &index, &rest) ||
	    *rest != ':' || !reader_number(rest + 1, &cycle, &rest) || *rest != ':' ||
	    !reader_number(rest + 1, &latency, &rest) || *rest != '\0')
		return FALSE;
	Thread *thread = ensure_thread(self, index, number);
	if (thread == NULL)
		return TRUE;
	if (thread->samples == NULL) {
		thread->samples = g_array_new(FALSE, FALSE, sizeof(double));
		thread->min = thread->max = latency;
		thread->cycles = 0;
	}
	thread->cycles++;
	thread->sum += latency;
	thread->mean = thread->sum / thread->cycles;
	thread->min = MIN(thread->min, latency);
	thread->max = MAX(thread->max, latency);
	if (self->n_samples++ < MAX_SAMPLES)
		g_array_append_val(thread->samples, latency);
	return TRUE;
}

/* behind what moves the cursor */
static const char *
skip_escapes(const char *line)
{
	while (*line == '\033') {
		line += strcspn(line, "ABCDHJKm");
		line += *line != '\0';
	}
	return line;
}

/* whether what is left of a line is one of those that are drawn over and over, or a sample */
static gboolean
is_cut_short(Cyclictest *self, const char *line)
{
	const char *text = skip_escapes(line);
	return self->threads->len > 0 && (self->is_verbose || g_str_has_prefix(text, "T:") ||
					  g_str_has_prefix(text, "policy: "));
}

static void
read_line(Cyclictest *self, const char *line, char **totals, guint number)
{
	line = skip_escapes(line);
	if (read_thread(self, line, number) || read_summary(self, line, totals, number) ||
	    read_sample(self, line, number))
		return;
	if (g_str_has_prefix(line, "# /dev/cpu_dma_latency set to ")) {
		if (self->threads->len > 0)
			end_run(self);
	} else if (g_str_has_prefix(line, "Thread ") && strstr(line, " Interval: ") != NULL) {
		self->is_verbose = TRUE;
	} else if (g_str_has_prefix(line, "# Break value: ")) {
		reader_number_after(line, ":", &self->break_value);
	}
}

void
rt_tests_read_cyclictest(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GPtrArray) threads = g_ptr_array_new_with_free_func((GDestroyNotify)thread_free);
	g_autofree char *totals = NULL;
	Cyclictest self = {
		.builder = builder,
		.threads = threads,
		.tool = "cyclictest",
		.unit = "us",
	};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&self, line, &totals, lines.number);
		else
			self.is_cut = is_cut_short(&self, line);
	}
	end_run(&self);
}
