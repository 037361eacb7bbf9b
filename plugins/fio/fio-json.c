/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Directions that were not used are there with zeros; a job with an error has plausible numbers of
 * what it did before, or of nothing but the I/O that failed. Version 2 has microseconds and KiB. */

#include "fio.h"

#include <string.h>

#define MAX_PERCENTILES 40

static const char *const directions[] = {"read", "write", "trim", "mixed"};
static const char *const shown_options[] =
	{"rw", "bs", "iodepth", "ioengine", "numjobs", "size", "runtime", "rwmixread", "direct"};

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

gboolean
fio_keeps_percentile(double percent)
{
	return percent == 50 || percent == 75 || percent == 90 || percent == 95 ||
	       (percent >= 99 && percent < 100);
}

void
fio_add_percentile(PerfdashRunBuilder *builder, double percent, double value)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];
	g_ascii_formatd(digits, sizeof(digits), "%.8g", percent);
	g_autofree char *name = g_strconcat("p", digits, NULL);
	perfdash_run_builder_add_stat(builder, name, value);
}

static void
add_percentiles(Reading *reading, JsonObject *latency)
{
	JsonObject *values = reader_json_object(latency, "percentile");
	g_autoptr(GList) members = values != NULL ? json_object_get_members(values) : NULL;
	double before = 0;
	guint n = 0;
	for (GList *l = members; l != NULL && n < MAX_PERCENTILES; l = l->next) {
		double percent;
		double value;
		/* they ascend */
		if (!reader_number(l->data, &percent, NULL) || percent - before < 1e-5 ||
		    !fio_keeps_percentile(percent) || !reader_json_number(values, l->data, &value))
			continue;
		fio_add_percentile(reading->builder, percent, value);
		before = percent;
		n++;
	}
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
	if (reader_json_number(object, "bw_bytes", &value) && value > 0)
		add(reading, job, direction, "bandwidth", "B/s", PERFDASH_DIRECTION_HIGHER, value);
	else if (reader_json_number(object, "bw", &value) && value > 0)
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
		    json_object_has_member(object, "io_kbytes") ? "B" : "KiB",
		    PERFDASH_DIRECTION_NONE,
		    value);
}

static gboolean
is_used(JsonObject *object, gboolean is_failed)
{
	double value;
	if (reader_json_number(object, "io_bytes", &value) && (is_failed || value > 0))
		return value > 0;
	return reader_json_number(object, "total_ios", &value) && value > 0;
}

