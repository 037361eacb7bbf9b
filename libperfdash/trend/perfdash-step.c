/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Is it a step? The results of at most WINDOW places on both sides, as far as the next steps, are
 * explained by one level and by two. All of these must hold:
 *
 * - Two levels explain enough more of the results. What is farther from its level than NARROW or
 *   WIDE scales costs no more than that, so few outliers are no step: with NARROW it takes four
 *   results on a side. Either of the two gains is enough: narrow ones tell small steps of noise
 *   with heavy tails, wide ones steps of noise with two modes.
 * - They do so too when each result has a share (rho) of the distance of the one before it from its
 *   level: a noise that wanders goes from level to level without any change. This is a ratio of
 *   likelihoods, with rho and the scale that suit one level and those that suit two. Rho is that of
 *   the window, drawn to that of the series.
 * - The levels are MIN_EFFECT standard deviations of a result apart. Hundreds of results tell
 *   smaller differences, which nobody would call a change.
 * - When hardly two of the results know nothing of each other (rho of RESTLESS_RHO and more), the
 *   difference of the levels must be more than that of two means of so few.
 * - A straight line does not explain the results as well: what creeps is drift. Two steps in a row
 *   must pass that together, too, for a slope that is cut into steps is steep at each of them.
 *
 * A gain counts in units of the logarithm of the number of results: so many places are asked. The
 * thresholds were chosen with tests/trend (docs/trends.md has the figures and what each rule buys).
 * Costs are those of biweight regression. */

#include "perfdash-step.h"

#include <math.h>
#include <string.h>

#include "perfdash-distribution.h"
#include "perfdash-sorted.h"
#include "perfdash-stairs.h"

#define WINDOW          200
#define PRIOR_SCALE     20 /* differences that the scale of the series counts for */
#define PRIOR_RHO       60 /* results that the correlation of the series counts for */
#define PRIOR_NEWS      50 /* results that the scale counts for in a ratio of likelihoods */
#define MAX_RHO         0.9
#define NARROW          2
#define WIDE            4
#define NARROW_GAIN     3
#define MIN_NARROW_GAIN 12.5 /* more than three results can make */
#define WIDE_GAIN       10
#define CORRELATED_GAIN 3.2
#define MIN_WIDE        4 /* results on both sides */
#define MIN_EFFECT      0.75
#define RESTLESS_RHO    0.85
#define RESTLESS_P      0.05
#define FEWEST          6 /* with more results three of them are outliers */
#define FEW             20
#define MANY            500 /* what is farther away has no say */
#define FEW_CORRELATED  80  /* with fewer results rho is hardly known */
#define MIN_SLOPE       6   /* results on both sides; with fewer any step is a slope */
#define SLOPE_GAIN      2.5
#define STAIRS_GAIN     14
#define DATE_DISTANCE   3
#define KEPT_EVIDENCE   0.6
#define NEW_EVIDENCE    1.15

void
perfdash_step_test_init(PerfdashStepTest *self, const double *values, const PerfdashNoise *noise)
{
	self->values = values;
	self->noise = noise;
	self->rho = 0;
	self->known = NULL;
	self->buffer = g_new(double, 6 * WINDOW);
	self->left = self->buffer;
	self->right = self->left + WINDOW;
	self->right_from = self->right_to = 0;
	self->both = self->right + WINDOW;
	self->scratch = self->both + 2 * WINDOW;
}

void
perfdash_step_test_clear(PerfdashStepTest *self)
{
	g_clear_pointer(&self->buffer, g_free);
}

static double
get_cost_about(const double *values, gsize n, double level, double far)
{
	double cost = 0;
	for (gsize i = 0; i < n; i++) {
		double square = (values[i] - level) * (values[i] - level);
		cost += MIN(square, far);
	}
	return cost;
}

/* the cost of sorted values about the level that suits them best: as the level rises, values come
 * near to it at one end and go at the other, and with each of them the mean of those that are near
 * is a level to try, unless too many are away for it to be better than the median */
