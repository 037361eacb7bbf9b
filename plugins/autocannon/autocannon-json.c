/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* autocannon's JSON. Latencies are whole milliseconds, zero when they were shorter than a half:
 * the smallest may be above the median. Requests and bytes per second are means of samples of a
 * second each. Errors have the timeouts in them, not the answers with a bad status. */

#include <string.h>

#include "autocannon.h"
#include "reader-start.h"
#include "reader-text.h"

typedef struct {
	const char *member;
	const char *stat;
} Stat;

static const Stat latency_stats[] = {{"min", "min"},
				     {"max", "max"},
				     {"stddev", "sd"},
				     {"p2_5", "p2.5"},
				     {"p50", "p50"},
				     {"p75", "p75"},
				     {"p90", "p90"},
				     {"p97_5", "p97.5"},
				     {"p99", "p99"},
				     {"p99_9", "p99.9"},
				     {"p99_99", "p99.99"},
				     {NULL}};
static const Stat rate_stats[] = {{"min", "min"},
				  {"max", "max"},
				  {"stddev", "sd"},
				  {"p1", "p1"},
				  {"p2_5", "p2.5"},
				  {"p50", "p50"},
				  {"p97_5", "p97.5"},
				  {NULL}};

/* distributions of the document */
static const struct {
	const char *member;
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
	const Stat *stats;
} distributions[] = {
	{"latency", "latency", "ms", PERFDASH_DIRECTION_LOWER, latency_stats},
	{"requests", "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, rate_stats},
	{"throughput", "transfer", "B/s", PERFDASH_DIRECTION_HIGHER, rate_stats},
};

static const struct {
	const char *member;
	const char *metric;
} counts[] = {
	{"errors", "errors"},
	{"timeouts", "timeouts"},
	{"non2xx", "non_2xx"},
	{"mismatches", "mismatches"},
	{"resets", "resets"},
};

static double
get(JsonObject *object, const char *member)
{
	double value;
	return object != NULL && reader_json_number(object, member, &value) ? value : 0;
}

static void
add_stats(PerfdashRunBuilder *builder, JsonObject *object, const Stat *stats)
{
	double value;
	for (; stats->member != NULL; stats++) {
		if (reader_json_number(object, stats->member, &value))
			perfdash_run_builder_add_stat(builder, stats->stat, value);
	}
}

static void
add_distributions(PerfdashRunBuilder *builder, JsonObject *root, const char *benchmark)
{
	for (guint i = 0; i < G_N_ELEMENTS(distributions); i++) {
		JsonObject *object = reader_json_object(root, distributions[i].member);
		double value;
		if (object == NULL || !reader_json_number(object, "average", &value))
			continue;
		perfdash_run_builder_add_result(builder,
						benchmark,
						distributions[i].metric,
						distributions[i].unit,
						distributions[i].direction,
						value);
		add_stats(builder, object, distributions[i].stats);
	}
}

static void
add_number(PerfdashRunBuilder *builder,
	   JsonObject *object,
	   const char *member,
	   const char *benchmark,
	   const char *metric,
	   const char *unit,
	   PerfdashDirection direction)
{
	double value;
	if (object != NULL && reader_json_number(object, member, &value))
		perfdash_run_builder_add_result(builder, benchmark, metric, unit, direction, value);
}

static void
add_counts(PerfdashRunBuilder *builder, JsonObject *root, const char *benchmark)
{
	add_number(builder,
		   reader_json_object(root, "requests"),
		   "total",
		   benchmark,
		   "requests",
		   "1",
		   PERFDASH_DIRECTION_NONE);
	add_number(builder, root, "duration", benchmark, "duration", "s", PERFDASH_DIRECTION_NONE);
	for (guint i = 0; i < G_N_ELEMENTS(counts); i++)
		add_number(builder,
			   root,
			   counts[i].member,
			   benchmark,
			   counts[i].metric,
			   "1",
			   PERFDASH_DIRECTION_LOWER);
}

static void
read_setup(JsonObject *root, PerfdashRunBuilder *builder)
{
	static const char *const numbers[] = {"connections", "pipelining", "workers"};
	const char *title = reader_json_string(root, "title");
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
		double value;
		if (!reader_json_number(root, numbers[i], &value))
			continue;
		g_autofree char *text = g_strdup_printf("%.0f", value);
		perfdash_run_builder_set_parameter(builder, numbers[i], text);
	}
	if (title != NULL && *title != '\0') {
		g_autofree char *text = reader_name(title);
		perfdash_run_builder_set_parameter(builder, "title", text);
	}
	reader_set_start_text(builder, reader_json_string(root, "start"));
}

void
autocannon_json_read(JsonObject *root, PerfdashRunBuilder *builder)
{
	const char *url = reader_json_string(root, "url");
	g_autofree char *benchmark = reader_name(url != NULL && *url != '\0' ? url : "autocannon");
	double answers = get(reader_json_object(root, "requests"), "total");
	gboolean is_good = answers > get(root, "4xx") + get(root, "5xx");
	perfdash_run_builder_set_label(builder, "tool", "autocannon");
	read_setup(root, builder);
	if (is_good) {
		add_distributions(builder, root, benchmark);
	} else {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder,
						 answers == 0 ? "no request was answered"
							      : "every request was an error");
	}
	add_counts(builder, root, benchmark);
}
