/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Did it get worse? Two sets of values of one metric, before and after.
 *
 * The change is that of the medians, because one outlier moves them little, and it comes with an
 * interval, because a number alone cannot be judged. What is called a change needs both: ranks
 * that differ more than chance allows (Mann and Whitney) and an interval without "no change". What
 * is called the same needs an interval within a margin: that nothing was found does not mean that
 * nothing is there (D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the
 * power approach", Journal of Pharmacokinetics and Biopharmaceutics 15, 1987). Everything else is
 * not enough data, and then the noise says how many runs would do.
 *
 * One run is one value. Replicates within a run share its machine state and its build's memory
 * layout, and counting them as values makes chance look like change (T. Kalibera and R. Jones,
 * "Rigorous benchmarking in reasonable time", ISMM 2013).
 */

#include "perfdash-comparison-private.h"

#include <math.h>

#include "perfdash-bootstrap.h"
#include "perfdash-error.h"
#include "perfdash-mann-whitney.h"
#include "perfdash-power.h"
#include "perfdash-stats.h"

#define SIGNIFICANT    0.05
/* on each side; see perfdash-bootstrap.c */
#define LEAST_RESAMPLE 5
#define MOST_RUNS      1000000

G_DEFINE_BOXED_TYPE(PerfdashComparison,
		    perfdash_comparison,
		    perfdash_comparison_ref,
		    perfdash_comparison_unref)

static gboolean
check_values(const char *side, const double *values, gsize n, GError **error)
{
	if (n == 0) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "there is nothing to compare: no values %s",
			    side);
		return FALSE;
	}
	for (gsize i = 0; i < n; i++) {
		if (isfinite(values[i]))
			continue;
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "value %" G_GSIZE_FORMAT
			    " of those %s is %s, not a number that can be compared",
			    i + 1,
			    side,
			    isnan(values[i]) ? "NaN" : "infinite");
		return FALSE;
	}
	return TRUE;
}

static double *
to_scale(PerfdashScale scale, const double *values, gsize n)
{
	double *scaled = g_new(double, n);
	for (gsize i = 0; i < n; i++)
		scaled[i] = perfdash_scale(scale, values[i]);
	return scaled;
}

static void
find_interval(PerfdashComparison *self, const double *before, const double *after)
{
	g_autofree double *old = to_scale(self->scale, before, self->n_before);
	g_autofree double *new = to_scale(self->scale, after, self->n_after);
	gsize few = MIN(self->n_before, self->n_after);
	self->low = self->high = NAN;
	self->noise = perfdash_power_estimate_noise(old, self->n_before, new, self->n_after);
	if (few >= LEAST_RESAMPLE)
		perfdash_bootstrap_medians(self->scale,
					   before,
					   self->n_before,
					   after,
					   self->n_after,
					   &self->low,
					   &self->high);
	else if (few >= 2)
		perfdash_stats_difference_interval(old,
						   self->n_before,
						   new,
						   self->n_after,
						   &self->low,
						   &self->high);
}

static double
from_scale(PerfdashComparison *self, double change)
{
	return self->scale == PERFDASH_SCALE_LOG ? expm1(change) : change;
}

/* of sorted values, but for the interval */
static PerfdashComparison *
compare(const double *before,
	gsize n_before,
	const double *after,
	gsize n_after,
	PerfdashDirection direction,
	double margin)
{
	PerfdashComparison *self = g_new0(PerfdashComparison, 1);
	double u;
	g_atomic_ref_count_init(&self->refs);
	self->n_before = n_before;
	self->n_after = n_after;
	self->direction = direction;
	self->before = perfdash_stats_quantile(before, n_before, 0.5);
	self->after = perfdash_stats_quantile(after, n_after, 0.5);
	gboolean positive = before[0] > 0 && after[0] > 0;
	self->scale = positive ? PERFDASH_SCALE_LOG : PERFDASH_SCALE_LINEAR;
	self->margin = positive ? margin : margin * fabs(self->before);
	self->p = perfdash_mann_whitney(before, n_before, after, n_after, &u);
	self->p_adjusted = self->p;
	self->delta = perfdash_cliffs_delta(u, n_before, n_after);
	return self;
}

