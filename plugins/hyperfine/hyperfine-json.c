/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Seconds. With --ignore-failure commands that failed have times, too: they count unless all
 * failed. */

#include "hyperfine.h"

#include <string.h>

#include "reader-json.h"

gboolean
hyperfine_json_is_own(const char *text)
{
	static const char *const members[] =
		{"\"command\":", "\"mean\":", "\"median\":", "\"user\":", "\"system\":"};
	const char *at = strstr(text, "\"results\":");
	for (guint i = 0; at != NULL && i < G_N_ELEMENTS(members); i++)
		at = strstr(at, members[i]);
	return at != NULL;
}

static ReaderQuantity
get_seconds(JsonObject *row, const char *member)
{
	ReaderQuantity quantity = {0, NULL};
	if (reader_json_number(row, member, &quantity.value))
		quantity.unit = "s";
	return quantity;
}

/* how many runs did not end with 0; a run that a signal ended has null */
static guint
count_errors(JsonArray *exit_codes)
{
	guint n = 0;
	for (guint i = 0; exit_codes != NULL && i < json_array_get_length(exit_codes); i++) {
		double code;
		n += !reader_json_number_at(exit_codes, i, &code) || code != 0;
	}
	return n;
}

static gboolean
has_failed(JsonObject *row)
{
	JsonArray *exit_codes = reader_json_array(row, "exit_codes");
	return exit_codes != NULL && json_array_get_length(exit_codes) > 0 &&
	       count_errors(exit_codes) == json_array_get_length(exit_codes);
}

static void
add_errors(const HyperfineTimes *times, PerfdashRunBuilder *builder, JsonArray *exit_codes)
{
	guint n_errors = count_errors(exit_codes);
	if (exit_codes == NULL)
		return;
	hyperfine_times_add_count(times, builder, "errors", PERFDASH_DIRECTION_LOWER, n_errors);
	if (n_errors > 0)
		perfdash_run_builder_add_warning(builder,
						 "%s: %u of %u runs failed",
						 times->command,
						 n_errors,
						 json_array_get_length(exit_codes));
}

static GStrv
get_parameters(JsonObject *row)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	JsonObject *parameters = reader_json_object(row, "parameters");
	g_autoptr(GList) members = parameters != NULL ? json_object_get_members(parameters) : NULL;
	guint n = 0;
	for (GList *l = members; l != NULL && n < 8; l = l->next, n++) {
		const char *value = reader_json_string(parameters, l->data);
		if (value != NULL)
			hyperfine_add_parameter(builder, l->data, value);
	}
	return g_strv_builder_end(builder);
}

static void
add_replicates(PerfdashRunBuilder *builder, JsonArray *times)
{
	guint n = json_array_get_length(times);
	for (guint i = 0; n > 1 && i < n; i++) {
		double value;
		if (reader_json_number_at(times, i, &value))
			perfdash_run_builder_add_replicate(builder, value);
	}
}

static void
take_row(HyperfineTimes *times, JsonObject *row)
{
	JsonArray *replicates = reader_json_array(row, "times");
	times->command = g_strdup(reader_json_string(row, "command"));
	times->mean = get_seconds(row, "mean");
	times->sd = get_seconds(row, "stddev");
	times->median = get_seconds(row, "median");
	times->min = get_seconds(row, "min");
	times->max = get_seconds(row, "max");
	times->user = get_seconds(row, "user");
	times->system = get_seconds(row, "system");
	times->n_runs = replicates != NULL ? json_array_get_length(replicates) : 0;
	times->parameters = get_parameters(row);
}

static void
read_row(PerfdashRunBuilder *builder, JsonObject *row, gboolean all_failed)
{
	g_auto(HyperfineTimes) times = {NULL};
	JsonArray *replicates = reader_json_array(row, "times");
	take_row(&times, row);
	if (times.command == NULL || times.mean.unit == NULL)
		return;
	if (all_failed) {
		hyperfine_times_add_count(&times,
					  builder,
					  "runs",
					  PERFDASH_DIRECTION_NONE,
					  times.n_runs);
	} else {
		hyperfine_times_add(&times, builder);
		if (replicates != NULL)
			add_replicates(builder, replicates);
		hyperfine_times_add_rest(&times, builder);
	}
	add_errors(&times, builder, reader_json_array(row, "exit_codes"));
}

static void
read_rows(PerfdashRunBuilder *builder, JsonArray *rows)
{
	guint n_failed = 0;
	guint n = json_array_get_length(rows);
	for (guint i = 0; i < n; i++) {
		JsonObject *row = reader_json_element(rows, i);
		n_failed += row != NULL && has_failed(row);
	}
	if (n > 0 && n_failed == n)
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
	for (guint i = 0; i < n; i++) {
		JsonObject *row = reader_json_element(rows, i);
		if (row != NULL)
			read_row(builder, row, n_failed == n);
	}
}

gboolean
hyperfine_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	gboolean is_cut;
	g_autoptr(JsonParser)
		parser = reader_json_load_rows(text, size, "\n    }", "]}", &is_cut, error);
	if (parser == NULL)
		return FALSE;
	JsonNode *root = json_parser_get_root(parser);
	JsonArray *rows = root != NULL && JSON_NODE_HOLDS_OBJECT(root)
				  ? reader_json_array(json_node_get_object(root), "results")
				  : NULL;
	if (rows == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document has no list of \"results\"");
		return FALSE;
	}
	perfdash_run_builder_set_label(builder, "tool", "hyperfine");
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the document has no end: the log was cut off");
	}
	read_rows(builder, rows);
	return TRUE;
}
