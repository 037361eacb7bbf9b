/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that Skia Perf takes in, format 1: keys of the file and of each result name a trace. A
 * result has one measurement, or groups of them, each with a value of the group and a number:
 * {"stat": [{"value": "min", "measurement": 1.2}]}. */

#include <string.h>

#include "reader-json.h"
#include "reader-label.h"
#include "reader-text.h"

#define MAX_LABELS 30 /* of a result */

/* what a result is called, and what is no label of it */
static const char *const name_keys[] = {"test", "name", "benchmark", NULL};
static const char *const other_keys[] = {"unit", "units", "improvement_direction", "metric", NULL};

static const char *
get_key(JsonObject *const *keys, const char *name)
{
	for (guint i = 0; i < 2; i++) {
		const char *value = keys[i] != NULL ? reader_json_string(keys[i], name) : NULL;
		if (value != NULL && *value != '\0')
			return value;
	}
	return NULL;
}

static const char *
get_name(JsonObject *const *keys)
{
	for (guint i = 0; name_keys[i] != NULL; i++) {
		const char *value = get_key(keys, name_keys[i]);
		if (value != NULL)
			return value;
	}
	return "unnamed";
}

/* a group of measurements is often called after its unit */
static const char *
get_unit(JsonObject *const *keys, const char *group)
{
	static const char *const units[] = {"s", "ms", "us", "ns", "bytes", "B", NULL};
	const char *unit = get_key(keys, "units");
	if (unit == NULL)
		unit = get_key(keys, "unit");
	if (unit == NULL && g_strv_contains(units, group))
		unit = g_str_equal(group, "bytes") ? "B" : group;
	return unit != NULL && strlen(unit) <= 32 ? unit : "1";
}

static PerfdashDirection
get_direction(JsonObject *const *keys, const char *unit)
{
	const char *better = get_key(keys, "improvement_direction");
	if (better == NULL)
		return perfdash_direction_of_unit(unit);
	return g_str_equal(better, "up")     ? PERFDASH_DIRECTION_HIGHER
	       : g_str_equal(better, "down") ? PERFDASH_DIRECTION_LOWER
					     : PERFDASH_DIRECTION_NONE;
}

static void
add_labels(PerfdashRunBuilder *builder, JsonObject *key)
{
	g_autoptr(GList) members = key != NULL ? json_object_get_members(key) : NULL;
	guint n = 0;
	for (GList *l = members; l != NULL && n < MAX_LABELS; l = l->next, n++) {
		const char *value = reader_json_string(key, l->data);
		if (value != NULL && !g_strv_contains(name_keys, l->data) &&
		    !g_strv_contains(other_keys, l->data))
			reader_add_label(builder, l->data, value);
	}
}

static void
add_value(PerfdashRunBuilder *builder, JsonObject *const *keys, const char *metric, double value)
{
	g_autofree char *benchmark = reader_name(get_name(keys));
	g_autofree char *unit = reader_name(get_unit(keys, metric));
	g_autofree char *metric_name = reader_name(metric);
	perfdash_run_builder_add_result(builder,
					benchmark,
					metric_name,
					unit,
					get_direction(keys, unit),
					value);
	add_labels(builder, keys[0]);
	add_labels(builder, keys[1]);
}

static void
read_group(PerfdashRunBuilder *builder,
	   JsonObject *const *keys,
	   const char *group,
	   JsonArray *measurements)
{
	double value;
	for (guint i = 0; i < json_array_get_length(measurements); i++) {
		JsonObject *one = reader_json_element(measurements, i);
		const char *name = one != NULL ? reader_json_string(one, "value") : NULL;
		if (name == NULL || !reader_json_number(one, "measurement", &value))
			continue;
		add_value(builder, keys, group, value);
		reader_add_label(builder, "value", name);
	}
}

static void
read_result(PerfdashRunBuilder *builder, JsonObject *file_key, JsonObject *result)
{
	JsonObject *keys[] = {reader_json_object(result, "key"), file_key};
	JsonObject *groups = reader_json_object(result, "measurements");
	const char *metric = get_key(keys, "metric");
	double value;
	if (reader_json_number(result, "measurement", &value))
		add_value(builder, keys, metric != NULL ? metric : "value", value);
	g_autoptr(GList) members = groups != NULL ? json_object_get_members(groups) : NULL;
	for (GList *l = members; l != NULL; l = l->next) {
		JsonArray *measurements = reader_json_array(groups, l->data);
		if (measurements != NULL)
			read_group(builder, keys, l->data, measurements);
	}
}

static gboolean
skia_perf_parser_parse(PerfdashParser *parser,
		       const char *name,
		       GBytes *log,
		       PerfdashRunBuilder *builder,
		       GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	g_autoptr(JsonParser) json = reader_json_load(text, size, error);
	JsonObject *root = json != NULL ? reader_json_root_object(json) : NULL;
	JsonArray *results = root != NULL ? reader_json_array(root, "results") : NULL;
	if (json == NULL)
		return FALSE;
	perfdash_run_builder_set_label(builder, "tool", "skia-perf");
	const char *revision = root != NULL ? reader_json_string(root, "git_hash") : NULL;
	if (revision != NULL && *revision != '\0') {
		g_autofree char *hash = reader_name(revision);
		perfdash_run_builder_set_revision(builder, hash);
	}
	for (guint i = 0; results != NULL && i < json_array_get_length(results); i++) {
		JsonObject *result = reader_json_element(results, i);
		if (result != NULL)
			read_result(builder, reader_json_object(root, "key"), result);
	}
	return TRUE;
}

static guint
skia_perf_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	return strstr(text, "\"git_hash\"") != NULL && strstr(text, "\"results\"") != NULL &&
			       strstr(text, "\"measurement") != NULL
		       ? 90
		       : 0;
}

PERFDASH_DEFINE_PARSER(SkiaPerfParser,
		       skia_perf_parser,
		       skia_perf_parser_probe,
		       skia_perf_parser_parse,
		       "skia-perf",
		       "1",
		       "Skia Perf, other dashboards: ingestion JSON, format 1",
		       "*.json",
		       PERFDASH_PARSER_JSON,
		       "\"git_hash\"")