static gboolean
is_computable(PerfdashComparison *self)
{
	if (!isfinite(perfdash_comparison_get_change(self)))
		return FALSE;
	if (MIN(self->n_before, self->n_after) < 2)
		return TRUE;
	return isfinite(from_scale(self, self->low)) && isfinite(from_scale(self, self->high)) &&
	       isfinite(self->noise);
}

/**
 * perfdash_comparison_new:
 * @before: (array length=n_before): one value of each run
 * @n_before: how many, 1 or more
 * @after: (array length=n_after): one value of each run, in the unit of @before
 * @n_after: how many, 1 or more
 * @direction: which way the metric gets better
 * @margin: the relative change that is taken for none, such as %PERFDASH_COMPARISON_MARGIN; not
 * negative
 * @error: return location for an error, or %NULL
 *
 * Compares two sets of values, in any order. The same values give the same comparison, always.
 *
 * Returns: (transfer full): what can be said, or %NULL with %PERFDASH_ERROR_INVALID: a side has no
 * values, or one that is not finite; @margin is negative or not finite; or the values are so far
 * apart that their change is no double
 *
 * Since: 0.1
 */
PerfdashComparison *
perfdash_comparison_new(const double *before,
			gsize n_before,
			const double *after,
			gsize n_after,
			PerfdashDirection direction,
			double margin,
			GError **error)
{
	if (!check_values("before", before, n_before, error) ||
	    !check_values("after", after, n_after, error))
		return NULL;
	if (!isfinite(margin) || margin < 0) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "margin %g is not a relative change of 0 or more",
			    margin);
		return NULL;
	}
	g_autofree double *old = perfdash_stats_sort(before, n_before);
	g_autofree double *new = perfdash_stats_sort(after, n_after);
	g_autoptr(PerfdashComparison) self = NULL;
	self = compare(old, n_before, new, n_after, direction, margin);
	find_interval(self, old, new);
	if (is_computable(self))
		return g_steal_pointer(&self);
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "values of %g and %g are too far apart to compare",
		    self->before,
		    self->after);
	return NULL;
}

PerfdashComparison *
perfdash_comparison_new_moved(PerfdashComparison *unmoved,
			      const double *before,
			      const double *after,
			      double moved,
			      PerfdashDirection direction)
{
	g_autofree double *old = perfdash_stats_sort(before, unmoved->n_before);
	g_autofree double *new = perfdash_stats_sort(after, unmoved->n_after);
	double shift = unmoved->scale == PERFDASH_SCALE_LOG ? log1p(moved) : moved;
	g_autoptr(PerfdashComparison) self = NULL;
	self = compare(old, unmoved->n_before, new, unmoved->n_after, direction, 0);
	self->low = unmoved->low - shift;
	self->high = unmoved->high - shift;
	self->noise = unmoved->noise;
	if (self->scale != unmoved->scale)
		find_interval(self, old, new);
	/* what is moved may be no double */
	if (!isfinite(old[0]) || !isfinite(old[self->n_before - 1]) || !is_computable(self))
		return NULL;
	return g_steal_pointer(&self);
}

/**
 * perfdash_comparison_ref:
 * @self: a #PerfdashComparison
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashComparison *
perfdash_comparison_ref(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_comparison_unref:
 * @self: (transfer full): a #PerfdashComparison
 *
 * Since: 0.1
 */
void
perfdash_comparison_unref(PerfdashComparison *self)
{
	g_return_if_fail(self != NULL);
	if (g_atomic_ref_count_dec(&self->refs))
		g_free(self);
}

/**
 * perfdash_comparison_get_n_before:
 * @self: a #PerfdashComparison
 *
 * Returns: the number of values before
 *
 * Since: 0.1
 */
