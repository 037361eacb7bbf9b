/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sizes and probabilities of steps, in the unit of the values. A level is the mean of the results
 * near it. Its error is that of a mean of so many results, of which each has a share of the noise
 * of the one before it; the number of results that the error is known from is less by the same
 * factor, and makes the degrees of freedom of Student's t. */

#include "perfdash-description.h"

#include <math.h>

#include "perfdash-distribution.h"
#include "perfdash-sorted.h"

#define SURE   0.975
#define WINDOW 200 /* results */

static double
restore(const PerfdashAnalysis *analysis, double value)
{
	return analysis->is_log ? exp(value) : value * analysis->unit;
}

static void
set_estimate(const PerfdashAnalysis *analysis,
	     double value,
	     double reach,
	     PerfdashEstimate *estimate)
{
	estimate->value = restore(analysis, value);
	estimate->low = restore(analysis, value - reach);
	estimate->high = restore(analysis, value + reach);
}

static void
set_level(const PerfdashAnalysis *analysis,
	  const PerfdashStep *step,
	  double level,
	  gsize n,
	  double t,
	  PerfdashEstimate *estimate)
{
	set_estimate(analysis,
		     level,
		     t * sqrt(perfdash_step_get_variance(step) / perfdash_step_get_worth(step, n)),
		     estimate);
}

/* of the level before */
static void
set_change(const PerfdashAnalysis *analysis,
	   const PerfdashStep *step,
	   double reach,
	   PerfdashEstimate *change)
{
	double difference = step->after - step->before;
	double level = fabs(step->before);
	if (analysis->is_log) {
		*change = (PerfdashEstimate){expm1(difference),
					     expm1(difference - reach),
					     expm1(difference + reach)};
	} else if (level > 0) {
		*change = (PerfdashEstimate){difference / level,
					     (difference - reach) / level,
					     (difference + reach) / level};
	} else {
		*change = (PerfdashEstimate){NAN, NAN, NAN};
	}
}

static PerfdashChangeKind
get_kind(const PerfdashStep *step, PerfdashDirection direction)
{
	if (direction == PERFDASH_DIRECTION_NONE || step->after == step->before)
		return PERFDASH_CHANGE_KIND_NEITHER;
	return (step->after > step->before) == (direction == PERFDASH_DIRECTION_HIGHER)
		       ? PERFDASH_CHANGE_KIND_IMPROVEMENT
		       : PERFDASH_CHANGE_KIND_REGRESSION;
}

PerfdashChangePoint *
perfdash_description_new(const PerfdashAnalysis *analysis,
			 const PerfdashStep *step,
			 gsize offset,
			 PerfdashDirection direction)
{
	PerfdashChangePoint *self = perfdash_change_point_new();
	double degrees;
	double error = perfdash_step_get_error(step, &degrees);
	double t = perfdash_t_quantile(SURE, degrees);
	double difference = step->after - step->before;
	self->index = offset + step->at;
	perfdash_step_get_interval(step, analysis->values, &self->first, &self->last);
	self->first += offset;
	self->last += offset;
	set_level(analysis, step, step->before, step->n_before, t, &self->before);
	set_level(analysis, step, step->after, step->n_after, t, &self->after);
	set_change(analysis, step, t * error, &self->change);
	self->effect = difference / sqrt(perfdash_step_get_variance(step));
	self->p = perfdash_step_get_p(step, analysis->n);
	self->kind = get_kind(step, direction);
	self->n_outliers = step->to - step->from - step->n_before - step->n_after;
	self->runs_needed = perfdash_step_get_missing(step, analysis->n);
	return self;
}

void
perfdash_description_get_level(const PerfdashAnalysis *analysis, PerfdashEstimate *level)
{
	gsize from;
	gsize to;
	*level = (PerfdashEstimate){NAN, NAN, NAN};
	if (analysis->n == 0)
		return;
	perfdash_analysis_get_range(analysis, analysis->steps->len, &from, &to);
	PerfdashStep step = {.from = MAX(from, to > WINDOW ? to - WINDOW : 0),
			     .at = to,
			     .to = to,
			     .rho = analysis->rho};
	step.scale = perfdash_noise_get_scale(&analysis->noise, step.from, to);
	gsize n = perfdash_step_fit_level(&step, analysis->values);
	double t = perfdash_t_quantile(SURE, MAX(perfdash_step_get_worth(&step, n) - 1, 1));
	set_level(analysis, &step, step.before, n, t, level);
}
