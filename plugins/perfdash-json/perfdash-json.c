/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The project's own format, see docs/perfdash-json.md, and a bare list of results. Strict: a member
 * that is not known is an error, for a misspelt key must not lose data without a word. Errors name
 * the member. A list is claimed only when its first element has nothing but members of a result. */

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

typedef void (*SetText)(PerfdashRunBuilder *, const char *);
typedef void (*SetPair)(PerfdashRunBuilder *, const char *, const char *);

static gboolean G_GNUC_PRINTF(3, 4) fail(GError **error, const char *path, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *reason = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, PERFDASH_ERROR, PERFDASH_ERROR_BROKEN, "%s: %s", path, reason);
	return FALSE;
}

static gboolean
check_members(JsonObject *object, const char *const *known, const char *path, GError **error)
{
	g_autoptr(GList) names = json_object_get_members(object);
	for (GList *l = names; l != NULL; l = l->next) {
		if (g_strv_contains(known, l->data))
			continue;
		g_autofree char *all = g_strjoinv(", ", (GStrv)known);
		return fail(error,
			    path,
			    "unknown member \"%.60s\"; there are %s",
			    (const char *)l->data,
			    all);
	}
	return TRUE;
}

static gboolean
read_text(JsonObject *object,
	  const char *name,
	  const char *path,
	  PerfdashRunBuilder *builder,
	  SetText set,
	  GError **error)
{
	const char *text = reader_json_string(object, name);
	if (text != NULL)
		set(builder, text);
	else if (json_object_has_member(object, name))
		return fail(error, path, "\"%s\" is not a string", name);
	return TRUE;
}

static gboolean
read_pairs(JsonObject *object,
	   const char *name,
	   const char *path,
	   PerfdashRunBuilder *builder,
	   SetPair set,
	   GError **error)
{
	JsonObject *pairs = reader_json_object(object, name);
	if (pairs == NULL)
		return !json_object_has_member(object, name) ||
		       fail(error, path, "\"%s\" is not an object", name);
	g_autoptr(GList) keys = json_object_get_members(pairs);
	for (GList *l = keys; l != NULL; l = l->next) {
		const char *value = reader_json_string(pairs, l->data);
		if (value == NULL)
			return fail(error,
				    path,
				    "\"%s.%.60s\" is not a string",
				    name,
				    (const char *)l->data);
		set(builder, l->data, value);
	}
	return TRUE;
}

static gboolean
read_time(JsonObject *run, const char *path, PerfdashRunBuilder *builder, GError **error)
{
	const char *text = reader_json_string(run, "started_at");
	if (text == NULL)
		return !json_object_has_member(run, "started_at") ||
		       fail(error, path, "\"started_at\" is not a string");
	g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);
	if (time == NULL)
		return fail(
			error,
			path,
			"\"started_at\" is not a time with a zone such as 2026-11-23T17:12:20Z");
	perfdash_run_builder_set_started_at(builder,
					    g_date_time_to_unix(time) * G_USEC_PER_SEC +
						    g_date_time_get_microsecond(time));
	return TRUE;
}

static gboolean
read_outcome(JsonObject *run, const char *path, PerfdashRunBuilder *builder, GError **error)
{
	PerfdashOutcome outcome = PERFDASH_OUTCOME_OK;
	const char *text = reader_json_string(run, "outcome");
	if (json_object_has_member(run, "outcome") &&
	    (text == NULL || !perfdash_outcome_from_string(text, &outcome)))
		return fail(error, path, "\"outcome\" is none of ok, partial, failed");
	perfdash_run_builder_set_outcome(builder, outcome);
	return TRUE;
}

static gboolean
read_stats(JsonObject *result, const char *path, PerfdashRunBuilder *builder, GError **error)
{
	JsonObject *stats = reader_json_object(result, "stats");
	if (stats == NULL)
		return !json_object_has_member(result, "stats") ||
		       fail(error, path, "\"stats\" is not an object");
	g_autoptr(GList) names = json_object_get_members(stats);
	for (GList *l = names; l != NULL; l = l->next) {
		double value;
		if (!reader_json_number(stats, l->data, &value))
			return fail(error,
				    path,
				    "\"stats.%.60s\" is not a number",
				    (const char *)l->data);
		perfdash_run_builder_add_stat(builder, l->data, value);
	}
	return TRUE;
}

