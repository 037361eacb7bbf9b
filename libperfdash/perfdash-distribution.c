/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The normal and the beta distribution, and Student's t.
 *
 * The normal one is the error function of libm. The others are the incomplete beta function (DLMF
 * 8.17), whose continued fraction (8.17.22) is evaluated as Lentz did it (W. J. Lentz, "Generating
 * Bessel functions in Mie scattering calculations using continued fractions", Applied Optics 15,
 * 1976). Both are computed as lower tails, so that small probabilities keep their digits.
 * Quantiles are found by halving: fifty evaluations for all digits, and no table of coefficients.
 */

#include "perfdash-distribution.h"

#include <float.h>
#include <math.h>

#define MOST_TERMS 10000

typedef double (*Cdf)(double value, double degrees);

static double
log_beta(double a, double b)
{
	int sign;
	return lgamma_r(a, &sign) + lgamma_r(b, &sign) - lgamma_r(a + b, &sign);
}

static double
away_from_zero(double value)
{
	return fabs(value) < DBL_MIN ? DBL_MIN : value;
}

/* converges fast for x < (a + 1) / (a + b + 2) */
static double
beta_fraction(double x, double a, double b)
{
	double c = 1;
	double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
	double fraction = d;
	for (int m = 1; m < MOST_TERMS; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / away_from_zero(1 + even * d);
		c = away_from_zero(1 + even / c);
		fraction *= c * d;
		d = 1 / away_from_zero(1 + odd * d);
		c = away_from_zero(1 + odd / c);
		fraction *= c * d;
		if (fabs(c * d - 1) < DBL_EPSILON)
			break;
	}
	return fraction;
}

/* y is 1 - x, which its caller knows to more digits */
static double
incomplete_beta(double x, double y, double a, double b)
{
	if (x <= 0 || y <= 0)
		return x <= 0 ? 0 : 1;
	double front = exp(a * log(x) + b * log(y) - log_beta(a, b));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(x, a, b) / a;
	return 1 - front * beta_fraction(y, b, a) / b;
}

static double
normal_tail(double z, double degrees)
{
	return erfc(-z * M_SQRT1_2) / 2;
}

/* t <= 0 */
static double
t_tail(double t, double degrees)
{
	double square = t * t;
	return incomplete_beta(degrees / (degrees + square),
			       square / (degrees + square),
			       degrees / 2,
			       0.5) /
	       2;
}

/* of a distribution that is symmetric about 0 */
static double
invert(Cdf cdf, double probability, double degrees)
{
	g_return_val_if_fail(probability > 0 && probability < 1, NAN);
	if (probability > 0.5)
		return -invert(cdf, 1 - probability, degrees);
	double low = -1;
	double high = 0;
	while (cdf(low, degrees) > probability && low > -DBL_MAX / 2)
		low *= 2;
	for (int i = 0; i < 200; i++) {
		double middle = low + (high - low) / 2;
		if (middle <= low || middle >= high)
			break;
		if (cdf(middle, degrees) < probability)
			low = middle;
		else
			high = middle;
	}
	return high;
}

double
perfdash_beta_cdf(double x, double a, double b)
{
	return incomplete_beta(x, 1 - x, a, b);
}

double
perfdash_normal_cdf(double z)
{
	return normal_tail(z, 0);
}

double
perfdash_normal_quantile(double probability)
{
	return invert(normal_tail, probability, 0);
}

double
perfdash_t_cdf(double t, double degrees)
{
	g_return_val_if_fail(degrees > 0, NAN);
	return t > 0 ? 1 - t_tail(t, degrees) : t_tail(t, degrees);
}

double
perfdash_t_quantile(double probability, double degrees)
{
	g_return_val_if_fail(degrees > 0, NAN);
	return invert(t_tail, probability, degrees);
}
