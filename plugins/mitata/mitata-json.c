/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Nanoseconds. A benchmark with arguments has a run for each; one that threw has an error in place
 * of its statistics. There may be hundreds of thousands of samples, sorted. */

#include "mitata.h"

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

static const struct {
	const char *member;
	const char *stat;
} stats[] = {
	{"min", "min"},
	{"max", "max"},
	{"p25", "p25"},
	{"p50", "p50"},
	{"p75", "p75"},
	{"p99", "p99"},
	{"p999", "p99.9"},
};

gboolean
mitata_json_is_own(const char *text)
{
	const char *layout = strstr(text, "\"layout\":");
	const char *benchmarks = layout != NULL ? strstr(layout, "\"benchmarks\":") : NULL;
	return benchmarks != NULL && strstr(benchmarks, "\"runs\":") != NULL &&
	       (strstr(benchmarks, "\"stats\":") != NULL ||
		strstr(benchmarks, "\"error\":") != NULL);
}

static char *
get_group(JsonArray *layout, JsonObject *benchmark)
{
	double index;
	if (layout == NULL || !reader_json_number(benchmark, "group", &index) || index < 0 ||
	    index >= json_array_get_length(layout))
		return NULL;
	JsonObject *group = reader_json_element(layout, (guint)index);
	const char *name = group != NULL ? reader_json_string(group, "name") : NULL;
	return name != NULL ? reader_name(name) : NULL;
}

static void
add(PerfdashRunBuilder *builder,
    const char *benchmark,
    const char *metric,
    const char *unit,
    const char *group,
    JsonObject *values)
{
	double value;
	if (!reader_json_number(values, "avg", &value))
		return;
	perfdash_run_builder_add_result(builder,
					benchmark,
					metric,
					unit,
					PERFDASH_DIRECTION_LOWER,
					value);
	if (group != NULL)
		perfdash_run_builder_add_result_label(builder, "group", group);
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (reader_json_number(values, stats[i].member, &value))
			perfdash_run_builder_add_stat(builder, stats[i].stat, value);
	}
}

/* FALSE when the benchmark threw */
static gboolean
read_run(PerfdashRunBuilder *builder, JsonObject *run, const char *group)
{
	const char *name = reader_json_string(run, "name");
	JsonObject *values = reader_json_object(run, "stats");
	JsonObject *heap = values != NULL ? reader_json_object(values, "heap") : NULL;
	JsonObject *failure = reader_json_object(run, "error");
	g_autofree char *benchmark = reader_name(name != NULL ? name : "");
	if (failure != NULL) {
		const char *message = reader_json_string(failure, "message");
		mitata_add_error(builder, benchmark, message != NULL ? message : "threw");
		return FALSE;
	}
	if (values != NULL)
		add(builder, benchmark, "time", "ns", group, values);
	if (heap != NULL)
		add(builder, benchmark, "heap", "B", group, heap);
	return TRUE;
}

static void
read_context(PerfdashRunBuilder *builder, JsonObject *context)
{
	JsonObject *cpu = reader_json_object(context, "cpu");
	const char *name = cpu != NULL ? reader_json_string(cpu, "name") : NULL;
	const char *runtime = reader_json_string(context, "runtime");
	const char *version = reader_json_string(context, "version");
	if (name != NULL) {
		g_autofree char *value = reader_name(name);
		perfdash_run_builder_set_environment(builder, "cpu", value);
	}
	if (runtime != NULL) {
		g_autofree char *text =
			g_strjoin(" ", runtime, version != NULL ? version : "", NULL);
		g_autofree char *value = reader_name(text);
		perfdash_run_builder_set_environment(builder, "runtime", value);
	}
}

static void
read_benchmarks(PerfdashRunBuilder *builder, JsonObject *root, JsonArray *benchmarks)
{
	JsonArray *layout = reader_json_array(root, "layout");
	guint n_good = 0, n_failed = 0;
	for (guint i = 0; i < json_array_get_length(benchmarks); i++) {
		JsonObject *one = reader_json_element(benchmarks, i);
		JsonArray *runs = one != NULL ? reader_json_array(one, "runs") : NULL;
		g_autofree char *group = one != NULL ? get_group(layout, one) : NULL;
		for (guint j = 0; runs != NULL && j < json_array_get_length(runs); j++) {
			JsonObject *run = reader_json_element(runs, j);
			if (run != NULL && read_run(builder, run, group))
				n_good++;
			else
				n_failed++;
		}
	}
	if (n_failed > 0 && n_good == 0)
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
}

gboolean
mitata_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	gboolean is_cut;
	g_autoptr(JsonParser)
		parser = reader_json_load_rows(text, size, "\n    }", "]}", &is_cut, error);
	if (parser == NULL)
		return FALSE;
	JsonObject *root = reader_json_root_object(parser);
	JsonArray *benchmarks = root != NULL ? reader_json_array(root, "benchmarks") : NULL;
	JsonObject *context = root != NULL ? reader_json_object(root, "context") : NULL;
	if (benchmarks == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document has no list of \"benchmarks\"");
		return FALSE;
	}
	perfdash_run_builder_set_label(builder, "tool", "mitata");
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the document has no end: the log was cut off");
	}
	if (context != NULL)
		read_context(builder, context);
	read_benchmarks(builder, root, benchmarks);
	return TRUE;
}
