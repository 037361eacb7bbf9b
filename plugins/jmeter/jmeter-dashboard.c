/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* statistics.json of JMeter's report: an object for each label, and "Total". Times are
 * milliseconds, errorPct is percent, and the three percentiles are 90, 95 and 99 unless JMeter was
 * told otherwise, which the file does not say. Kilobytes are of 1024. Numbers that are none are
 * strings or missing. */

#include "jmeter-dashboard.h"

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

static void
add(PerfdashRunBuilder *builder,
    JsonObject *entry,
    const char *member,
    const char *benchmark,
    const char *metric,
    const char *unit,
    PerfdashDirection direction)
{
	double value;
	if (reader_json_number(entry, member, &value) && value >= 0)
		perfdash_run_builder_add_result(builder, benchmark, metric, unit, direction, value);
}

static void
add_latency(PerfdashRunBuilder *builder, JsonObject *entry, const char *benchmark)
{
	static const struct {
		const char *member;
		const char *name;
	} stats[] = {
		{"sampleCount", "n"},
		{"minResTime", "min"},
		{"maxResTime", "max"},
		{"medianResTime", "p50"},
		{"pct1ResTime", "p90"},
		{"pct2ResTime", "p95"},
		{"pct3ResTime", "p99"},
	};
	double value;
	if (!reader_json_number(entry, "meanResTime", &value))
		return;
	perfdash_run_builder_add_result(builder,
					benchmark,
					"latency",
					"ms",
					PERFDASH_DIRECTION_LOWER,
					value);
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (reader_json_number(entry, stats[i].member, &value))
			perfdash_run_builder_add_stat(builder, stats[i].name, value);
	}
}

/* nothing when there were no samples */
static gboolean
add_counts(PerfdashRunBuilder *builder, JsonObject *entry, const char *benchmark)
{
	double n_samples, n_errors;
	if (!reader_json_number(entry, "sampleCount", &n_samples) || n_samples <= 0)
		return FALSE;
	add(builder, entry, "sampleCount", benchmark, "samples", "1", PERFDASH_DIRECTION_NONE);
	add(builder, entry, "errorCount", benchmark, "errors", "1", PERFDASH_DIRECTION_LOWER);
	if (reader_json_number(entry, "errorCount", &n_errors))
		perfdash_run_builder_add_result(builder,
						benchmark,
						"error_rate",
						"ratio",
						PERFDASH_DIRECTION_LOWER,
						n_errors / n_samples);
	return TRUE;
}

static void
add_speed(PerfdashRunBuilder *builder, JsonObject *entry, const char *benchmark)
{
	const PerfdashDirection higher = PERFDASH_DIRECTION_HIGHER;
	add_latency(builder, entry, benchmark);
	add(builder, entry, "throughput", benchmark, "throughput", "1/s", higher);
	add(builder, entry, "receivedKBytesPerSec", benchmark, "transfer", "KiB/s", higher);
	add(builder, entry, "sentKBytesPerSec", benchmark, "transfer_sent", "KiB/s", higher);
}

static void
add_entries(JsonObject *labels, gboolean failed, PerfdashRunBuilder *builder)
{
	JsonObjectIter iter;
	const char *label;
	json_object_iter_init_ordered(&iter, labels);
	while (json_object_iter_next_ordered(&iter, &label, NULL)) {
		JsonObject *entry = reader_json_object(labels, label);
		g_autofree char *name = g_str_equal(label, "Total") ? g_strdup("TOTAL")
								    : reader_name(label);
		if (entry != NULL && add_counts(builder, entry, name) && !failed)
			add_speed(builder, entry, name);
	}
}

/* of the total */
static gboolean
is_failed(JsonObject *labels)
{
	JsonObject *total = reader_json_object(labels, "Total");
	double n_samples, n_errors;
	return total != NULL && reader_json_number(total, "sampleCount", &n_samples) &&
	       reader_json_number(total, "errorCount", &n_errors) && n_errors >= n_samples;
}

gboolean
jmeter_dashboard_read(const char *text, gsize size, PerfdashRunBuilder *builder, GError **error)
{
	gboolean is_cut;
	g_autoptr(JsonParser)
		parser = reader_json_load_rows(text, size, "\n  }", "}", &is_cut, error);
	if (parser == NULL)
		return FALSE;
	JsonObject *labels = reader_json_root_object(parser);
	perfdash_run_builder_set_label(builder, "tool", "jmeter");
	if (labels == NULL)
		return TRUE;
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the document was cut off");
	}
	gboolean failed = is_failed(labels);
	add_entries(labels, failed, builder);
	if (failed) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder, "every sample was an error");
	}
	return TRUE;
}

gboolean
jmeter_dashboard_is(const char *text, gsize size)
{
	static const char *const members[] = {"\"transaction\"",
					      "\"sampleCount\"",
					      "\"errorPct\"",
					      "\"meanResTime\""};
	for (guint i = 0; i < G_N_ELEMENTS(members); i++) {
		if (memmem(text, size, members[i], strlen(members[i])) == NULL)
			return FALSE;
	}
	return size > 0 && *text == '{';
}
