/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The levels of a series: candidates from perfdash-segmentation.c, of which those stay that
 * perfdash-elimination.c finds to be steps. Sizes of changes are ratios, and so is noise: what is
 * positive is seen in logarithms.
 *
 * How correlated neighbours are can only be told when the steps are known, and the steps only when
 * the correlation is: the steps that are found although all of them count for correlation are left
 * out of a second look, unless they hardly count. */

#include "perfdash-analysis.h"

#include <math.h>

#include "perfdash-elimination.h"
#include "perfdash-segmentation.h"
#include "perfdash-sorted.h"

#define WHOLE_SCALE   0.3 /* of the smallest gap between whole numbers: a rounded value varies so */
#define MAX_UNDECIDED 0.99
#define NEAR_RHO      0.03 /* so little makes no change */
#define MAX_MISSING   20   /* results, for which it pays to wait */

static void
set_values(PerfdashAnalysis *self, const double *values)
{
	double largest = 0;
	int exponent;
	self->is_log = TRUE;
	for (gsize i = 0; i < self->n; i++) {
		self->is_log &= values[i] > 0;
		largest = MAX(largest, fabs(values[i]));
	}
	/* a power of two, so that no digit is lost */
	frexp(largest, &exponent);
	self->unit = self->is_log || largest == 0 ? 1 : ldexp(1, exponent - 1);
	self->values = g_new(double, self->n);
	for (gsize i = 0; i < self->n; i++)
		self->values[i] = self->is_log ? log(values[i]) : values[i] / self->unit;
}

/* below it no noise of whole numbers is believed */
static double
get_smallest_scale(const PerfdashAnalysis *self, const double *values)
{
	if (self->n == 0)
		return 0;
	for (gsize i = 0; i < self->n; i++) {
		if (values[i] != floor(values[i]))
			return 0;
	}
	g_autofree double *sorted = g_memdup2(self->is_log ? values : self->values,
					      self->n * sizeof(double));
	g_autofree double *scratch = g_new(double, self->n);
	double gap = 0;
	perfdash_sorted_sort(sorted, self->n, scratch);
	for (gsize i = 1; i < self->n; i++) {
		double here = sorted[i] - sorted[i - 1];
		if (here > 0 && (gap == 0 || here < gap))
			gap = here;
	}
	return WHOLE_SCALE * (self->is_log ? gap / sorted[self->n / 2] : gap);
}

static double
get_correlation(const PerfdashAnalysis *self, const GArray *steps, double guess)
{
	g_autofree guint *starts = g_new(guint, steps->len);
	for (guint i = 0; i < steps->len; i++)
		starts[i] = g_array_index(steps, PerfdashStep, i).at;
	return perfdash_noise_get_correlation(&self->noise,
					      self->values,
					      starts,
					      steps->len,
					      guess);
}

/* what may become a step behind the last one */
static void
set_undecided(PerfdashAnalysis *self, PerfdashStepTest *test, const GArray *candidates)
{
	gsize n_steps = self->steps->len;
	gsize from = n_steps > 0 ? g_array_index(self->steps, PerfdashStep, n_steps - 1).at : 0;
	for (guint i = 0; i < candidates->len; i++) {
		PerfdashStep step = {0};
		gsize at = g_array_index(candidates, guint, i);
		if (at <= from || self->n - at > MAX_MISSING)
			continue;
		perfdash_step_test_ask(test, from, at, self->n, &step);
		/* among the candidates that are gone it was less */
		step.evidence = MIN(step.evidence, MAX_UNDECIDED);
		if (step.evidence > self->undecided.evidence &&
		    perfdash_step_get_missing(&step, self->n) <= MAX_MISSING)
			self->undecided = step;
	}
}

