/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A section is a kind of operation. An operation that fails is counted below READ-FAILED in newer
 * versions, READ_ERROR in go-ycsb, and in all of them as what it returned. A section without
 * operations has a minimum of 2^63 - 1 and an average of NaN. */

#include "ycsb-run.h"

#include <string.h>

#include "reader-text.h"

#define MAX_SECTIONS 10000
#define MAX_STATS    40

/* a number that the log has, with the line it stands in */
typedef struct {
	double value;
	guint line; /* 0 when it has none */
} Value;

typedef struct {
	char *name;
	double value;
} Named;

typedef struct {
	char *name;
	Value operations;
	Value runtime; /* ms */
	Value throughput;
	Value gc_count;
	Value gc_time;  /* ms */
	Value gc_share; /* percent */
	Value latency;
	const char *latency_unit; /* nullable */
	GArray *stats;            /* of Named */
	GArray *returns;          /* of Named */
	guint returns_line;
} Section;

static void
clear_named(gpointer data)
{
	g_free(((Named *)data)->name);
}

static GArray *
named_new(void)
{
	GArray *all = g_array_new(FALSE, FALSE, sizeof(Named));
	g_array_set_clear_func(all, clear_named);
	return all;
}

static void
section_free(gpointer data)
{
	Section *self = data;
	g_free(self->name);
	g_array_unref(self->stats);
	g_array_unref(self->returns);
	g_free(self);
}

static Section *
section_new(const char *name)
{
	Section *self = g_new0(Section, 1);
	self->name = reader_name(name);
	self->stats = named_new();
	self->returns = named_new();
	return self;
}

YcsbRun *
ycsb_run_new(void)
{
	YcsbRun *self = g_new0(YcsbRun, 1);
	self->sections = g_ptr_array_new_with_free_func(section_free);
	self->n_operations = -1;
	return self;
}

void
ycsb_run_free(YcsbRun *self)
{
	g_ptr_array_unref(self->sections);
	g_free(self);
}

gboolean
ycsb_run_has_results(YcsbRun *self)
{
	return self->sections->len > 0;
}

/* measurements of a section follow each other */
static Section *
get_section(YcsbRun *self, const char *name)
{
	Section *last = self->sections->len > 0
				? g_ptr_array_index(self->sections, self->sections->len - 1)
				: NULL;
	if (last != NULL && g_str_equal(last->name, name))
		return last;
	if (self->sections->len == MAX_SECTIONS)
		return NULL;
	Section *section = section_new(name);
	g_ptr_array_add(self->sections, section);
	return section;
}

static void
add_named(GArray *all, const char *name, double value)
{
	for (guint i = 0; i < all->len; i++) {
		if (g_str_equal(g_array_index(all, Named, i).name, name))
			return;
	}
	Named one = {g_strdup(name), value};
	if (all->len < MAX_STATS)
		g_array_append_val(all, one);
	else
		g_free(one.name);
}

/* the unit in "AverageLatency(us)" when it begins with name */
static const char *
get_unit(const char *measurement, const char *name)
{
	const char *unit = reader_after(measurement, name);
	if (unit == NULL)
		return NULL;
	if (g_str_equal(unit, "(us)"))
		return "us";
	if (g_str_equal(unit, "(ms)"))
		return "ms";
	return g_str_equal(unit, "(ns)") ? "ns" : NULL;
}

static void
add_percentile(Section *self, double percent, double value)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];
	if (percent < 0 || percent > 100)
		return;
	g_ascii_formatd(digits, sizeof(digits), "%.10g", percent);
	g_autofree char *name = g_strconcat("p", digits, NULL);
	add_named(self->stats, name, value);
}

/* "95thPercentileLatency(us)", or p95 of raw measurements; a bare number is a bucket */
static void
take_percentile(Section *self, const char *measurement, double value)
{
	double percent;
	const char *rest;
	if (*measurement == 'p' && reader_number(measurement + 1, &percent, &rest) && *rest == '\0')
		add_percentile(self, percent, value);
	if (!reader_number(measurement, &percent, &rest) || strlen(rest) < 2)
		return;
	if (get_unit(rest + 2, "PercentileLatency") != NULL)
		add_percentile(self, percent, value);
}