static double
get_cost(const double *sorted, int n, double distance, double *level)
{
	double center = sorted[n / 2];
	double far = distance * distance;
	double least = get_cost_about(sorted, n, center, far);
	/* no division where all values are the same, or too large to square */
	int most_away = least < n * far ? (int)(least / far) : n;
	double reach = sorted[0] + 2 * distance;
	double sum = 0;
	double squares = 0;
	int begin = 0;
	int end = 0;
	*level = center;
	for (; end < n - most_away && sorted[end] <= reach; end++) {
		double value = sorted[end] - center;
		sum += value;
		squares += value * value;
	}
	while (begin < n && begin <= most_away) {
		double cost = G_MAXDOUBLE;
		int away = n - (end - begin);
		if (end > begin && away <= most_away)
			cost = MAX(squares - sum * sum / (end - begin), 0) + far * away;
		if (cost < least) {
			least = cost;
			most_away = least / far;
			*level = center + sum / (end - begin);
		}
		gboolean is_coming = end < n && sorted[end] - sorted[begin] <= 2 * distance;
		double value = sorted[is_coming ? end++ : begin++] - center;
		sum += is_coming ? value : -value;
		squares += is_coming ? value * value : -value * value;
	}
	return least;
}

static gsize
count_near(const double *sorted, gsize n, double level, double distance)
{
	gsize near = 0;
	for (gsize i = 0; i < n; i++)
		near += fabs(sorted[i] - level) <= distance;
	return near;
}

static double
get_scale(PerfdashStepTest *self, const PerfdashStep *step)
{
	double *differences = self->both;
	gsize n = 0;
	for (gsize i = step->from + 1; i < step->to; i++) {
		if (i != step->at)
			differences[n++] = fabs(self->values[i] - self->values[i - 1]);
	}
	double here = perfdash_noise_of_differences(differences, n, self->scratch);
	double around = perfdash_noise_get_scale(self->noise, step->from, step->to);
	return sqrt((n * here * here + PRIOR_SCALE * around * around) / (n + PRIOR_SCALE));
}

/* distances of the results of a step from their levels */
static double
get_distance(const PerfdashStep *step, const double *values, gsize i, double before, double after)
{
	return values[i] - (i < step->at ? before : after);
}

static double
fit_rho(const PerfdashStepTest *self, const PerfdashStep *step, double before, double after)
{
	double limit = 3 * step->scale;
	double products = 0;
	double squares = 0;
	double last = 0;
	gsize n = step->to - step->from;
	for (gsize i = step->from; i < step->to; i++) {
		double distance = get_distance(step, self->values, i, before, after);
		distance = CLAMP(distance, -limit, limit);
		products += distance * last;
		squares += last * last;
		last = distance;
	}
	double rho = squares > 0 ? products / squares : 0;
	/* what fitting a level takes from it (Kendall, "Note on bias in the estimation of
	 * autocorrelation", Biometrika 41, 1954), by half */
	rho += (before == after ? 0.5 : 1) * (1 + 3 * rho) / n;
	rho = ((n - 1) * rho + PRIOR_RHO * self->rho) / (n - 1 + PRIOR_RHO);
	return CLAMP(rho, 0, MAX_RHO);
}

/* the cost of what is new in each result */
static double
get_correlated_cost(const PerfdashStepTest *self,
		    const PerfdashStep *step,
		    double before,
		    double after,
		    double rho,
		    double distance)
{
	double far = distance * distance;
	double first = get_distance(step, self->values, step->from, before, after);
	double last = first;
	double cost = MIN(first * first * (1 - rho * rho), far);
	for (gsize i = step->from + 1; i < step->to; i++) {
		double here = get_distance(step, self->values, i, before, after);
		double news = here - rho * last;
		cost += MIN(news * news, far);
		last = here;
	}
	return cost;
}

/* twice the logarithm of the ratio of the likelihoods of two levels and of one */
static double
get_correlated_gain(const PerfdashStepTest *self, PerfdashStep *step, double level)
{
	double rho = fit_rho(self, step, level, level);
	step->rho = fit_rho(self, step, step->before, step->after);
	double scale = step->scale * sqrt(1 + step->rho);
	double distance = WIDE * scale;
	double one = get_correlated_cost(self, step, level, level, rho, distance);
	double two =
		get_correlated_cost(self, step, step->before, step->after, step->rho, distance);
	double prior = PRIOR_NEWS * scale * scale;
	return (step->to - step->from + PRIOR_NEWS) * log((one + prior) / (two + prior));
}

static gboolean
is_slope(const PerfdashStepTest *self, const PerfdashStep *step)
{
	PerfdashStairs stairs = {.from = step->from,
				 .at = {step->at},
				 .to = step->to,
				 .level = {step->before, step->after},
				 .n_steps = 1};
	if (step->at - step->from < MIN_SLOPE || step->to - step->at < MIN_SLOPE)
		return FALSE;
	return perfdash_stairs_are_slope(&stairs,
					 self->values,
					 WIDE * step->scale,
					 SLOPE_GAIN * step->scale * step->scale);
}

