/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-power.h"

#include <math.h>

#include "perfdash-distribution.h"
#include "perfdash-mann-whitney.h"
#include "perfdash-stats.h"

#define MISSED 0.2
#define LEVEL  0.05

/* from the distances of all values to the median of their side, as one outlier must not ask for
 * thousands of runs; two medians were estimated */
double
perfdash_power_estimate_noise(const double *before,
			      gsize n_before,
			      const double *after,
			      gsize n_after)
{
	gsize n = n_before + n_after;
	double mean;
	g_autofree double *distances = g_new(double, n);
	if (n < 3)
		return NAN;
	double old = perfdash_stats_median(before, n_before);
	double new = perfdash_stats_median(after, n_after);
	for (gsize i = 0; i < n_before; i++)
		distances[i] = before[i] - old;
	for (gsize i = 0; i < n_after; i++)
		distances[n_before + i] = after[i] - new;
	double noise = 1.4826 * perfdash_stats_mad(distances, n);
	/* most values are equal */
	if (!(noise > 0))
		noise = sqrt(perfdash_stats_variance(distances, n, &mean));
	return noise * sqrt((double)n / (n - 2));
}

static double
both_errors(double level, double missed)
{
	double z = perfdash_normal_quantile(1 - level / 2) + perfdash_normal_quantile(1 - missed);
	return z * z;
}

/* G. E. Noether, "Sample size determination for some common nonparametric tests", Journal of the
 * American Statistical Association 82 (1987), for two sides of the same size. A pair of normal
 * values has the greater one after with probability cdf(effect / (noise sqrt 2)). */
double
perfdash_power_to_see(double effect, double noise, double level)
{
	double apart = perfdash_normal_cdf(effect / noise * M_SQRT1_2) - 0.5;
	return both_errors(level, MISSED) / (6 * apart * apart);
}

/* S. A. Julious, "Sample sizes for clinical trials with normal data", Statistics in Medicine 23
 * (2004), on equivalence when nothing changed; the variance of a median is pi / 2 times that of a
 * mean. */
double
perfdash_power_to_exclude(double margin, double noise)
{
	double ratio = noise / margin;
	return both_errors(LEVEL, MISSED / 2) * G_PI * ratio * ratio;
}

double
perfdash_power_least_runs(double level)
{
	gsize n = 1;
	while (perfdash_mann_whitney_least_p(n, n) > level)
		n++;
	return n;
}