gsize
perfdash_comparison_get_n_before(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->n_before;
}

/**
 * perfdash_comparison_get_n_after:
 * @self: a #PerfdashComparison
 *
 * Returns: the number of values after
 *
 * Since: 0.1
 */
gsize
perfdash_comparison_get_n_after(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->n_after;
}

/**
 * perfdash_comparison_get_before:
 * @self: a #PerfdashComparison
 *
 * Returns: the median before, in the unit of the values
 *
 * Since: 0.1
 */
double
perfdash_comparison_get_before(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, NAN);
	return self->before;
}

/**
 * perfdash_comparison_get_after:
 * @self: a #PerfdashComparison
 *
 * Returns: the median after, in the unit of the values
 *
 * Since: 0.1
 */
double
perfdash_comparison_get_after(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, NAN);
	return self->after;
}

/**
 * perfdash_comparison_is_relative:
 * @self: a #PerfdashComparison
 *
 * Returns: whether the change is a share of what was before; it is when all values are positive
 *
 * Since: 0.1
 */
gboolean
perfdash_comparison_is_relative(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, FALSE);
	return self->scale == PERFDASH_SCALE_LOG;
}

/**
 * perfdash_comparison_get_change:
 * @self: a #PerfdashComparison
 *
 * Returns: the median after / the median before - 1 when the change is relative, such as 0.05 for
 * 5 % more; else their difference, in the unit of the values
 *
 * Since: 0.1
 */
double
perfdash_comparison_get_change(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, NAN);
	if (self->scale == PERFDASH_SCALE_LOG)
		return self->after / self->before - 1;
	return self->after - self->before;
}

/**
 * perfdash_comparison_get_interval:
 * @self: a #PerfdashComparison
 * @low: (out): where the interval begins, as perfdash_comparison_get_change() gives the change
 * @high: (out): where it ends
 *
 * The interval that holds the true change in 95 of 100 cases.
 *
 * With five values or more on each side it is the bias-corrected and accelerated bootstrap interval
 * (B. Efron, "Better bootstrap confidence intervals", Journal of the American Statistical
 * Association 82, 1987) of the ratio of the medians, or of their difference, computed from the
 * exact distribution of resampled medians. With two to four on a side that one is too narrow, and
 * it is instead that of B. L. Welch ("The generalization of Student's problem when several
 * different population variances are involved", Biometrika 34, 1947) for the ratio of the geometric
 * means, or the difference of the means. It assumes normal noise of the logarithms, or of the
 * values; the change need not be in its middle. One value on a side has no interval.
 *
 * Returns: whether there is an interval; if not, @low and @high are NaN
 *
 * Since: 0.1
 */
gboolean
perfdash_comparison_get_interval(PerfdashComparison *self, double *low, double *high)
{
	g_return_val_if_fail(self != NULL, FALSE);
	*low = from_scale(self, self->low);
	*high = from_scale(self, self->high);
	return !isnan(self->low);
}

/**
 * perfdash_comparison_get_p:
 * @self: a #PerfdashComparison
 *
 * How likely ranks that differ so much or more are when nothing changed: the two-sided test of
 * H. B. Mann and D. R. Whitney ("On a test of whether one of two random variables is stochastically
 * larger than the other", Annals of Mathematical Statistics 18, 1947). Exact when no values are
 * equal and one side has up to eight; else normal, corrected for ties and continuity.
 *
 * Returns: the p value, 0..1
 *
 * Since: 0.1
 */
double
perfdash_comparison_get_p(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, NAN);
	return self->p;
}

/**
 * perfdash_comparison_get_p_adjusted:
 * @self: a #PerfdashComparison
 *
 * Returns: the p value among those of the other comparisons, if it comes from
 * perfdash_comparison_adjust(); else the p value alone
 *
 * Since: 0.1
 */
double
perfdash_comparison_get_p_adjusted(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, NAN);
	return self->p_adjusted;
}

