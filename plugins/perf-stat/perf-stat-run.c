/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A run of perf stat, as all formats build it. Of a series in time every event is summed up, which
 * is what perf's own summary does; when that follows, the series is dropped. Fewer is better for
 * all events: they count what a command costs. */

#include <string.h>

#include "perf-stat.h"
#include "reader-text.h"

#define NO_COMMAND      "(command not printed)"
#define MAX_INTERVALS   10000 /* that are kept of an event */
#define MAX_REPETITIONS 10000
#define MAX_COUNTERS    100000
#define MAX_MISSING     20 /* events that a warning names */

/* an event at a place */
typedef struct {
	PerfStatRow row;
	guint n; /* lines in time that were summed up */
	guint line;
	GArray *intervals; /* of double, nullable */
} Counter;

struct _PerfStat {
	PerfdashRunBuilder *builder;
	gboolean is_open;
	gboolean is_certain;
	gboolean is_series;
	char *command;       /* nullable */
	char *why_partial;   /* nullable */
	GPtrArray *counters; /* of Counter */
	GHashTable *index;   /* "place\nevent" -> Counter, of a series in time */
	GArray *repetitions; /* of double, seconds */
	double n_repetitions;
};

/* numbers that perf computes from events, and that are worth a series */
static const struct {
	const char *name;
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} metrics[] = {
	{"CPUs utilized", "cpus_utilized", "1", PERFDASH_DIRECTION_NONE},
	{"insn per cycle", "instructions_per_cycle", "1", PERFDASH_DIRECTION_HIGHER},
	{"insns per cycle", "instructions_per_cycle", "1", PERFDASH_DIRECTION_HIGHER},
	{"of all branches", "branch_miss_ratio", "%", PERFDASH_DIRECTION_LOWER},
	{"of all cache refs", "cache_miss_ratio", "%", PERFDASH_DIRECTION_LOWER},
};

void
perf_stat_row_clear(PerfStatRow *row)
{
	g_clear_pointer(&row->event, g_free);
	g_clear_pointer(&row->place, g_free);
	g_clear_pointer(&row->metric_name, g_free);
}

static void
counter_free(Counter *counter)
{
	perf_stat_row_clear(&counter->row);
	g_clear_pointer(&counter->intervals, g_array_unref);
	g_free(counter);
}

PerfStat *
perf_stat_new(PerfdashRunBuilder *builder)
{
	PerfStat *self = g_new0(PerfStat, 1);
	self->builder = builder;
	self->counters = g_ptr_array_new_with_free_func((GDestroyNotify)counter_free);
	self->index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	self->repetitions = g_array_new(FALSE, FALSE, sizeof(double));
	return self;
}

static void
clear_run(PerfStat *self)
{
	g_clear_pointer(&self->command, g_free);
	g_clear_pointer(&self->why_partial, g_free);
	g_hash_table_remove_all(self->index);
	g_ptr_array_set_size(self->counters, 0);
	g_array_set_size(self->repetitions, 0);
	self->is_open = self->is_certain = self->is_series = FALSE;
	self->n_repetitions = 0;
}

void
perf_stat_free(PerfStat *self)
{
	clear_run(self);
	g_ptr_array_unref(self->counters);
	g_hash_table_unref(self->index);
	g_array_unref(self->repetitions);
	g_free(self);
}

void
perf_stat_start_run(PerfStat *self, const char *command)
{
	perf_stat_end_run(self);
	self->is_open = TRUE;
	self->is_certain = command != NULL;
	self->command = reader_name(command != NULL ? command : NO_COMMAND);
}

void
perf_stat_drop_run(PerfStat *self)
{
	clear_run(self);
}

void
perf_stat_set_certain(PerfStat *self)
{
	self->is_certain = TRUE;
}

void
perf_stat_set_repetitions(PerfStat *self, double n)
{
	self->n_repetitions = n;
}

void
perf_stat_set_partial(PerfStat *self, const char *why)
{
	g_free(self->why_partial);
	self->why_partial = g_strdup(why);
}

/* what a place is: a processor, a core ... */
static const char *
find_place_key(const char *place)
{
	static const struct {
		const char *pattern;
		const char *key;
	} kinds[] = {{"CPU*", "cpu"}, {"S*-*C*", "core"}, {"S*-D*", "die"}, {"N*", "node"}};
	for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
		gsize length = strcspn(kinds[i].pattern, "*");
		if (g_pattern_match_simple(kinds[i].pattern, place) &&
		    g_ascii_isdigit(place[length]))
			return kinds[i].key;
	}
	return *place == 'S' && strspn(place + 1, "0123456789") == strlen(place + 1) ? "socket"
										     : "thread";
}

static void
add_result(PerfStat *self,
	   const Counter *counter,
	   const char *metric,
	   const char *unit,
	   PerfdashDirection direction,
	   double value)
{
	const char *place = counter->row.place;
	perfdash_run_builder_set_line(self->builder, counter->line);
	perfdash_run_builder_add_result(self->builder,
					self->command,
					metric,
					unit,
					direction,
					value);
	if (place != NULL)
		perfdash_run_builder_add_result_label(self->builder, find_place_key(place), place);
}

