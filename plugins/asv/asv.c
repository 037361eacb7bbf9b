/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Result files of airspeed velocity. A benchmark with parameters has a value for each combination,
 * the last parameter going round first. NaN and null are combinations that were skipped or failed.
 * Units are not in these files: they follow from what the name of the function begins with. Format
 * 2 has a list for each benchmark, whose columns "result_columns" names and of which the last may
 * be missing; format 1 has a value or an object. A time is the median of its samples. */

#include "asv.h"

#include <string.h>

#include "reader-json.h"
#include "reader-start.h"
#include "reader-text.h"

#define MAX_PARAMETERS 8

static const AsvKind kinds[] = {
	{"time_", "time", "s", PERFDASH_DIRECTION_LOWER},
	{"timeraw_", "time", "s", PERFDASH_DIRECTION_LOWER},
	{"mem_", "memory", "B", PERFDASH_DIRECTION_LOWER},
	{"peakmem_", "peak_memory", "B", PERFDASH_DIRECTION_LOWER},
	{"Time", "time", "s", PERFDASH_DIRECTION_LOWER},
	{"Timeraw", "time", "s", PERFDASH_DIRECTION_LOWER},
	{"Mem", "memory", "B", PERFDASH_DIRECTION_LOWER},
	{"PeakMem", "peak_memory", "B", PERFDASH_DIRECTION_LOWER},
	{"", "value", "1", PERFDASH_DIRECTION_NONE},
};

/* columns of format 2, and members of "stats" in format 1 */
static const struct {
	const char *column;
	const char *member;
	const char *stat;
} stats[] = {
	{"stats_q_25", "q_25", "p25"},
	{"stats_q_75", "q_75", "p75"},
	{"stats_repeat", "repeat", "n"},
	{"", "min", "min"},
	{"", "max", "max"},
	{"", "mean", "mean"},
	{"", "std", "sd"},
};

typedef struct {
	PerfdashRunBuilder *builder;
	const char *text; /* of the document, from the last benchmark on */
	const char *end;
	guint line; /* of text */
	guint n_values;
	guint n_missing;
} Reading;

/* a benchmark: what stands beside its values, each nullable */
typedef struct {
	JsonArray *row;
	JsonArray *columns;
	JsonObject *old; /* of format 1 */
	JsonArray *parameters;
} Benchmark;

/* the function, behind modules and classes */
const AsvKind *
asv_find_kind(const char *benchmark)
{
	const char *dot = strrchr(benchmark, '.');
	const char *function = dot != NULL ? dot + 1 : benchmark;
	guint i = 0;
	while (!g_str_has_prefix(function, kinds[i].prefix))
		i++;
	return &kinds[i];
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

static JsonArray *
get_column(const Benchmark *one, const char *name)
{
	for (guint i = 0; one->columns != NULL && i < json_array_get_length(one->columns); i++) {
		JsonNode *column = json_array_get_element(one->columns, i);
		if (!JSON_NODE_HOLDS_VALUE(column) ||
		    g_strcmp0(json_node_get_string(column), name) != 0 ||
		    i >= json_array_get_length(one->row))
			continue;
		JsonNode *node = json_array_get_element(one->row, i);
		return JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
	}
	return NULL;
}

static gboolean
get_stat(const Benchmark *one, guint i, guint combination, double *value)
{
	JsonArray *column = one->row != NULL ? get_column(one, stats[i].column) : NULL;
	JsonArray *old = one->old != NULL ? reader_json_array(one->old, "stats") : NULL;
	JsonObject *of_one = old != NULL && combination < json_array_get_length(old)
				     ? reader_json_element(old, combination)
				     : NULL;
	if (column != NULL)
		return combination < json_array_get_length(column) &&
		       reader_json_number_at(column, combination, value);
	return of_one != NULL && reader_json_number(of_one, stats[i].member, value);
}

/* what was measured, a list for each combination */
static void
add_samples(Reading *self, const Benchmark *one, guint combination)
{
	JsonArray *lists = one->row != NULL   ? get_column(one, "samples")
			   : one->old != NULL ? reader_json_array(one->old, "samples")
					      : NULL;
	JsonNode *node = lists != NULL && combination < json_array_get_length(lists)
				 ? json_array_get_element(lists, combination)
				 : NULL;
	JsonArray *samples = node != NULL && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node)
									 : NULL;
	double value;
	for (guint i = 0; samples != NULL && i < json_array_get_length(samples); i++) {
		if (reader_json_number_at(samples, i, &value))
			perfdash_run_builder_add_replicate(self->builder, value);
	}
}

