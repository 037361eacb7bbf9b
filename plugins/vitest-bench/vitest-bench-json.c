/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A benchmark that threw is there without numbers; p995 is the percentile 99.5. */

#include "vitest-bench.h"

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
	{"median", "p50"},
	{"p75", "p75"},
	{"p99", "p99"},
	{"p995", "p99.5"},
	{"p999", "p99.9"},
};

static const struct {
	const char *member;
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} others[] = {
	{"rme", "relative_margin_of_error", "%", PERFDASH_DIRECTION_LOWER},
	{"sampleCount", "samples", "1", PERFDASH_DIRECTION_NONE},
};

gboolean
vitest_bench_json_is_own(const char *text)
{
	static const char *const members[] =
		{"\"files\":", "\"filepath\":", "\"groups\":", "\"fullName\":", "\"benchmarks\":"};
	const char *at = text;
	for (guint i = 0; at != NULL && i < G_N_ELEMENTS(members); i++)
		at = strstr(at, members[i]);
	return at != NULL;
}

static void
add_time(PerfdashRunBuilder *builder, const char *benchmark, JsonObject *row)
{
	double value;
	if (!reader_json_number(row, "mean", &value))
		return;
	perfdash_run_builder_add_result(builder,
					benchmark,
					"time",
					"ms",
					PERFDASH_DIRECTION_LOWER,
					value);
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (reader_json_number(row, stats[i].member, &value))
			perfdash_run_builder_add_stat(builder, stats[i].stat, value);
	}
	if (reader_json_number(row, "sampleCount", &value))
		perfdash_run_builder_add_stat(builder, "n", value);
}

static gboolean
read_row(PerfdashRunBuilder *builder, const char *group, JsonObject *row)
{
	double value;
	const char *name = reader_json_string(row, "name");
	g_autofree char *full =
		g_strconcat(group != NULL ? group : "", " > ", name != NULL ? name : "", NULL);
	g_autofree char *benchmark = reader_name(full);
	if (!reader_json_number(row, "hz", &value) || value <= 0) {
		perfdash_run_builder_add_warning(builder, "%s: no result", benchmark);
		return FALSE;
	}
	perfdash_run_builder_add_result(builder,
					benchmark,
					"throughput",
					"1/s",
					PERFDASH_DIRECTION_HIGHER,
					value);
	add_time(builder, benchmark, row);
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		if (reader_json_number(row, others[i].member, &value))
			perfdash_run_builder_add_result(builder,
							benchmark,
							others[i].metric,
							others[i].unit,
							others[i].direction,
							value);
	}
	return TRUE;
}

/* how many benchmarks of a file have no result */
static guint
read_file(PerfdashRunBuilder *builder, JsonObject *file)
{
	JsonArray *groups = reader_json_array(file, "groups");
	guint n_failed = 0;
	for (guint i = 0; groups != NULL && i < json_array_get_length(groups); i++) {
		JsonObject *group = reader_json_element(groups, i);
		JsonArray *rows = group != NULL ? reader_json_array(group, "benchmarks") : NULL;
		const char *name = group != NULL ? reader_json_string(group, "fullName") : NULL;
		for (guint j = 0; rows != NULL && j < json_array_get_length(rows); j++) {
			JsonObject *row = reader_json_element(rows, j);
			n_failed += row != NULL && !read_row(builder, name, row);
		}
	}
	return n_failed;
}

gboolean
vitest_bench_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	gboolean is_cut;
	guint n_failed = 0;
	g_autoptr(JsonParser) parser =
		reader_json_load_rows(text, size, "\n            }", "]}]}]}", &is_cut, error);
	if (parser == NULL)
		return FALSE;
	JsonObject *root = reader_json_root_object(parser);
	JsonArray *files = root != NULL ? reader_json_array(root, "files") : NULL;
	if (files == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document has no list of \"files\"");
		return FALSE;
	}
	perfdash_run_builder_set_label(builder, "tool", "vitest-bench");
	for (guint i = 0; i < json_array_get_length(files); i++) {
		JsonObject *file = reader_json_element(files, i);
		n_failed += file != NULL ? read_file(builder, file) : 0;
	}
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the document has no end: the log was cut off");
	} else if (n_failed > 0 && perfdash_run_builder_get_n_results(builder) == 0) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
	}
	return TRUE;
}
