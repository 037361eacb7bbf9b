/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The normal and the beta distribution, and Student's t.
 *
 * The normal one is the error function of libm. The others are the incomplete beta function (DLMF
 * 8.17), whose continued fraction (8.17.22) is evaluated as Lentz did it (W. J. Lentz, "Generating
 * Bessel functions in Mie scattering calculations using continued fractions", Applied Optics 15,
 * 1976). Both are computed as lower tails, so that small probabilities keep their digits.
 * Quantiles are found by Newton's method on the logarithm of the tail, which is nearly straight: a
 * handful of evaluations for all digits, and no table of coefficients. */

#include "perfdash-distribution.h"

#include <float.h>
#include <math.h>

#define MOST_TERMS 10000
#define MOST_STEPS 200
#define ENOUGH     1e-9 /* a step so small doubles the digits that are right */

typedef double (*Function)(double value, double degrees);

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

static double
normal_density(double z, double degrees)
{
	return exp(-z * z / 2) / sqrt(2 * G_PI);
}

static double
t_density(double t, double degrees)
{
	double power = (degrees + 1) / 2 * log1p(t * t / degrees);
	return exp(-power - log_beta(degrees / 2, 0.5)) / sqrt(degrees);
}

/* of a distribution that is symmetric about 0, for a probability below 0.5; where Newton's method
 * leaves the bounds that are known, they are halved */
static double
invert(Function tail, Function density, double probability, double degrees, double start)
{
	double value = start;
	double low = -DBL_MAX;
	double high = 0;
	for (int i = 0; i < MOST_STEPS && low < value && value < high; i++) {
		double here = tail(value, degrees);
		if (here < probability)
			low = value;
		else
			high = value;
		double next = value + log(probability / here) * here / density(value, degrees);
		if (fabs(next - value) <= ENOUGH * fabs(value))
			return next;
		if (low < next && next < high)
			value = next;
		else
			value = low > -DBL_MAX ? low + (high - low) / 2 : 2 * high;
	}
	return value;
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
	g_return_val_if_fail(probability > 0 && probability < 1, NAN);
	if (probability == 0.5)
		return 0;
	if (probability > 0.5)
		return -perfdash_normal_quantile(1 - probability);
	return invert(normal_tail, normal_density, probability, 0, -1);
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
	g_return_val_if_fail(probability > 0 && probability < 1, NAN);
	if (probability == 0.5)
		return 0;
	if (probability > 0.5)
		return -perfdash_t_quantile(1 - probability, degrees);
	/* the begin of its series about that of the normal distribution (Abramowitz and Stegun,
	 * "Handbook of mathematical functions", 26.7.5) */
	double z = perfdash_normal_quantile(probability);
	return invert(t_tail,
		      t_density,
		      probability,
		      degrees,
		      z * (1 + (z * z + 1) / (4 * degrees)));
}
