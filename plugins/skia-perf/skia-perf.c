/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files that Skia Perf takes in, format 1: keys of the file and of each result name a trace. A
 * result has one measurement, or groups of them, each with a value of the group and a number:
 * {"stat": [{"value": "min", "measurement": 1.2}]}. */

#include "skia-perf.h"

#include <string.h>

#include "reader-label.h"
#include "reader-text.h"
#include "reader-unit.h"

#define MAX_LABELS 30    /* of a result */
#define MAX_HEAD   65536 /* bytes that tell the formats apart */

typedef struct {
	PerfdashRunBuilder *builder;
	GHashTable *lines; /* of objects */
} Reading;

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
		unit = group;
	return unit != NULL ? unit : "1";
}

/* what Chromium's tests put behind a unit: "ms_smallerIsBetter" */
static PerfdashDirection
cut_direction(char *unit)
{
	static const struct {
		const char *suffix;
		PerfdashDirection direction;
	} suffixes[] = {{"_smallerIsBetter", PERFDASH_DIRECTION_LOWER},
			{"_biggerIsBetter", PERFDASH_DIRECTION_HIGHER}};
	for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		if (!g_str_has_suffix(unit, suffixes[i].suffix))
			continue;
		unit[strlen(unit) - strlen(suffixes[i].suffix)] = '\0';
		return suffixes[i].direction;
	}
	return PERFDASH_DIRECTION_NONE;
}

static PerfdashDirection
get_direction(JsonObject *const *keys, const char *unit, PerfdashDirection said)
{
	const char *better = get_key(keys, "improvement_direction");
	if (better == NULL)
		return said != PERFDASH_DIRECTION_NONE ? said : perfdash_direction_of_unit(unit);
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
	g_autofree char *word = reader_name(get_unit(keys, metric));
	g_autofree char *metric_name = reader_name(metric);
	PerfdashDirection said = cut_direction(word);
	const char *unit = reader_unit(word, &value);
	perfdash_run_builder_add_result(builder,
					benchmark,
					metric_name,
					unit,
					get_direction(keys, unit, said),
					value);
	add_labels(builder, keys[1]);
	add_labels(builder, keys[0]);
}

/* how many samples there were, in no unit and no better when there are more */
static void
add_count(PerfdashRunBuilder *builder, JsonObject *const *keys, double value)
{
	g_autofree char *benchmark = reader_name(get_name(keys));
	perfdash_run_builder_add_result(builder,
					benchmark,
					"count",
					"1",
					PERFDASH_DIRECTION_NONE,
					value);
	add_labels(builder, keys[1]);
	add_labels(builder, keys[0]);
}

/* most groups are statistics of one thing, or what a key is: {"config": [{"value": "gpu", ...}]} */
static void
read_group(Reading *self, JsonObject *const *keys, const char *group, JsonArray *measurements)
{
	double value;
	for (guint i = 0; i < json_array_get_length(measurements); i++) {
		JsonObject *one = reader_json_element(measurements, i);
		const char *name = one != NULL ? reader_json_string(one, "value") : NULL;
		if (name == NULL || !reader_json_number(one, "measurement", &value))
			continue;
		reader_json_set_line(self->builder, self->lines, one);
		if (g_str_equal(group, "stat") && g_str_equal(name, "count")) {
			add_count(self->builder, keys, value);
			continue;
		}
		add_value(self->builder, keys, group, value);
		reader_add_label(self->builder, "value", name);
	}
}

static void
read_result(Reading *self, JsonObject *file_key, JsonObject *result)
{
	JsonObject *keys[] = {reader_json_object(result, "key"), file_key};
	JsonObject *groups = reader_json_object(result, "measurements");
	const char *metric = get_key(keys, "metric");
	double value;
	reader_json_set_line(self->builder, self->lines, result);
	if (reader_json_number(result, "measurement", &value))
		add_value(self->builder, keys, metric != NULL ? metric : "value", value);
	g_autoptr(GList) members = groups != NULL ? json_object_get_members(groups) : NULL;
	for (GList *l = members; l != NULL; l = l->next) {
		JsonArray *measurements = reader_json_array(groups, l->data);
		if (measurements != NULL)
			read_group(self, keys, l->data, measurements);
	}
}

static void
read_results(Reading *self, JsonObject *root)
{
	JsonArray *results = reader_json_array(root, "results");
	const char *revision = reader_json_string(root, "git_hash");
	if (revision != NULL && *revision != '\0') {
		g_autofree char *hash = reader_name(revision);
		perfdash_run_builder_set_revision(self->builder, hash);
	}
	for (guint i = 0; results != NULL && i < json_array_get_length(results); i++) {
		JsonObject *result = reader_json_element(results, i);
		if (result != NULL)
			read_result(self, reader_json_object(root, "key"), result);
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
	gboolean is_cut;
	g_autofree char *head = g_strndup(size > 0 ? text : "", MIN(size, MAX_HEAD));
	if (skia_perf_is_legacy(head))
		return skia_perf_read_legacy(text, size, builder, error);
	g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);
	g_autoptr(JsonParser) json =
		reader_json_load_rows_with_lines(text, size, lines, "}", "]}", &is_cut, error);
	Reading reading = {builder, lines};
	if (json == NULL)
		return FALSE;
	perfdash_run_builder_set_label(builder, "tool", "skia-perf");
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the document was cut off");
	}
	if (reader_json_root_object(json) != NULL)
		read_results(&reading, reader_json_root_object(json));
	return TRUE;
}

static guint
skia_perf_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	if (skia_perf_is_legacy(text))
		return 80;
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
		       "3",
		       "Skia Perf, other dashboards: ingestion JSON, format 1 and legacy",
		       "*.json",
		       PERFDASH_PARSER_JSON,
		       "\"git_hash\"\n\"gitHash\"")
