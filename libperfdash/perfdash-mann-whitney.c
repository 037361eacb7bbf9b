/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Does one set of values tend to be greater than another? H. B. Mann and D. R. Whitney, "On a test
 * of whether one of two random variables is stochastically larger than the other", Annals of
 * Mathematical Statistics 18 (1947), and the size of that effect: N. Cliff, "Dominance statistics:
 * ordinal analyses to answer ordinal questions", Psychological Bulletin 114 (1993).
 *
 * It asks for ranks only, so neither outliers nor the long tails of latencies matter, as they do to
 * Student's t. Its p is exact when there are no ties and one side has up to eight values, and else
 * normal with corrections for ties and continuity: the choice of scipy.stats.mannwhitneyu, so that
 * people may check ours with theirs. The normal p of a few values with many ties is rough.
 */

#include "perfdash-mann-whitney.h"

#include <math.h>

#include "perfdash-distribution.h"

#define MOST_EXACT  8
/* the exact distribution takes memory in proportion to the larger side */
#define MOST_VALUES 100000

/* how many ways there are to choose few of few + many */
static double
binomial(gsize few, gsize many)
{
	double ways = 1;
	for (gsize i = 1; i <= few && isfinite(ways); i++)
		ways *= (double)(many + i) / i;
	return ways;
}

/* The numbers of orders that give u = 0, 1, ... are the coefficients of the Gaussian binomial, the
 * product of (1 - q^(many + i)) / (1 - q^i) over i = 1..few (Andrews, "The Theory of Partitions",
 * chapter 3). Only those up to the given u are needed. */
static double
exact_p(gsize few, gsize many, gsize u)
{
	g_autofree double *orders = g_new0(double, u + 1);
	double sum = 0;
	orders[0] = 1;
	for (gsize i = 1; i <= few; i++) {
		for (gsize k = i; k <= u; k++)
			orders[k] += orders[k - i];
		for (gsize k = u; k >= many + i; k--)
			orders[k] -= orders[k - many - i];
	}
	for (gsize k = 0; k <= u; k++)
		sum += orders[k];
	return MIN(1, 2 * sum / binomial(few, many));
}

static double
normal_p(double n, double m, double u, double ties)
{
	double all = n + m;
	double variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
	if (!(variance > 0))
		return 1;
	double z = (n * m / 2 - u - 0.5) / sqrt(variance);
	return MIN(1, 2 * perfdash_normal_cdf(-z));
}

static gsize
count_equal(const double *sorted, gsize n, gsize first, double value)
{
	gsize i = first;
	while (i < n && sorted[i] == value)
		i++;
	return i - first;
}

/* walks up both sides at once; ties becomes the sum of t^3 - t over all groups of t equal values */
static double
count_greater(const double *before, gsize n, const double *after, gsize m, double *ties)
{
	double greater = 0;
	gsize i = 0;
	gsize j = 0;
	*ties = 0;
	while (i < n || j < m) {
		double value = j == m || (i < n && before[i] < after[j]) ? before[i] : after[j];
		double old = count_equal(before, n, i, value);
		double new = count_equal(after, m, j, value);
		double tied = old + new;
		greater += new *(i + old / 2);
		*ties += tied * tied * tied - tied;
		i += old;
		j += new;
	}
	return greater;
}

double
perfdash_mann_whitney(const double *before,
		      gsize n_before,
		      const double *after,
		      gsize n_after,
		      double *u)
{
	double ties;
	double pairs = (double)n_before * n_after;
	gsize few = MIN(n_before, n_after);
	gsize many = MAX(n_before, n_after);
	g_return_val_if_fail(few > 0, NAN);
	*u = count_greater(before, n_before, after, n_after, &ties);
	double smaller = MIN(*u, pairs - *u);
	if (ties == 0 && few <= MOST_EXACT && many <= MOST_VALUES)
		return exact_p(few, many, smaller);
	return normal_p(n_before, n_after, smaller, ties);
}

double
perfdash_mann_whitney_least_p(gsize n_before, gsize n_after)
{
	return MIN(1, 2 / binomial(MIN(n_before, n_after), MAX(n_before, n_after)));
}

double
perfdash_cliffs_delta(double u, gsize n_before, gsize n_after)
{
	return 2 * u / n_before / n_after - 1;
}
