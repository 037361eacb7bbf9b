/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is found in a series, in the unit of its values. How steps are found is told in
 * trend/perfdash-analysis.c; here they get their sizes and probabilities, and what lies between
 * them is described: noise, drift, modes, outliers. */

#include "perfdash-trend.h"

#include <math.h>

#include "perfdash-change-point-private.h"
#include "perfdash-error.h"
#include "trend/perfdash-analysis.h"
#include "trend/perfdash-description.h"
#include "trend/perfdash-residuals.h"

#define FREEZE 100 /* results behind a change after which it stays as it is */
#define TAIL   500 /* results that are analysed again when one more arrives */

struct _PerfdashTrend {
	GObject parent_instance;
	gsize n;
	PerfdashDirection direction;
	GPtrArray *changes;
	PerfdashChangePoint *undecided;
	gboolean is_relative;
	double noise;
	double rho;
	guint n_modes;
	GArray *outliers; /* of guint */
	PerfdashEstimate level;
	gboolean has_drift;
	PerfdashEstimate drift;
};

G_DEFINE_FINAL_TYPE(PerfdashTrend, perfdash_trend, G_TYPE_OBJECT)

static void
perfdash_trend_finalize(GObject *object)
{
	PerfdashTrend *self = PERFDASH_TREND(object);
	g_ptr_array_unref(self->changes);
	g_clear_pointer(&self->undecided, perfdash_change_point_unref);
	g_array_unref(self->outliers);
	G_OBJECT_CLASS(perfdash_trend_parent_class)->finalize(object);
}

static void
perfdash_trend_class_init(PerfdashTrendClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_trend_finalize;
}

static void
perfdash_trend_init(PerfdashTrend *self)
{
	self->changes = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_change_point_unref);
	self->outliers = g_array_new(FALSE, FALSE, sizeof(guint));
}

static gboolean
check(const double *values, gsize n, const gint64 *times, gsize n_times, GError **error)
{
	if (n > G_MAXUINT32) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_OVER_LIMIT,
			    "there are %" G_GSIZE_FORMAT " values, more than %u",
			    n,
			    G_MAXUINT32);
		return FALSE;
	}
	if (times != NULL && n_times != n) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "there are %" G_GSIZE_FORMAT " values and %" G_GSIZE_FORMAT
			    " times: give as many, or no times",
			    n,
			    n_times);
		return FALSE;
	}
	for (gsize i = 0; i < n; i++) {
		if (!isfinite(values[i])) {
			g_set_error(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_INVALID,
				    "value %" G_GSIZE_FORMAT
				    " is %s: leave out what was not measured",
				    i,
				    isnan(values[i]) ? "not a number" : "infinite");
			return FALSE;
		}
		if (times != NULL && i > 0 && times[i] < times[i - 1]) {
			g_set_error(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_INVALID,
				    "time %" G_GSIZE_FORMAT
				    " is before the one before it: order values by time",
				    i);
			return FALSE;
		}
	}
	return TRUE;
}

/* the analysis is of the values from start on */
static void
describe(PerfdashTrend *self, const PerfdashAnalysis *analysis, const gint64 *times, gsize start)
{
	self->is_relative = analysis->is_log;
	self->noise = perfdash_analysis_get_noise(analysis) * analysis->unit;
	self->rho = analysis->rho;
	perfdash_description_get_level(analysis, &self->level);
	g_auto(PerfdashResiduals) residuals;
	perfdash_residuals_init(&residuals, analysis);
	self->n_modes = perfdash_residuals_count_modes(&residuals);
	self->has_drift = perfdash_residuals_get_drift(&residuals,
						       times != NULL ? times + start : NULL,
						       &self->drift);
	for (gsize i = 0; i < analysis->n; i++) {
		guint index = start + i;
		if (perfdash_residuals_is_outlier(&residuals, i))
			g_array_append_val(self->outliers, index);
	}
}

static void
analyze(PerfdashTrend *self,
	const double *values,
	const gint64 *times,
	gsize start,
	const GArray *known)
{
	g_auto(PerfdashAnalysis) analysis;
	/* no values may be no array */
	const double *first = start > 0 ? values + start : values;
	perfdash_analysis_init(&analysis, first, self->n - start, known);
	for (guint i = 0; i < analysis.steps->len; i++) {
		const PerfdashStep *step = &g_array_index(analysis.steps, PerfdashStep, i);
		g_ptr_array_add(self->changes,
				perfdash_description_new(&analysis, step, start, self->direction));
	}
	if (analysis.undecided.evidence > 0)
		self->undecided = perfdash_description_new(&analysis,
							   &analysis.undecided,
							   start,
							   self->direction);
	describe(self, &analysis, times, start);
}

