/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* of a and b > 0: the regularized incomplete beta function */
double
perfdash_beta_cdf(double x, double a, double b);

/* the probability of a value up to z, and the value that is reached with a probability in (0, 1) */
double
perfdash_normal_cdf(double z);
double
perfdash_normal_quantile(double probability);

/* the same of Student's t; degrees > 0 need not be whole */
double
perfdash_t_cdf(double t, double degrees);
double
perfdash_t_quantile(double probability, double degrees);

G_END_DECLS
