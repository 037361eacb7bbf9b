/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Rows are the same in CSV, in JSON and on the console: counts, times in milliseconds, rates. Times
 * of requests that all failed are those of refusals, and no latency. */

#include <math.h>
#include <string.h>

#include "locust.h"
#include "reader-quantity.h"
#include "reader-text.h"

#define MOST 40 /* percentiles */

LocustRow *
locust_row_new(const char *type, const char *name)
{
	LocustRow *row = g_new0(LocustRow, 1);
	gboolean typed = *type != '\0' && !g_str_equal(type, "None");
	g_autofree char *text = g_strconcat(typed ? type : "", typed ? " " : "", name, NULL);
	row->benchmark = reader_name(text);
	row->requests = row->failures = row->average = row->minimum = row->maximum = NAN;
	row->median = row->content_size = row->rate = row->failure_rate = NAN;
	row->percentiles = g_array_new(FALSE, FALSE, sizeof(LocustPercentile));
	return row;
}

void
locust_row_free(LocustRow *row)
{
	g_free(row->benchmark);
	g_array_unref(row->percentiles);
	g_free(row);
}

gboolean
locust_row_is_total(const LocustRow *row)
{
	return g_str_equal(row->benchmark, "Aggregated") || g_str_equal(row->benchmark, "Total");
}

void
locust_row_add_percentile(LocustRow *row, double percent, double value)
{
	LocustPercentile one = {percent, value};
	if (!isfinite(value) || percent <= 0 || percent >= 100 || row->percentiles->len == MOST)
		return;
	for (guint i = 0; i < row->percentiles->len; i++) {
		if (g_array_index(row->percentiles, LocustPercentile, i).percent == percent)
			return;
	}
	g_array_append_val(row->percentiles, one);
}

static void
add(PerfdashRunBuilder *builder,
    const LocustRow *row,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    double value)
{
	if (isfinite(value))
		perfdash_run_builder_add_result(builder,
						row->benchmark,
						metric,
						unit,
						direction,
						value);
}

static void
add_stat(PerfdashRunBuilder *builder, const char *name, double value)
{
	if (isfinite(value))
		perfdash_run_builder_add_stat(builder, name, value);
}

static void
add_latency(PerfdashRunBuilder *builder, const LocustRow *row)
{
	if (!isfinite(row->average))
		return;
	add(builder, row, "latency", "ms", PERFDASH_DIRECTION_LOWER, row->average);
	add_stat(builder, "n", row->requests);
	add_stat(builder, "min", row->minimum);
	add_stat(builder, "max", row->maximum);
	add_stat(builder, "p50", row->median);
	for (guint i = 0; i < row->percentiles->len; i++) {
		LocustPercentile *one = &g_array_index(row->percentiles, LocustPercentile, i);
		/* statistics are in the unit of their result */
		ReaderQuantity quantity = {one->value, "1"};
		/* Locust finds its median in another, better way */
		if (one->percent == 50 && isfinite(row->median))
			continue;
		reader_add_percentile(builder, one->percent, quantity);
	}
}

static void
add_row(PerfdashRunBuilder *builder, const LocustRow *row, gboolean is_good)
{
	if (row->line > 0)
		perfdash_run_builder_set_line(builder, row->line);
	add(builder, row, "requests", "1", PERFDASH_DIRECTION_NONE, row->requests);
	add(builder, row, "errors", "1", PERFDASH_DIRECTION_LOWER, row->failures);
	if (!is_good || row->requests == 0)
		return;
	if (row->failures >= row->requests) {
		perfdash_run_builder_add_warning(builder,
						 "%s: every request failed",
						 row->benchmark);
		return;
	}
	add_latency(builder, row);
	add(builder, row, "throughput", "1/s", PERFDASH_DIRECTION_HIGHER, row->rate);
	add(builder, row, "errors_per_second", "1/s", PERFDASH_DIRECTION_LOWER, row->failure_rate);
	add(builder, row, "content_size", "B", PERFDASH_DIRECTION_NONE, row->content_size);
}

gboolean
locust_add_rows(PerfdashRunBuilder *builder, GPtrArray *rows)
{
	double requests = 0;
	double failures = 0;
	for (guint i = 0; i < rows->len; i++) {
		LocustRow *row = g_ptr_array_index(rows, i);
		requests += isfinite(row->requests) ? row->requests : 0;
		failures += isfinite(row->failures) ? row->failures : 0;
	}
	gboolean is_good = failures < requests;
	perfdash_run_builder_set_label(builder, "tool", "locust");
	if (!is_good) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder,
						 requests == 0 ? "no request was made"
							       : "every request failed");
	}
	for (guint i = 0; i < rows->len; i++)
		add_row(builder, g_ptr_array_index(rows, i), is_good);
	return is_good;
}