/**
 * perfdash_trend_new:
 * @values: (array length=n_values): values in the order of their runs, all finite; replicates of a
 *   run are one value, their median
 * @n_values: how many
 * @times: (array length=n_times) (nullable): when they were measured, in microseconds, in ascending
 *   order, or %NULL
 * @n_times: how many; the same as there are values
 * @direction: which way they get better
 * @error: return location for a #GError
 *
 * Finds the changes of level in a series. Nothing but the values and their order counts: the same
 * values give the same changes. How it is done, what it can find and what it cannot, is told in
 * `docs/trends.md`.
 *
 * Returns: (transfer full): what was found; %NULL with %PERFDASH_ERROR_INVALID when a value is not
 *   finite or times are not ordered
 *
 * Since: 0.1
 */
PerfdashTrend *
perfdash_trend_new(const double *values,
		   gsize n_values,
		   const gint64 *times,
		   gsize n_times,
		   PerfdashDirection direction,
		   GError **error)
{
	g_return_val_if_fail(values != NULL || n_values == 0, NULL);
	if (!check(values, n_values, times, n_times, error))
		return NULL;
	PerfdashTrend *self = g_object_new(PERFDASH_TYPE_TREND, NULL);
	self->n = n_values;
	self->direction = direction;
	analyze(self, values, times, 0, NULL);
	return self;
}

/**
 * perfdash_trend_extend:
 * @self: a trend
 * @values: (array length=n_values): the values that the trend was made of, and those that arrived
 *   since, behind them
 * @n_values: how many
 * @times: (array length=n_times) (nullable): when they were measured, as for perfdash_trend_new()
 * @n_times: how many
 * @error: return location for a #GError
 *
 * Finds what new values changed, at a cost that does not grow with the length of the series: a
 * change stays as it is when 100 values stand behind it, and only what follows it, at most 500
 * values, is analysed again; noise, drift, modes and outliers are those of that part.
 *
 * A series of which older values changed wants perfdash_trend_new().
 *
 * Returns: (transfer full): what is now found; %NULL with %PERFDASH_ERROR_INVALID as for
 *   perfdash_trend_new(), and when there are fewer values than before
 *
 * Since: 0.1
 */
PerfdashTrend *
perfdash_trend_extend(PerfdashTrend *self,
		      const double *values,
		      gsize n_values,
		      const gint64 *times,
		      gsize n_times,
		      GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_TREND(self), NULL);
	g_return_val_if_fail(values != NULL || n_values == 0, NULL);
	gsize start = n_values > TAIL ? n_values - TAIL : 0;
	if (n_values < self->n) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "there are %" G_GSIZE_FORMAT " values, and there were %" G_GSIZE_FORMAT,
			    n_values,
			    self->n);
		return NULL;
	}
	if (!check(values, n_values, times, n_times, error))
		return NULL;
	PerfdashTrend *extended = g_object_new(PERFDASH_TYPE_TREND, NULL);
	extended->n = n_values;
	extended->direction = self->direction;
	guint i = 0;
	for (; i < self->changes->len; i++) {
		PerfdashChangePoint *change = g_ptr_array_index(self->changes, i);
		if (change->index + FREEZE > self->n && change->index >= start)
			break;
		g_ptr_array_add(extended->changes, perfdash_change_point_ref(change));
		start = MAX(start, change->index);
	}
	g_autoptr(GArray) known = g_array_new(FALSE, FALSE, sizeof(guint));
	for (; i < self->changes->len; i++) {
		guint place = ((PerfdashChangePoint *)g_ptr_array_index(self->changes, i))->index -
			      start;
		g_array_append_val(known, place);
	}
	analyze(extended, values, times, start, known);
	return extended;
}

/**
 * perfdash_trend_get_length:
 * @self: a trend
 *
 * Returns: how many values it is made of
 *
 * Since: 0.1
 */
gsize
perfdash_trend_get_length(PerfdashTrend *self)
{
	g_return_val_if_fail(PERFDASH_IS_TREND(self), 0);
	return self->n;
}