gboolean
perfdash_step_test_are_slope(const PerfdashStepTest *self,
			     const PerfdashStep *first,
			     const PerfdashStep *second)
{
	PerfdashStairs stairs = {.from = first->from,
				 .at = {first->at, second->at},
				 .to = second->to,
				 .level = {first->before, first->after, second->after},
				 .n_steps = 2};
	double scale = MAX(first->scale, second->scale);
	if (first->to < second->at ||
	    (first->after > first->before) != (second->after > second->before))
		return FALSE;
	return perfdash_stairs_are_slope(&stairs,
					 self->values,
					 WIDE * scale,
					 STAIRS_GAIN * scale * scale);
}

/* what was found before stays until much less speaks for it, and what was not found is asked for a
 * little more: one result more or less should not make a change come and go */
static double
get_threshold(const PerfdashStepTest *self, gsize at)
{
	if (self->known == NULL)
		return 1;
	for (guint i = 0; i < self->known->len; i++) {
		gsize place = g_array_index(self->known, guint, i);
		if (at + PERFDASH_STEP_NEAR >= place && place + PERFDASH_STEP_NEAR >= at)
			return KEPT_EVIDENCE;
	}
	return NEW_EVIDENCE;
}

/* in standard deviations of a result */
static double
get_effect(const PerfdashStep *step)
{
	return fabs(step->after - step->before) / sqrt(perfdash_step_get_variance(step));
}

static double
get_narrow_threshold(gsize n)
{
	if (n <= FEWEST)
		return NARROW_GAIN * log(FEW);
	return MAX(NARROW_GAIN * log(CLAMP(n, FEW, MANY)), MIN_NARROW_GAIN);
}

static void
sort_side(PerfdashStepTest *self, gsize from, gsize to, double *sorted)
{
	memcpy(sorted, self->values + from, (to - from) * sizeof(double));
	perfdash_sorted_sort(sorted, to - from, self->scratch);
}

/* steps are asked from first to last: what is behind one is before the next */
static void
sort_sides(PerfdashStepTest *self, const PerfdashStep *step)
{
	double *swap = self->left;
	if (self->right_from == step->from && self->right_to == step->at) {
		self->left = self->right;
		self->right = swap;
	} else {
		sort_side(self, step->from, step->at, self->left);
	}
	sort_side(self, step->at, step->to, self->right);
	self->right_from = step->at;
	self->right_to = step->to;
}

/* the evidence of the gains; level: that of all results */
static void
set_gains(PerfdashStepTest *self, PerfdashStep *step, double *level)
{
	gsize n_left = step->at - step->from;
	gsize n_right = step->to - step->at;
	gsize n = n_left + n_right;
	sort_sides(self, step);
	perfdash_sorted_merge(self->left, n_left, self->right, n_right, self->both);

	double scale = step->scale * sqrt(1 + self->rho);
	double unit = scale * scale;
	double narrow = get_cost(self->both, n, NARROW * scale, level) -
			get_cost(self->left, n_left, NARROW * scale, level) -
			get_cost(self->right, n_right, NARROW * scale, level);
	double wide = get_cost(self->both, n, WIDE * scale, level) -
		      get_cost(self->left, n_left, WIDE * scale, &step->before) -
		      get_cost(self->right, n_right, WIDE * scale, &step->after);
	step->evidence = narrow / unit / get_narrow_threshold(self->noise->n);
	if (MIN(n_left, n_right) >= MIN_WIDE) {
		double threshold = WIDE_GAIN * log(CLAMP(self->noise->n, FEW, MANY));
		step->evidence = MAX(step->evidence, wide / unit / threshold);
	}
	step->n_before = count_near(self->left, n_left, step->before, WIDE * scale);
	step->n_after = count_near(self->right, n_right, step->after, WIDE * scale);
}

static void
ask(PerfdashStepTest *self, gsize from, gsize at, gsize to, PerfdashStep *step)
{
	double level;
	step->from = from;
	step->at = at;
	step->to = to;
	step->evidence = 0;
	step->rho = 0;
	if (at - step->from < 2 || step->to - at < 2)
		return;
	step->scale = get_scale(self, step);
	set_gains(self, step, &level);
	if (step->evidence < 1)
		return;
	double correlated = get_correlated_gain(self, step, level) /
			    (CORRELATED_GAIN * log(CLAMP(self->noise->n, FEW_CORRELATED, MANY)));
	step->evidence = MIN(step->evidence, correlated);
	step->evidence = MIN(step->evidence, get_effect(step) / MIN_EFFECT);
	if (step->rho >= RESTLESS_RHO) {
		double p = perfdash_step_get_p(step, self->noise->n);
		step->evidence = p > RESTLESS_P ? MIN(step->evidence, RESTLESS_P / p)
						: step->evidence;
	}
	if (step->evidence >= 1 && is_slope(self, step))
		step->evidence = 0.5;
}