static gboolean
take_mean(Section *self, const char *measurement, Value value)
{
	const char *unit = get_unit(measurement, "AverageLatency");
	/* of raw measurements */
	if (unit == NULL && g_str_equal(measurement, "Average"))
		unit = "us";
	if (unit == NULL)
		return FALSE;
	self->latency = value;
	self->latency_unit = unit;
	return TRUE;
}

static void
take_latency(Section *self, const char *measurement, Value value)
{
	if (take_mean(self, measurement, value))
		return;
	if (get_unit(measurement, "MinLatency") != NULL || g_str_equal(measurement, "Min"))
		add_named(self->stats, "min", value.value);
	else if (get_unit(measurement, "MaxLatency") != NULL || g_str_equal(measurement, "Max"))
		add_named(self->stats, "max", value.value);
	else
		take_percentile(self, measurement, value.value);
}

static Value *
find_value(Section *self, const char *measurement)
{
	const struct {
		const char *measurement;
		Value *value;
	} values[] = {
		{"RunTime(ms)", &self->runtime},
		{"Throughput(ops/sec)", &self->throughput},
		{"Operations", &self->operations},
		{"Total Operations", &self->operations},
		{"Count", &self->gc_count},
		{"Time(ms)", &self->gc_time},
		{"Time(%)", &self->gc_share},
	};
	for (guint i = 0; i < G_N_ELEMENTS(values); i++) {
		if (g_str_equal(values[i].measurement, measurement))
			return values[i].value;
	}
	return NULL;
}

void
ycsb_run_take(YcsbRun *self,
	      const char *section,
	      const char *measurement,
	      const char *value,
	      guint line)
{
	Value number = {0, line};
	Section *own = get_section(self, section);
	const char *returned = reader_after(measurement, "Return=");
	if (own == NULL || !reader_number(value, &number.value, NULL))
		return;
	Value *place = find_value(own, measurement);
	if (place != NULL) {
		*place = number;
	} else if (returned != NULL) {
		g_autofree char *name = reader_name(returned);
		add_named(own->returns, name, number.value);
		own->returns_line = line;
	} else {
		take_latency(own, measurement, number);
	}
}

/* OK has been 0 in old versions */
static gboolean
is_good(const char *returned)
{
	return g_str_equal(returned, "OK") || g_str_equal(returned, "BATCHED_OK") ||
	       g_str_equal(returned, "0");
}

static gboolean
is_operation(const Section *section)
{
	return section->operations.line != 0 && !g_str_equal(section->name, "CLEANUP");
}

static gboolean
is_failed_section(const Section *section)
{
	return g_str_has_suffix(section->name, "-FAILED") ||
	       g_str_has_suffix(section->name, "_ERROR");
}

/* operations that went well and that did not; without returns the name of the section tells */
static void
count(YcsbRun *self, double *n_good, double *n_bad)
{
	*n_good = *n_bad = 0;
	for (guint i = 0; i < self->sections->len; i++) {
		Section *section = g_ptr_array_index(self->sections, i);
		if (!is_operation(section))
			continue;
		for (guint j = 0; j < section->returns->len; j++) {
			Named *returned = &g_array_index(section->returns, Named, j);
			*(is_good(returned->name) ? n_good : n_bad) += returned->value;
		}
		if (section->returns->len == 0)
			*(is_failed_section(section) ? n_bad : n_good) += section->operations.value;
	}
}

static void
write_value(PerfdashRunBuilder *builder,
	    Section *section,
	    const char *metric,
	    const char *unit,
	    PerfdashDirection direction,
	    Value value)
{
	if (value.line == 0)
		return;
	perfdash_run_builder_set_line(builder, value.line);
	perfdash_run_builder_add_result(builder,
					section->name,
					metric,
					unit,
					direction,
					value.value);
}

