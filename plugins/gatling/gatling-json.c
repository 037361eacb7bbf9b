/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The numbers of a report: stats.json has those of all requests, and in "contents" of groups and of
 * each request; global_stats.json has the first of them alone. Numbers may be written as text, and
 * "-" is none. Which percentiles there are is a setting that the document does not say: they are
 * taken as the default ones. */

#include <math.h>
#include <string.h>

#include "gatling.h"
#include "reader-text.h"

#define MAX_DEPTH 50

static const struct {
	const char *member;
	const char *stat;
} stats[] = {
	{"minResponseTime", "min"},
	{"maxResponseTime", "max"},
	{"standardDeviation", "sd"},
};
static const char *const percentiles[] = {"p50", "p75", "p95", "p99"};
static const char *const old_percentiles[] = {"p95", "p99"};

/* what a distribution says of all requests, or of those that failed */
static double
get(JsonObject *object, const char *member, const char *which)
{
	JsonObject *values = reader_json_object(object, member);
	double value;
	if (values == NULL)
		return NAN;
	if (reader_json_number(values, which, &value))
		return value;
	const char *text = reader_json_string(values, which);
	return text != NULL && reader_number(text, &value, NULL) ? value : NAN;
}

static void
add_stat(PerfdashRunBuilder *builder, const char *name, double value)
{
	if (isfinite(value))
		perfdash_run_builder_add_stat(builder, name, value);
}

static void
add_percentiles(PerfdashRunBuilder *builder, JsonObject *object)
{
	gboolean is_old = !json_object_has_member(object, "percentiles3");
	const char *const *names = is_old ? old_percentiles : percentiles;
	guint n = is_old ? G_N_ELEMENTS(old_percentiles) : G_N_ELEMENTS(percentiles);
	for (guint i = 0; i < n; i++) {
		g_autofree char *member = g_strdup_printf("percentiles%u", i + 1);
		add_stat(builder, names[i], get(object, member, "total"));
	}
}

static void
add(PerfdashRunBuilder *builder,
    const char *benchmark,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    double value)
{
	if (isfinite(value))
		perfdash_run_builder_add_result(builder, benchmark, metric, unit, direction, value);
}

static void
add_times(PerfdashRunBuilder *builder, JsonObject *object, const char *benchmark)
{
	double mean = get(object, "meanResponseTime", "total");
	if (!isfinite(mean))
		return;
	add(builder, benchmark, "latency", "ms", PERFDASH_DIRECTION_LOWER, mean);
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++)
		add_stat(builder, stats[i].stat, get(object, stats[i].member, "total"));
	add_percentiles(builder, object);
}

/* FALSE when every request failed */
static gboolean
add_stats(PerfdashRunBuilder *builder, JsonObject *object, const char *benchmark, const char *group)
{
	double n = get(object, "numberOfRequests", "total");
	double n_errors = get(object, "numberOfRequests", "ko");
	gboolean is_good = isfinite(n) && n > 0 && !(n_errors >= n);
	double rate = get(object, "meanNumberOfRequestsPerSecond", "total");
	struct {
		const char *metric;
		const char *unit;
		PerfdashDirection direction;
		double value;
	} numbers[] = {
		{"requests", "1", PERFDASH_DIRECTION_NONE, n},
		{"errors", "1", PERFDASH_DIRECTION_LOWER, isfinite(n_errors) ? n_errors : 0},
		{"throughput", "1/s", PERFDASH_DIRECTION_HIGHER, is_good ? rate : NAN},
	};
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
		add(builder,
		    benchmark,
		    numbers[i].metric,
		    numbers[i].unit,
		    numbers[i].direction,
		    numbers[i].value);
		if (*group != '\0' && isfinite(numbers[i].value))
			perfdash_run_builder_add_result_label(builder, "group", group);
	}
	if (!is_good)
		return FALSE;
	guint before = perfdash_run_builder_get_n_results(builder);
	add_times(builder, object, benchmark);
	if (*group != '\0' && perfdash_run_builder_get_n_results(builder) > before)
		perfdash_run_builder_add_result_label(builder, "group", group);
	return TRUE;
}

static void
read_contents(PerfdashRunBuilder *builder, JsonObject *object, const char *group, guint depth);

static void
read_entry(PerfdashRunBuilder *builder, JsonObject *entry, const char *group, guint depth)
{
	const char *name = reader_json_string(entry, "name");
	JsonObject *numbers = reader_json_object(entry, "stats");
	g_autofree char *benchmark = reader_name(name != NULL ? name : "");
	if (g_strcmp0(reader_json_string(entry, "type"), "GROUP") == 0) {
		g_autofree char *inner =
			g_strconcat(group, *group != '\0' ? "," : "", benchmark, NULL);
		g_autofree char *label = reader_name(inner);
		read_contents(builder, entry, label, depth + 1);
	} else if (numbers != NULL && !add_stats(builder, numbers, benchmark, group)) {
		perfdash_run_builder_add_warning(builder, "%s: every request failed", benchmark);
	}
}

static void
read_contents(PerfdashRunBuilder *builder, JsonObject *object, const char *group, guint depth)
{
	JsonObject *contents = reader_json_object(object, "contents");
	if (contents == NULL || depth > MAX_DEPTH)
		return;
	g_autoptr(GList) members = json_object_get_members(contents);
	for (GList *l = members; l != NULL; l = l->next) {
		JsonObject *entry = reader_json_object(contents, l->data);
		if (entry != NULL)
			read_entry(builder, entry, group, depth);
	}
}

void
gatling_json_read(JsonObject *root, PerfdashRunBuilder *builder)
{
	JsonObject *all = reader_json_object(root, "stats");
	perfdash_run_builder_set_label(builder, "tool", "gatling");
	if (!add_stats(builder, all != NULL ? all : root, GATLING_ALL, "")) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder, "every request failed");
	} else {
		read_contents(builder, root, "", 0);
	}
}
