/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Results that are submitted to Conbench, one or a list of them: samples in stats.data with a unit,
 * where "i/s" and "B/s" are rates and "s" and "ns" times. Numbers may be strings. A result with an
 * error has no samples, or some that do not count; so has one of which an iteration is null. */

#include <math.h>
#include <string.h>

#include "reader-json.h"
#include "reader-label.h"
#include "reader-start.h"
#include "reader-text.h"
#include "reader-unit.h"

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
	GHashTable *lines; /* of objects */
	guint n_values;
	guint n_errors;
} Reading;

/* "b/s" are bytes, too */
static const char *
get_unit(const char *word, double *factor)
{
	return g_strcmp0(word, "b/s") == 0 ? "B/s" : reader_unit(word, factor);
}

static gboolean
get_number(JsonNode *node, double *number)
{
	const char *rest;
	if (!JSON_NODE_HOLDS_VALUE(node))
		return FALSE;
	const char *text = json_node_get_string(node);
	if (text != NULL)
		return reader_number(text, number, &rest) && *rest == '\0';
	*number = json_node_get_double(node);
	return json_node_get_value_type(node) != G_TYPE_BOOLEAN && isfinite(*number);
}

static gboolean
get_member(JsonObject *object, const char *member, double *number)
{
	JsonNode *node = json_object_get_member(object, member);
	return node != NULL && get_number(node, number);
}

/* FALSE when there are none or one is missing */
static gboolean
get_samples(JsonObject *from, GArray *samples)
{
	JsonArray *data = from != NULL ? reader_json_array(from, "data") : NULL;
	double value;
	for (guint i = 0; data != NULL && i < json_array_get_length(data); i++) {
		if (!get_number(json_array_get_element(data, i), &value))
			return FALSE;
		g_array_append_val(samples, value);
	}
	return samples->len > 0;
}

static double
get_mean(JsonObject *from, const GArray *samples)
{
	double sum = 0;
	double mean;
	if (get_member(from, "mean", &mean))
		return mean;
	for (guint i = 0; i < samples->len; i++)
		sum += g_array_index(samples, double, i);
	return sum / samples->len;
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
add_stats(PerfdashRunBuilder *builder, JsonObject *from, const GArray *samples, double factor)
{
	double value;
	perfdash_run_builder_add_stat(builder, "n", samples->len);
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (get_member(from, stats[i].member, &value))
			perfdash_run_builder_add_stat(builder, stats[i].stat, value * factor);
	}
	for (guint i = 0; i < samples->len; i++)
		perfdash_run_builder_add_replicate(builder,
						   g_array_index(samples, double, i) * factor);
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
	const char *name = tags != NULL ? reader_json_string(tags, "name") : NULL;
	g_autoptr(GArray) samples = g_array_new(FALSE, FALSE, sizeof(double));
	double factor = 1;
	g_autofree char *benchmark = reader_name(name != NULL ? name : "unnamed");
	if (has_error(result) || !get_samples(from, samples)) {
		self->n_errors++;
		perfdash_run_builder_add_warning(self->builder,
						 has_error(result)
							 ? "%s ended with an error"
							 : "%s has no samples, or not all",
						 benchmark);
		return;
	}
	const char *word = reader_json_string(from, "unit");
	g_autofree char *unit_name = reader_name(word != NULL && *word != '\0' ? word : "1");
	const char *unit = get_unit(unit_name, &factor);
	self->n_values++;
	reader_json_set_line(self->builder, self->lines, result);
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"value",
					unit,
					perfdash_direction_of_unit(unit),
					get_mean(from, samples) * factor);
	add_tags(self->builder, tags);
	add_stats(self->builder, from, samples, factor);
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

static void
read_root(Reading *self, JsonParser *json)
{
	JsonObject *root = reader_json_root_object(json);
	if (root != NULL) {
		read_facts(self->builder, root);
		read_values(self, root);
	} else if (reader_json_root_array(json) != NULL) {
		read_list(self, reader_json_root_array(json));
	}
	if (self->n_errors > 0 && self->n_values == 0)
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
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
	gboolean is_cut;
	g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);
	g_autoptr(JsonParser) json =
		reader_json_load_rows_with_lines(text, size, lines, "}", "]", &is_cut, error);
	Reading reading = {builder, lines, 0, 0};
	if (json == NULL)
		return FALSE;
	perfdash_run_builder_set_label(builder, "tool", "conbench");
	read_root(&reading, json);
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the document was cut off");
	}
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
		       "2",
		       "Conbench, other dashboards: result JSON",
		       "*.json",
		       PERFDASH_PARSER_JSON,
		       "\"batch_id\"")
