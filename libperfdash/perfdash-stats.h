/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* of values that are finite and at least one */
double *
perfdash_stats_sort(const double *values, gsize n);
double
perfdash_stats_median(const double *values, gsize n);
double
perfdash_stats_mad(const double *values, gsize n);

/* of sorted values; share is in 0..1 */
double
perfdash_stats_quantile(const double *sorted, gsize n, double share);

/* of at least two values */
double
perfdash_stats_variance(const double *values, gsize n, double *mean);
/* the interval that holds the mean in 95 of 100 cases; nothing but the mean of one value */
void
perfdash_stats_mean_interval(const double *values,
			     gsize n,
			     double *mean,
			     double *low,
			     double *high);
/* the same of mean(after) - mean(before), for sides of at least two values */
void
perfdash_stats_difference_interval(const double *before,
				   gsize n_before,
				   const double *after,
				   gsize n_after,
				   double *low,
				   double *high);

/* n p values in any order become what they are among m, of which the others are 1 */
void
perfdash_stats_adjust(double *p, gsize n, gsize m);

G_END_DECLS