static gboolean
read_replicates(JsonObject *result, const char *path, PerfdashRunBuilder *builder, GError **error)
{
	JsonArray *replicates = reader_json_array(result, "replicates");
	if (replicates == NULL)
		return !json_object_has_member(result, "replicates") ||
		       fail(error, path, "\"replicates\" is not an array");
	for (guint i = 0; i < json_array_get_length(replicates); i++) {
		JsonNode *node = json_array_get_element(replicates, i);
		GType type = JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node)
							 : G_TYPE_NONE;
		if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
			return fail(error, path, "\"replicates[%u]\" is not a number", i);
		perfdash_run_builder_add_replicate(builder, json_node_get_double(node));
	}
	return TRUE;
}

static gboolean
add_result(JsonObject *result, const char *path, PerfdashRunBuilder *builder, GError **error)
{
	static const char *const required[] = {"benchmark", "metric", "unit"};
	const char *texts[G_N_ELEMENTS(required)];
	const char *direction_text = reader_json_string(result, "direction");
	PerfdashDirection direction;
	double value;
	for (guint i = 0; i < G_N_ELEMENTS(required); i++) {
		texts[i] = reader_json_string(result, required[i]);
		if (texts[i] == NULL)
			return fail(error, path, "\"%s\" is missing or not a string", required[i]);
	}
	if (!reader_json_number(result, "value", &value))
		return fail(error, path, "\"value\" is missing or not a number");
	direction = perfdash_direction_of_unit(texts[2]);
	if (json_object_has_member(result, "direction") &&
	    (direction_text == NULL || !perfdash_direction_from_string(direction_text, &direction)))
		return fail(error, path, "\"direction\" is none of lower, higher, none");
	perfdash_run_builder_add_result(builder, texts[0], texts[1], texts[2], direction, value);
	return TRUE;
}

static const char *const result_members[] = {"benchmark",
					     "metric",
					     "unit",
					     "direction",
					     "value",
					     "stats",
					     "replicates",
					     "labels",
					     NULL};

static gboolean
read_result(JsonObject *result, const char *path, PerfdashRunBuilder *builder, GError **error)
{
	return check_members(result, result_members, path, error) &&
	       add_result(result, path, builder, error) &&
	       read_pairs(result,
			  "labels",
			  path,
			  builder,
			  perfdash_run_builder_add_result_label,
			  error) &&
	       read_stats(result, path, builder, error) &&
	       read_replicates(result, path, builder, error);
}