static void
add_value(Reading *self,
	  const char *benchmark,
	  const Benchmark *one,
	  guint combination,
	  double value)
{
	const AsvKind *kind = asv_find_kind(benchmark);
	g_autofree char *name = reader_name(benchmark);
	self->n_values++;
	perfdash_run_builder_add_result(self->builder,
					name,
					kind->metric,
					kind->unit,
					kind->direction,
					value);
	add_parameters(self, one->parameters, combination);
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (get_stat(one, i, combination, &value))
			perfdash_run_builder_add_stat(self->builder, stats[i].stat, value);
	}
	add_samples(self, one, combination);
}

static void
read_values(Reading *self, const char *benchmark, JsonArray *values, const Benchmark *one)
{
	double value;
	for (guint i = 0; i < json_array_get_length(values); i++) {
		if (reader_json_number_at(values, i, &value))
			add_value(self, benchmark, one, i, value);
		else
			self->n_missing++;
	}
}

/* benchmarks stand in the document in the order in which they are read. A name that is not found,
 * for it is written with escapes, ends the search: lines stay what they are */
static void
find_line(Reading *self, const char *benchmark)
{
	g_autofree char *quoted = g_strdup_printf("\"%s\"", benchmark);
	const char *place = memmem(self->text, self->end - self->text, quoted, strlen(quoted));
	if (place == NULL) {
		self->end = self->text;
		return;
	}
	for (; self->text < place; self->text++)
		self->line += *self->text == '\n';
	perfdash_run_builder_set_line(self->builder, self->line);
}

static void
read_benchmark(Reading *self, JsonObject *results, const char *name, JsonArray *columns)
{
	Benchmark one = {.row = reader_json_array(results, name),
			 .columns = columns,
			 .old = reader_json_object(results, name)};
	JsonArray *values = one.row != NULL   ? get_column(&one, "result")
			    : one.old != NULL ? reader_json_array(one.old, "result")
					      : NULL;
	double value;
	one.parameters = one.row != NULL   ? get_column(&one, "params")
			 : one.old != NULL ? reader_json_array(one.old, "params")
					   : NULL;
	find_line(self, name);
	if (values != NULL)
		read_values(self, name, values, &one);
	else if (reader_json_number(results, name, &value) ||
		 (one.old != NULL && reader_json_number(one.old, "result", &value)))
		add_value(self, name, &one, 0, value);
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

static void
read_results(Reading *self, JsonObject *root, JsonObject *results)
{
	JsonArray *columns = reader_json_array(root, "result_columns");
	g_autoptr(GList) members = json_object_get_members(results);
	for (GList *l = members; l != NULL; l = l->next)
		read_benchmark(self, results, l->data, columns);
	if (self->n_missing > 0)
		perfdash_run_builder_add_warning(self->builder,
						 "values that are missing, skipped or failed: %u",
						 self->n_missing);
	if (self->n_missing > 0 && self->n_values == 0)
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
}

static guint
asv_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	return strstr(text, "\"commit_hash\"") != NULL && strstr(text, "\"env_name\"") != NULL ? 92
											       : 0;
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
	gboolean is_cut;
	if (asv_parser_probe(parser, name, log) == 0 || !reader_json_is_document(text, size)) {
		asv_text_read(log, builder);
		return TRUE;
	}
	g_autoptr(JsonParser) json = reader_json_load_rows(text, size, "]", "}}", &is_cut, error);
	JsonObject *root = json != NULL ? reader_json_root_object(json) : NULL;
	JsonObject *results = root != NULL ? reader_json_object(root, "results") : NULL;
	Reading reading = {builder, text, text + size, 1, 0, 0};
	if (json == NULL)
		return FALSE;
	perfdash_run_builder_set_label(builder, "tool", "asv");
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the document was cut off");
	}
	if (results == NULL)
		return TRUE;
	read_facts(builder, root);
	read_results(&reading, root, results);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(
	AsvParser,
	asv_parser,
	asv_parser_probe,
	asv_parser_parse,
	"asv",
	"4",
	"airspeed velocity (asv), other dashboards: result JSON, formats 1 and 2, and console text",
	"*.json",
	PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
	"\"commit_hash\"\n%] \xc2\xb7\xc2\xb7\xc2\xb7 \n%] --- ")
