/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Result files of airspeed velocity. A benchmark with parameters has a value for each combination,
 * the last parameter going round first. NaN and null are combinations that were skipped or failed.
 * Units are not in these files: they follow from what the name of the function begins with. Format
 * 2 has a list for each benchmark, whose columns "result_columns" names; format 1 has a value or an
 * object. */

#include <string.h>

#include "reader-json.h"
#include "reader-start.h"
#include "reader-text.h"

#define MAX_PARAMETERS 8

static const struct {
	const char *prefix;
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} kinds[] = {
	{"time_", "time", "s", PERFDASH_DIRECTION_LOWER},
	{"timeraw_", "time", "s", PERFDASH_DIRECTION_LOWER},
	{"mem_", "memory", "B", PERFDASH_DIRECTION_LOWER},
	{"peakmem_", "peak_memory", "B", PERFDASH_DIRECTION_LOWER},
	{"", "value", "1", PERFDASH_DIRECTION_NONE},
};

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_values;
	guint n_missing;
} Reading;

/* the function, behind modules and classes */
static guint
find_kind(const char *benchmark)
{
	const char *dot = strrchr(benchmark, '.');
	const char *function = dot != NULL ? dot + 1 : benchmark;
	guint i = 0;
	while (!g_str_has_prefix(function, kinds[i].prefix))
		i++;
	return i;
}

/* which value of which parameter a combination has */
static const char *
get_parameter(JsonArray *parameters, guint which, guint combination)
{
	for (guint i = json_array_get_length(parameters); i-- > 0;) {
		JsonNode *node = json_array_get_element(parameters, i);
		JsonArray *values = JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
		guint n = values != NULL ? json_array_get_length(values) : 0;
		if (n == 0)
			return NULL;
		JsonNode *value = json_array_get_element(values, combination % n);
		if (i == which)
			return JSON_NODE_HOLDS_VALUE(value) ? json_node_get_string(value) : NULL;
		combination /= n;
	}
	return NULL;
}

/* asv keeps the names of parameters elsewhere */
static void
add_parameters(Reading *self, JsonArray *parameters, guint combination)
{
	guint n = parameters != NULL ? json_array_get_length(parameters) : 0;
	for (guint i = 0; i < MIN(n, MAX_PARAMETERS); i++) {
		const char *value = get_parameter(parameters, i, combination);
		if (value == NULL)
			continue;
		g_autofree char *key = g_strdup_printf("parameter%u", i + 1);
		g_autofree char *name = reader_name(value);
		perfdash_run_builder_add_result_label(self->builder, key, name);
	}
}

static void
add_value(Reading *self,
	  const char *benchmark,
	  JsonArray *parameters,
	  guint combination,
	  double value)
{
	guint kind = find_kind(benchmark);
	g_autofree char *name = reader_name(benchmark);
	self->n_values++;
	perfdash_run_builder_add_result(self->builder,
					name,
					kinds[kind].metric,
					kinds[kind].unit,
					kinds[kind].direction,
					value);
	add_parameters(self, parameters, combination);
}

static void
read_values(Reading *self, const char *benchmark, JsonArray *values, JsonArray *parameters)
{
	double value;
	for (guint i = 0; i < json_array_get_length(values); i++) {
		if (reader_json_number_at(values, i, &value))
			add_value(self, benchmark, parameters, i, value);
		else
			self->n_missing++;
	}
}

static JsonArray *
get_column(JsonArray *row, JsonArray *columns, const char *name)
{
	for (guint i = 0; columns != NULL && i < json_array_get_length(columns); i++) {
		JsonNode *column = json_array_get_element(columns, i);
		if (!JSON_NODE_HOLDS_VALUE(column) ||
		    g_strcmp0(json_node_get_string(column), name) != 0 ||
		    i >= json_array_get_length(row))
			continue;
		JsonNode *node = json_array_get_element(row, i);
		return JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
	}
	return NULL;
}

static void
read_benchmark(Reading *self, JsonObject *results, const char *name, JsonArray *columns)
{
	JsonArray *row = reader_json_array(results, name);
	JsonObject *old = reader_json_object(results, name);
	JsonArray *values = row != NULL   ? get_column(row, columns, "result")
			    : old != NULL ? reader_json_array(old, "result")
					  : NULL;
	JsonArray *parameters = row != NULL   ? get_column(row, columns, "params")
				: old != NULL ? reader_json_array(old, "params")
					      : NULL;
	double value;
	if (values != NULL)
		read_values(self, name, values, parameters);
	else if (reader_json_number(results, name, &value) ||
		 (old != NULL && reader_json_number(old, "result", &value)))
		add_value(self, name, NULL, 0, value);
	else
		self->n_missing++;
}

/* the machine's name is left out */
static void
read_facts(PerfdashRunBuilder *builder, JsonObject *root)
{
	static const char *const facts[] = {"arch", "cpu", "os", "ram", "num_cpu"};
	JsonObject *machine = reader_json_object(root, "params");
	const char *revision = reader_json_string(root, "commit_hash");
	const char *python = reader_json_string(root, "python");
	double date;
	if (revision != NULL && *revision != '\0') {
		g_autofree char *name = reader_name(revision);
		perfdash_run_builder_set_revision(builder, name);
	}
	if (reader_json_number(root, "date", &date))
		reader_set_start(builder, date * 1000);
	if (python != NULL && *python != '\0') {
		g_autofree char *name = reader_name(python);
		perfdash_run_builder_set_environment(builder, "python", name);
	}
	for (guint i = 0; machine != NULL && i < G_N_ELEMENTS(facts); i++) {
		const char *value = reader_json_string(machine, facts[i]);
		if (value == NULL || *value == '\0')
			continue;
		g_autofree char *name = reader_name(value);
		perfdash_run_builder_set_environment(builder, facts[i], name);
	}
}

static gboolean
asv_parser_parse(PerfdashParser *parser,
		 const char *name,
		 GBytes *log,
		 PerfdashRunBuilder *builder,
		 GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	g_autoptr(JsonParser) json = reader_json_load(text, size, error);
	JsonObject *root = json != NULL ? reader_json_root_object(json) : NULL;
	JsonObject *results = root != NULL ? reader_json_object(root, "results") : NULL;
	Reading reading = {builder, 0, 0};
	if (json == NULL)
		return FALSE;
	perfdash_run_builder_set_label(builder, "tool", "asv");
	if (results == NULL)
		return TRUE;
	read_facts(builder, root);
	g_autoptr(GList) members = json_object_get_members(results);
	for (GList *l = members; l != NULL; l = l->next)
		read_benchmark(&reading,
			       results,
			       l->data,
			       reader_json_array(root, "result_columns"));
	if (reading.n_missing > 0)
		perfdash_run_builder_add_warning(builder,
						 "%u values are missing: skipped or failed",
						 reading.n_missing);
	if (reading.n_missing > 0 && reading.n_values == 0)
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
	return TRUE;
}

static guint
asv_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	return strstr(text, "\"commit_hash\"") != NULL && strstr(text, "\"env_name\"") != NULL ? 92
											       : 0;
}

PERFDASH_DEFINE_PARSER(AsvParser,
		       asv_parser,
		       asv_parser_probe,
		       asv_parser_parse,
		       "asv",
		       "1",
		       "airspeed velocity (asv), other dashboards: result JSON, formats 1 and 2",
		       "*.json",
		       PERFDASH_PARSER_JSON,
		       "\"commit_hash\"")