/* sorted; what is a candidate already, near enough, need not be one twice */
static void
add_known(GArray *candidates, const GArray *known)
{
	for (guint i = 0; i < known->len; i++) {
		guint place = g_array_index(known, guint, i);
		guint k = 0;
		while (k < candidates->len &&
		       g_array_index(candidates, guint, k) + PERFDASH_STEP_NEAR < place)
			k++;
		if (k == candidates->len ||
		    g_array_index(candidates, guint, k) > place + PERFDASH_STEP_NEAR)
			g_array_insert_val(candidates, k, place);
	}
}

/* unless it is none there */
static void
move_step(PerfdashAnalysis *self, PerfdashStepTest *test, guint i, gsize place)
{
	PerfdashStep moved = {0};
	gsize from;
	gsize to;
	perfdash_analysis_get_range(self, i, &from, &to);
	perfdash_analysis_get_range(self, i + 1, &to, &to);
	perfdash_step_test_ask(test, from, place, to, &moved);
	if (moved.evidence >= 1)
		g_array_index(self->steps, PerfdashStep, i) = moved;
}

/* a candidate is a place between two others, of which some are gone */
static void
date(PerfdashAnalysis *self, PerfdashStepTest *test)
{
	for (guint i = 0; i < self->steps->len; i++) {
		const PerfdashStep *step = &g_array_index(self->steps, PerfdashStep, i);
		gsize place = perfdash_step_find_place(step, self->values);
		if (place != step->at)
			move_step(self, test, i, place);
	}
}

/* a step stays where it was found first while it may as well be there */
static void
date_as_before(PerfdashAnalysis *self, PerfdashStepTest *test)
{
	for (guint i = 0; i < self->steps->len; i++) {
		const PerfdashStep *step = &g_array_index(self->steps, PerfdashStep, i);
		gsize first;
		gsize last;
		perfdash_step_get_interval(step, self->values, &first, &last);
		for (guint k = 0; k < test->known->len; k++) {
			gsize place = g_array_index(test->known, guint, k);
			if (place < first || place > last || place == step->at)
				continue;
			move_step(self, test, i, place);
			break;
		}
	}
}

static void
find_steps(PerfdashAnalysis *self, const GArray *known)
{
	g_autoptr(GArray) candidates = perfdash_segmentation_find(self->values, &self->noise);
	g_auto(PerfdashStepTest) test;
	perfdash_step_test_init(&test, self->values, &self->noise);
	test.known = known;
	if (known != NULL)
		add_known(candidates, known);
	test.rho = perfdash_noise_guess_correlation(&self->noise, self->values);
	self->steps = perfdash_elimination_run(&test, candidates);
	double rho = get_correlation(self, self->steps, test.rho);
	if (fabs(rho - test.rho) > NEAR_RHO) {
		test.rho = rho;
		g_array_unref(self->steps);
		self->steps = perfdash_elimination_run(&test, candidates);
	}
	self->rho = rho;
	date(self, &test);
	if (known != NULL)
		date_as_before(self, &test);
	set_undecided(self, &test, candidates);
}

void
perfdash_analysis_init(PerfdashAnalysis *self, const double *values, gsize n, const GArray *known)
{
	*self = (PerfdashAnalysis){.n = n};
	set_values(self, values);
	perfdash_noise_init(&self->noise, self->values, n, get_smallest_scale(self, values));
	find_steps(self, known);
}

void
perfdash_analysis_clear(PerfdashAnalysis *self)
{
	g_clear_pointer(&self->values, g_free);
	g_clear_pointer(&self->steps, g_array_unref);
	perfdash_noise_clear(&self->noise);
}

void
perfdash_analysis_get_range(const PerfdashAnalysis *self, gsize level, gsize *from, gsize *to)
{
	GArray *steps = self->steps;
	*from = level > 0 ? g_array_index(steps, PerfdashStep, level - 1).at : 0;
	*to = level < steps->len ? g_array_index(steps, PerfdashStep, level).at : self->n;
}

double
perfdash_analysis_get_noise(const PerfdashAnalysis *self)
{
	return self->noise.all / sqrt(1 - self->rho);
}
