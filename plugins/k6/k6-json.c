/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The summary as JSON: --summary-export has the numbers of a metric directly in it and says true of
 * a threshold that failed; handleSummary() has them in "values", with a type, and says "ok". Only
 * "metrics" is read: "setup_data" may hold secrets. */

#include <math.h>
#include <string.h>

#include "k6.h"

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

void
k6_json_read(JsonObject *root, PerfdashRunBuilder *builder)
{
	g_autoptr(K6Run) run = k6_run_new();
	JsonObject *metrics = reader_json_object(root, "metrics");
	JsonObject *state = reader_json_object(root, "state");
	double duration;
	if (metrics != NULL)
		read_metrics(run, builder, metrics);
	k6_run_write(run, builder);
	if (state != NULL && reader_json_number(state, "testRunDurationMs", &duration))
		perfdash_run_builder_add_result(builder,
						"k6",
						"duration",
						"ms",
						PERFDASH_DIRECTION_NONE,
						duration);
}
