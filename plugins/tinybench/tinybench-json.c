/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* tinybench writes no JSON itself: people write a list of tasks with their names, and the result in
 * a member or among the others. Times are milliseconds, whatever the table says. Version 2 has hz
 * and mean in the result, later ones latency and throughput. */

#include "tinybench.h"

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

static const struct {
	const char *member;
	const char *stat;
} stats[] = {
	{"min", "min"},
	{"max", "max"},
	{"sd", "sd"},
	{"p50", "p50"},
	{"p75", "p75"},
	{"p99", "p99"},
	{"p995", "p99.5"},
	{"p999", "p99.9"},
	{"samplesCount", "n"},
};

static gboolean
has_all(const char *text, const char *const *members)
{
	for (; *members != NULL; members++) {
		if (strstr(text, *members) == NULL)
			return FALSE;
	}
	return TRUE;
}

gboolean
tinybench_json_is_own(const char *text)
{
	static const char *const new[] =
		{"\"latency\":", "\"aad\":", "\"mad\":", "\"critical\":", "\"rme\":", NULL};
	static const char *const old[] =
		{"\"hz\":", "\"period\":", "\"critical\":", "\"rme\":", "\"p995\":", NULL};
	return has_all(text, new) || (has_all(text, old) && strstr(text, "\"filepath\":") == NULL);
}

static void
add(PerfdashRunBuilder *builder,
    const char *benchmark,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    JsonObject *values)
{
	double value;
	if (values == NULL || !reader_json_number(values, "mean", &value))
		return;
	perfdash_run_builder_add_result(builder, benchmark, metric, unit, direction, value);
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (reader_json_number(values, stats[i].member, &value))
			perfdash_run_builder_add_stat(builder, stats[i].stat, value);
	}
}

static void
add_samples(PerfdashRunBuilder *builder, const char *benchmark, JsonObject *latency)
{
	double n;
	JsonArray *samples = reader_json_array(latency, "samples");
	if (!reader_json_number(latency, "samplesCount", &n))
		n = samples != NULL ? json_array_get_length(samples) : 0;
	if (n > 0)
		perfdash_run_builder_add_result(builder,
						benchmark,
						"samples",
						"1",
						PERFDASH_DIRECTION_NONE,
						n);
}

/* FALSE when the task threw */
static gboolean
read_task(PerfdashRunBuilder *builder, JsonObject *task, guint index)
{
	JsonObject *inner = reader_json_object(task, "result");
	JsonObject *result = inner != NULL ? inner : task;
	JsonObject *latency = reader_json_object(result, "latency");
	JsonObject *failure = reader_json_object(result, "error");
	const char *name = reader_json_string(task, "name");
	g_autofree char *number = g_strdup_printf("task %u", index + 1);
	g_autofree char *benchmark = reader_name(name != NULL ? name : number);
	double hz;
	if (failure != NULL || g_strcmp0(reader_json_string(result, "state"), "errored") == 0) {
		const char *message = failure != NULL ? reader_json_string(failure, "message")
						      : NULL;
		tinybench_add_error(builder, benchmark, message != NULL ? message : "threw");
		return FALSE;
	}
	if (latency == NULL && !reader_json_number(result, "hz", &hz))
		return TRUE;
	add(builder,
	    benchmark,
	    "latency",
	    "ms",
	    PERFDASH_DIRECTION_LOWER,
	    latency != NULL ? latency : result);
	if (latency != NULL)
		add(builder,
		    benchmark,
		    "throughput",
		    "1/s",
		    PERFDASH_DIRECTION_HIGHER,
		    reader_json_object(result, "throughput"));
	else
		perfdash_run_builder_add_result(builder,
						benchmark,
						"throughput",
						"1/s",
						PERFDASH_DIRECTION_HIGHER,
						hz);
	add_samples(builder, benchmark, latency != NULL ? latency : result);
	return TRUE;
}

/* the root, or the first list of objects in it */
static JsonArray *
find_tasks(JsonParser *parser)
{
	JsonObject *root = reader_json_root_object(parser);
	g_autoptr(GList) members = root != NULL ? json_object_get_members(root) : NULL;
	for (GList *l = members; l != NULL; l = l->next) {
		JsonArray *array = reader_json_array(root, l->data);
		if (array != NULL && json_array_get_length(array) > 0 &&
		    reader_json_element(array, 0) != NULL)
			return array;
	}
	return reader_json_root_array(parser);
}

gboolean
tinybench_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	gboolean is_cut;
	g_autoptr(JsonParser)
		parser = reader_json_load_rows(text, size, "\n    }", "]", &is_cut, error);
	JsonArray *tasks = parser != NULL ? find_tasks(parser) : NULL;
	guint n_good = 0, n_failed = 0;
	if (parser == NULL)
		return FALSE;
	if (tasks == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document has no list of tasks");
		return FALSE;
	}
	perfdash_run_builder_set_label(builder, "tool", "tinybench");
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the document has no end: the log was cut off");
	}
	for (guint i = 0; i < json_array_get_length(tasks); i++) {
		JsonObject *task = reader_json_element(tasks, i);
		if (task != NULL && read_task(builder, task, i))
			n_good++;
		else
			n_failed++;
	}
	if (n_failed > 0 && n_good == 0)
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
	return TRUE;
}
