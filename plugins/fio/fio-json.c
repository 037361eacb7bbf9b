/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Directions that were not used are there with zeros; a job with an error has plausible numbers.
 * Version 2 has microseconds and KiB. */

#include "fio.h"

#include <string.h>

static const char *const directions[] = {"read", "write", "trim"};
static const char *const shown_options[] =
	{"rw", "bs", "iodepth", "ioengine", "numjobs", "size", "runtime", "rwmixread", "direct"};

/* percentiles that become series */
static const struct {
	const char *member;
	const char *name;
} percentiles[] = {
	{"50.000000", "p50"},
	{"90.000000", "p90"},
	{"95.000000", "p95"},
	{"99.000000", "p99"},
	{"99.900000", "p99.9"},
	{"99.990000", "p99.99"},
};

/* the same distribution in version 3 and in version 2 */
static const struct {
	const char *nanoseconds;
	const char *microseconds;
	const char *metric;
} latencies[] = {
	{"slat_ns", "slat", "submission_latency"},
	{"clat_ns", "clat", "completion_latency"},
	{"lat_ns", "lat", "total_latency"},
};

typedef struct {
	PerfdashRunBuilder *builder;
	gboolean old; /* version 2 */
} Reading;

static void
add(Reading *reading,
    const char *job,
    const char *direction,
    const char *metric,
    const char *unit,
    PerfdashDirection better,
    double value)
{
	g_autofree char *name = g_strdup_printf("%s.%s", direction, metric);
	perfdash_run_builder_add_result(reading->builder, job, name, unit, better, value);
}

static void
add_stat(Reading *reading, JsonObject *object, const char *member, const char *name)
{
	double value;
	if (reader_json_number(object, member, &value))
		perfdash_run_builder_add_stat(reading->builder, name, value);
}

static void
add_percentiles(Reading *reading, JsonObject *latency)
{
	JsonObject *values = reader_json_object(latency, "percentile");
	for (guint i = 0; values != NULL && i < G_N_ELEMENTS(percentiles); i++)
		add_stat(reading, values, percentiles[i].member, percentiles[i].name);
}

static void
add_latency(Reading *reading,
	    const char *job,
	    const char *direction,
	    JsonObject *latency,
	    const char *metric,
	    const char *unit)
{
	double mean;
	/* zero is no latency: it was not measured */
	if (latency == NULL || !reader_json_number(latency, "mean", &mean) || mean == 0)
		return;
	add(reading, job, direction, metric, unit, PERFDASH_DIRECTION_LOWER, mean);
	add_stat(reading, latency, "N", "n");
	add_stat(reading, latency, "min", "min");
	add_stat(reading, latency, "max", "max");
	add_stat(reading, latency, "stddev", "sd");
	add_percentiles(reading, latency);
}

static void
add_bandwidth(Reading *reading, const char *job, const char *direction, JsonObject *object)
{
	double value;
	if (reader_json_number(object, "bw_bytes", &value))
		add(reading, job, direction, "bandwidth", "B/s", PERFDASH_DIRECTION_HIGHER, value);
	else if (reader_json_number(object, "bw", &value))
		add(reading,
		    job,
		    direction,
		    "bandwidth",
		    "KiB/s",
		    PERFDASH_DIRECTION_HIGHER,
		    value);
	if (reader_json_number(object, "io_bytes", &value))
		add(reading,
		    job,
		    direction,
		    "io_bytes",
		    reading->old ? "KiB" : "B",
		    PERFDASH_DIRECTION_NONE,
		    value);
}

static gboolean
is_used(JsonObject *object)
{
	double value;
	if (reader_json_number(object, "total_ios", &value))
		return value > 0;
	return reader_json_number(object, "io_bytes", &value) && value > 0;
}

static void
read_direction(Reading *reading, const char *job, const char *direction, JsonObject *object)
{
	double value;
	if (reader_json_number(object, "iops", &value))
		add(reading, job, direction, "iops", "1/s", PERFDASH_DIRECTION_HIGHER, value);
	add_bandwidth(reading, job, direction, object);
	if (reader_json_number(object, "total_ios", &value))
		add(reading, job, direction, "total_ios", "1", PERFDASH_DIRECTION_NONE, value);
	for (guint i = 0; i < G_N_ELEMENTS(latencies); i++) {
		JsonObject *new = reader_json_object(object, latencies[i].nanoseconds);
		JsonObject *old = reader_json_object(object, latencies[i].microseconds);
		add_latency(reading,
			    job,
			    direction,
			    new != NULL ? new : old,
			    latencies[i].metric,
			    new != NULL ? "ns" : "us");
	}
}

