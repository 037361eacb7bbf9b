/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bencher Metric Format: {"benchmark": {"measure": {"value": 1, "lower_value": 0.9, "upper_value":
 * 1.1}}}. It has neither units nor directions; those of the measures that Bencher has by itself are
 * known, by slug ("build-time") or name ("Build Time"). As it has no name of its own either, only
 * its whole shape tells it. */

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

static const struct {
	const char *measure;
	const char *unit;
	PerfdashDirection direction;
} measures[] = {
	{"latency", "ns", PERFDASH_DIRECTION_LOWER},
	{"throughput", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"build-time", "s", PERFDASH_DIRECTION_LOWER},
	{"file-size", "B", PERFDASH_DIRECTION_LOWER},
	{"estimated-cycles", "1", PERFDASH_DIRECTION_LOWER},
	{"instructions", "1", PERFDASH_DIRECTION_LOWER},
	{"ram-hits", "1", PERFDASH_DIRECTION_LOWER},
	{"total-read-write", "1", PERFDASH_DIRECTION_LOWER},
	{"total-bytes", "B", PERFDASH_DIRECTION_LOWER},
	{"total-blocks", "1", PERFDASH_DIRECTION_LOWER},
};

typedef struct {
	PerfdashRunBuilder *builder;
	GHashTable *lines; /* of objects */
} Reading;

/* "Build Time" is "build-time" */
static gboolean
is_measure(const char *slug, const char *name)
{
	g_autofree char *ours = g_ascii_strdown(name, -1);
	g_strdelimit(ours, " ", '-');
	return g_str_equal(slug, ours);
}

/* alerts are off for what ends so; the benchmark is the same */
static char *
make_name(const char *benchmark)
{
	static const char suffix[] = "-bencher-ignore";
	gsize length = strlen(benchmark);
	if (!g_str_has_suffix(benchmark, suffix))
		return reader_name(benchmark);
	g_autofree char *name = g_strndup(benchmark, length - strlen(suffix));
	return reader_name(name);
}

static void
add_metric(Reading *self, const char *benchmark, const char *measure, JsonObject *metric)
{
	const char *unit = "1";
	PerfdashDirection direction = PERFDASH_DIRECTION_NONE;
	double value;
	g_autofree char *name = make_name(benchmark);
	g_autofree char *metric_name = reader_name(measure);
	if (!reader_json_number(metric, "value", &value))
		return;
	for (guint i = 0; i < G_N_ELEMENTS(measures); i++) {
		if (is_measure(measures[i].measure, measure)) {
			unit = measures[i].unit;
			direction = measures[i].direction;
		}
	}
	reader_json_set_line(self->builder, self->lines, metric);
	perfdash_run_builder_add_result(self->builder, name, metric_name, unit, direction, value);
}

static void
read_benchmark(Reading *self, const char *name, JsonObject *benchmark)
{
	g_autoptr(GList) members = json_object_get_members(benchmark);
	for (GList *l = members; l != NULL; l = l->next) {
		JsonObject *metric = reader_json_object(benchmark, l->data);
		if (metric != NULL)
			add_metric(self, name, l->data, metric);
	}
}

static gboolean
bencher_parser_parse(PerfdashParser *parser,
		     const char *name,
		     GBytes *log,
		     PerfdashRunBuilder *builder,
		     GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	gboolean is_cut;
	g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);
	Reading reading = {builder, lines};
	/* cut behind a measure of a benchmark, or behind a benchmark */
	g_autoptr(JsonParser) json =
		reader_json_load_rows_with_lines(text, size, lines, "}", "}}", &is_cut, NULL);
	if (json == NULL)
		json = reader_json_load_rows_with_lines(text,
							size,
							lines,
							"}",
							"}",
							&is_cut,
							error);
	JsonObject *root = json != NULL ? reader_json_root_object(json) : NULL;
	if (json == NULL)
		return FALSE;
	perfdash_run_builder_set_label(builder, "tool", "bencher");
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the document was cut off");
	}
	g_autoptr(GList) members = root != NULL ? json_object_get_members(root) : NULL;
	for (GList *l = members; l != NULL; l = l->next) {
		JsonObject *benchmark = reader_json_object(root, l->data);
		if (benchmark != NULL)
			read_benchmark(&reading, l->data, benchmark);
	}
	return TRUE;
}

#define STRING "\"(?:[^\"\\\\]|\\\\.)++\""

static guint
bencher_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	static const char pattern[] = "^\\s*\\{\\s*" STRING "\\s*:\\s*\\{\\s*" STRING
				      "\\s*:\\s*\\{\\s*"
				      "\"(?:value|lower_value|upper_value)\"\\s*:\\s*"
				      "-?\\d[\\d.eE+-]*\\s*(?:,\\s*\"(?:value|lower_value"
				      "|upper_value)\"\\s*:\\s*-?\\d[\\d.eE+-]*\\s*)*\\}";
	static gsize compiled;
	g_autofree char *text = reader_text(head);
	return g_regex_match(reader_pattern(&compiled, pattern), text, 0, NULL) ? 80 : 0;
}

PERFDASH_DEFINE_PARSER(BencherParser,
		       bencher_parser,
		       bencher_parser_probe,
		       bencher_parser_parse,
		       "bencher",
		       "2",
		       "Bencher, other dashboards: Bencher Metric Format JSON",
		       "*.json",
		       PERFDASH_PARSER_JSON,
		       "\"value\"")