static void
write_returns(PerfdashRunBuilder *builder, Section *section)
{
	double n_bad = 0;
	perfdash_run_builder_set_line(builder, section->returns_line);
	for (guint i = 0; i < section->returns->len; i++) {
		Named *returned = &g_array_index(section->returns, Named, i);
		n_bad += is_good(returned->name) ? 0 : returned->value;
		perfdash_run_builder_add_result(builder,
						section->name,
						"returns",
						"1",
						PERFDASH_DIRECTION_NONE,
						returned->value);
		perfdash_run_builder_add_result_label(builder, "return", returned->name);
	}
	if (section->returns->len > 0)
		perfdash_run_builder_add_result(builder,
						section->name,
						"errors",
						"1",
						PERFDASH_DIRECTION_LOWER,
						n_bad);
}

static void
write_latency(PerfdashRunBuilder *builder, Section *section)
{
	if (section->latency.line == 0 || section->operations.value == 0)
		return;
	write_value(builder,
		    section,
		    "latency",
		    section->latency_unit,
		    PERFDASH_DIRECTION_LOWER,
		    section->latency);
	for (guint i = 0; i < section->stats->len; i++) {
		Named *stat = &g_array_index(section->stats, Named, i);
		perfdash_run_builder_add_stat(builder, stat->name, stat->value);
	}
}

static void
write_section(PerfdashRunBuilder *builder, Section *section, gboolean all_failed)
{
	static const PerfdashDirection none = PERFDASH_DIRECTION_NONE;
	static const PerfdashDirection lower = PERFDASH_DIRECTION_LOWER;
	write_value(builder, section, "duration", "ms", none, section->runtime);
	write_value(builder,
		    section,
		    "operations",
		    "1",
		    is_failed_section(section) ? lower : none,
		    section->operations);
	write_returns(builder, section);
	if (all_failed)
		return;
	if (section->throughput.value > 0 && !is_failed_section(section))
		write_value(builder,
			    section,
			    "throughput",
			    "1/s",
			    PERFDASH_DIRECTION_HIGHER,
			    section->throughput);
	write_latency(builder, section);
	write_value(builder, section, "count", "1", none, section->gc_count);
	write_value(builder, section, "time", "ms", lower, section->gc_time);
	write_value(builder, section, "share", "%", lower, section->gc_share);
}

static void
set_outcome(PerfdashRunBuilder *builder, PerfdashOutcome outcome, const char *why)
{
	perfdash_run_builder_set_outcome(builder, outcome);
	perfdash_run_builder_add_warning_literal(builder, why);
}

static void
write_unfinished(YcsbRun *self, PerfdashRunBuilder *builder)
{
	gboolean has_done = self->n_operations > 0 && !self->has_failed;
	if (has_done) {
		perfdash_run_builder_set_line(builder, self->line);
		perfdash_run_builder_add_result(builder,
						"OVERALL",
						"operations",
						"1",
						PERFDASH_DIRECTION_NONE,
						self->n_operations);
	}
	set_outcome(builder,
		    self->has_failed ? PERFDASH_OUTCOME_FAILED : PERFDASH_OUTCOME_PARTIAL,
		    "the log ends before the results");
}

/* the throughput follows the run time, and a mean the count of operations */
static gboolean
lacks_lines(YcsbRun *self)
{
	Section *last = g_ptr_array_index(self->sections, self->sections->len - 1);
	for (guint i = 0; i < self->sections->len; i++) {
		Section *section = g_ptr_array_index(self->sections, i);
		if (section->runtime.line != 0 && section->throughput.line == 0)
			return TRUE;
	}
	return last->operations.value > 0 && last->latency.line == 0;
}

void
ycsb_run_write(YcsbRun *self, PerfdashRunBuilder *builder)
{
	double n_good;
	double n_bad;
	perfdash_run_builder_set_label(builder, "tool", "ycsb");
	count(self, &n_good, &n_bad);
	gboolean all_failed = n_good == 0 && n_bad > 0;
	for (guint i = 0; i < self->sections->len; i++)
		write_section(builder, g_ptr_array_index(self->sections, i), all_failed);
	if (!ycsb_run_has_results(self))
		write_unfinished(self, builder);
	else if (all_failed)
		set_outcome(builder, PERFDASH_OUTCOME_FAILED, "every operation failed");
	else if (self->is_cut || lacks_lines(self))
		set_outcome(builder, PERFDASH_OUTCOME_PARTIAL, "the results were cut off");
}
