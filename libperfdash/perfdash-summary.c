/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a list shows of a series: its newest results, how its level compares with its baseline, and
 * how the last week compares with the week before. Medians, so that one outlier moves nothing;
 * weeks end at the last result, so that a lab that fell silent still shows what it last knew. */

#include "perfdash-summary.h"

#include <math.h>
#include <string.h>

#include "perfdash-stats.h"

#define WEEK (7 * G_TIME_SPAN_DAY)

struct _PerfdashSummary {
	gatomicrefcount refs;
	PerfdashSeriesInfo *info;
	gsize n_points;
	gint64 last_time;
	gint64 last_run;
	char *last_build;
	char *last_revision;
	gboolean has_week;
	double before;
	double after;
	PerfdashBaseline *baseline;
	PerfdashChange *open; /* nullable */
	guint n_spark;
	double spark[PERFDASH_SUMMARY_SPARK];
};

G_DEFINE_BOXED_TYPE(PerfdashSummary, perfdash_summary, perfdash_summary_ref, perfdash_summary_unref)

static void
compare_weeks(PerfdashSummary *self, const gint64 *times, const double *values, gsize n)
{
	gsize after = n;
	gsize before;
	while (after > 0 && times[after - 1] > self->last_time - WEEK)
		after--;
	before = after;
	while (before > 0 && times[before - 1] > self->last_time - 2 * WEEK)
		before--;
	if (before == after)
		return;
	self->before = perfdash_stats_median(values + before, after - before);
	self->after = perfdash_stats_median(values + after, n - after);
	self->has_week = self->before != 0 && isfinite(self->after / self->before);
}

/* the newest that somebody has still to decide on, or said is real */
static PerfdashChange *
find_open(GPtrArray *changes)
{
	for (guint i = changes->len; i > 0; i--) {
		PerfdashChange *change = g_ptr_array_index(changes, i - 1);
		PerfdashChangeState state = perfdash_change_get_state(change);
		if (state == PERFDASH_CHANGE_STATE_NEW ||
		    state == PERFDASH_CHANGE_STATE_ACKNOWLEDGED)
			return perfdash_change_ref(change);
	}
	return NULL;
}

/**
 * perfdash_summary_new:
 * @series: a series
 * @changes: (element-type PerfdashChange): its changes, oldest first
 *
 * Returns: (transfer full): its summary
 *
 * Since: 0.1
 */
PerfdashSummary *
perfdash_summary_new(PerfdashSeries *series, GPtrArray *changes)
{
	g_return_val_if_fail(PERFDASH_IS_SERIES(series) && changes != NULL, NULL);
	PerfdashSummary *self = g_new0(PerfdashSummary, 1);
	gsize n;
	const gint64 *times = perfdash_series_get_times(series, &n);
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	const double *values = perfdash_series_get_values(series, &n);
	g_atomic_ref_count_init(&self->refs);
	self->info = perfdash_series_info_ref(perfdash_series_get_info(series));
	self->n_points = n;
	self->last_time = n > 0 ? times[n - 1] : 0;
	self->last_run = n > 0 ? runs[n - 1] : 0;
	self->last_build = g_strdup(n > 0 ? perfdash_series_get_build(series, n - 1) : "");
	self->last_revision = g_strdup(n > 0 ? perfdash_series_get_revision(series, n - 1) : "");
	self->baseline = perfdash_baseline_new(changes,
					       perfdash_series_info_get_direction(self->info),
					       self->last_time,
					       n);
	self->open = find_open(changes);
	self->n_spark = MIN(n, PERFDASH_SUMMARY_SPARK);
	if (n > 0) {
		memcpy(self->spark, values + n - self->n_spark, self->n_spark * sizeof(double));
		compare_weeks(self, times, values, n);
	}
	return self;
}

/**
 * perfdash_summary_ref:
 * @self: a #PerfdashSummary
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashSummary *
perfdash_summary_ref(PerfdashSummary *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_summary_unref:
 * @self: (transfer full): a #PerfdashSummary
 *
 * Since: 0.1
 */
