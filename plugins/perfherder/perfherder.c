/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a job prints for Perfherder, PERFHERDER_DATA: and a JSON document in one line, or leaves
 * behind as perfherder-data.json. A suite may have a value of its own beside those of its subtests;
 * lower is better unless it says otherwise, and a unit is there only in newer ones. */

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"
#include "reader-unit.h"

static const char mark[] = "PERFHERDER_DATA:";

static gboolean
is_false(JsonObject *object, const char *member)
{
	JsonNode *node = json_object_get_member(object, member);
	return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
	       json_node_get_value_type(node) == G_TYPE_BOOLEAN && !json_node_get_boolean(node);
}

static PerfdashDirection
get_direction(JsonObject *suite, JsonObject *test)
{
	const char *member = "lowerIsBetter";
	JsonObject *from = json_object_has_member(test, member) ? test : suite;
	return is_false(from, member) ? PERFDASH_DIRECTION_HIGHER : PERFDASH_DIRECTION_LOWER;
}

static void
add_replicates(PerfdashRunBuilder *builder, JsonObject *test, double factor)
{
	JsonArray *replicates = reader_json_array(test, "replicates");
	double value;
	for (guint i = 0; replicates != NULL && i < json_array_get_length(replicates); i++) {
		if (reader_json_number_at(replicates, i, &value))
			perfdash_run_builder_add_replicate(builder, value * factor);
	}
}

/* what tells configurations of a suite apart */
static void
add_options(PerfdashRunBuilder *builder, JsonObject *suite)
{
	JsonArray *options = reader_json_array(suite, "extraOptions");
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; options != NULL && i < json_array_get_length(options); i++) {
		JsonNode *node = json_array_get_element(options, i);
		const char *option = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_string(node)
								 : NULL;
		if (option != NULL)
			g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", option);
	}
	if (text->len == 0)
		return;
	g_autofree char *name = reader_name(text->str);
	perfdash_run_builder_add_result_label(builder, "options", name);
}

static void
add_value(PerfdashRunBuilder *builder, JsonObject *suite, JsonObject *test, const char *metric)
{
	const char *name = reader_json_string(suite, "name");
	const char *unit = reader_json_string(test, "unit");
	double value;
	if (unit == NULL)
		unit = reader_json_string(suite, "unit");
	if (name == NULL || !reader_json_number(test, "value", &value))
		return;
	g_autofree char *benchmark = reader_name(name);
	g_autofree char *metric_name = reader_name(metric);
	g_autofree char *word = reader_name(unit != NULL && *unit != '\0' ? unit : "1");
	double factor = 1;
	unit = reader_unit(word, &factor);
	perfdash_run_builder_add_result(builder,
					benchmark,
					metric_name,
					unit,
					get_direction(suite, test),
					value * factor);
	add_options(builder, suite);
	add_replicates(builder, test, factor);
}

/* lines is NULL when all of the document is in one */
static void
read_suite(PerfdashRunBuilder *builder, GHashTable *lines, JsonObject *suite)
{
	JsonArray *tests = reader_json_array(suite, "subtests");
	if (lines != NULL)
		reader_json_set_line(builder, lines, suite);
	add_value(builder, suite, suite, "score");
	for (guint i = 0; tests != NULL && i < json_array_get_length(tests); i++) {
		JsonObject *test = reader_json_element(tests, i);
		const char *name = test != NULL ? reader_json_string(test, "name") : NULL;
		if (name != NULL && lines != NULL)
			reader_json_set_line(builder, lines, test);
		if (name != NULL)
			add_value(builder, suite, test, name);
	}
}

static void
set_framework(PerfdashRunBuilder *builder, JsonObject *root)
{
	JsonObject *framework = reader_json_object(root, "framework");
	JsonObject *application = reader_json_object(root, "application");
	const char *name = framework != NULL ? reader_json_string(framework, "name") : NULL;
	const char *version = application != NULL ? reader_json_string(application, "version")
						  : NULL;
	g_autofree char *tool = reader_name(name != NULL ? name : "perfherder");
	perfdash_run_builder_set_label(builder, "tool", tool);
	if (version == NULL || *version == '\0')
		return;
	g_autofree char *text = reader_name(version);
	perfdash_run_builder_set_environment(builder, "application_version", text);
}

