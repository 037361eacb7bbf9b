/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Criterion's estimates, in nanoseconds: the typical time is the slope of a regression where there
 * is one, else the mean; it is what the console prints as the middle one of three. */

#include "criterion.h"

#include "reader-json.h"
#include "reader-text.h"

#define MAX_SAMPLES 10000

static gboolean
read_estimate(JsonObject *object, const char *name, const char *member, double *value)
{
	JsonObject *estimate = reader_json_object(object, name);
	return estimate != NULL && reader_json_number(estimate, member, value);
}

static void
add_time(PerfdashRunBuilder *builder, const char *benchmark, double nanoseconds)
{
	perfdash_run_builder_set_label(builder, "tool", "criterion");
	perfdash_run_builder_add_result(builder,
					benchmark,
					"time",
					"ns",
					PERFDASH_DIRECTION_LOWER,
					nanoseconds);
}

static void
add_estimate(PerfdashRunBuilder *builder,
	     JsonObject *object,
	     const char *name,
	     const char *member,
	     const char *stat)
{
	double value;
	if (read_estimate(object, name, member, &value))
		perfdash_run_builder_add_stat(builder, stat, value);
}

static void
add_throughput(PerfdashRunBuilder *builder,
	       JsonObject *message,
	       const char *benchmark,
	       double nanoseconds)
{
	JsonArray *all = reader_json_array(message, "throughput");
	for (guint i = 0; all != NULL && i < MIN(json_array_get_length(all), 10); i++) {
		JsonObject *one = reader_json_element(all, i);
		const char *unit = one != NULL ? reader_json_string(one, "unit") : NULL;
		double amount;
		if (unit == NULL || !reader_json_number(one, "per_iteration", &amount) ||
		    nanoseconds <= 0)
			continue;
		perfdash_run_builder_add_result(builder,
						benchmark,
						"throughput",
						g_str_equal(unit, "bytes") ? "B/s" : "1/s",
						PERFDASH_DIRECTION_HIGHER,
						amount * 1e9 / nanoseconds);
	}
}

/* each sample is the time of several iterations */
static void
add_samples(PerfdashRunBuilder *builder, JsonObject *message)
{
	JsonArray *times = reader_json_array(message, "measured_values");
	JsonArray *counts = reader_json_array(message, "iteration_count");
	guint n = times != NULL ? json_array_get_length(times) : 0;
	double time;
	double count;
	if (counts == NULL || json_array_get_length(counts) != n || n > MAX_SAMPLES)
		return;
	for (guint i = 0; i < n; i++) {
		if (reader_json_number_at(times, i, &time) &&
		    reader_json_number_at(counts, i, &count) && count >= 1)
			perfdash_run_builder_add_replicate(builder, time / count);
	}
}

gboolean
criterion_read_message(JsonObject *message, PerfdashRunBuilder *builder)
{
	const char *id = reader_json_string(message, "id");
	JsonObject *typical = reader_json_object(message, "typical");
	const char *unit = typical != NULL ? reader_json_string(typical, "unit") : NULL;
	double time;
	if (g_strcmp0(reader_json_string(message, "reason"), "benchmark-complete") != 0 ||
	    id == NULL || g_strcmp0(unit, "ns") != 0 ||
	    !read_estimate(message, "typical", "estimate", &time))
		return FALSE;
	g_autofree char *benchmark = reader_name(id);
	add_time(builder, benchmark, time);
	add_estimate(builder, message, "mean", "estimate", "mean");
	add_estimate(builder, message, "median", "estimate", "p50");
	add_samples(builder, message);
	add_throughput(builder, message, benchmark, time);
	return TRUE;
}

gboolean
criterion_read_estimates(JsonObject *estimates, PerfdashRunBuilder *builder)
{
	double mean;
	double slope;
	if (!read_estimate(estimates, "mean", "point_estimate", &mean))
		return FALSE;
	gboolean has_slope = read_estimate(estimates, "slope", "point_estimate", &slope);
	add_time(builder, "(benchmark not printed)", has_slope ? slope : mean);
	add_estimate(builder, estimates, "mean", "point_estimate", "mean");
	add_estimate(builder, estimates, "median", "point_estimate", "p50");
	add_estimate(builder, estimates, "std_dev", "point_estimate", "sd");
	return TRUE;
}
