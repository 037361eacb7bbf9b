/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The summary as JSON: --summary-export has the numbers of a metric directly in it and says true of
 * a threshold that failed; handleSummary() has them in "values", with a type, and says "ok". Since
 * 1.5 both may have a list of metrics in "results" instead, and no rates of counters. Only metrics
 * are read: "setup_data" may hold secrets. */

#include <math.h>
#include <string.h>

#include "k6.h"
#include "reader-text.h"

static const struct {
	const char *name;
	K6Type type;
} types[] = {
	{"trend", K6_TREND},
	{"counter", K6_COUNTER},
	{"rate", K6_RATE},
	{"gauge", K6_GAUGE},
};

static K6Type
find_type(JsonObject *metric, JsonObject *values)
{
	const char *type = reader_json_string(metric, "type");
	for (guint i = 0; type != NULL && i < G_N_ELEMENTS(types); i++) {
		if (g_str_equal(types[i].name, type))
			return types[i].type;
	}
	if (json_object_has_member(values, "passes"))
		return K6_RATE;
	if (json_object_has_member(values, "rate"))
		return K6_COUNTER;
	return json_object_has_member(values, "value") ? K6_GAUGE : K6_TREND;
}

static double
get(JsonObject *object, const char *member)
{
	double value;
	return reader_json_number(object, member, &value) ? value : NAN;
}

static const char *
find_unit(JsonObject *metric)
{
	const char *contains = reader_json_string(metric, "contains");
	if (contains == NULL)
		return NULL;
	return g_str_equal(contains, "time") ? "ms" : g_str_equal(contains, "data") ? "B" : "1";
}

static void
read_values(K6Metric *metric, JsonObject *values)
{
	g_autoptr(GList) members = json_object_get_members(values);
	double share = get(values, "rate");
	for (GList *l = members; l != NULL; l = l->next) {
		double value;
		if (reader_json_number(values, l->data, &value))
			k6_metric_set(metric, l->data, value);
	}
	metric->per_second = share;
	metric->value = get(values, "value");
	if (metric->type == K6_RATE && !isfinite(metric->value))
		metric->value = share;
	metric->passes = get(values, "passes");
	metric->fails = get(values, "fails");
	if (json_object_has_member(values, "matches")) {
		metric->passes = get(values, "matches");
		metric->fails = get(values, "total") - metric->passes;
	}
}

static gboolean
is_crossed(JsonNode *threshold)
{
	JsonNode *ok = threshold;
	gboolean good = FALSE;
	if (JSON_NODE_HOLDS_OBJECT(threshold)) {
		ok = json_object_get_member(json_node_get_object(threshold), "ok");
		good = TRUE;
	}
	return ok != NULL && JSON_NODE_HOLDS_VALUE(ok) &&
	       json_node_get_value_type(ok) == G_TYPE_BOOLEAN && json_node_get_boolean(ok) != good;
}

static void
read_thresholds(PerfdashRunBuilder *builder, JsonObject *metric, const char *name)
{
	JsonObject *thresholds = reader_json_object(metric, "thresholds");
	g_autoptr(GList) members = thresholds != NULL ? json_object_get_members(thresholds) : NULL;
	for (GList *l = members; l != NULL; l = l->next) {
		if (is_crossed(json_object_get_member(thresholds, l->data)))
			perfdash_run_builder_add_warning(builder,
							 "threshold of %s was crossed: %s",
							 name,
							 (const char *)l->data);
	}
}

static void
read_metric(K6Run *run, PerfdashRunBuilder *builder, const char *name, JsonObject *object)
{
	JsonObject *values = reader_json_object(object, "values");
	if (values == NULL)
		values = object;
	K6Metric *metric = k6_run_add(run, name, find_type(object, values));
	metric->unit = find_unit(object);
	read_values(metric, values);
	read_thresholds(builder, object, metric->name);
}

static void
read_metrics(K6Run *run, PerfdashRunBuilder *builder, JsonObject *metrics)
{
	g_autoptr(GList) members = json_object_get_members(metrics);
	for (GList *l = members; l != NULL; l = l->next) {
		JsonObject *metric = reader_json_object(metrics, l->data);
		if (metric != NULL)
			read_metric(run, builder, l->data, metric);
	}
}

static void
read_list(K6Run *run, PerfdashRunBuilder *builder, JsonArray *list, double seconds)
{
	for (guint i = 0; list != NULL && i < json_array_get_length(list); i++) {
		JsonObject *object = reader_json_element(list, i);
		const char *name = object != NULL ? reader_json_string(object, "name") : NULL;
		if (name == NULL || k6_rename(name) == NULL ||
		    k6_run_find(run, k6_rename(name)) != NULL)
			continue;
		read_metric(run, builder, k6_rename(name), object);
		K6Metric *metric = run->metrics->pdata[run->metrics->len - 1];
		/* what k6 itself divides by */
		if (!isfinite(metric->per_second) && seconds > 0)
			metric->per_second = metric->count / seconds;
	}
}

/* seconds, or NAN */
static double
read_duration(JsonObject *root)
{
	JsonObject *state = reader_json_object(root, "state");
	JsonObject *config = reader_json_object(root, "config");
	double duration = NAN;
	if (state != NULL)
		perfdash_unit_to_base("ms", get(state, "testRunDurationMs"), &duration);
	else if (config != NULL)
		duration = get(config, "duration");
	return duration;
}

static void
read_version(PerfdashRunBuilder *builder, JsonObject *root)
{
	JsonObject *metadata = reader_json_object(root, "metadata");
	const char *version = metadata != NULL ? reader_json_string(metadata, "k6_version") : NULL;
	if (version == NULL)
		return;
	g_autofree char *name = reader_name(version);
	perfdash_run_builder_set_environment(builder, "tool_version", name);
}

void
k6_json_read(JsonObject *root, PerfdashRunBuilder *builder)
{
	g_autoptr(K6Run) run = k6_run_new();
	JsonObject *metrics = reader_json_object(root, "metrics");
	JsonObject *results = reader_json_object(root, "results");
	JsonObject *checks = results != NULL ? reader_json_object(results, "checks") : NULL;
	double duration = read_duration(root);
	read_version(builder, root);
	if (metrics != NULL)
		read_metrics(run, builder, metrics);
	if (checks != NULL)
		read_list(run, builder, reader_json_array(checks, "metrics"), duration);
	if (results != NULL)
		read_list(run, builder, reader_json_array(results, "metrics"), duration);
	k6_run_write(run, builder);
	if (isfinite(duration))
		perfdash_run_builder_add_result(builder,
						"k6",
						"duration",
						"s",
						PERFDASH_DIRECTION_NONE,
						duration);
}