/**
 * perfdash_comparison_get_delta:
 * @self: a #PerfdashComparison
 *
 * How far the two sets are apart: of all pairs of one value before and one after, the share in
 * which after is greater less that in which before is (N. Cliff, "Dominance statistics: ordinal
 * analyses to answer ordinal questions", Psychological Bulletin 114, 1993).
 *
 * Returns: Cliff's delta: 1 when every value after is greater than every value before, -1 when
 * every one is less, 0 when neither side tends to be greater
 *
 * Since: 0.1
 */
double
perfdash_comparison_get_delta(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, NAN);
	return self->delta;
}

/**
 * perfdash_comparison_is_testable:
 * @self: a #PerfdashComparison
 *
 * Returns: whether there are enough values for the test to ever reach 0.05: 4 and 4, 3 and 5, or 2
 * and 8
 *
 * Since: 0.1
 */
gboolean
perfdash_comparison_is_testable(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, FALSE);
	return MIN(self->n_before, self->n_after) >= 2 &&
	       perfdash_mann_whitney_least_p(self->n_before, self->n_after) <= SIGNIFICANT;
}

/**
 * perfdash_comparison_get_verdict:
 * @self: a #PerfdashComparison
 *
 * The same: the whole interval is within the margin, of however little doubt the change may be.
 * Better, worse, changed: the adjusted p is 0.05 or less and the interval is on one side of no
 * change. Not enough data: neither, or perfdash_comparison_is_testable() says so. When values are
 * not all positive the margin is that share of the median before.
 *
 * Returns: the verdict
 *
 * Since: 0.1
 */
PerfdashVerdict
perfdash_comparison_get_verdict(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, PERFDASH_VERDICT_NOT_ENOUGH_DATA);
	if (!perfdash_comparison_is_testable(self))
		return PERFDASH_VERDICT_NOT_ENOUGH_DATA;
	if (from_scale(self, self->low) >= -self->margin &&
	    from_scale(self, self->high) <= self->margin)
		return PERFDASH_VERDICT_SAME;
	gboolean one_sided = self->low > 0 || self->high < 0;
	if (self->p_adjusted > SIGNIFICANT || !one_sided)
		return PERFDASH_VERDICT_NOT_ENOUGH_DATA;
	if (self->direction == PERFDASH_DIRECTION_NONE)
		return PERFDASH_VERDICT_CHANGED;
	gboolean worse = (self->low > 0) == (self->direction == PERFDASH_DIRECTION_LOWER);
	return worse ? PERFDASH_VERDICT_WORSE : PERFDASH_VERDICT_BETTER;
}

/**
 * perfdash_comparison_get_runs_needed:
 * @self: a #PerfdashComparison
 *
 * How many runs it takes on each side, those there are included, until there is a verdict with a
 * probability of 80 %, if the noise stays as it is. When the change is beyond the margin: until a
 * change of the size that was seen is significant (G. E. Noether, "Sample size determination for
 * some common nonparametric tests", Journal of the American Statistical Association 82, 1987).
 * Else: until the interval is within the margin, if nothing changed (S. A. Julious, "Sample sizes
 * for clinical trials with normal data", Statistics in Medicine 23, 2004). Noise is 1.4826 times
 * the median distance to the median of its side. Not known from one value on each side: then the
 * least that the test takes.
 *
 * Returns: the number of runs; 0 when there is a verdict, %G_MAXUINT when a million would not do
 *
 * Since: 0.1
 */
