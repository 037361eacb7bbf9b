/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-stats.h"

#include <math.h>
#include <stdlib.h>

#include "perfdash-distribution.h"

static int
compare_doubles(gconstpointer a, gconstpointer b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;
	return (left > right) - (left < right);
}

double *
perfdash_stats_sort(const double *values, gsize n)
{
	double *sorted = g_memdup2(values, n * sizeof(double));
	qsort(sorted, n, sizeof(double), compare_doubles);
	return sorted;
}

/* between the two nearest values: definition 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in
 * statistical packages", The American Statistician 50 (1996), which numpy and R take by default */
double
perfdash_stats_quantile(const double *sorted, gsize n, double share)
{
	g_return_val_if_fail(n > 0 && share >= 0 && share <= 1, NAN);
	double place = share * (n - 1);
	gsize below = place;
	gsize above = MIN(below + 1, n - 1);
	double part = place - below;
	/* their difference may be more than a double holds */
	return sorted[below] * (1 - part) + sorted[above] * part;
}

double
perfdash_stats_median(const double *values, gsize n)
{
	g_autofree double *sorted = perfdash_stats_sort(values, n);
	return perfdash_stats_quantile(sorted, n, 0.5);
}

/* the median of the distances to the median; 1.4826 times that is the standard deviation of a
 * normal distribution (F. R. Hampel, "The influence curve and its role in robust estimation",
 * Journal of the American Statistical Association 69, 1974) */
double
perfdash_stats_mad(const double *values, gsize n)
{
	g_autofree double *distances = g_new(double, n);
	double median = perfdash_stats_median(values, n);
	for (gsize i = 0; i < n; i++)
		distances[i] = fabs(values[i] - median);
	return perfdash_stats_median(distances, n);
}

double
perfdash_stats_variance(const double *values, gsize n, double *mean)
{
	double sum = 0;
	double squares = 0;
	g_return_val_if_fail(n > 1, NAN);
	for (gsize i = 0; i < n; i++)
		sum += values[i];
	*mean = sum / n;
	for (gsize i = 0; i < n; i++)
		squares += (values[i] - *mean) * (values[i] - *mean);
	return squares / (n - 1);
}

/* Student, "The probable error of a mean", Biometrika 6 (1908) */
void
perfdash_stats_mean_interval(const double *values, gsize n, double *mean, double *low, double *high)
{
	*mean = values[0];
	*low = *high = NAN;
	if (n < 2)
		return;
	double error = sqrt(perfdash_stats_variance(values, n, mean) / n);
	double reach = perfdash_t_quantile(0.975, n - 1) * error;
	*low = *mean - reach;
	*high = *mean + reach;
}

/* B. L. Welch, "The generalization of Student's problem when several different population
 * variances are involved", Biometrika 34 (1947) */
void
perfdash_stats_difference_interval(const double *before,
				   gsize n_before,
				   const double *after,
				   gsize n_after,
				   double *low,
				   double *high)
{
	double mean_before;
	double mean_after;
	double old = perfdash_stats_variance(before, n_before, &mean_before) / n_before;
	double new = perfdash_stats_variance(after, n_after, &mean_after) / n_after;
	double both = old + new;
	double reach = 0;
	if (both > 0) {
		/* shares, whose squares do not vanish */
		double share = old / both;
		double degrees = 1 / (share * share / (n_before - 1) +
				      (1 - share) * (1 - share) / (n_after - 1));
		reach = perfdash_t_quantile(0.975, degrees) * sqrt(both);
	}
	*low = mean_after - mean_before - reach;
	*high = mean_after - mean_before + reach;
}

static int
compare_pointed(gconstpointer a, gconstpointer b)
{
	return compare_doubles(*(double *const *)a, *(double *const *)b);
}

/* so that of what is called a change at 0.05, one in twenty is expected to be none: Y. Benjamini
 * and Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society
 * B 57 (1995) */
void
perfdash_stats_adjust(double *p, gsize n, gsize m)
{
	g_autofree double **order = g_new(double *, n);
	double least = 1;
	for (gsize i = 0; i < n; i++)
		order[i] = &p[i];
	if (n > 0)
		qsort(order, n, sizeof(double *), compare_pointed);
	for (gsize rank = n; rank > 0; rank--) {
		least = MIN(least, *order[rank - 1] * MAX(n, m) / rank);
		*order[rank - 1] = least;
	}
}