static void
read_direction(Reading *reading, const char *job, const char *direction, JsonObject *object)
{
	double value;
	/* a rate of zero was not measured */
	if (reader_json_number(object, "iops", &value) && value > 0)
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

/* fsync() and its like */
static void
read_sync(Reading *reading, const char *job, JsonObject *sync)
{
	double value;
	if (sync == NULL || !reader_json_number(sync, "total_ios", &value) || value <= 0)
		return;
	add(reading, job, "sync", "total_ios", "1", PERFDASH_DIRECTION_NONE, value);
	add_latency(reading, job, "sync", reader_json_object(sync, "lat_ns"), "latency", "ns");
}

static void
set_parameter(PerfdashRunBuilder *builder, const char *key, const char *value)
{
	g_autofree char *name = reader_name(value);
	perfdash_run_builder_set_parameter(builder, key, name);
}

static void
read_options(Reading *reading, JsonObject *options)
{
	for (guint i = 0; options != NULL && i < G_N_ELEMENTS(shown_options); i++) {
		const char *value = reader_json_string(options, shown_options[i]);
		if (value != NULL && *value != '\0')
			set_parameter(reading->builder, shown_options[i], value);
	}
}

/* FALSE when the job failed */
static gboolean
read_job(Reading *reading, JsonObject *job)
{
	const char *text = reader_json_string(job, "jobname");
	g_autofree char *name = reader_name(text != NULL ? text : "job");
	double error_number = 0;
	double n_errors;
	/* those after which the job went on (--continue_on_error) */
	if (reader_json_number(job, "total_err", &n_errors))
		perfdash_run_builder_add_result(reading->builder,
						name,
						"errors",
						"1",
						PERFDASH_DIRECTION_LOWER,
						n_errors);
	if (reader_json_number(job, "error", &error_number) && error_number != 0) {
		perfdash_run_builder_add_warning(reading->builder,
						 "job %s ended with error %.0f",
						 name,
						 error_number);
	}
	read_options(reading, reader_json_object(job, "job options"));
	for (guint i = 0; i < G_N_ELEMENTS(directions); i++) {
		JsonObject *direction = reader_json_object(job, directions[i]);
		if (direction != NULL && is_used(direction, error_number != 0))
			read_direction(reading, name, directions[i], direction);
	}
	read_sync(reading, name, reader_json_object(job, "sync"));
	return error_number == 0;
}

static void
read_time(Reading *reading, JsonObject *root)
{
	double value;
	gint64 started_at = 0;
	if (reader_json_number(root, "timestamp_ms", &value) && value > 0 && value < 7e12)
		started_at = (gint64)value * 1000;
	else if (reader_json_number(root, "timestamp", &value) && value > 0 && value < 7e9)
		started_at = (gint64)value * G_USEC_PER_SEC;
	if (started_at > 0)
		perfdash_run_builder_set_started_at(reading->builder, started_at);
}

/* a client of fio servers has its jobs under another name */
static JsonArray *
get_jobs(JsonObject *root)
{
	JsonArray *jobs = reader_json_array(root, "jobs");
	return jobs != NULL ? jobs : reader_json_array(root, "client_stats");
}

gboolean
fio_json_read(JsonObject *root, PerfdashRunBuilder *builder, GError **error)
{
	const char *version = reader_json_string(root, "fio version");
	JsonArray *jobs = get_jobs(root);
	Reading reading = {builder};
	if (version == NULL || jobs == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document has no \"fio version\" or no \"jobs\"");
		return FALSE;
	}
	perfdash_run_builder_set_label(builder, "tool", "fio");
	g_autofree char *version_name = reader_name(version);
	perfdash_run_builder_set_environment(builder, "tool_version", version_name);
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
	JsonArray *left = get_jobs(a);
	JsonArray *right = get_jobs(b);
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
	JsonArray *jobs = get_jobs(root);
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

/* a run in which a job failed is over */
static gboolean
has_failed(JsonObject *root)
{
	JsonArray *jobs = get_jobs(root);
	for (guint i = 0; jobs != NULL && i < json_array_get_length(jobs); i++) {
		JsonObject *job = reader_json_element(jobs, i);
		double value;
		if (job != NULL && reader_json_number(job, "error", &value) && value != 0)
			return TRUE;
	}
	return FALSE;
}

gboolean
fio_json_continues(JsonObject *before, JsonObject *after)
{
	double times[2];
	return has_same_jobs(before, after) && !has_failed(before) &&
	       elapsed(after) >= elapsed(before) &&
	       reader_json_number(before, "timestamp", &times[0]) &&
	       reader_json_number(after, "timestamp", &times[1]) && times[1] >= times[0] &&
	       times[1] - times[0] <= elapsed(after) - elapsed(before) + 1;
}

void
fio_json_add_names(JsonObject *root, GHashTable *names)
{
	JsonArray *jobs = get_jobs(root);
	const char *time = reader_json_string(root, "time");
	for (guint i = 0; jobs != NULL && i < json_array_get_length(jobs); i++) {
		JsonObject *job = reader_json_element(jobs, i);
		const char *name = job != NULL ? reader_json_string(job, "jobname") : NULL;
		if (name == NULL)
			continue;
		g_hash_table_add(names, g_strdup(name));
		g_hash_table_add(names, g_strconcat(name, "\n", time, NULL));
	}
}