guint
perfdash_comparison_get_runs_needed(PerfdashComparison *self)
{
	g_return_val_if_fail(self != NULL, 0);
	if (perfdash_comparison_get_verdict(self) != PERFDASH_VERDICT_NOT_ENOUGH_DATA)
		return 0;
	/* what p must reach to be 0.05 among the others */
	double level = SIGNIFICANT * (self->p > 0 ? self->p / self->p_adjusted : 1);
	double effect = fabs(perfdash_scale(self->scale, self->after) -
			     perfdash_scale(self->scale, self->before));
	double margin = self->scale == PERFDASH_SCALE_LOG ? log1p(self->margin) : self->margin;
	double runs = MAX(perfdash_power_least_runs(level), MIN(self->n_before, self->n_after) + 1);
	if (self->noise > 0)
		runs = MAX(runs,
			   effect > margin ? perfdash_power_to_see(effect, self->noise, level)
					   : perfdash_power_to_exclude(margin, self->noise));
	return runs <= MOST_RUNS ? (guint)ceil(runs) : G_MAXUINT;
}

/**
 * perfdash_comparison_adjust:
 * @comparisons: (element-type PerfdashComparison): comparisons that are looked at together
 *
 * Of a hundred metrics that did not change, five have a p below 0.05. With adjusted p values, of
 * those that are called changed one in twenty is expected not to be (Y. Benjamini and Y. Hochberg,
 * "Controlling the false discovery rate: a practical and powerful approach to multiple testing",
 * Journal of the Royal Statistical Society B 57, 1995). Comparisons of so few values that their p
 * cannot reach 0.05 keep it, and do not count among the others.
 *
 * Returns: (transfer container) (element-type PerfdashComparison): the same in the same order, with
 * p values, and so verdicts, that are adjusted to how many there are
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_comparison_adjust(GPtrArray *comparisons)
{
	g_return_val_if_fail(comparisons != NULL, NULL);
	GPtrArray *adjusted = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_comparison_unref);
	g_autofree double *p = g_new(double, comparisons->len);
	gsize n = 0;
	for (guint i = 0; i < comparisons->len; i++) {
		PerfdashComparison *comparison = g_ptr_array_index(comparisons, i);
		if (perfdash_comparison_is_testable(comparison))
			p[n++] = comparison->p;
	}
	perfdash_stats_adjust(p, n, n);
	n = 0;
	for (guint i = 0; i < comparisons->len; i++) {
		PerfdashComparison *copy = g_memdup2(g_ptr_array_index(comparisons, i),
						     sizeof(*copy));
		g_atomic_ref_count_init(&copy->refs);
		copy->p_adjusted = perfdash_comparison_is_testable(copy) ? p[n++] : copy->p;
		g_ptr_array_add(adjusted, copy);
	}
	return adjusted;
}

/**
 * perfdash_comparison_get_mean_ratio:
 * @comparisons: (element-type PerfdashComparison): comparisons of metrics that get better the same
 * way
 * @ratio: (out): geometric mean of after / before over all comparisons that are relative
 * @low: (out): where the interval begins that holds it in 95 of 100 cases, or NaN of a single one
 * @high: (out): where it ends, or NaN
 *
 * The geometric mean does not depend on which side is called before (P. J. Fleming and J. J.
 * Wallace, "How not to lie with statistics: the correct way to summarize benchmark results",
 * Communications of the ACM 29, 1986). The interval is Student's, of the logarithms: how much the
 * metrics differ from each other, not how noisy each is.
 *
 * Returns: whether there is a comparison that is relative; if not, all are NaN
 *
 * Since: 0.1
 */
gboolean
perfdash_comparison_get_mean_ratio(GPtrArray *comparisons, double *ratio, double *low, double *high)
{
	g_return_val_if_fail(comparisons != NULL, FALSE);
	g_autofree double *logs = g_new(double, comparisons->len);
	double mean = NAN;
	gsize n = 0;
	*low = *high = NAN;
	for (guint i = 0; i < comparisons->len; i++) {
		PerfdashComparison *comparison = g_ptr_array_index(comparisons, i);
		if (comparison->scale == PERFDASH_SCALE_LOG)
			logs[n++] = log(comparison->after) - log(comparison->before);
	}
	if (n > 0)
		perfdash_stats_mean_interval(logs, n, &mean, low, high);
	*ratio = exp(mean);
	*low = exp(*low);
	*high = exp(*high);
	return n > 0;
}