/* prefix is what stands before the index in errors */
static gboolean
read_list(JsonArray *results,
	  const char *prefix,
	  GHashTable *lines,
	  PerfdashRunBuilder *builder,
	  GError **error)
{
	for (guint i = 0; i < json_array_get_length(results); i++) {
		JsonObject *result = reader_json_element(results, i);
		g_autofree char *path = g_strdup_printf("%s[%u]", prefix, i);
		if (result == NULL)
			return fail(error, path, "not an object");
		perfdash_run_builder_set_line(builder,
					      GPOINTER_TO_UINT(g_hash_table_lookup(lines, result)));
		if (!read_result(result, path, builder, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
read_results(JsonObject *run,
	     const char *path,
	     GHashTable *lines,
	     PerfdashRunBuilder *builder,
	     GError **error)
{
	JsonArray *results = reader_json_array(run, "results");
	g_autofree char *prefix = g_strconcat(path, ".results", NULL);
	if (results == NULL)
		return fail(error, path, "\"results\" is missing or not an array");
	return read_list(results, prefix, lines, builder, error);
}

static gboolean
read_run(JsonObject *run,
	 const char *path,
	 GHashTable *lines,
	 PerfdashRunBuilder *builder,
	 GError **error)
{
	static const char *const known[] = {"format",
					    "version",
					    "labels",
					    "build",
					    "revision",
					    "url",
					    "started_at",
					    "outcome",
					    "environment",
					    "parameters",
					    "results",
					    NULL};
	return check_members(run, known, path, error) &&
	       read_pairs(run, "labels", path, builder, perfdash_run_builder_set_label, error) &&
	       read_text(run, "build", path, builder, perfdash_run_builder_set_build, error) &&
	       read_text(run,
			 "revision",
			 path,
			 builder,
			 perfdash_run_builder_set_revision,
			 error) &&
	       read_text(run, "url", path, builder, perfdash_run_builder_set_url, error) &&
	       read_time(run, path, builder, error) && read_outcome(run, path, builder, error) &&
	       read_pairs(run,
			  "environment",
			  path,
			  builder,
			  perfdash_run_builder_set_environment,
			  error) &&
	       read_pairs(run,
			  "parameters",
			  path,
			  builder,
			  perfdash_run_builder_set_parameter,
			  error) &&
	       read_results(run, path, lines, builder, error);
}

static gboolean
read_runs(JsonArray *runs, GHashTable *lines, PerfdashRunBuilder *builder, GError **error)
{
	for (guint i = 0; i < json_array_get_length(runs); i++) {
		JsonNode *node = json_array_get_element(runs, i);
		g_autofree char *path = g_strdup_printf("runs[%u]", i);
		if (!JSON_NODE_HOLDS_OBJECT(node))
			return fail(error, path, "not an object");
		if (i > 0)
			perfdash_run_builder_next_run(builder);
		if (!read_run(json_node_get_object(node), path, lines, builder, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
check_head(JsonObject *root, GError **error)
{
	double version;
	if (g_strcmp0(reader_json_string(root, "format"), "perfdash") != 0)
		return fail(error, "format", "not \"perfdash\"");
	if (!reader_json_number(root, "version", &version) || version != 1)
		return fail(error, "version", "not 1, the only version there is");
	return TRUE;
}

static gboolean
native_parser_parse(PerfdashParser *self,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	static const char *const known[] = {"format", "version", "runs", NULL};
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);
	g_autoptr(JsonParser) parser = reader_json_load_with_lines(text, size, lines, error);
	if (parser == NULL)
		return FALSE;
	JsonArray *list = reader_json_root_array(parser);
	if (list != NULL)
		return read_list(list, "", lines, builder, error);
	JsonObject *root = reader_json_root_object(parser);
	if (root == NULL)
		return fail(error, "document", "not an object");
	if (!check_head(root, error))
		return FALSE;
	if (!json_object_has_member(root, "runs"))
		return read_run(root, "run", lines, builder, error);
	JsonArray *runs = reader_json_array(root, "runs");
	if (runs == NULL)
		return fail(error, "runs", "not an array");
	return check_members(root, known, "document", error) &&
	       read_runs(runs, lines, builder, error);
}

/* whether the first element of a list is a result, and nothing but one */
static gboolean
begins_with_result(const char *list)
{
	static const char *const needed[] = {"benchmark", "metric", "unit", "value"};
	const char *begin = list + 1 + strspn(list + 1, " \t\r\n");
	gsize size = *begin == '{' ? reader_json_measure(begin, strlen(begin)) : 0;
	g_autoptr(JsonParser) parser = size > 0 ? reader_json_load(begin, size, NULL) : NULL;
	JsonObject *first = parser != NULL ? reader_json_root_object(parser) : NULL;
	if (first == NULL || !check_members(first, result_members, "", NULL))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(needed); i++) {
		if (!json_object_has_member(first, needed[i]))
			return FALSE;
	}
	return TRUE;
}

static guint
native_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	const char *begin = text + strspn(text, " \t\r\n");
	if (*begin == '[')
		return begins_with_result(begin) ? 80 : 0;
	if (*begin != '{')
		return 0;
	static gsize compiled;
	GRegex *mark = reader_pattern(&compiled, "\"format\"\\s*:\\s*\"perfdash\"");
	return g_regex_match(mark, text, 0, NULL) ? 100 : 0;
}

PERFDASH_DEFINE_PARSER(
	NativeParser,
	native_parser,
	native_parser_probe,
	native_parser_parse,
	"perfdash-json",
	"2",
	"perfdash's own format, any benchmark: JSON with runs, or with a list of results",
	"*.perfdash.json",
	PERFDASH_PARSER_JSON,
	"\"format\"\n\"benchmark\"")
