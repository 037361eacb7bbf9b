/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Google Benchmark's JSON. Repetitions of a benchmark are rows of their own and become replicates
 * of one result; aggregates over them become its statistics. Times have a unit in each row; bytes
 * and items per second are numbers without prefix. */

#include "google-benchmark.h"

#include <string.h>

#include "reader-json.h"
#include "reader-repetitions.h"
#include "reader-start.h"
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

typedef struct {
	PerfdashRunBuilder *builder;
	ReaderRepetitions *repetitions;
	guint n_errors;
	guint n_rows;
} Reading;

static void
read_member(Reading *reading,
	    JsonObject *row,
	    const char *benchmark,
	    const char *member,
	    const char *unit,
	    PerfdashDirection direction)
{
	double value;
	if (!reader_json_number(row, member, &value))
		return;
	g_autofree char *metric = reader_name(member);
	ReaderMeasure measure = {benchmark, metric, unit, direction};
	const char *aggregate = reader_json_string(row, "aggregate_name");
	reader_repetitions_add(reading->repetitions, &measure, aggregate, value);
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

/* NULL when it is none that is known */
static const char *
time_unit(JsonObject *row)
{
	static const char *const units[] = {"ns", "us", "ms", "s"};
	const char *unit = reader_json_string(row, "time_unit");
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (unit == NULL || g_str_equal(unit, units[i]))
			return units[i];
	}
	return NULL;
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
	if (time_unit(row) != NULL && reader_json_number(row, "real_coefficient", &value)) {
		perfdash_run_builder_add_result(reading->builder,
						benchmark,
						"complexity",
						time_unit(row),
						PERFDASH_DIRECTION_NONE,
						value);
		const char *order = reader_json_string(row, "big_o");
		g_autofree char *label = order != NULL ? reader_name(order) : NULL;
		if (label != NULL)
			perfdash_run_builder_add_result_label(reading->builder, "big_o", label);
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
	const char *name = reader_json_string(row, "run_name");
	const char *type = reader_json_string(row, "run_type");
	gboolean aggregate = g_strcmp0(type, "aggregate") == 0;
	if (name == NULL)
		name = reader_json_string(row, "name");
	if (name == NULL)
		return;
	g_autofree char *benchmark = reader_name(name);
	reading->n_rows++;
	if (is_error(reading, row, benchmark) ||
	    (aggregate && read_complexity(reading, row, benchmark)))
		return;
	if (aggregate && g_strcmp0(reader_json_string(row, "aggregate_unit"), "percentage") == 0 &&
	    g_strcmp0(reader_json_string(row, "aggregate_name"), "cv") != 0)
		return;
	const char *unit = time_unit(row);
	if (unit == NULL)
		return;
	read_member(reading, row, benchmark, "real_time", unit, PERFDASH_DIRECTION_LOWER);
	read_member(reading, row, benchmark, "cpu_time", unit, PERFDASH_DIRECTION_LOWER);
	read_member(reading, row, benchmark, "bytes_per_second", "B/s", PERFDASH_DIRECTION_HIGHER);
	read_member(reading, row, benchmark, "items_per_second", "1/s", PERFDASH_DIRECTION_HIGHER);
	read_counters(reading, row, benchmark);
}

static void
read_context(PerfdashRunBuilder *builder, JsonObject *context)
{
	const char *date = reader_json_string(context, "date");
	const char *build_type = reader_json_string(context, "library_build_type");
	double value;
	reader_set_start_text(builder, date);
	if (build_type != NULL) {
		g_autofree char *text = reader_name(build_type);
		perfdash_run_builder_set_environment(builder, "library_build_type", text);
	}
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
	g_autoptr(ReaderRepetitions) repetitions = reader_repetitions_new();
	Reading reading = {builder, repetitions, 0, 0};
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
		JsonObject *row = reader_json_element(rows, i);
		if (row != NULL)
			read_row(&reading, row);
	}
	reader_repetitions_write(repetitions, builder);
	if (reading.n_rows > 0 && reading.n_errors == reading.n_rows)
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
	return TRUE;
}

gboolean
gb_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	gboolean is_cut;
	g_autoptr(JsonParser)
		parser = reader_json_load_rows(text, size, "\n    }", "\n  ]\n}\n", &is_cut, error);
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

gboolean
gb_json_is_own(const char *text)
{
	const char *context = strstr(text, "\"context\": {");
	return context != NULL && strstr(context, "\"library_build_type\"") != NULL;
}