gsize
perfdash_step_fit_level(PerfdashStep *self, const double *values)
{
	double sorted[WINDOW];
	double scratch[WINDOW];
	gsize n = self->to - self->from;
	memcpy(sorted, values + self->from, n * sizeof(double));
	perfdash_sorted_sort(sorted, n, scratch);
	get_cost(sorted, n, WIDE * self->scale, &self->before);
	return count_near(sorted, n, self->before, WIDE * self->scale);
}

void
perfdash_step_test_ask(PerfdashStepTest *self, gsize from, gsize at, gsize to, PerfdashStep *step)
{
	from = at - from > WINDOW ? at - WINDOW : from;
	to = to - at > WINDOW ? at + WINDOW : to;
	if (step->from == from && step->at == at && step->to == to)
		return;
	ask(self, from, at, to, step);
	step->evidence /= get_threshold(self, at);
}

double
perfdash_step_get_worth(const PerfdashStep *self, gsize n)
{
	return n * (1 - self->rho) / (1 + self->rho);
}

double
perfdash_step_get_variance(const PerfdashStep *self)
{
	return self->scale * self->scale / (1 - self->rho);
}

double
perfdash_step_get_error(const PerfdashStep *self, double *degrees)
{
	double before = perfdash_step_get_worth(self, self->n_before);
	double after = perfdash_step_get_worth(self, self->n_after);
	*degrees = MAX(before + after - 2, 1);
	return sqrt(perfdash_step_get_variance(self) * (1 / before + 1 / after));
}

double
perfdash_step_get_p(const PerfdashStep *self, gsize n)
{
	double degrees;
	double error = perfdash_step_get_error(self, &degrees);
	double p = 2 * perfdash_t_cdf(-fabs(self->after - self->before) / error, degrees);
	return MIN(p * MIN(n - 1, MANY), 1);
}

gsize
perfdash_step_find_place(const PerfdashStep *self, const double *values)
{
	double far = DATE_DISTANCE * DATE_DISTANCE * self->scale * self->scale * (1 + self->rho);
	double least = 0;
	double cost = 0;
	gsize best = self->from + 2;
	for (gsize i = self->from + 2; i + 2 < self->to; i++) {
		double before = values[i] - self->before;
		double after = values[i] - self->after;
		cost += MIN(before * before, far) - MIN(after * after, far);
		if (cost < least || (cost == least && i + 1 == self->at)) {
			least = cost;
			best = i + 1;
		}
	}
	return best;
}

/* by the likelihood of the other places for the begin (Siegmund, "Confidence sets in change-point
 * problems", International Statistical Review 56, 1988), with the levels as they are */
void
perfdash_step_get_interval(const PerfdashStep *self,
			   const double *values,
			   gsize *first,
			   gsize *last)
{
	double unit = self->scale * self->scale / (1 - self->rho) * (1 + self->rho) /
		      (1 - self->rho);
	double far = WIDE * WIDE * unit;
	double limit = 2 * log(20) * unit;
	double cost = 0;
	*first = *last = self->at;
	/* an earlier begin explains results before it by the level after it */
	for (gsize i = self->at; i > self->from + 1; i--) {
		double before = values[i - 1] - self->before;
		double after = values[i - 1] - self->after;
		cost += MIN(after * after, far) - MIN(before * before, far);
		if (cost <= limit)
			*first = i - 1;
	}
	cost = 0;
	for (gsize i = self->at; i + 2 < self->to; i++) {
		double before = values[i] - self->before;
		double after = values[i] - self->after;
		cost += MIN(before * before, far) - MIN(after * after, far);
		if (cost <= limit)
			*last = i + 1;
	}
}

/* the gain grows as n_before n_after / (n_before + n_after), and is at most that of every result on
 * the new level */
guint
perfdash_step_get_missing(const PerfdashStep *self, gsize n)
{
	double old = self->at - self->from;
	double new = self->to - self->at;
	if (self->evidence >= 1)
		return 0;
	if (self->evidence <= 0 || get_effect(self) < MIN_EFFECT)
		return G_MAXUINT;
	double per_pair = self->evidence * (old + new) / (old * new);
	for (guint more = 1; more <= WINDOW; more++) {
		double pairs = old * (new + more) / (old + new + more);
		double most = NARROW * NARROW * (new + more) / get_narrow_threshold(n + more);
		if (per_pair * pairs >= 1 && most >= 1)
			return more;
	}
	return G_MAXUINT;
}