static void
add_metric(PerfStat *self, const Counter *counter)
{
	if (!counter->row.has_metric || counter->row.is_interval)
		return;
	for (guint i = 0; i < G_N_ELEMENTS(metrics); i++) {
		if (strstr(counter->row.metric_name, metrics[i].name) == NULL)
			continue;
		add_result(self,
			   counter,
			   metrics[i].metric,
			   metrics[i].unit,
			   metrics[i].direction,
			   counter->row.metric);
		return;
	}
}

static void
add_counter(PerfStat *self, const Counter *counter)
{
	gboolean is_share = g_str_equal(counter->row.unit, "%");
	add_result(self,
		   counter,
		   counter->row.event,
		   counter->row.unit,
		   is_share ? PERFDASH_DIRECTION_NONE : PERFDASH_DIRECTION_LOWER,
		   counter->row.value);
	if (self->n_repetitions > 1)
		perfdash_run_builder_add_stat(self->builder, "n", self->n_repetitions);
	for (guint i = 0; counter->n > 1 && i < counter->intervals->len; i++)
		perfdash_run_builder_add_replicate(self->builder,
						   g_array_index(counter->intervals, double, i));
	if (g_str_equal(counter->row.event, "elapsed_time")) {
		for (guint i = 0; i < self->repetitions->len; i++)
			perfdash_run_builder_add_replicate(
				self->builder,
				g_array_index(self->repetitions, double, i));
	}
	add_metric(self, counter);
}

/* events that were counted nowhere and never */
static void
warn_of_missing(PerfStat *self)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; i < self->counters->len && names->len < MAX_MISSING; i++) {
		const PerfStatRow *row = &((Counter *)self->counters->pdata[i])->row;
		if (!row->has_value &&
		    !g_ptr_array_find_with_equal_func(names, row->event, g_str_equal, NULL))
			g_ptr_array_add(names, row->event);
	}
	if (names->len == 0)
		return;
	g_ptr_array_add(names, NULL);
	g_autofree char *text = g_strjoinv(", ", (GStrv)names->pdata);
	perfdash_run_builder_add_warning(self->builder, "not counted: %s", text);
}

void
perf_stat_end_run(PerfStat *self)
{
	if (!self->is_open || !self->is_certain) {
		clear_run(self);
		return;
	}
	perfdash_run_builder_set_label(self->builder, "tool", "perf stat");
	for (guint i = 0; i < self->counters->len; i++) {
		const Counter *counter = g_ptr_array_index(self->counters, i);
		if (counter->row.has_value)
			add_counter(self, counter);
	}
	warn_of_missing(self);
	if (self->why_partial != NULL) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning_literal(self->builder, self->why_partial);
	}
	perfdash_run_builder_next_run(self->builder);
	clear_run(self);
}

static Counter *
add_new(PerfStat *self, const PerfStatRow *row, guint line)
{
	Counter *counter = g_new0(Counter, 1);
	counter->row = *row;
	counter->row.event = reader_name(row->event);
	counter->row.place = row->place != NULL ? reader_name(row->place) : NULL;
	counter->row.metric_name = g_strdup(row->metric_name);
	counter->line = line;
	g_ptr_array_add(self->counters, counter);
	return counter;
}

/* what was seen in one interval may be missing in another */
static void
add_interval(PerfStat *self, const PerfStatRow *row, guint line)
{
	g_autofree char *key =
		g_strconcat(row->place != NULL ? row->place : "", "\n", row->event, NULL);
	Counter *counter = g_hash_table_lookup(self->index, key);
	self->is_series = TRUE;
	if (counter == NULL) {
		counter = add_new(self, row, line);
		counter->row.value = 0;
		counter->intervals = g_array_new(FALSE, FALSE, sizeof(double));
		g_hash_table_insert(self->index, g_steal_pointer(&key), counter);
	}
	if (!row->has_value)
		return;
	counter->row.has_value = TRUE;
	counter->row.value += row->value;
	counter->n++;
	if (counter->intervals->len < MAX_INTERVALS)
		g_array_append_val(counter->intervals, row->value);
}

void
perf_stat_add_row(PerfStat *self, const PerfStatRow *row, guint line)
{
	if (row->is_summary && self->is_series) {
		g_hash_table_remove_all(self->index);
		g_ptr_array_set_size(self->counters, 0);
		self->is_series = FALSE;
	}
	if (self->counters->len >= MAX_COUNTERS)
		perf_stat_set_partial(self, "the log has more events than are read");
	else if (row->is_interval)
		add_interval(self, row, line);
	else
		add_new(self, row, line);
}

gboolean
perf_stat_repeats(PerfStat *self, const PerfStatRow *row)
{
	const Counter *first = self->counters->len > 0 ? self->counters->pdata[0] : NULL;
	return first != NULL && !row->is_interval && !row->is_summary && !self->is_series &&
	       g_str_equal(first->row.event, row->event) &&
	       g_strcmp0(first->row.place, row->place) == 0;
}

void
perf_stat_add_repetition(PerfStat *self, double seconds)
{
	if (self->repetitions->len < MAX_REPETITIONS)
		g_array_append_val(self->repetitions, seconds);
}

void
perf_stat_add_time(PerfStat *self, const char *metric, double seconds, guint line)
{
	PerfStatRow row = {
		.has_value = TRUE,
		.value = seconds,
		.unit = "s",
		.event = (char *)metric,
	};
	add_new(self, &row, line);
}
