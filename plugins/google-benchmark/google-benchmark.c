/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Google Benchmark's JSON. Repetitions of a benchmark are rows of their own and become replicates
 * of one result; aggregates over them become its statistics. Times have a unit in each row; bytes
 * and items per second are numbers without prefix. */

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

/* members of a row that are no counters of the user */
static const char *const known_members[] = {"name",
					    "family_index",
					    "per_family_instance_index",
					    "run_name",
					    "run_type",
					    "repetitions",
					    "repetition_index",
					    "threads",
					    "iterations",
					    "real_time",
					    "cpu_time",
					    "time_unit",
					    "label",
					    "aggregate_name",
					    "aggregate_unit",
					    "error_occurred",
					    "error_message",
					    "skipped",
					    "skip_message",
					    "cpu_coefficient",
					    "real_coefficient",
					    "big_o",
					    "rms",
					    "bytes_per_second",
					    "items_per_second",
					    "allocs_per_iter",
					    "max_bytes_used",
					    "total_allocated_bytes",
					    "net_heap_growth",
					    NULL};

/* a metric of a benchmark over its repetitions */
typedef struct {
	char *benchmark;
	char *metric;
	char *unit;
	PerfdashDirection direction;
	GArray *replicates; /* of double */
	gboolean has_mean, has_median, has_sd, has_cv;
	double mean, median, sd, cv;
} Metric;

typedef struct {
	PerfdashRunBuilder *builder;
	GPtrArray *metrics; /* of Metric, in the order of the log */
	GHashTable *index;  /* "benchmark\nmetric" -> Metric */
	guint n_errors;
	guint n_rows;
} Reading;

static void
metric_free(Metric *metric)
{
	g_free(metric->benchmark);
	g_free(metric->metric);
	g_free(metric->unit);
	g_array_unref(metric->replicates);
	g_free(metric);
}