static void
read_suites(PerfdashRunBuilder *builder, GHashTable *lines, JsonObject *root)
{
	JsonArray *suites = reader_json_array(root, "suites");
	set_framework(builder, root);
	for (guint i = 0; suites != NULL && i < json_array_get_length(suites); i++) {
		JsonObject *suite = reader_json_element(suites, i);
		if (suite != NULL)
			read_suite(builder, lines, suite);
	}
}

/* a line that was cut off, or in which another one was printed */
static void
add_broken(PerfdashRunBuilder *builder, guint line, gboolean is_cut)
{
	if (perfdash_run_builder_get_n_results(builder) == 0)
		perfdash_run_builder_set_label(builder, "tool", "perfherder");
	perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning(builder,
					 is_cut ? "line %u was cut off: only whole suites are read"
						: "line %u is no whole JSON document: only whole "
						  "suites are read",
					 line);
}

static void
read_line(PerfdashRunBuilder *builder, guint line, const char *text, gboolean is_cut)
{
	gboolean is_dropped;
	g_autoptr(JsonParser)
		json = reader_json_load_rows(text, strlen(text), "}", "]}", &is_dropped, NULL);
	JsonObject *root = json != NULL ? reader_json_root_object(json) : NULL;
	if (json == NULL && !is_cut && strstr(text, "\"suites\"") == NULL)
		return;
	if (root != NULL && reader_json_array(root, "suites") == NULL)
		return;
	if (root != NULL)
		read_suites(builder, NULL, root);
	if (json == NULL || is_dropped)
		add_broken(builder, line, is_cut);
	perfdash_run_builder_next_run(builder);
}

static void
read_lines(PerfdashRunBuilder *builder, GBytes *log)
{
	g_auto(ReaderLines) lines;
	const char *line;
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	while ((line = reader_lines_next(&lines)) != NULL) {
		const char *text = strstr(line, mark);
		if (text != NULL)
			text += strlen(mark) + strspn(text + strlen(mark), " ");
		if (text != NULL && *text == '{' && text[1 + strspn(text + 1, " ")] == '"')
			read_line(builder, lines.number, text, lines.is_cut);
	}
}

static guint
perfherder_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	static const char *const members[] = {"\"framework\"", "\"suites\"", "\"subtests\""};
	g_autofree char *text = reader_text(head);
	for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
		if (strstr(text, members[i]) == NULL)
			return 0;
	}
	return strstr(text, mark) == NULL ? 85 : 0;
}

static gboolean
read_document(PerfdashRunBuilder *builder, GBytes *log, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	gboolean is_cut;
	g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);
	g_autoptr(JsonParser) json =
		reader_json_load_rows_with_lines(text, size, lines, "}", "]}", &is_cut, error);
	if (json == NULL)
		return FALSE;
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the document was cut off");
	}
	if (reader_json_root_object(json) != NULL)
		read_suites(builder, lines, reader_json_root_object(json));
	return TRUE;
}

static gboolean
perfherder_parser_parse(PerfdashParser *parser,
			const char *name,
			GBytes *log,
			PerfdashRunBuilder *builder,
			GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	if (reader_json_is_document(text, size) && perfherder_parser_probe(parser, name, log) > 0)
		return read_document(builder, log, error);
	read_lines(builder, log);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(PerfherderParser,
		       perfherder_parser,
		       perfherder_parser_probe,
		       perfherder_parser_parse,
		       "perfherder",
		       "2",
		       "Perfherder, other dashboards: PERFHERDER_DATA lines, JSON",
		       "*.log;perfherder-data*.json",
		       PERFDASH_PARSER_CONSOLE | PERFDASH_PARSER_JSON,
		       "PERFHERDER_DATA:\n\"subtests\"")
