/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* the standard deviation of values about the median of their side; NaN of fewer than three */
double
perfdash_power_estimate_noise(const double *before,
			      gsize n_before,
			      const double *after,
			      gsize n_after);

/* How many values each side must have, so that in four of five cases an effect is seen at a level
 * of p, or an effect as large as the margin is excluded. Noise is the standard deviation, in the
 * unit of effect and margin; all are positive, and an effect may be too small for any number:
 * infinity */
double
perfdash_power_to_see(double effect, double noise, double level);
double
perfdash_power_to_exclude(double margin, double noise);
/* so that the test can reach a level at all, in (0, 0.05] */
double
perfdash_power_least_runs(double level);

G_END_DECLS
