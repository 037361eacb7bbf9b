/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The reports, full and brief. Times are nanoseconds. A benchmark that failed has no statistics.
 * Where the same method runs in several jobs, only the display name tells them apart. */

#include "benchmarkdotnet.h"

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

#define MAX_VALUES 10000

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_rows;
	guint n_measured;
} Report;

static const struct {
	const char *member;
	const char *stat;
} stats[] = {{"N", "n"}, {"Min", "min"}, {"Max", "max"}, {"StandardDeviation", "sd"}};
static const struct {
	const char *member;
	const char *key;
} facts[] = {
	{"BenchmarkDotNetVersion", "tool_version"},
	{"OsVersion", "os"},
	{"ProcessorName", "processor"},
	{"RuntimeVersion", "runtime"},
	{"Architecture", "architecture"},
	{"Configuration", "configuration"},
	{"DotNetCliVersion", "dotnet_version"},
};

static void
read_environment(Report *self, JsonObject *root)
{
	JsonObject *host = reader_json_object(root, "HostEnvironmentInfo");
	double cores;
	for (guint i = 0; host != NULL && i < G_N_ELEMENTS(facts); i++) {
		const char *value = reader_json_string(host, facts[i].member);
		if (value == NULL || *value == '\0')
			continue;
		g_autofree char *text = reader_name(value);
		perfdash_run_builder_set_environment(self->builder, facts[i].key, text);
	}
	if (host != NULL && reader_json_number(host, "LogicalCoreCount", &cores)) {
		g_autofree char *text = g_strdup_printf("%.0f", cores);
		perfdash_run_builder_set_environment(self->builder, "cpus", text);
	}
}

/* "P95" and its like, but those that are minimum and maximum */
static void
add_percentiles(Report *self, JsonObject *statistics)
{
	JsonObject *percentiles = reader_json_object(statistics, "Percentiles");
	g_autoptr(GList) names = percentiles != NULL ? json_object_get_members(percentiles) : NULL;
	guint n = 0;
	for (GList *l = names; l != NULL && n < 20; l = l->next) {
		const char *name = l->data;
		double percent;
		double value;
		const char *rest;
		if (*name != 'P' || !reader_number(name + 1, &percent, &rest) || *rest != '\0' ||
		    percent <= 0 || percent >= 100 ||
		    !reader_json_number(percentiles, name, &value))
			continue;
		g_autofree char *stat = g_strconcat("p", name + 1, NULL);
		perfdash_run_builder_add_stat(self->builder, stat, value);
		n++;
	}
	double median;
	if (n == 0 && reader_json_number(statistics, "Median", &median))
		perfdash_run_builder_add_stat(self->builder, "p50", median);
}

static void
add_values(Report *self, JsonObject *statistics)
{
	JsonArray *values = reader_json_array(statistics, "OriginalValues");
	guint n = values != NULL ? json_array_get_length(values) : 0;
	double value;
	for (guint i = 0; n > 1 && i < MIN(n, MAX_VALUES); i++) {
		if (reader_json_number_at(values, i, &value))
			perfdash_run_builder_add_replicate(self->builder, value);
	}
}

static gboolean
add_time(Report *self, const char *benchmark, JsonObject *statistics)
{
	double value;
	if (statistics == NULL || !reader_json_number(statistics, "Mean", &value))
		return FALSE;
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"time",
					"ns",
					PERFDASH_DIRECTION_LOWER,
					value);
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (reader_json_number(statistics, stats[i].member, &value))
			perfdash_run_builder_add_stat(self->builder, stats[i].stat, value);
	}
	add_percentiles(self, statistics);
	add_values(self, statistics);
	return TRUE;
}

/* the job in "Type.Method: Job-CZIFCN(Runtime=.NET 9.0) [N=10]"; its random name is no label */
static void
label_job(Report *self, JsonObject *row)
{
	const char *display = reader_json_string(row, "DisplayInfo");
	const char *job = display != NULL ? strstr(display, ": ") : NULL;
	if (job == NULL)
		return;
	job += strlen(": ");
	const char *bracket = g_str_has_prefix(job, "Job-") ? strchr(job, '(') : NULL;
	const char *end = bracket != NULL ? strchr(bracket, ')') : NULL;
	g_autofree char *text = end != NULL ? g_strndup(bracket + 1, end - bracket - 1)
					    : g_strndup(job, strcspn(job, "(["));
	g_autofree char *name = reader_name(text);
	if (!g_str_has_prefix(name, "DefaultJob") && !g_str_has_prefix(name, "Job-"))
		perfdash_run_builder_add_result_label(self->builder, "job", name);
}

static void
read_row(Report *self, JsonObject *row)
{
	const char *full = reader_json_string(row, "FullName");
	const char *method = reader_json_string(row, "Method");
	JsonObject *memory = reader_json_object(row, "Memory");
	double bytes;
	if (full == NULL || *full == '\0')
		full = method;
	if (full == NULL)
		return;
	g_autofree char *benchmark = reader_name(full);
	self->n_rows++;
	if (!add_time(self, benchmark, reader_json_object(row, "Statistics"))) {
		perfdash_run_builder_add_warning(self->builder, "%s was not measured", benchmark);
		return;
	}
	self->n_measured++;
	label_job(self, row);
	if (memory == NULL || !reader_json_number(memory, "BytesAllocatedPerOperation", &bytes))
		return;
	perfdash_run_builder_add_result(self->builder,
					benchmark,
					"allocated",
					"B",
					PERFDASH_DIRECTION_LOWER,
					bytes);
	label_job(self, row);
}

gboolean
benchmarkdotnet_read_json(GBytes *document, PerfdashRunBuilder *builder, GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	gboolean is_cut;
	Report self = {.builder = builder};
	g_autoptr(JsonParser)
		parser = reader_json_load_rows(text, size, "\n    }", "\n  ]\n}\n", &is_cut, error);
	if (parser == NULL)
		return FALSE;
	JsonObject *root = reader_json_root_object(parser);
	JsonArray *rows = root != NULL ? reader_json_array(root, "Benchmarks") : NULL;
	if (rows == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document has no \"Benchmarks\"");
		return FALSE;
	}
	perfdash_run_builder_set_label(builder, "tool", "BenchmarkDotNet");
	read_environment(&self, root);
	for (guint i = 0; i < json_array_get_length(rows); i++) {
		JsonObject *row = reader_json_element(rows, i);
		if (row != NULL)
			read_row(&self, row);
	}
	if (self.n_measured == 0) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder, "no benchmark was measured");
	} else if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder,
						 "the document has no end: the log was cut off");
	}
	return TRUE;
}