void
perfdash_summary_unref(PerfdashSummary *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	perfdash_series_info_unref(self->info);
	perfdash_baseline_free(self->baseline);
	g_clear_pointer(&self->open, perfdash_change_unref);
	g_free(self->last_build);
	g_free(self->last_revision);
	g_free(self);
}

/**
 * perfdash_summary_get_info:
 * @self: a #PerfdashSummary
 *
 * Returns: (transfer none): what the series is of
 *
 * Since: 0.1
 */
PerfdashSeriesInfo *
perfdash_summary_get_info(PerfdashSummary *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->info;
}

/**
 * perfdash_summary_get_length:
 * @self: a #PerfdashSummary
 *
 * Returns: the number of results in the series
 *
 * Since: 0.1
 */
gsize
perfdash_summary_get_length(PerfdashSummary *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->n_points;
}

/**
 * perfdash_summary_get_last_value:
 * @self: a #PerfdashSummary
 *
 * Returns: the newest value in the base unit, or NaN of an empty series
 *
 * Since: 0.1
 */
double
perfdash_summary_get_last_value(PerfdashSummary *self)
{
	g_return_val_if_fail(self != NULL, NAN);
	return self->n_spark > 0 ? self->spark[self->n_spark - 1] : NAN;
}

/**
 * perfdash_summary_get_last_time:
 * @self: a #PerfdashSummary
 *
 * Returns: when the newest run started, in microseconds since 1970 UTC, or 0
 *
 * Since: 0.1
 */
gint64
perfdash_summary_get_last_time(PerfdashSummary *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->last_time;
}

/**
 * perfdash_summary_get_last_run:
 * @self: a #PerfdashSummary
 *
 * Returns: the id of the newest run, or 0
 *
 * Since: 0.1
 */
gint64
perfdash_summary_get_last_run(PerfdashSummary *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->last_run;
}

/**
 * perfdash_summary_get_last_build:
 * @self: a #PerfdashSummary
 *
 * Returns: the build of the newest run, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_summary_get_last_build(PerfdashSummary *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->last_build;
}

/**
 * perfdash_summary_get_last_revision:
 * @self: a #PerfdashSummary
 *
 * Returns: the revision of the newest run, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_summary_get_last_revision(PerfdashSummary *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->last_revision;
}

/**
 * perfdash_summary_get_week:
 * @self: a #PerfdashSummary
 * @before: (out): median of the results in the second last seven days
 * @after: (out): median of the results in the seven days that end with the newest result
 * @change: (out): @after / @before - 1
 *
 * Returns: whether both weeks have results and the change can be said
 *
 * Since: 0.1
 */
gboolean
perfdash_summary_get_week(PerfdashSummary *self, double *before, double *after, double *change)
{
	g_return_val_if_fail(self != NULL, FALSE);
	*before = self->before;
	*after = self->after;
	*change = self->has_week ? self->after / self->before - 1 : 0;
	return self->has_week;
}

/**
 * perfdash_summary_get_baseline:
 * @self: a #PerfdashSummary
 *
 * Returns: (transfer none): how its level compares with that of 30 days before
 *
 * Since: 0.1
 */
PerfdashBaseline *
perfdash_summary_get_baseline(PerfdashSummary *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->baseline;
}

/**
 * perfdash_summary_get_open_change:
 * @self: a #PerfdashSummary
 *
 * What other series say of it is not in a summary: see perfdash_store_find_open_change().
 *
 * Returns: (transfer none) (nullable): the newest change that is stored as new or acknowledged
 *
 * Since: 0.1
 */
PerfdashChange *
perfdash_summary_get_open_change(PerfdashSummary *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->open;
}

/**
 * perfdash_summary_get_spark:
 * @self: a #PerfdashSummary
 * @n_values: (out): how many, at most %PERFDASH_SUMMARY_SPARK
 *
 * Returns: (array length=n_values) (transfer none): the newest values in the base unit, oldest
 * first
 *
 * Since: 0.1
 */
const double *
perfdash_summary_get_spark(PerfdashSummary *self, gsize *n_values)
{
	g_return_val_if_fail(self != NULL, NULL);
	*n_values = self->n_spark;
	return self->spark;
}
