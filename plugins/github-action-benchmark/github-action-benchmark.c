/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What github-action-benchmark takes in as custom JSON, a list of {"name", "unit", "value"}, and
 * what it keeps: window.BENCHMARK_DATA = {...} with a run for each commit. Only the latter says
 * which way is better, and only of custom tools. */

#include <string.h>

#include "reader-json.h"
#include "reader-start.h"
#include "reader-text.h"

static const char data_mark[] = "window.BENCHMARK_DATA";

/* "ns/iter" is a time, "ops/sec" a rate; others stay words */
static const struct {
	const char *unit;
	const char *ours;
} units[] = {
	{"ns/iter", "ns"},
	{"ns/op", "ns"},
	{"us/op", "us"},
	{"ms/op", "ms"},
	{"s/op", "s"},
	{"us/iter", "us"},
	{"ms/iter", "ms"},
	{"sec", "s"},
	{"iter/sec", "1/s"},
	{"ops/sec", "1/s"},
	{"ops/s", "1/s"},
	{"req/s", "1/s"},
	{"Percent", "%"},
	{"percent", "%"},
	{"bytes", "B"},
	{"Bytes", "B"},
	{"B/op", "B"},
};

static const char *
find_unit(const char *unit)
{
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (g_str_equal(units[i].unit, unit))
			return units[i].ours;
	}
	return unit;
}

static PerfdashDirection
get_direction(const char *tool, const char *unit)
{
	if (g_strcmp0(tool, "customBiggerIsBetter") == 0)
		return PERFDASH_DIRECTION_HIGHER;
	if (g_strcmp0(tool, "customSmallerIsBetter") == 0)
		return PERFDASH_DIRECTION_LOWER;
	return perfdash_direction_of_unit(unit);
}

static void
add_bench(PerfdashRunBuilder *builder, const char *tool, JsonObject *bench)
{
	const char *name = reader_json_string(bench, "name");
	const char *unit = reader_json_string(bench, "unit");
	double value;
	if (name == NULL || !reader_json_number(bench, "value", &value))
		return;
	g_autofree char *benchmark = reader_name(name);
	g_autofree char *word = reader_name(unit != NULL && *unit != '\0' ? unit : "1");
	const char *ours = strlen(word) <= 32 ? find_unit(word) : "1";
	perfdash_run_builder_add_result(builder,
					benchmark,
					"value",
					ours,
					get_direction(tool, ours),
					value);
}

static void
add_benches(PerfdashRunBuilder *builder, const char *tool, JsonArray *benches)
{
	perfdash_run_builder_set_label(builder, "tool", "github-action-benchmark");
	for (guint i = 0; i < json_array_get_length(benches); i++) {
		JsonObject *bench = reader_json_element(benches, i);
		if (bench != NULL)
			add_bench(builder, tool, bench);
	}
}

/* a commit and its numbers; who wrote it is nobody's business here */
static void
read_entry(PerfdashRunBuilder *builder, const char *suite, JsonObject *entry)
{
	if (perfdash_run_builder_get_n_results(builder) > 0)
		perfdash_run_builder_next_run(builder);
	JsonObject *commit = reader_json_object(entry, "commit");
	JsonArray *benches = reader_json_array(entry, "benches");
	const char *id = commit != NULL ? reader_json_string(commit, "id") : NULL;
	double date;
	if (benches == NULL)
		return;
	g_autofree char *suite_name = reader_name(suite);
	perfdash_run_builder_set_label(builder, "suite", suite_name);
	if (id != NULL && *id != '\0') {
		g_autofree char *revision = reader_name(id);
		perfdash_run_builder_set_revision(builder, revision);
	}
	if (reader_json_number(entry, "date", &date))
		reader_set_start(builder, date * 1000);
	add_benches(builder, reader_json_string(entry, "tool"), benches);
}

static void
read_entries(PerfdashRunBuilder *builder, JsonObject *root)
{
	JsonObject *suites = reader_json_object(root, "entries");
	g_autoptr(GList) members = suites != NULL ? json_object_get_members(suites) : NULL;
	for (GList *l = members; l != NULL; l = l->next) {
		JsonArray *entries = reader_json_array(suites, l->data);
		for (guint i = 0; entries != NULL && i < json_array_get_length(entries); i++) {
			JsonObject *entry = reader_json_element(entries, i);
			if (entry != NULL)
				read_entry(builder, l->data, entry);
		}
	}
}

static gboolean
github_action_benchmark_parser_parse(PerfdashParser *parser,
				     const char *name,
				     GBytes *log,
				     PerfdashRunBuilder *builder,
				     GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	const char *mark = memmem(text, size, data_mark, strlen(data_mark));
	const char *start = mark != NULL ? memchr(mark, '{', text + size - mark) : text;
	gboolean is_cut = FALSE;
	if (start == NULL)
		return TRUE;
	gsize left = text + size - start;
	gsize whole = mark != NULL ? reader_json_measure(start, left) : left;
	g_autoptr(JsonParser)
		json = mark != NULL ? reader_json_load(start, whole > 0 ? whole : left, error)
				    : reader_json_load_rows(start, left, "}", "]", &is_cut, error);
	if (json == NULL)
		return FALSE;
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the document was cut off");
	}
	if (reader_json_root_object(json) != NULL)
		read_entries(builder, reader_json_root_object(json));
	else if (reader_json_root_array(json) != NULL)
		add_benches(builder, NULL, reader_json_root_array(json));
	return TRUE;
}

static guint
github_action_benchmark_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	static const char member[] = "\"(?:name|unit|value|range|extra)\"\\s*:\\s*"
				     "(?:\"(?:[^\"\\\\]|\\\\.)*+\"|-?[\\d.eE+-]+)\\s*";
	g_autofree char *text = reader_text(head);
	if (g_str_has_prefix(text, data_mark))
		return 95;
	g_autofree char *pattern = g_strdup_printf("^\\s*\\[\\s*(\\{\\s*%s(?:,\\s*%s)*+\\})",
						   member,
						   member);
	g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	if (!g_regex_match(regex, text, 0, &match))
		return 0;
	/* the first object has just these */
	g_autofree char *first = g_match_info_fetch(match, 1);
	return strstr(first, "\"name\"") != NULL && strstr(first, "\"unit\"") != NULL &&
			       strstr(first, "\"value\"") != NULL
		       ? 80
		       : 0;
}

PERFDASH_DEFINE_PARSER(GithubActionBenchmarkParser,
		       github_action_benchmark_parser,
		       github_action_benchmark_parser_probe,
		       github_action_benchmark_parser_parse,
		       "github-action-benchmark",
		       "1",
		       "github-action-benchmark, other dashboards: custom JSON, data.js",
		       "data.js;*benchmark*.json",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_DOCUMENT,
		       "\"unit\"\nwindow.BENCHMARK_DATA")
