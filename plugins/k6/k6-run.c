/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Metrics of k6, whichever way they were written. The passes of http_req_failed are the requests
 * that FAILED, those of checks are good. What a script measures itself has no direction, unless it
 * is a time. */

#include <math.h>
#include <string.h>

#include "k6.h"
#include "reader-quantity.h"
#include "reader-text.h"

#define BENCHMARK "k6"
#define MOST      40 /* percentiles */

/* metrics of k6's own whose direction is known */
static const struct {
	const char *name;
	PerfdashDirection direction;
} directions[] = {
	{"checks", PERFDASH_DIRECTION_HIGHER},
	{"http_req_failed", PERFDASH_DIRECTION_LOWER},
	{"dropped_iterations", PERFDASH_DIRECTION_LOWER},
	{"http_reqs_per_second", PERFDASH_DIRECTION_HIGHER},
	{"iterations_per_second", PERFDASH_DIRECTION_HIGHER},
	{"data_received_per_second", PERFDASH_DIRECTION_HIGHER},
	{"data_sent_per_second", PERFDASH_DIRECTION_HIGHER},
};

/* how the names of trends begin or end that are times, in milliseconds */
static const char *const time_prefixes[] = {"http_req_",
					    "ws_connecting",
					    "grpc_req_",
					    "browser_web_vital_",
					    "browser_http_req_"};
static const char *const time_suffixes[] = {"_duration", "_time", "_latency", "_ms"};

K6Run *
k6_run_new(void)
{
	K6Run *self = g_new0(K6Run, 1);
	self->metrics = g_ptr_array_new();
	self->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	return self;
}

static void
metric_free(K6Metric *metric)
{
	g_free(metric->name);
	g_array_unref(metric->percentiles);
	g_free(metric);
}

void
k6_run_free(K6Run *self)
{
	g_hash_table_unref(self->by_name);
	g_ptr_array_set_free_func(self->metrics, (GDestroyNotify)metric_free);
	g_ptr_array_unref(self->metrics);
	g_free(self);
}

K6Metric *
k6_run_add(K6Run *self, const char *name, K6Type type)
{
	K6Metric *metric = g_new0(K6Metric, 1);
	metric->name = reader_name(name);
	metric->type = type;
	metric->average = metric->min = metric->median = metric->max = metric->count = NAN;
	metric->per_second = metric->value = metric->passes = metric->fails = NAN;
	metric->percentiles = g_array_new(FALSE, FALSE, sizeof(K6Percentile));
	g_ptr_array_add(self->metrics, metric);
	g_hash_table_insert(self->by_name, metric->name, metric);
	return metric;
}

K6Metric *
k6_run_find(K6Run *self, const char *name)
{
	return g_hash_table_lookup(self->by_name, name);
}

const char *
k6_rename(const char *name)
{
	if (g_str_equal(name, "checks_succeeded"))
		return "checks";
	return g_str_equal(name, "checks_total") || g_str_equal(name, "checks_failed") ? NULL
										       : name;
}

static void
add_percentile(K6Metric *self, K6Percentile one)
{
	for (guint i = 0; i < self->percentiles->len; i++) {
		if (g_array_index(self->percentiles, K6Percentile, i).percent == one.percent)
			return;
	}
	if (self->percentiles->len < MOST)
		g_array_append_val(self->percentiles, one);
}

void
k6_metric_set(K6Metric *self, const char *stat, double value)
{
	K6Percentile one = {0, value};
	const char *rest;
	if (g_str_equal(stat, "avg"))
		self->average = value;
	else if (g_str_equal(stat, "min"))
		self->min = value;
	else if (g_str_equal(stat, "med"))
		self->median = value;
	else if (g_str_equal(stat, "max"))
		self->max = value;
	else if (g_str_equal(stat, "count"))
		self->count = value;
	else if (g_str_has_prefix(stat, "p(") && reader_number(stat + 2, &one.percent, &rest) &&
		 g_str_equal(rest, ")") && one.percent > 0 && one.percent < 100)
		add_percentile(self, one);
}

gboolean
k6_is_time(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(time_prefixes); i++) {
		if (g_str_has_prefix(name, time_prefixes[i]))
			return strstr(name, "_cumulative_layout_shift") == NULL &&
			       strstr(name, "_cls") == NULL;
	}
	for (guint i = 0; i < G_N_ELEMENTS(time_suffixes); i++) {
		if (g_str_has_suffix(name, time_suffixes[i]))
			return TRUE;
	}
	return FALSE;
}

static PerfdashDirection
find_direction(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(directions); i++) {
		if (g_str_equal(directions[i].name, name))
			return directions[i].direction;
	}
	return PERFDASH_DIRECTION_NONE;
}

