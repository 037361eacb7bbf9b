/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Results that are submitted to Conbench, one or a list of them: samples in stats.data with a unit,
 * where "i/s" and "B/s" are rates and "s" and "ns" times. A result with an error has no samples, or
 * some that do not count. */

#include <string.h>

#include "reader-json.h"
#include "reader-label.h"
#include "reader-start.h"
#include "reader-text.h"

#define MAX_LABELS 30

static const struct {
	const char *member;
	const char *stat;
} stats[] = {
	{"min", "min"},
	{"max", "max"},
	{"median", "p50"},
	{"q1", "p25"},
	{"q3", "p75"},
	{"stdev", "sd"},
};

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_values;
	guint n_errors;
} Reading;

static const char *
get_unit(const char *unit)
{
	if (unit == NULL || *unit == '\0' || strlen(unit) > 32)
		return "1";
	return g_str_equal(unit, "i/s") ? "1/s" : g_str_equal(unit, "b/s") ? "B/s" : unit;
}

static gboolean
get_mean(JsonObject *from, JsonArray *samples, double *mean)
{
	double sum = 0;
	guint n = json_array_get_length(samples);
	double value;
	if (reader_json_number(from, "mean", mean))
		return TRUE;
	for (guint i = 0; i < n; i++) {
		if (!reader_json_number_at(samples, i, &value))
			return FALSE;
		sum += value;
	}
	*mean = sum / n;
	return n > 0;
}

static void
add_tags(PerfdashRunBuilder *builder, JsonObject *tags)
{
	g_autoptr(GList) members = tags != NULL ? json_object_get_members(tags) : NULL;
	guint n = 0;
	for (GList *l = members; l != NULL && n < MAX_LABELS; l = l->next) {
		JsonNode *node = json_object_get_member(tags, l->data);
		double number;
		if (g_str_equal(l->data, "name") || !JSON_NODE_HOLDS_VALUE(node))
			continue;
		n++;
		if (reader_json_string(tags, l->data) != NULL) {
			reader_add_label(builder, l->data, reader_json_string(tags, l->data));
		} else if (reader_json_number(tags, l->data, &number)) {
			g_autofree char *text = g_strdup_printf("%.10g", number);
			reader_add_label(builder, l->data, text);
		}
	}
}

static void
add_stats(PerfdashRunBuilder *builder, JsonObject *from, JsonArray *samples)
{
	double value;
	perfdash_run_builder_add_stat(builder, "n", json_array_get_length(samples));
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (reader_json_number(from, stats[i].member, &value))
			perfdash_run_builder_add_stat(builder, stats[i].stat, value);
	}
	for (guint i = 0; i < json_array_get_length(samples); i++) {
		if (reader_json_number_at(samples, i, &value))
			perfdash_run_builder_add_replicate(builder, value);
	}
}

static gboolean
has_error(JsonObject *result)
{
	JsonNode *node = json_object_get_member(result, "error");
	return node != NULL && !JSON_NODE_HOLDS_NULL(node);
}

static void
read_values(Reading *self, JsonObject *result)
{
	JsonObject *tags = reader_json_object(result, "tags");
	JsonObject *from = reader_json_object(result, "stats");
	JsonArray *samples = from != NULL ? reader_json_array(from, "data") : NULL;
	const char *name = tags != NULL ? reader_json_string(tags, "name") : NULL;
	double mean;
	g_autofree char *benchmark = reader_name(name != NULL ? name : "unnamed");
	if (has_error(result)) {
		self->n_errors++;
		perfdash_run_builder_add_warning(self->builder,
						 "%s ended with an error",
						 benchmark);
		return;
	}
	if (samples == NULL || !get_mean(from, samples, &mean))
		return;
	g_autofree char *unit = reader_name(get_unit(reader_json_string(from, "unit")));
	self->n_values++;
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"value",
					unit,
					perfdash_direction_of_unit(unit),
					mean);
	add_tags(self->builder, tags);
	add_stats(self->builder, from, samples);
}

static void
read_facts(PerfdashRunBuilder *builder, JsonObject *result)
{
	static const char *const facts[] = {"architecture_name",
					    "cpu_model_name",
					    "kernel_name",
					    "os_name",
					    "os_version"};
	JsonObject *machine = reader_json_object(result, "machine_info");
	JsonObject *github = reader_json_object(result, "github");
	const char *commit = github != NULL ? reader_json_string(github, "commit") : NULL;
	if (commit != NULL && *commit != '\0') {
		g_autofree char *revision = reader_name(commit);
		perfdash_run_builder_set_revision(builder, revision);
	}
	reader_set_start_text(builder, reader_json_string(result, "timestamp"));
	for (guint i = 0; machine != NULL && i < G_N_ELEMENTS(facts); i++) {
		const char *value = reader_json_string(machine, facts[i]);
		if (value == NULL || *value == '\0')
			continue;
		g_autofree char *name = reader_name(value);
		perfdash_run_builder_set_environment(builder, facts[i], name);
	}
}

static void
read_list(Reading *self, JsonArray *list)
{
	for (guint i = 0; i < json_array_get_length(list); i++) {
		JsonObject *result = reader_json_element(list, i);
		if (result == NULL)
			continue;
		if (i == 0)
			read_facts(self->builder, result);
		read_values(self, result);
	}
}

static gboolean
conbench_parser_parse(PerfdashParser *parser,
		      const char *name,
		      GBytes *log,
		      PerfdashRunBuilder *builder,
		      GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	g_autoptr(JsonParser) json = reader_json_load(text, size, error);
	Reading reading = {builder, 0, 0};
	if (json == NULL)
		return FALSE;
	JsonObject *root = reader_json_root_object(json);
	perfdash_run_builder_set_label(builder, "tool", "conbench");
	if (root != NULL) {
		read_facts(builder, root);
		read_values(&reading, root);
	} else if (reader_json_root_array(json) != NULL) {
		read_list(&reading, reader_json_root_array(json));
	}
	if (reading.n_errors > 0 && reading.n_values == 0)
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
	return TRUE;
}

static guint
conbench_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	static const char *const members[] = {"\"batch_id\"", "\"tags\"", "\"context\""};
	g_autofree char *text = reader_text(head);
	for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
		if (strstr(text, members[i]) == NULL)
			return 0;
	}
	return strstr(text, "\"stats\"") != NULL || strstr(text, "\"error\"") != NULL ? 90 : 0;
}

PERFDASH_DEFINE_PARSER(ConbenchParser,
		       conbench_parser,
		       conbench_parser_probe,
		       conbench_parser_parse,
		       "conbench",
		       "1",
		       "Conbench, other dashboards: result JSON",
		       "*.json",
		       PERFDASH_PARSER_JSON,
		       "\"batch_id\"")
