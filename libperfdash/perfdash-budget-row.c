/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How one series stands to a budget.
 *
 * Whether it is kept is a comparison too: of the values of now with those that the limit allows,
 * which are those of the baseline, each worse by the limit. That they are worse than this means
 * that the budget is exceeded, that they are better that it is kept, and neither that it is
 * unclear; so a change without doubt but within the limit is no matter, and a noisy series is not
 * called kept because nothing was found (G. Piaggio and others, "Reporting of noninferiority and
 * equivalence randomized trials", JAMA 308, 2012). As the intervals of the change and of its
 * distance to the limit are one, moved by the limit, the state agrees with the bounds that are
 * shown; and the p values of all rows can be adjusted to each other.
 *
 * What of the budget will be used up when is read from the drift between steps, and only when the
 * drift is there without doubt: from the largest change and the fastest drift to the smallest
 * and the slowest, each within its 95 %.
 */

#include "perfdash-budget-row-private.h"

#include <math.h>

#include "perfdash-comparison-private.h"

#define WEEK    ((double)7 * G_TIME_SPAN_DAY)
#define HORIZON 104 /* weeks; nothing drifts that long */

G_DEFINE_BOXED_TYPE(PerfdashBudgetRow,
		    perfdash_budget_row,
		    perfdash_budget_row_ref,
		    perfdash_budget_row_unref)

PerfdashBudgetRow *
perfdash_budget_row_new(PerfdashLabels *labels,
			char *series,
			const char *unit,
			PerfdashDirection direction,
			double limit)
{
	PerfdashBudgetRow *self = g_new0(PerfdashBudgetRow, 1);
	g_atomic_ref_count_init(&self->refs);
	self->limit = limit;
	self->labels = perfdash_labels_ref(labels);
	self->series = series;
	self->unit = unit;
	self->direction = direction;
	self->state = PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA;
	self->p = NAN;
	self->runs_needed = G_MAXUINT;
	return self;
}

/* in the unit of the change */
static double
get_limit(PerfdashBudgetRow *self)
{
	if (perfdash_comparison_is_relative(self->comparison))
		return self->limit;
	return self->limit * fabs(perfdash_comparison_get_before(self->comparison));
}

/* better: the direction in which values within the limit lie; FALSE when they are no doubles */
static gboolean
compare_with_limit(PerfdashBudgetRow *self,
		   const GArray *before,
		   const GArray *after,
		   PerfdashDirection better,
		   GPtrArray *against_limits)
{
	gboolean is_relative = perfdash_comparison_is_relative(self->comparison);
	double moved = get_limit(self) * (better == PERFDASH_DIRECTION_LOWER ? 1 : -1);
	g_autofree double *allowed = g_new(double, before->len);
	for (guint i = 0; i < before->len; i++) {
		double value = g_array_index(before, double, i);
		allowed[i] = is_relative ? value * (1 + moved) : value + moved;
	}
	PerfdashComparison *comparison = perfdash_comparison_new_moved(self->comparison,
								       allowed,
								       (const double *)after->data,
								       moved,
								       better);
	if (comparison == NULL)
		return FALSE;
	g_ptr_array_add(against_limits, comparison);
	self->n_limits++;
	return TRUE;
}

void
perfdash_budget_row_compare(PerfdashBudgetRow *self,
			    const GArray *before,
			    const GArray *after,
			    GPtrArray *against_limits)
{
	gboolean ok = TRUE;
	self->comparison = perfdash_comparison_new((const double *)before->data,
						   before->len,
						   (const double *)after->data,
						   after->len,
						   self->direction,
						   self->limit,
						   NULL);
	if (self->comparison == NULL)
		return;
	if (self->direction != PERFDASH_DIRECTION_HIGHER)
		ok = compare_with_limit(self,
					before,
					after,
					PERFDASH_DIRECTION_LOWER,
					against_limits);
	if (ok && self->direction != PERFDASH_DIRECTION_LOWER)
		ok = compare_with_limit(self,
					before,
					after,
					PERFDASH_DIRECTION_HIGHER,
					against_limits);
	/* what is too far apart to compare is as good as nothing */
	if (!ok)
		g_clear_pointer(&self->comparison, perfdash_comparison_unref);
}

static PerfdashBudgetState
to_state(PerfdashComparison *against_limit)
{
	static const PerfdashBudgetState states[] = {
		[PERFDASH_VERDICT_NOT_ENOUGH_DATA] = PERFDASH_BUDGET_STATE_UNCLEAR,
		[PERFDASH_VERDICT_SAME] = PERFDASH_BUDGET_STATE_KEPT,
		[PERFDASH_VERDICT_BETTER] = PERFDASH_BUDGET_STATE_KEPT,
		[PERFDASH_VERDICT_WORSE] = PERFDASH_BUDGET_STATE_EXCEEDED,
	};
	return perfdash_comparison_is_testable(against_limit)
		       ? states[perfdash_comparison_get_verdict(against_limit)]
		       : PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA;
}

void
perfdash_budget_row_judge(PerfdashBudgetRow *self, GPtrArray *adjusted, guint *next)
{
	guint end = *next + self->n_limits;
	if (self->comparison != NULL) {
		self->state = PERFDASH_BUDGET_STATE_KEPT;
		self->p = 0;
		self->runs_needed = 0;
	}
	for (; *next < end; (*next)++) {
		PerfdashComparison *one = g_ptr_array_index(adjusted, *next);
		PerfdashBudgetState state = to_state(one);
		double p = perfdash_comparison_get_p_adjusted(one);
		if (self->comparison == NULL || state < self->state)
			continue;
		/* the limit that is nearer to being exceeded */
		self->p = state > self->state ? p : MAX(self->p, p);
		self->state = state;
		self->runs_needed = MAX(self->runs_needed,
					perfdash_comparison_get_runs_needed(one));
	}
}

/* what the budget allows on the scale on which drift is a straight line; infinite when the metric
 * cannot get there */
static double
get_way_to_limit(PerfdashBudgetRow *self, double worse)
{
	if (!self->is_drift_relative)
		return get_limit(self);
	return self->limit < 1 || worse > 0 ? worse * log1p(worse * self->limit) : INFINITY;
}

static PerfdashEstimate
get_way(PerfdashBudgetRow *self, double worse, double low, double high)
{
	double one = worse * (self->is_drift_relative ? log1p(low) : low);
	double other = worse * (self->is_drift_relative ? log1p(high) : high);
	return (PerfdashEstimate){NAN, MIN(one, other), MAX(one, other)};
}

static gboolean
can_extrapolate(PerfdashBudgetRow *self)
{
	return self->has_drift && self->comparison != NULL &&
	       self->state != PERFDASH_BUDGET_STATE_EXCEEDED &&
	       perfdash_comparison_is_relative(self->comparison) == self->is_drift_relative;
}

void
perfdash_budget_row_extrapolate(PerfdashBudgetRow *self,
				PerfdashTrend *trend,
				gint64 middle,
				gint64 last)
{
	double low;
	double high;
	perfdash_trend_get_noise(trend, &self->is_drift_relative);
	self->has_drift = perfdash_trend_get_drift(trend,
						   &self->drift.value,
						   &self->drift.low,
						   &self->drift.high);
	if (!can_extrapolate(self) ||
	    !perfdash_comparison_get_interval(self->comparison, &low, &high))
		return;
	double worse = self->direction == PERFDASH_DIRECTION_LOWER    ? 1
		       : self->direction == PERFDASH_DIRECTION_HIGHER ? -1
		       : self->drift.value > 0                        ? 1
								      : -1;
	PerfdashEstimate gone = get_way(self, worse, low, high);
	PerfdashEstimate pace = get_way(self, worse, self->drift.low, self->drift.high);
	double limit = get_way_to_limit(self, worse);
	double soonest = MAX((limit - gone.high) / pace.high, 0);
	double latest = (limit - gone.low) / pace.low;
	if (!(pace.low > 0) || !(soonest <= HORIZON))
		return;
	self->used_up_first = MAX(middle + (gint64)(soonest * WEEK), last);
	self->used_up_last = latest <= HORIZON ? MAX(middle + (gint64)(latest * WEEK), last)
					       : G_MAXINT64;
}

/* of a change in units of the limit */
static PerfdashEstimate
to_used(PerfdashDirection direction, double change, double low, double high)
{
	gboolean maybe_none = low <= 0 && high >= 0;
	if (direction == PERFDASH_DIRECTION_LOWER)
		return (PerfdashEstimate){change, low, high};
	if (direction == PERFDASH_DIRECTION_HIGHER)
		return (PerfdashEstimate){-change, -high, -low};
	return (PerfdashEstimate){fabs(change),
				  maybe_none ? 0 : MIN(fabs(low), fabs(high)),
				  MAX(fabs(low), fabs(high))};
}

/* whether the row stands before the other: the worst first, then what has used most */
int
perfdash_budget_row_compare_worst(gconstpointer a, gconstpointer b)
{
	PerfdashBudgetRow *one = *(PerfdashBudgetRow *const *)a;
	PerfdashBudgetRow *other = *(PerfdashBudgetRow *const *)b;
	double used = perfdash_budget_row_get_used(one, NULL, NULL);
	double used_by_other = perfdash_budget_row_get_used(other, NULL, NULL);
	if (one->state != other->state)
		return (int)other->state - (int)one->state;
	if (isnan(used) || isnan(used_by_other))
		return isnan(used) - isnan(used_by_other);
	return (used < used_by_other) - (used > used_by_other);
}

/**
 * perfdash_budget_row_ref:
 * @self: a #PerfdashBudgetRow
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashBudgetRow *
perfdash_budget_row_ref(PerfdashBudgetRow *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_budget_row_unref:
 * @self: (transfer full): a #PerfdashBudgetRow
 *
 * Since: 0.1
 */
void
perfdash_budget_row_unref(PerfdashBudgetRow *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	perfdash_labels_unref(self->labels);
	g_free(self->series);
	g_clear_pointer(&self->comparison, perfdash_comparison_unref);
	g_free(self);
}

/**
 * perfdash_budget_row_get_labels:
 * @self: a #PerfdashBudgetRow
 *
 * Returns: (transfer none): the labels that the results of now and the baseline have
 *
 * Since: 0.1
 */
PerfdashLabels *
perfdash_budget_row_get_labels(PerfdashBudgetRow *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->labels;
}

/**
 * perfdash_budget_row_get_series:
 * @self: a #PerfdashBudgetRow
 *
 * Returns: (nullable): the identity of the series that the results of now are of, or %NULL when
 *   there are none, or those of several series
 *
 * Since: 0.1
 */
const char *
perfdash_budget_row_get_series(PerfdashBudgetRow *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->series;
}

/**
 * perfdash_budget_row_get_unit:
 * @self: a #PerfdashBudgetRow
 *
 * Returns: the base unit of its values
 *
 * Since: 0.1
 */
const char *
perfdash_budget_row_get_unit(PerfdashBudgetRow *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->unit;
}

/**
 * perfdash_budget_row_get_direction:
 * @self: a #PerfdashBudgetRow
 *
 * Returns: which way the metric gets better
 *
 * Since: 0.1
 */
PerfdashDirection
perfdash_budget_row_get_direction(PerfdashBudgetRow *self)
{
	g_return_val_if_fail(self != NULL, PERFDASH_DIRECTION_NONE);
	return self->direction;
}

/**
 * perfdash_budget_row_get_comparison:
 * @self: a #PerfdashBudgetRow
 *
 * Returns: (transfer none) (nullable): how the values changed since the baseline, or %NULL when
 *   there are none of now
 *
 * Since: 0.1
 */
PerfdashComparison *
perfdash_budget_row_get_comparison(PerfdashBudgetRow *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->comparison;
}

/**
 * perfdash_budget_row_get_state:
 * @self: a #PerfdashBudgetRow
 *
 * Exceeded: the interval of the change is beyond the limit. Kept: it is within the limit. In both
 * cases the p value, adjusted to all rows, is 0.05 or less. Unclear: neither. Not enough data: so
 * few results on a side that they can show nothing, see perfdash_comparison_is_testable().
 *
 * When not all values are positive the limit is that share of the median of the baseline; so what
 * was 0 has to stay 0.
 *
 * Returns: the state
 *
 * Since: 0.1
 */
PerfdashBudgetState
perfdash_budget_row_get_state(PerfdashBudgetRow *self)
{
	g_return_val_if_fail(self != NULL, PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA);
	return self->state;
}

/**
 * perfdash_budget_row_get_used:
 * @self: a #PerfdashBudgetRow
 * @low: (out) (optional): where the interval begins that holds it in 95 of 100 cases, or NaN
 * @high: (out) (optional): where it ends, or NaN
 *
 * Returns: the share of the budget that is used: 1 when all of it is, negative when the metric got
 *   better; NaN when there is nothing to compare, or no share as the baseline is 0
 *
 * Since: 0.1
 */
double
perfdash_budget_row_get_used(PerfdashBudgetRow *self, double *low, double *high)
{
	g_return_val_if_fail(self != NULL, NAN);
	PerfdashEstimate change = {NAN, NAN, NAN};
	double limit = self->comparison != NULL ? get_limit(self) : 0;
	if (limit > 0) {
		change.value = perfdash_comparison_get_change(self->comparison) / limit;
		perfdash_comparison_get_interval(self->comparison, &change.low, &change.high);
	}
	PerfdashEstimate used =
		to_used(self->direction, change.value, change.low / limit, change.high / limit);
	if (low != NULL)
		*low = used.low;
	if (high != NULL)
		*high = used.high;
	return used.value;
}

/**
 * perfdash_budget_row_get_p:
 * @self: a #PerfdashBudgetRow
 *
 * Returns: how likely ranks that differ so much or more from what the limit allows are when just
 *   the limit is reached, among all rows; NaN when there is nothing to compare
 *
 * Since: 0.1
 */
double
perfdash_budget_row_get_p(PerfdashBudgetRow *self)
{
	g_return_val_if_fail(self != NULL, NAN);
	return self->p;
}

/**
 * perfdash_budget_row_get_runs_needed:
 * @self: a #PerfdashBudgetRow
 *
 * Returns: how many results it takes on each side, those there are included, until it is kept or
 *   exceeded with a probability of 80 %, when change and noise stay as they are; 0 when it is,
 *   %G_MAXUINT when that is not known or a million would not do
 *
 * Since: 0.1
 */
guint
perfdash_budget_row_get_runs_needed(PerfdashBudgetRow *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->runs_needed;
}

/**
 * perfdash_budget_row_get_drift:
 * @self: a #PerfdashBudgetRow
 * @drift: (out) (optional): the drift since the baseline, per week, beside steps
 * @low: (out) (optional): lower bound
 * @high: (out) (optional): upper bound
 * @is_relative: (out) (optional): whether it is a share of the level; else it has the unit of the
 *   values
 *
 * Returns: whether there are enough results to tell
 *
 * Since: 0.1
 */
gboolean
perfdash_budget_row_get_drift(PerfdashBudgetRow *self,
			      double *drift,
			      double *low,
			      double *high,
			      gboolean *is_relative)
{
	g_return_val_if_fail(self != NULL, FALSE);
	if (drift != NULL)
		*drift = self->drift.value;
	if (low != NULL)
		*low = self->drift.low;
	if (high != NULL)
		*high = self->drift.high;
	if (is_relative != NULL)
		*is_relative = self->is_drift_relative;
	return self->has_drift;
}

/**
 * perfdash_budget_row_get_used_up:
 * @self: a #PerfdashBudgetRow
 * @first: (out): when it is used up at the earliest, microseconds since 1970 UTC
 * @last: (out): when at the latest; %G_MAXINT64 for later than in two years
 *
 * When the budget will be used up if drift goes on as it did since the baseline, and there is no
 * step.
 *
 * Returns: whether that can be told: the drift is to the worse without doubt, the budget is not
 *   exceeded, and less than two years are left
 *
 * Since: 0.1
 */
gboolean
perfdash_budget_row_get_used_up(PerfdashBudgetRow *self, gint64 *first, gint64 *last)
{
	g_return_val_if_fail(self != NULL && first != NULL && last != NULL, FALSE);
	*first = self->used_up_first;
	*last = self->used_up_last;
	return self->used_up_first != 0;
}
