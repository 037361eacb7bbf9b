/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-change-point-private.h"

#define CERTAIN     1e-6
#define VERY_LIKELY 1e-3
#define LIKELY      0.05

G_DEFINE_ENUM_TYPE(PerfdashChangeKind,
		   perfdash_change_kind,
		   G_DEFINE_ENUM_VALUE(PERFDASH_CHANGE_KIND_NEITHER, "neither"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_CHANGE_KIND_REGRESSION, "regression"),
		   G_DEFINE_ENUM_VALUE(PERFDASH_CHANGE_KIND_IMPROVEMENT, "improvement"))

/**
 * PerfdashChangePoint:
 *
 * A place in a series from which on its values are on another level.
 *
 * All intervals hold the true value in about 95 of 100 cases, as far as the noise is what it was
 * taken for: Student's t around the mean of the values that are near the level, with as many
 * degrees of freedom as these values are worth when neighbours are correlated.
 *
 * Since: 0.1
 */
G_DEFINE_BOXED_TYPE(PerfdashChangePoint,
		    perfdash_change_point,
		    perfdash_change_point_ref,
		    perfdash_change_point_unref)

/**
 * perfdash_change_kind_to_string:
 * @kind: what a change means
 *
 * Returns: (transfer none): `neither`, `regression` or `improvement`
 *
 * Since: 0.1
 */
const char *
perfdash_change_kind_to_string(PerfdashChangeKind kind)
{
	static const char *const names[] = {"neither", "regression", "improvement"};
	g_return_val_if_fail((guint)kind < G_N_ELEMENTS(names), NULL);
	return names[kind];
}

PerfdashChangePoint *
perfdash_change_point_new(void)
{
	PerfdashChangePoint *self = g_new0(PerfdashChangePoint, 1);
	g_atomic_ref_count_init(&self->refs);
	return self;
}

/**
 * perfdash_change_point_ref:
 * @self: a change point
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashChangePoint *
perfdash_change_point_ref(PerfdashChangePoint *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_change_point_unref:
 * @self: (transfer full): a change point
 *
 * Since: 0.1
 */
void
perfdash_change_point_unref(PerfdashChangePoint *self)
{
	g_return_if_fail(self != NULL);
	if (g_atomic_ref_count_dec(&self->refs))
		g_free(self);
}

/**
 * perfdash_change_point_get_index:
 * @self: a change point
 *
 * Returns: the place of the first value of the new level, from 0
 *
 * Since: 0.1
 */
gsize
perfdash_change_point_get_index(PerfdashChangePoint *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->index;
}

/**
 * perfdash_change_point_get_range:
 * @self: a change point
 * @first: (out): the first place where the new level may begin
 * @last: (out): the last one
 *
 * Where the change may lie, by the likelihood of the places around it (Siegmund, "Confidence sets
 * in change-point problems", International Statistical Review 56, 1988).
 *
 * Since: 0.1
 */
void
perfdash_change_point_get_range(PerfdashChangePoint *self, gsize *first, gsize *last)
{
	g_return_if_fail(self != NULL);
	*first = self->first;
	*last = self->last;
}

double
perfdash_estimate_get(const PerfdashEstimate *self, double *low, double *high)
{
	if (low != NULL)
		*low = self->low;
	if (high != NULL)
		*high = self->high;
	return self->value;
}

/**
 * perfdash_change_point_get_before:
 * @self: a change point
 * @low: (out) (optional): lower bound
 * @high: (out) (optional): upper bound
 *
 * Returns: the level of at most 200 values before the change, in the unit of the values
 *
 * Since: 0.1
 */
double
perfdash_change_point_get_before(PerfdashChangePoint *self, double *low, double *high)
{
	g_return_val_if_fail(self != NULL, 0);
	return perfdash_estimate_get(&self->before, low, high);
}

/**
 * perfdash_change_point_get_after:
 * @self: a change point
 * @low: (out) (optional): lower bound
 * @high: (out) (optional): upper bound
 *
 * Returns: the level of at most 200 values after the change, in the unit of the values
 *
 * Since: 0.1
 */
double
perfdash_change_point_get_after(PerfdashChangePoint *self, double *low, double *high)
{
	g_return_val_if_fail(self != NULL, 0);
	return perfdash_estimate_get(&self->after, low, high);
}

/**
 * perfdash_change_point_get_change:
 * @self: a change point
 * @low: (out) (optional): lower bound
 * @high: (out) (optional): upper bound
 *
 * Returns: how much larger the level after the change is, as a share of the level before: 0.1 is
 *   10 % more. Not a number when the level before is 0
 *
 * Since: 0.1
 */
double
perfdash_change_point_get_change(PerfdashChangePoint *self, double *low, double *high)
{
	g_return_val_if_fail(self != NULL, 0);
	return perfdash_estimate_get(&self->change, low, high);
}

/**
 * perfdash_change_point_get_effect:
 * @self: a change point
 *
 * Returns: how much larger the level after the change is, in units of the noise of one value
 *   (Cohen's d, with a scale that outliers do not move)
 *
 * Since: 0.1
 */
double
perfdash_change_point_get_effect(PerfdashChangePoint *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->effect;
}

/**
 * perfdash_change_point_get_p:
 * @self: a change point
 *
 * Returns: an upper bound of the probability that noise alone shows such a change anywhere among
 *   the values: of Student's t of both levels, times the number of places (Bonferroni)
 *
 * Since: 0.1
 */
double
perfdash_change_point_get_p(PerfdashChangePoint *self)
{
	g_return_val_if_fail(self != NULL, 1);
	return self->p;
}

/**
 * perfdash_change_point_get_kind:
 * @self: a change point
 *
 * Returns: whether it got worse or better
 *
 * Since: 0.1
 */
PerfdashChangeKind
perfdash_change_point_get_kind(PerfdashChangePoint *self)
{
	g_return_val_if_fail(self != NULL, PERFDASH_CHANGE_KIND_NEITHER);
	return self->kind;
}

/**
 * perfdash_change_point_get_confidence:
 * @self: a change point
 *
 * Returns: (transfer none): the probability in words: `certain` (p at most 10^-6), `very likely`
 *   (at most 10^-3), `likely` (at most 0.05) or `possible`; `undecided` when more runs are needed
 *
 * Since: 0.1
 */
const char *
perfdash_change_point_get_confidence(PerfdashChangePoint *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	if (self->runs_needed > 0)
		return "undecided";
	if (self->p <= CERTAIN)
		return "certain";
	if (self->p <= VERY_LIKELY)
		return "very likely";
	return self->p <= LIKELY ? "likely" : "possible";
}

/**
 * perfdash_change_point_get_n_outliers:
 * @self: a change point
 *
 * Returns: how many values on both sides were set aside because they are far from their level
 *
 * Since: 0.1
 */
guint
perfdash_change_point_get_n_outliers(PerfdashChangePoint *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->n_outliers;
}

/**
 * perfdash_change_point_get_runs_needed:
 * @self: a change point
 *
 * Returns: how many more values on the new level would decide that it is a change; 0 when it is
 *
 * Since: 0.1
 */
guint
perfdash_change_point_get_runs_needed(PerfdashChangePoint *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->runs_needed;
}