/* a result, with the tags of the metric as a label */
static void
add(PerfdashRunBuilder *builder,
    const K6Metric *metric,
    const char *name,
    const char *unit,
    PerfdashDirection direction,
    double value)
{
	const char *tags = strchr(metric->name, '{');
	if (!isfinite(value))
		return;
	if (metric->line > 0)
		perfdash_run_builder_set_line(builder, metric->line);
	perfdash_run_builder_add_result(builder, BENCHMARK, name, unit, direction, value);
	if (tags == NULL)
		return;
	g_autofree char *text = g_strndup(tags + 1, strcspn(tags + 1, "}"));
	g_autofree char *label = reader_name(text);
	perfdash_run_builder_add_result_label(builder, "tags", label);
}

static void
add_stat(PerfdashRunBuilder *builder, const char *name, double value)
{
	if (isfinite(value))
		perfdash_run_builder_add_stat(builder, name, value);
}

static void
add_trend(PerfdashRunBuilder *builder, const K6Metric *metric, const char *name)
{
	const char *unit = metric->unit != NULL ? metric->unit : k6_is_time(name) ? "ms" : "1";
	gboolean is_duration = !g_str_equal(unit, "1") && !g_str_equal(unit, "B");
	double value = isfinite(metric->average) ? metric->average : metric->median;
	if (!isfinite(value))
		return;
	add(builder,
	    metric,
	    name,
	    unit,
	    is_duration ? PERFDASH_DIRECTION_LOWER : PERFDASH_DIRECTION_NONE,
	    value);
	add_stat(builder, "n", metric->count);
	add_stat(builder, "min", metric->min);
	add_stat(builder, "max", metric->max);
	add_stat(builder, "p50", metric->median);
	for (guint i = 0; i < metric->percentiles->len; i++) {
		K6Percentile *one = &g_array_index(metric->percentiles, K6Percentile, i);
		ReaderQuantity quantity = {one->value, "1"};
		if (one->percent != 50 || !isfinite(metric->median))
			reader_add_percentile(builder, one->percent, quantity);
	}
}

static void
add_counter(PerfdashRunBuilder *builder, const K6Metric *metric, const char *name, gboolean is_good)
{
	gboolean is_data = g_str_has_prefix(name, "data_") || g_strcmp0(metric->unit, "B") == 0;
	g_autofree char *rate = g_strconcat(name, "_per_second", NULL);
	add(builder, metric, name, is_data ? "B" : "1", find_direction(name), metric->count);
	if (is_good)
		add(builder,
		    metric,
		    rate,
		    is_data ? "B/s" : "1/s",
		    find_direction(rate),
		    metric->per_second);
}

static void
add_rate(PerfdashRunBuilder *builder, const K6Metric *metric, const char *name, gboolean is_good)
{
	if (is_good) {
		add(builder, metric, name, "ratio", find_direction(name), metric->value);
		if (isfinite(metric->value))
			add_stat(builder, "n", metric->passes + metric->fails);
	}
	if (g_str_equal(name, "http_req_failed"))
		add(builder,
		    metric,
		    "http_req_failed_count",
		    "1",
		    PERFDASH_DIRECTION_LOWER,
		    metric->passes);
	else if (g_str_equal(name, "checks"))
		add(builder, metric, "checks_failed", "1", PERFDASH_DIRECTION_LOWER, metric->fails);
}

static void
add_metric(PerfdashRunBuilder *builder, const K6Metric *metric, gboolean is_good)
{
	g_autofree char *name = g_strndup(metric->name, strcspn(metric->name, "{"));
	g_strchomp(name);
	if (metric->type == K6_COUNTER)
		add_counter(builder, metric, name, is_good);
	else if (metric->type == K6_RATE)
		add_rate(builder, metric, name, is_good);
	else if (metric->type == K6_TREND && is_good)
		add_trend(builder, metric, name);
	else if (metric->type == K6_GAUGE && is_good) {
		const char *unit = metric->unit != NULL ? metric->unit : "1";
		add(builder, metric, name, unit, PERFDASH_DIRECTION_NONE, metric->value);
		if (isfinite(metric->value)) {
			add_stat(builder, "min", metric->min);
			add_stat(builder, "max", metric->max);
		}
	}
}

gboolean
k6_run_write(K6Run *self, PerfdashRunBuilder *builder)
{
	K6Metric *failed = k6_run_find(self, "http_req_failed");
	gboolean is_good = failed == NULL || failed->type != K6_RATE || !(failed->value >= 1);
	perfdash_run_builder_set_label(builder, "tool", "k6");
	if (!is_good) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder, "every request failed");
	}
	for (guint i = 0; i < self->metrics->len; i++)
		add_metric(builder, g_ptr_array_index(self->metrics, i), is_good);
	return is_good;
}
