/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How sure is the change of a median? The bias-corrected and accelerated bootstrap: B. Efron,
 * "Better bootstrap confidence intervals", Journal of the American Statistical Association 82
 * (1987), for two samples as in B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap"
 * (1993), chapter 14. It assumes no distribution, and on a logarithmic scale the interval of a
 * ratio is that of its inverse turned around.
 *
 * Nothing is drawn. What the median of a resample can be, and with what probability, is known
 * exactly (B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7,
 * 1979, section 3): the k-th smallest of a resample of n is sorted[floor(n U)], where U is the k-th
 * smallest of n uniform numbers, which has a beta distribution (H. A. David and H. N. Nagaraja,
 * "Order Statistics", 2.1). So the interval is what infinitely many drawings would give, the same
 * every time and everywhere, and sooner there than a thousand drawings.
 *
 * With three or four values a side the interval holds the truth in 91 of 100 cases instead of 95,
 * with five and more in 94 to 97 (normal, exponential, t and two-peaked noise, simulated).
 */

#include "perfdash-bootstrap.h"

#include <math.h>

#include "perfdash-distribution.h"
#include "perfdash-stats.h"

/* standard deviations of an order statistic; more is as good as impossible */
#define REACH      6
#define IMPOSSIBLE 1e-12

/* the medians that resampling can give, in their order, and with what probability up to that */
typedef struct {
	double value;
	double up_to;
} Median;

double
perfdash_scale(PerfdashScale scale, double value)
{
	return scale == PERFDASH_SCALE_LOG ? log(value) : value;
}

static int
compare_medians(gconstpointer a, gconstpointer b)
{
	double left = ((const Median *)a)->value;
	double right = ((const Median *)b)->value;
	return (left > right) - (left < right);
}

/* log(a^k - b^k) of 0 <= b < a */
static double
log_difference(double a, double b, double k)
{
	return k * log(a) + log1p(-pow(b / a, k));
}

/* that the k-th smallest of a resample is sorted[i] */
static double
probability_of(gsize k, gsize i, gsize n)
{
	double n_above = n - k + 1;
	return perfdash_beta_cdf((i + 1.0) / n, k, n_above) -
	       perfdash_beta_cdf((double)i / n, k, n_above);
}

/* falls with j: that of the two middle ones of a resample of n = 2 k values one is sorted[i], the
 * other sorted[j], i < j: one half of it falls on values up to i and not all below it, the other on
 * j and above */
static double
probability_of_pair(gsize k, gsize i, gsize j)
{
	double n = 2 * k;
	double ways = lgamma_r(n + 1, &(int){0}) - 2 * lgamma_r(k + 1, &(int){0});
	return exp(ways + log_difference((i + 1) / n, i / n, k) +
		   log_difference((n - j) / n, (n - j - 1) / n, k));
}

static void
add_median(GArray *medians, double value, double probability)
{
	Median median = {value, MAX(probability, 0)};
	g_array_append_val(medians, median);
}

static void
add_pairs(GArray *medians, PerfdashScale scale, const double *sorted, gsize n, gsize i)
{
	double left = probability_of(n / 2, i, n);
	for (gsize j = i + 1; j < n; j++) {
		double p = probability_of_pair(n / 2, i, j);
		if (p < IMPOSSIBLE)
			break;
		add_median(medians, perfdash_scale(scale, sorted[i] / 2 + sorted[j] / 2), p);
		left -= p;
	}
	add_median(medians, perfdash_scale(scale, sorted[i]), left);
}

static GArray *
resample_median(PerfdashScale scale, const double *sorted, gsize n)
{
	GArray *medians = g_array_new(FALSE, FALSE, sizeof(Median));
	gsize reach = ceil(REACH * sqrt(n) / 2) + 1;
	gsize end = MIN(n, n / 2 + reach);
	double sum = 0;
	for (gsize i = n / 2 > reach ? n / 2 - reach : 0; i < end; i++) {
		if (n % 2 == 0)
			add_pairs(medians, scale, sorted, n, i);
		else
			add_median(medians,
				   perfdash_scale(scale, sorted[i]),
				   probability_of(n / 2 + 1, i, n));
	}
	g_array_sort(medians, compare_medians);
	for (guint i = 0; i < medians->len; i++) {
		Median *median = &g_array_index(medians, Median, i);
		sum += median->up_to;
		median->up_to = sum;
	}
	return medians;
}

static const Median *
nth(GArray *medians, guint index)
{
	return &g_array_index(medians, Median, index);
}

/* the probability of a change up to this one */
static double
change_cdf(GArray *before, GArray *after, double change)
{
	double sum = 0;
	double below = 0;
	guint j = 0;
	for (guint i = 0; i < before->len; i++) {
		const Median *old = nth(before, i);
		while (j < after->len && nth(after, j)->value <= old->value + change)
			j++;
		sum += (old->up_to - below) * (j > 0 ? nth(after, j - 1)->up_to : 0);
		below = old->up_to;
	}
	return sum;
}

