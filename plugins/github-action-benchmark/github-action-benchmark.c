/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What github-action-benchmark takes in as custom JSON, a list of {"name", "unit", "value"}, and
 * what it keeps: {"entries": {"suite": [...]}} with an entry for each commit, in a file of its own
 * or behind window.BENCHMARK_DATA =. Only the latter names the tool, which says which way is better
 * when the unit does not. */

#include <string.h>

#include "reader-json.h"
#include "reader-start.h"
#include "reader-text.h"
#include "reader-unit.h"

static const char data_mark[] = "window.BENCHMARK_DATA";

typedef struct {
	PerfdashRunBuilder *builder;
	GHashTable *lines; /* of objects */
	guint line;        /* that the document begins in */
} Reading;

/* only people's own tools measure something else than times, rates and what is better when it is
 * less ("allocs/op") */
static PerfdashDirection
get_direction(const char *tool, const char *unit)
{
	if (g_strcmp0(tool, "customBiggerIsBetter") == 0)
		return PERFDASH_DIRECTION_HIGHER;
	if (g_strcmp0(tool, "customSmallerIsBetter") == 0)
		return PERFDASH_DIRECTION_LOWER;
	PerfdashDirection direction = perfdash_direction_of_unit(unit);
	gboolean is_cost = g_str_equal(unit, "B") || g_str_has_suffix(unit, "/op");
	return direction == PERFDASH_DIRECTION_NONE && is_cost && g_strcmp0(tool, "go") == 0
		       ? PERFDASH_DIRECTION_LOWER
		       : direction;
}

static void
set_line(Reading *self, JsonObject *object)
{
	guint line = GPOINTER_TO_UINT(g_hash_table_lookup(self->lines, object));
	if (line > 0)
		perfdash_run_builder_set_line(self->builder, self->line + line - 1);
}

static void
add_bench(Reading *self, const char *tool, JsonObject *bench)
{
	const char *name = reader_json_string(bench, "name");
	const char *unit = reader_json_string(bench, "unit");
	double value;
	if (name == NULL || !reader_json_number(bench, "value", &value))
		return;
	g_autofree char *benchmark = reader_name(name);
	g_autofree char *word = reader_name(unit != NULL && *unit != '\0' ? unit : "1");
	const char *ours = reader_unit(word, &value);
	set_line(self, bench);
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"value",
					ours,
					get_direction(tool, ours),
					value);
}

static void
add_benches(Reading *self, const char *tool, JsonArray *benches)
{
	perfdash_run_builder_set_label(self->builder, "tool", "github-action-benchmark");
	for (guint i = 0; i < json_array_get_length(benches); i++) {
		JsonObject *bench = reader_json_element(benches, i);
		if (bench != NULL)
			add_bench(self, tool, bench);
	}
}

/* a commit and its numbers; who wrote it is nobody's business here */
static void
read_entry(Reading *self, const char *suite, JsonObject *entry)
{
	PerfdashRunBuilder *builder = self->builder;
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
	add_benches(self, reader_json_string(entry, "tool"), benches);
}

static void
read_entries(Reading *self, JsonObject *root)
{
	JsonObject *suites = reader_json_object(root, "entries");
	g_autoptr(GList) members = suites != NULL ? json_object_get_members(suites) : NULL;
	for (GList *l = members; l != NULL; l = l->next) {
		JsonArray *entries = reader_json_array(suites, l->data);
		for (guint i = 0; entries != NULL && i < json_array_get_length(entries); i++) {
			JsonObject *entry = reader_json_element(entries, i);
			if (entry != NULL)
				read_entry(self, l->data, entry);
		}
	}
}

static guint
count_lines(const char *text, const char *end)
{
	guint n = 0;
	for (; text < end; text++)
		n += *text == '\n';
	return n;
}

/* the document at start; what stands behind it in data.js, a semicolon, is left out */
static JsonParser *
load(GHashTable *lines, const char *start, gsize size, gboolean *is_cut, GError **error)
{
	gboolean is_list = *start == '[';
	gsize whole = is_list ? size : reader_json_measure(start, size);
	return reader_json_load_rows_with_lines(start,
						whole > 0 ? whole : size,
						lines,
						"}",
						is_list ? "]" : "]}}",
						is_cut,
						error);
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
	g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);
	gboolean is_cut = FALSE;
	if (start == NULL || start == text + size)
		return TRUE;
	Reading reading = {builder, lines, 1 + count_lines(text, start)};
	g_autoptr(JsonParser) json = load(lines, start, text + size - start, &is_cut, error);
	if (json == NULL)
		return FALSE;
	if (reader_json_root_object(json) != NULL)
		read_entries(&reading, reader_json_root_object(json));
	else if (reader_json_root_array(json) != NULL)
		add_benches(&reading, NULL, reader_json_root_array(json));
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the document was cut off");
	}
	return TRUE;
}

/* what it keeps, as a file of its own */
static gboolean
is_kept_data(const char *text)
{
	return *text == '{' && strstr(text, "\"entries\"") != NULL &&
	       strstr(text, "\"benches\"") != NULL && strstr(text, "\"commit\"") != NULL;
}

static guint
github_action_benchmark_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	static const char member[] = "\"(?:name|unit|value|range|extra)\"\\s*:\\s*"
				     "(?:\"(?:[^\"\\\\]|\\\\.)*+\"|-?[\\d.eE+-]+)\\s*";
	g_autofree char *text = reader_text(head);
	if (g_str_has_prefix(text, data_mark))
		return 95;
	if (is_kept_data(text + strspn(text, " \t\r\n")))
		return 90;
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
		       "2",
		       "github-action-benchmark, other dashboards: custom JSON, data.js",
		       "data.js;*benchmark*.json",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_DOCUMENT,
		       "\"unit\"\nwindow.BENCHMARK_DATA")
