/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is not a number is "NaN", a string. Percentiles are of the iterations; only in sample mode
 * are they of operations. Each fork has its list of iterations. */

#include "jmh.h"

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

#define MAX_REPLICATES 10000 /* of a result */

/* what is said of every benchmark; that of the first is taken */
static const struct {
	const char *member;
	const char *key;
	gboolean is_environment;
} facts[] = {
	{"jmhVersion", "tool_version", TRUE},
	{"jdkVersion", "jdk_version", TRUE},
	{"vmName", "vm_name", TRUE},
	{"vmVersion", "vm_version", TRUE},
	{"threads", "threads", FALSE},
	{"forks", "forks", FALSE},
	{"warmupIterations", "warmup_iterations", FALSE},
	{"warmupTime", "warmup_time", FALSE},
	{"measurementIterations", "measurement_iterations", FALSE},
	{"measurementTime", "measurement_time", FALSE},
};

gboolean
jmh_json_is_own(const char *text)
{
	const char *version = strstr(text, "\"jmhVersion\"");
	return version != NULL && strstr(version, "\"benchmark\"") != NULL &&
	       strstr(version, "\"mode\"") != NULL;
}

static void
read_facts(PerfdashRunBuilder *builder, JsonObject *row)
{
	for (guint i = 0; i < G_N_ELEMENTS(facts); i++) {
		double number;
		const char *text = reader_json_string(row, facts[i].member);
		g_autofree char *value = text != NULL ? reader_name(text) : NULL;
		if (value == NULL && reader_json_number(row, facts[i].member, &number))
			value = g_strdup_printf("%.0f", number);
		if (value == NULL)
			continue;
		if (facts[i].is_environment)
			perfdash_run_builder_set_environment(builder, facts[i].key, value);
		else
			perfdash_run_builder_set_parameter(builder, facts[i].key, value);
	}
}

/* the benchmark and its parameters: name key=value ... */
static char *
get_benchmark(JsonObject *row)
{
	const char *name = reader_json_string(row, "benchmark");
	JsonObject *parameters = reader_json_object(row, "params");
	g_autoptr(GList) members = parameters != NULL ? json_object_get_members(parameters) : NULL;
	if (name == NULL)
		return NULL;
	g_autoptr(GString) all = g_string_new(name);
	for (GList *l = members; l != NULL; l = l->next) {
		const char *value = reader_json_string(parameters, l->data);
		if (value != NULL)
			g_string_append_printf(all, " %s=%s", (const char *)l->data, value);
	}
	return reader_name(all->str);
}

static void
add_percentiles(PerfdashRunBuilder *builder,
		JsonObject *metric,
		const JmhUnit *unit,
		gboolean is_sampled)
{
	JsonObject *percentiles = reader_json_object(metric, "scorePercentiles");
	g_autoptr(GList) members = percentiles != NULL ? json_object_get_members(percentiles)
						       : NULL;
	g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func(g_free);
	for (GList *l = members; l != NULL; l = l->next) {
		double value;
		g_autofree char *stat = jmh_find_percentile(l->data, 100);
		if (stat == NULL || !reader_json_number(percentiles, l->data, &value) ||
		    (*stat == 'p' && !is_sampled && !g_str_equal(stat, "p50")))
			continue;
		jmh_add_stat(builder, seen, stat, jmh_unit_convert(unit, value));
	}
}

static guint
count_iterations(JsonArray *forks)
{
	guint n = 0;
	for (guint i = 0; i < json_array_get_length(forks); i++) {
		JsonNode *fork = json_array_get_element(forks, i);
		if (JSON_NODE_HOLDS_ARRAY(fork))
			n += json_array_get_length(json_node_get_array(fork));
	}
	return n;
}

static void
add_replicates(PerfdashRunBuilder *builder, JsonArray *forks, const JmhUnit *unit)
{
	guint n = count_iterations(forks);
	for (guint i = 0; n > 1 && n <= MAX_REPLICATES && i < json_array_get_length(forks); i++) {
		JsonNode *fork = json_array_get_element(forks, i);
		JsonArray *values = JSON_NODE_HOLDS_ARRAY(fork) ? json_node_get_array(fork) : NULL;
		for (guint j = 0; values != NULL && j < json_array_get_length(values); j++) {
			double value;
			if (reader_json_number_at(values, j, &value))
				perfdash_run_builder_add_replicate(builder,
								   jmh_unit_convert(unit, value));
		}
	}
}

/* FALSE when nothing was measured */
static gboolean
add_metric(PerfdashRunBuilder *builder,
	   const char *benchmark,
	   const char *name,
	   JsonObject *metric,
	   gboolean is_sampled)
{
	double score;
	const char *unit_name = reader_json_string(metric, "scoreUnit");
	JsonArray *raw = reader_json_array(metric, "rawData");
	JmhUnit unit = jmh_unit_find(unit_name != NULL ? unit_name : "");
	if (unit.unit == NULL || !reader_json_number(metric, "score", &score))
		return FALSE;
	perfdash_run_builder_add_result(builder,
					benchmark,
					name,
					unit.unit,
					unit.direction,
					jmh_unit_convert(&unit, score));
	add_percentiles(builder, metric, &unit, is_sampled);
	if (raw != NULL)
		add_replicates(builder, raw, &unit);
	return TRUE;
}

static void
add_secondary(PerfdashRunBuilder *builder,
	      JsonObject *row,
	      const char *benchmark,
	      gboolean is_sampled)
{
	JsonObject *metrics = reader_json_object(row, "secondaryMetrics");
	g_autoptr(GList) members = metrics != NULL ? json_object_get_members(metrics) : NULL;
	for (GList *l = members; l != NULL; l = l->next) {
		JsonObject *metric = reader_json_object(metrics, l->data);
		g_autofree char *name = reader_name(jmh_skip_dot(l->data));
		if (metric != NULL)
			add_metric(builder, benchmark, name, metric, is_sampled);
	}
}

static void
read_row(PerfdashRunBuilder *builder, JsonObject *row)
{
	g_autofree char *benchmark = get_benchmark(row);
	const char *mode = reader_json_string(row, "mode");
	JsonObject *metric = reader_json_object(row, "primaryMetric");
	if (benchmark == NULL || mode == NULL || metric == NULL)
		return;
	g_autofree char *name = reader_name(mode);
	gboolean is_sampled = g_str_equal(mode, "sample");
	if (!add_metric(builder, benchmark, name, metric, is_sampled))
		perfdash_run_builder_add_warning(builder, "%s: no score", benchmark);
	add_secondary(builder, row, benchmark, is_sampled);
}

gboolean
jmh_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	gboolean is_cut;
	g_autoptr(JsonParser)
		parser = reader_json_load_rows(text, size, "\n    }", "]", &is_cut, error);
	if (parser == NULL)
		return FALSE;
	JsonArray *rows = reader_json_root_array(parser);
	if (rows == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document is no list of benchmarks");
		return FALSE;
	}
	perfdash_run_builder_set_label(builder, "tool", "jmh");
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the document has no end: the log was cut off");
	}
	for (guint i = 0; i < json_array_get_length(rows); i++) {
		JsonObject *row = reader_json_element(rows, i);
		if (row != NULL && i == 0)
			read_facts(builder, row);
		if (row != NULL)
			read_row(builder, row);
	}
	return TRUE;
}
