/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Seconds. Tests that failed are not in the document. Raw times may be a megabyte; what is stored
 * by --benchmark-save has none. The time of the session is UTC, which it does not say before
 * version 5. */

#include "pytest-benchmark.h"

#include <string.h>

#include "reader-json.h"
#include "reader-start.h"
#include "reader-text.h"

#define MAX_REPLICATES 10000 /* of a benchmark; more say no more than the statistics */

static const struct {
	const char *member;
	const char *stat;
} stats[] = {
	{"min", "min"},
	{"max", "max"},
	{"median", "p50"},
	{"q1", "p25"},
	{"q3", "p75"},
	{"rounds", "n"},
};

static const struct {
	const char *member;
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} others[] = {
	{"iqr", "iqr", "s", PERFDASH_DIRECTION_LOWER},
	{"ops", "ops", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"rounds", "rounds", "1", PERFDASH_DIRECTION_NONE},
	{"iterations", "iterations", "1", PERFDASH_DIRECTION_NONE},
};

gboolean
pytest_benchmark_json_is_own(const char *text)
{
	return strstr(text, "\"machine_info\":") != NULL &&
	       strstr(text, "\"commit_info\":") != NULL && strstr(text, "\"benchmarks\":") != NULL;
}

static void
set_group(PerfdashRunBuilder *builder, const char *group)
{
	if (group == NULL)
		return;
	g_autofree char *value = reader_name(group);
	perfdash_run_builder_add_result_label(builder, "group", value);
}

static void
add_time(PerfdashRunBuilder *builder, const char *benchmark, JsonObject *values, double mean)
{
	double value, n_rounds = 0;
	JsonArray *data = reader_json_array(values, "data");
	guint n = data != NULL ? json_array_get_length(data) : 0;
	perfdash_run_builder_add_result(builder,
					benchmark,
					"time",
					"s",
					PERFDASH_DIRECTION_LOWER,
					mean);
	reader_json_number(values, "rounds", &n_rounds);
	if (n_rounds > 1 && reader_json_number(values, "stddev", &value))
		perfdash_run_builder_add_stat(builder, "sd", value);
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (reader_json_number(values, stats[i].member, &value))
			perfdash_run_builder_add_stat(builder, stats[i].stat, value);
	}
	for (guint i = 0; n > 1 && n <= MAX_REPLICATES && i < n; i++) {
		if (reader_json_number_at(data, i, &value))
			perfdash_run_builder_add_replicate(builder, value);
	}
}

static void
read_row(PerfdashRunBuilder *builder, JsonObject *row)
{
	double value;
	JsonObject *values = reader_json_object(row, "stats");
	const char *group = reader_json_string(row, "group");
	const char *name = reader_json_string(row, "fullname");
	if (name == NULL)
		name = reader_json_string(row, "name");
	if (name == NULL || values == NULL || !reader_json_number(values, "mean", &value))
		return;
	g_autofree char *benchmark = reader_name(name);
	add_time(builder, benchmark, values, value);
	set_group(builder, group);
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		if (!reader_json_number(values, others[i].member, &value))
			continue;
		perfdash_run_builder_add_result(builder,
						benchmark,
						others[i].metric,
						others[i].unit,
						others[i].direction,
						value);
		set_group(builder, group);
	}
}

static void
read_machine(PerfdashRunBuilder *builder, JsonObject *machine)
{
	static const char *const keys[] = {"python_implementation",
					   "python_version",
					   "machine",
					   "system",
					   "release"};
	JsonObject *cpu = reader_json_object(machine, "cpu");
	const char *brand = cpu != NULL ? reader_json_string(cpu, "brand_raw") : NULL;
	if (brand == NULL && cpu != NULL)
		brand = reader_json_string(cpu, "brand");
	if (brand != NULL) {
		g_autofree char *value = reader_name(brand);
		perfdash_run_builder_set_environment(builder, "cpu", value);
	}
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *text = reader_json_string(machine, keys[i]);
		g_autofree char *value = text != NULL ? reader_name(text) : NULL;
		if (value != NULL)
			perfdash_run_builder_set_environment(builder, keys[i], value);
	}
}

static void
set_started_at(PerfdashRunBuilder *builder, const char *text)
{
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, utc);
	if (time != NULL)
		reader_set_start(builder,
				 g_date_time_to_unix(time) * 1e6 +
					 g_date_time_get_microsecond(time));
}

static void
read_facts(PerfdashRunBuilder *builder, JsonObject *root)
{
	JsonObject *machine = reader_json_object(root, "machine_info");
	JsonObject *commit = reader_json_object(root, "commit_info");
	const char *revision = commit != NULL ? reader_json_string(commit, "id") : NULL;
	const char *version = reader_json_string(root, "version");
	const char *time = reader_json_string(root, "datetime");
	perfdash_run_builder_set_label(builder, "tool", "pytest-benchmark");
	if (version != NULL) {
		g_autofree char *value = reader_name(version);
		perfdash_run_builder_set_environment(builder, "tool_version", value);
	}
	if (machine != NULL)
		read_machine(builder, machine);
	/* what is under no version control is "unversioned" */
	if (revision != NULL && strspn(revision, "0123456789abcdef") == strlen(revision) &&
	    strlen(revision) <= 64)
		perfdash_run_builder_set_revision(builder, revision);
	if (time != NULL)
		set_started_at(builder, time);
}

gboolean
pytest_benchmark_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	gboolean is_cut;
	g_autoptr(JsonParser)
		parser = reader_json_load_rows(text, size, "\n        }", "]}", &is_cut, error);
	if (parser == NULL)
		return FALSE;
	JsonObject *root = reader_json_root_object(parser);
	JsonArray *rows = root != NULL ? reader_json_array(root, "benchmarks") : NULL;
	if (rows == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document has no list of \"benchmarks\"");
		return FALSE;
	}
	read_facts(builder, root);
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the document has no end: the log was cut off");
	}
	for (guint i = 0; i < json_array_get_length(rows); i++) {
		JsonObject *row = reader_json_element(rows, i);
		if (row != NULL)
			read_row(builder, row);
	}
	return TRUE;
}