static void
reading_clear(Reading *reading)
{
	g_ptr_array_unref(reading->metrics);
	g_hash_table_unref(reading->index);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static Metric *
ensure_metric(Reading *reading,
	      const char *benchmark,
	      const char *name,
	      const char *unit,
	      PerfdashDirection direction)
{
	g_autofree char *key = g_strdup_printf("%s\n%s", benchmark, name);
	Metric *metric = g_hash_table_lookup(reading->index, key);
	if (metric != NULL)
		return metric;
	metric = g_new0(Metric, 1);
	metric->benchmark = g_strdup(benchmark);
	metric->metric = g_strdup(name);
	metric->unit = g_strdup(unit);
	metric->direction = direction;
	metric->replicates = g_array_new(FALSE, FALSE, sizeof(double));
	g_ptr_array_add(reading->metrics, metric);
	g_hash_table_insert(reading->index, g_steal_pointer(&key), metric);
	return metric;
}

static void
take_value(Metric *metric, const char *aggregate, double value)
{
	if (aggregate == NULL) {
		g_array_append_val(metric->replicates, value);
	} else if (g_str_equal(aggregate, "mean")) {
		metric->has_mean = TRUE;
		metric->mean = value;
	} else if (g_str_equal(aggregate, "median")) {
		metric->has_median = TRUE;
		metric->median = value;
	} else if (g_str_equal(aggregate, "stddev")) {
		metric->has_sd = TRUE;
		metric->sd = value;
	} else if (g_str_equal(aggregate, "cv")) {
		metric->has_cv = TRUE;
		metric->cv = value;
	}
}

static void
read_member(Reading *reading,
	    JsonObject *row,
	    const char *benchmark,
	    const char *member,
	    const char *unit,
	    PerfdashDirection direction)
{
	double value;
	const char *aggregate = reader_json_string(row, "aggregate_name");
	if (reader_json_number(row, member, &value))
		take_value(ensure_metric(reading, benchmark, member, unit, direction),
			   aggregate,
			   value);
}

static void
read_counters(Reading *reading, JsonObject *row, const char *benchmark)
{
	g_autoptr(GList) members = json_object_get_members(row);
	for (GList *l = members; l != NULL; l = l->next) {
		if (!g_strv_contains(known_members, l->data))
			read_member(reading, row, benchmark, l->data, "1", PERFDASH_DIRECTION_NONE);
	}
}

static const char *
time_unit(JsonObject *row)
{
	const char *unit = reader_json_string(row, "time_unit");
	return unit != NULL ? unit : "ns";
}

/* BigO and RMS rows: how time grows with the size */
static gboolean
read_complexity(Reading *reading, JsonObject *row, const char *benchmark)
{
	double value;
	if (reader_json_number(row, "rms", &value)) {
		perfdash_run_builder_add_result(reading->builder,
						benchmark,
						"complexity_rms",
						"ratio",
						PERFDASH_DIRECTION_LOWER,
						value);
		return TRUE;
	}
	if (!json_object_has_member(row, "big_o"))
		return FALSE;
	if (reader_json_number(row, "real_coefficient", &value)) {
		perfdash_run_builder_add_result(reading->builder,
						benchmark,
						"complexity",
						time_unit(row),
						PERFDASH_DIRECTION_NONE,
						value);
		const char *order = reader_json_string(row, "big_o");
		if (order != NULL && *order != '\0')
			perfdash_run_builder_add_result_label(reading->builder, "big_o", order);
	}
	return TRUE;
}

static gboolean
is_true(JsonObject *row, const char *member)
{
	JsonNode *node = json_object_get_member(row, member);
	return node != NULL && JSON_NODE_HOLDS_VALUE(node) &&
	       json_node_get_value_type(node) == G_TYPE_BOOLEAN && json_node_get_boolean(node);
}

static gboolean
is_error(Reading *reading, JsonObject *row, const char *benchmark)
{
	const char *message = reader_json_string(row, "error_message");
	if (message == NULL)
		message = reader_json_string(row, "skip_message");
	if (!is_true(row, "error_occurred") && !is_true(row, "skipped") &&
	    !json_object_has_member(row, "skip_message"))
		return FALSE;
	reading->n_errors++;
	perfdash_run_builder_add_warning(reading->builder,
					 "%s: %s",
					 benchmark,
					 message != NULL ? message : "failed");
	return TRUE;
}

static void
read_row(Reading *reading, JsonObject *row)
{
	const char *name = reader_json_string(row, "name");
	const char *run_name = reader_json_string(row, "run_name");
	const char *type = reader_json_string(row, "run_type");
	gboolean aggregate = g_strcmp0(type, "aggregate") == 0;
	const char *benchmark = run_name != NULL ? run_name : name;
	if (benchmark == NULL)
		return;
	reading->n_rows++;
	if (is_error(reading, row, benchmark) ||
	    (aggregate && read_complexity(reading, row, benchmark)))
		return;
	if (aggregate && g_strcmp0(reader_json_string(row, "aggregate_unit"), "percentage") == 0 &&
	    g_strcmp0(reader_json_string(row, "aggregate_name"), "cv") != 0)
		return;
	const char *unit = time_unit(row);
	read_member(reading, row, benchmark, "real_time", unit, PERFDASH_DIRECTION_LOWER);
	read_member(reading, row, benchmark, "cpu_time", unit, PERFDASH_DIRECTION_LOWER);
	read_member(reading, row, benchmark, "bytes_per_second", "B/s", PERFDASH_DIRECTION_HIGHER);
	read_member(reading, row, benchmark, "items_per_second", "1/s", PERFDASH_DIRECTION_HIGHER);
	read_counters(reading, row, benchmark);
}

static double
mean_of(GArray *values)
{
	double sum = 0;
	for (guint i = 0; i < values->len; i++)
		sum += g_array_index(values, double, i);
	return sum / values->len;
}

static void
add_metric(PerfdashRunBuilder *builder, Metric *metric)
{
	guint n = metric->replicates->len;
	if (n == 0 && !metric->has_mean && !metric->has_median)
		return;
	double value = metric->has_mean ? metric->mean
		       : n > 0          ? mean_of(metric->replicates)
					: metric->median;
	perfdash_run_builder_add_result(builder,
					metric->benchmark,
					metric->metric,
					metric->unit,
					metric->direction,
					value);
	if (metric->has_sd)
		perfdash_run_builder_add_stat(builder, "sd", metric->sd);
	if (metric->has_median)
		perfdash_run_builder_add_stat(builder, "p50", metric->median);
	for (guint i = 0; n > 1 && i < n; i++)
		perfdash_run_builder_add_replicate(builder,
						   g_array_index(metric->replicates, double, i));
	if (!metric->has_cv)
		return;
	g_autofree char *name = g_strdup_printf("%s_cv", metric->metric);
	perfdash_run_builder_add_result(builder,
					metric->benchmark,
					name,
					"ratio",
					PERFDASH_DIRECTION_LOWER,
					metric->cv);
}

static void
read_context(PerfdashRunBuilder *builder, JsonObject *context)
{
	const char *date = reader_json_string(context, "date");
	const char *build_type = reader_json_string(context, "library_build_type");
	g_autoptr(GDateTime) time = date != NULL ? g_date_time_new_from_iso8601(date, NULL) : NULL;
	double value;
	if (time != NULL)
		perfdash_run_builder_set_started_at(builder,
						    g_date_time_to_unix(time) * G_USEC_PER_SEC);
	if (build_type != NULL && *build_type != '\0')
		perfdash_run_builder_set_environment(builder, "library_build_type", build_type);
	if (reader_json_number(context, "num_cpus", &value)) {
		g_autofree char *text = g_strdup_printf("%.0f", value);
		perfdash_run_builder_set_environment(builder, "num_cpus", text);
	}
	if (reader_json_number(context, "mhz_per_cpu", &value)) {
		g_autofree char *text = g_strdup_printf("%.0f", value);
		perfdash_run_builder_set_environment(builder, "mhz_per_cpu", text);
	}
}

static gboolean
read_document(JsonObject *root, PerfdashRunBuilder *builder, GError **error)
{
	JsonObject *context = reader_json_object(root, "context");
	JsonArray *rows = reader_json_array(root, "benchmarks");
	g_auto(Reading) reading = {
		.builder = builder,
		.metrics = g_ptr_array_new_with_free_func((GDestroyNotify)metric_free),
		.index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
	if (context == NULL || rows == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document has no \"context\" or no \"benchmarks\"");
		return FALSE;
	}
	perfdash_run_builder_set_label(builder, "tool", "google-benchmark");
	read_context(builder, context);
	for (guint i = 0; i < json_array_get_length(rows); i++) {
		JsonNode *node = json_array_get_element(rows, i);
		if (JSON_NODE_HOLDS_OBJECT(node))
			read_row(&reading, json_node_get_object(node));
	}
	for (guint i = 0; i < reading.metrics->len; i++)
		add_metric(builder, g_ptr_array_index(reading.metrics, i));
	if (reading.n_rows > 0 && reading.n_errors == reading.n_rows)
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
	return TRUE;
}

/* of a document that was cut off, all rows that are whole */
static char *
salvage(const char *text, gsize size)
{
	static const char row_end[] = "\n    }";
	const char *last = g_strrstr_len(text, size, row_end);
	if (last == NULL)
		return NULL;
	GString *whole = g_string_new_len(text, last + strlen(row_end) - text);
	g_string_append(whole, "\n  ]\n}\n");
	return g_string_free(whole, FALSE);
}

static JsonParser *
load(const char *text, gsize size, gboolean *is_cut, GError **error)
{
	g_autoptr(GError) local = NULL;
	JsonParser *parser = reader_json_load(text, size, &local);
	*is_cut = parser == NULL;
	if (parser != NULL)
		return parser;
	g_autofree char *whole = salvage(text, size);
	if (whole != NULL)
		parser = reader_json_load(whole, strlen(whole), NULL);
	if (parser == NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	return parser;
}

static gboolean
gb_parser_parse(PerfdashParser *self,
		const char *name,
		GBytes *log,
		PerfdashRunBuilder *builder,
		GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	const char *start = memchr(text, '{', size);
	gboolean is_cut;
	g_autoptr(JsonParser) parser = load(start != NULL ? start : text,
					    size - (start != NULL ? start - text : 0),
					    &is_cut,
					    error);
	if (parser == NULL)
		return FALSE;
	JsonNode *root = json_parser_get_root(parser);
	if (root == NULL || !JSON_NODE_HOLDS_OBJECT(root)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document is not an object");
		return FALSE;
	}
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the document has no end: the log was cut off");
	}
	return read_document(json_node_get_object(root), builder, error);
}

static guint
gb_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	const char *context = strstr(text, "\"context\": {");
	if (context == NULL || strstr(context, "\"library_build_type\"") == NULL)
		return 0;
	return strstr(context, "\"benchmarks\": [") != NULL ? 97 : 60;
}

PERFDASH_DEFINE_PARSER(GbParser,
		       gb_parser,
		       gb_parser_probe,
		       gb_parser_parse,
		       "google-benchmark",
		       "1",
		       "Google Benchmark, C++: JSON output",
		       "*benchmark*.json",
		       PERFDASH_PARSER_JSON,
		       "\"library_build_type\"")