static double
smallest_above(GArray *before, GArray *after, double change)
{
	double smallest = INFINITY;
	guint j = 0;
	for (guint i = 0; i < before->len; i++) {
		double old = nth(before, i)->value;
		while (j < after->len && nth(after, j)->value - old <= change)
			j++;
		if (j < after->len)
			smallest = MIN(smallest, nth(after, j)->value - old);
	}
	return smallest;
}

/* the smallest change up to which the probability is that much */
static double
change_quantile(GArray *before, GArray *after, double probability, double rounding)
{
	double low = nth(after, 0)->value - nth(before, before->len - 1)->value;
	double greatest = nth(after, after->len - 1)->value - nth(before, 0)->value;
	double high = greatest;
	if (change_cdf(before, after, low + rounding) >= probability)
		return low;
	while (high - low > rounding) {
		double middle = low + (high - low) / 2;
		if (middle <= low || middle >= high)
			break;
		if (change_cdf(before, after, middle + rounding) < probability)
			low = middle;
		else
			high = middle;
	}
	return MIN(greatest, smallest_above(before, after, low + rounding));
}

/* The medians that are left when one value is left out, of which there are three: values[i] is
 * the median without any of counts[i] values. */
typedef struct {
	double values[3];
	double counts[3];
} Jackknife;

static Jackknife
leave_one_out(PerfdashScale scale, const double *sorted, gsize n)
{
	gsize k = n / 2;
	Jackknife left = {{0}, {0}};
	if (n % 2 == 0) {
		left = (Jackknife){{sorted[k], sorted[k - 1]}, {k, k}};
	} else if (n > 1) {
		left.values[0] = sorted[k] / 2 + sorted[k + 1] / 2;
		left.values[1] = sorted[k - 1] / 2 + sorted[k + 1] / 2;
		left.values[2] = sorted[k - 1] / 2 + sorted[k] / 2;
		left.counts[0] = left.counts[2] = k;
		left.counts[1] = 1;
	}
	for (guint i = 0; i < G_N_ELEMENTS(left.values); i++)
		left.values[i] = left.counts[i] > 0 ? perfdash_scale(scale, left.values[i]) : 0;
	return left;
}

/* how much each value pulls, times 1 / n */
static Jackknife
influence(PerfdashScale scale, const double *sorted, gsize n)
{
	Jackknife left = leave_one_out(scale, sorted, n);
	double mean = 0;
	for (guint i = 0; i < G_N_ELEMENTS(left.values); i++)
		mean += left.values[i] * left.counts[i] / n;
	for (guint i = 0; i < G_N_ELEMENTS(left.values); i++)
		left.values[i] = (mean - left.values[i]) * (n - 1) / n;
	return left;
}

static double
moment(const Jackknife *side, double unit, double power)
{
	double sum = 0;
	for (guint i = 0; i < G_N_ELEMENTS(side->values); i++)
		sum += side->counts[i] * pow(side->values[i] / unit, power);
	return sum;
}

static double
acceleration(PerfdashScale scale,
	     const double *before,
	     gsize n_before,
	     const double *after,
	     gsize n_after)
{
	Jackknife old = influence(scale, before, n_before);
	Jackknife new = influence(scale, after, n_after);
	double spread = sqrt(moment(&old, 1, 2) + moment(&new, 1, 2));
	if (!(spread > 0))
		return 0;
	return (moment(&new, spread, 3) - moment(&old, spread, 3)) / 6;
}

static double
move(double probability, double bias, double accelerated)
{
	double z = bias + perfdash_normal_quantile(probability);
	return perfdash_normal_cdf(bias + z / (1 - accelerated * z));
}

void
perfdash_bootstrap_medians(PerfdashScale scale,
			   const double *before,
			   gsize n_before,
			   const double *after,
			   gsize n_after,
			   double *low,
			   double *high)
{
	g_autoptr(GArray) old = resample_median(scale, before, n_before);
	g_autoptr(GArray) new = resample_median(scale, after, n_after);
	double seen = perfdash_scale(scale, perfdash_stats_quantile(after, n_after, 0.5)) -
		      perfdash_scale(scale, perfdash_stats_quantile(before, n_before, 0.5));
	double accelerated = acceleration(scale, before, n_before, after, n_after);
	/* changes that differ by less are the same */
	double rounding = 1e-12 * (nth(old, old->len - 1)->value - nth(old, 0)->value +
				   nth(new, new->len - 1)->value - nth(new, 0)->value);
	double below = change_cdf(old, new, seen - rounding);
	double up_to = change_cdf(old, new, seen + rounding);
	/* what equals the change that was seen counts half */
	double bias = perfdash_normal_quantile(CLAMP((below + up_to) / 2, 1e-6, 1 - 1e-6));
	*low = change_quantile(old, new, move(0.025, bias, accelerated), rounding);
	*high = change_quantile(old, new, move(0.975, bias, accelerated), rounding);
}