/**
 * perfdash_trend_get_changes:
 * @self: a trend
 *
 * Returns: (transfer none) (element-type PerfdashChangePoint): the changes, in order
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_trend_get_changes(PerfdashTrend *self)
{
	g_return_val_if_fail(PERFDASH_IS_TREND(self), NULL);
	return self->changes;
}

/**
 * perfdash_trend_get_undecided:
 * @self: a trend
 *
 * Returns: (transfer none) (nullable): a change among the last 20 values that more values may show
 *   to be one; perfdash_change_point_get_runs_needed() tells how many
 *
 * Since: 0.1
 */
PerfdashChangePoint *
perfdash_trend_get_undecided(PerfdashTrend *self)
{
	g_return_val_if_fail(PERFDASH_IS_TREND(self), NULL);
	return self->undecided;
}

/**
 * perfdash_trend_get_noise:
 * @self: a trend
 * @is_relative: (out) (optional): whether it is a share of the level, as it is when all values are
 *   positive; else it has the unit of the values
 *
 * Returns: the standard deviation of a value about its level, without outliers
 *
 * Since: 0.1
 */
double
perfdash_trend_get_noise(PerfdashTrend *self, gboolean *is_relative)
{
	g_return_val_if_fail(PERFDASH_IS_TREND(self), 0);
	if (is_relative != NULL)
		*is_relative = self->is_relative;
	return self->noise;
}

/**
 * perfdash_trend_get_correlation:
 * @self: a trend
 *
 * Returns: how much of its distance from the level a value hands on to the next, 0 to 0.9
 *
 * Since: 0.1
 */
double
perfdash_trend_get_correlation(PerfdashTrend *self)
{
	g_return_val_if_fail(PERFDASH_IS_TREND(self), 0);
	return self->rho;
}

/**
 * perfdash_trend_get_n_modes:
 * @self: a trend
 *
 * Returns: 2 when the values about their level stand in two heaps, by Ashman's D of at least 4.5
 *   (Ashman, Bird and Zepf, "Detecting bimodality in astronomical datasets", The Astronomical
 *   Journal 108, 1994) and a tenth of the last 1000 values in each; else 1
 *
 * Since: 0.1
 */
guint
perfdash_trend_get_n_modes(PerfdashTrend *self)
{
	g_return_val_if_fail(PERFDASH_IS_TREND(self), 1);
	return self->n_modes;
}

/**
 * perfdash_trend_get_outliers:
 * @self: a trend
 * @n_outliers: (out): how many
 *
 * Returns: (transfer none) (array length=n_outliers): places of values that are more than 4
 *   standard deviations away from their level
 *
 * Since: 0.1
 */
const guint *
perfdash_trend_get_outliers(PerfdashTrend *self, gsize *n_outliers)
{
	g_return_val_if_fail(PERFDASH_IS_TREND(self), NULL);
	*n_outliers = self->outliers->len;
	return (const guint *)self->outliers->data;
}

/**
 * perfdash_trend_get_level:
 * @self: a trend
 * @low: (out) (optional): lower bound
 * @high: (out) (optional): upper bound
 *
 * Returns: the level of at most 200 values at the end, in their unit; the bounds hold it in 95 of
 *   100 cases
 *
 * Since: 0.1
 */
double
perfdash_trend_get_level(PerfdashTrend *self, double *low, double *high)
{
	g_return_val_if_fail(PERFDASH_IS_TREND(self), 0);
	if (low != NULL)
		*low = self->level.low;
	if (high != NULL)
		*high = self->level.high;
	return self->level.value;
}

/**
 * perfdash_trend_get_drift:
 * @self: a trend
 * @drift: (out) (optional): how much larger values get beside the changes of level
 * @low: (out) (optional): lower bound
 * @high: (out) (optional): upper bound
 *
 * Drift is per week, or per value when there are no times. It is a share of the level when all
 * values are positive, else it has the unit of the values. It is the slope within levels, of least
 * squares without outliers; the bounds hold it in 95 of 100 cases.
 *
 * Returns: whether there are enough values to tell
 *
 * Since: 0.1
 */
gboolean
perfdash_trend_get_drift(PerfdashTrend *self, double *drift, double *low, double *high)
{
	g_return_val_if_fail(PERFDASH_IS_TREND(self), FALSE);
	if (drift != NULL)
		*drift = self->drift.value;
	if (low != NULL)
		*low = self->drift.low;
	if (high != NULL)
		*high = self->drift.high;
	return self->has_drift;
}