static void
read_options(Reading *reading, JsonObject *options)
{
	for (guint i = 0; options != NULL && i < G_N_ELEMENTS(shown_options); i++) {
		const char *value = reader_json_string(options, shown_options[i]);
		if (value != NULL && *value != '\0')
			perfdash_run_builder_set_parameter(reading->builder,
							   shown_options[i],
							   value);
	}
}

/* FALSE when the job failed */
static gboolean
read_job(Reading *reading, JsonObject *job)
{
	const char *name = reader_json_string(job, "jobname");
	double error_number = 0;
	if (name == NULL || *name == '\0')
		name = "job";
	if (reader_json_number(job, "error", &error_number) && error_number != 0) {
		perfdash_run_builder_add_warning(reading->builder,
						 "job %s ended with error %.0f",
						 name,
						 error_number);
		return FALSE;
	}
	read_options(reading, reader_json_object(job, "job options"));
	for (guint i = 0; i < G_N_ELEMENTS(directions); i++) {
		JsonObject *direction = reader_json_object(job, directions[i]);
		if (direction != NULL && is_used(direction))
			read_direction(reading, name, directions[i], direction);
	}
	return TRUE;
}

static void
read_time(Reading *reading, JsonObject *root)
{
	double value;
	if (reader_json_number(root, "timestamp_ms", &value))
		perfdash_run_builder_set_started_at(reading->builder, (gint64)value * 1000);
	else if (reader_json_number(root, "timestamp", &value))
		perfdash_run_builder_set_started_at(reading->builder,
						    (gint64)value * G_USEC_PER_SEC);
}

gboolean
fio_json_read(JsonObject *root, PerfdashRunBuilder *builder, GError **error)
{
	const char *version = reader_json_string(root, "fio version");
	JsonArray *jobs = reader_json_array(root, "jobs");
	Reading reading = {builder, version != NULL && g_str_has_prefix(version, "fio-2.")};
	if (version == NULL || jobs == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document has no \"fio version\" or no \"jobs\"");
		return FALSE;
	}
	perfdash_run_builder_set_label(builder, "tool", "fio");
	perfdash_run_builder_set_environment(builder, "tool_version", version);
	read_time(&reading, root);
	read_options(&reading, reader_json_object(root, "global options"));
	for (guint i = 0; i < json_array_get_length(jobs); i++) {
		JsonNode *node = json_array_get_element(jobs, i);
		if (JSON_NODE_HOLDS_OBJECT(node) && !read_job(&reading, json_node_get_object(node)))
			perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
	}
	return TRUE;
}

static gboolean
has_same_jobs(JsonObject *a, JsonObject *b)
{
	JsonArray *left = reader_json_array(a, "jobs");
	JsonArray *right = reader_json_array(b, "jobs");
	if (left == NULL || right == NULL ||
	    json_array_get_length(left) != json_array_get_length(right))
		return FALSE;
	for (guint i = 0; i < json_array_get_length(left); i++) {
		JsonNode *nodes[] = {json_array_get_element(left, i),
				     json_array_get_element(right, i)};
		if (!JSON_NODE_HOLDS_OBJECT(nodes[0]) || !JSON_NODE_HOLDS_OBJECT(nodes[1]) ||
		    g_strcmp0(reader_json_string(json_node_get_object(nodes[0]), "jobname"),
			      reader_json_string(json_node_get_object(nodes[1]), "jobname")) != 0)
			return FALSE;
	}
	return TRUE;
}

/* the longest that a job of the document has run, seconds */
static double
elapsed(JsonObject *root)
{
	JsonArray *jobs = reader_json_array(root, "jobs");
	double longest = 0;
	for (guint i = 0; jobs != NULL && i < json_array_get_length(jobs); i++) {
		JsonNode *node = json_array_get_element(jobs, i);
		double value;
		if (JSON_NODE_HOLDS_OBJECT(node) &&
		    reader_json_number(json_node_get_object(node), "elapsed", &value))
			longest = MAX(longest, value);
	}
	return longest;
}

gboolean
fio_json_continues(JsonObject *before, JsonObject *after)
{
	double times[2];
	return has_same_jobs(before, after) && elapsed(after) >= elapsed(before) &&
	       reader_json_number(before, "timestamp", &times[0]) &&
	       reader_json_number(after, "timestamp", &times[1]) &&
	       times[1] - times[0] <= elapsed(after) - elapsed(before) + 1;
}
