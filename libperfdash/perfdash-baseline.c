/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The newest level of a series against its level 30 days before its newest result. A level holds
 * from one change to the next, so both follow from the changes in between alone, which are stored:
 * what stands before the oldest of them and after the newest. What went up and came back is the
 * same again. */

#include "perfdash-baseline.h"

#include <math.h>

#include "perfdash-change-point-private.h"

/* with fewer no change can be found: four results on each side of it */
#define MIN_RESULTS 8

struct _PerfdashBaseline {
	PerfdashVerdict verdict;
	guint n_changes;
	PerfdashEstimate before;
	PerfdashEstimate after;
	PerfdashEstimate change;
};

G_DEFINE_BOXED_TYPE(PerfdashBaseline,
		    perfdash_baseline,
		    perfdash_baseline_copy,
		    perfdash_baseline_free)

static double
half_width(const PerfdashEstimate *estimate)
{
	return (estimate->high - estimate->low) / 2;
}

/* of two levels that were estimated apart, by the delta method: as a share of the one before */
static PerfdashEstimate
compare(const PerfdashEstimate *before, const PerfdashEstimate *after)
{
	double ratio = after->value / before->value;
	double value = (after->value - before->value) / fabs(before->value);
	double half = hypot(half_width(after), ratio * half_width(before)) / fabs(before->value);
	PerfdashEstimate change = {value, value - half, value + half};
	return before->value != 0 ? change : (PerfdashEstimate){NAN, NAN, NAN};
}

/* one change was found to be one; of several it must be seen whether they make up for each other */
static gboolean
is_apart(PerfdashBaseline *self)
{
	double half = hypot(half_width(&self->before), half_width(&self->after));
	return self->n_changes == 1 || fabs(self->after.value - self->before.value) > half;
}

static PerfdashVerdict
judge(PerfdashBaseline *self, PerfdashDirection direction)
{
	gboolean is_higher = self->after.value > self->before.value;
	if (self->n_changes == 0 || !is_apart(self))
		return PERFDASH_VERDICT_SAME;
	if (direction == PERFDASH_DIRECTION_NONE)
		return PERFDASH_VERDICT_CHANGED;
	return is_higher == (direction == PERFDASH_DIRECTION_HIGHER) ? PERFDASH_VERDICT_BETTER
								     : PERFDASH_VERDICT_WORSE;
}

static void
add_change(PerfdashBaseline *self, PerfdashChangePoint *point)
{
	if (self->n_changes++ == 0)
		self->before = point->before;
	self->after = point->after;
	self->change = self->n_changes == 1 ? point->change : compare(&self->before, &self->after);
}

/**
 * perfdash_baseline_new:
 * @changes: (element-type PerfdashChange): the changes of a series, oldest first
 * @direction: which way of its values is better
 * @last_time: when its newest run started, in microseconds since 1970 UTC
 * @n_results: how many results it has
 *
 * Compares the newest level of a series with its level %PERFDASH_BASELINE_SPAN before @last_time,
 * or its first level when it is younger. Changes that are withdrawn do not count, those that are
 * ignored do: the level is what it is.
 *
 * Returns: (transfer full): the comparison
 *
 * Since: 0.1
 */
PerfdashBaseline *
perfdash_baseline_new(GPtrArray *changes,
		      PerfdashDirection direction,
		      gint64 last_time,
		      gsize n_results)
{
	g_return_val_if_fail(changes != NULL, NULL);
	const PerfdashEstimate unknown = {NAN, NAN, NAN};
	PerfdashBaseline *self = g_new0(PerfdashBaseline, 1);
	self->before = self->after = self->change = unknown;
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		if (perfdash_change_get_state(change) != PERFDASH_CHANGE_STATE_WITHDRAWN &&
		    perfdash_change_get_time(change) > last_time - PERFDASH_BASELINE_SPAN)
			add_change(self, perfdash_change_get_point(change));
	}
	self->verdict = self->n_changes > 0 || n_results >= MIN_RESULTS
				? judge(self, direction)
				: PERFDASH_VERDICT_NOT_ENOUGH_DATA;
	return self;
}

/**
 * perfdash_baseline_copy:
 * @self: a #PerfdashBaseline
 *
 * Returns: (transfer full): a copy
 *
 * Since: 0.1
 */
PerfdashBaseline *
perfdash_baseline_copy(PerfdashBaseline *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return g_memdup2(self, sizeof *self);
}

/**
 * perfdash_baseline_free:
 * @self: (transfer full): a #PerfdashBaseline
 *
 * Since: 0.1
 */
void
perfdash_baseline_free(PerfdashBaseline *self)
{
	g_free(self);
}

/**
 * perfdash_baseline_get_verdict:
 * @self: a #PerfdashBaseline
 *
 * Returns: what the comparison says; with fewer than eight results
 * %PERFDASH_VERDICT_NOT_ENOUGH_DATA
 *
 * Since: 0.1
 */
PerfdashVerdict
perfdash_baseline_get_verdict(PerfdashBaseline *self)
{
	g_return_val_if_fail(self != NULL, PERFDASH_VERDICT_NOT_ENOUGH_DATA);
	return self->verdict;
}

/**
 * perfdash_baseline_get_n_changes:
 * @self: a #PerfdashBaseline
 *
 * Returns: how many changes lie between both levels; 0 when they are one
 *
 * Since: 0.1
 */
guint
perfdash_baseline_get_n_changes(PerfdashBaseline *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->n_changes;
}

/**
 * perfdash_baseline_get_before:
 * @self: a #PerfdashBaseline
 * @low: (out) (optional): lower bound
 * @high: (out) (optional): upper bound
 *
 * Returns: the level of the baseline in the base unit, with the bounds that hold it in 95 of 100
 * cases; NaN when no change lies between
 *
 * Since: 0.1
 */
double
perfdash_baseline_get_before(PerfdashBaseline *self, double *low, double *high)
{
	g_return_val_if_fail(self != NULL, NAN);
	return perfdash_estimate_get(&self->before, low, high);
}

/**
 * perfdash_baseline_get_after:
 * @self: a #PerfdashBaseline
 * @low: (out) (optional): lower bound
 * @high: (out) (optional): upper bound
 *
 * Returns: the newest level in the base unit, with the bounds that hold it in 95 of 100 cases; NaN
 * when no change lies between
 *
 * Since: 0.1
 */
double
perfdash_baseline_get_after(PerfdashBaseline *self, double *low, double *high)
{
	g_return_val_if_fail(self != NULL, NAN);
	return perfdash_estimate_get(&self->after, low, high);
}

/**
 * perfdash_baseline_get_change:
 * @self: a #PerfdashBaseline
 * @low: (out) (optional): lower bound
 * @high: (out) (optional): upper bound
 *
 * Returns: the difference of both levels as a share of the baseline's, with the bounds that hold it
 * in 95 of 100 cases; NaN when the baseline is 0 or no change lies between
 *
 * Since: 0.1
 */
double
perfdash_baseline_get_change(PerfdashBaseline *self, double *low, double *high)
{
	g_return_val_if_fail(self != NULL, NAN);
	return perfdash_estimate_get(&self->change, low, high);
}
