/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What tools print are decimals: 31.15 is 3115 / 10^2. Powers of ten up to 10^22 and whole numbers
 * below 2^53 are exact doubles, and IEEE 754 division rounds once, so mantissa / 10^exponent is the
 * very double that reading the decimal text gives (Clinger, "How to read floating point numbers
 * accurately", PLDI 1990). Whether a double is such a decimal is found by trying: multiply, round,
 * divide, compare. */

#include "perfdash-decimal.h"

#include <math.h>

static const double powers[PERFDASH_DECIMAL_MAX_EXPONENT + 1] = {
	1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

static const double max_mantissa = 9007199254740992.0; /* 2^53 */

static inline gboolean
try_exponent(double value, int exponent, gint64 *mantissa)
{
	double scaled = value * powers[exponent];
	if (!(fabs(scaled) < max_mantissa))
		return FALSE;
	double rounded = rint(scaled);
	*mantissa = (gint64)rounded;
	return rounded / powers[exponent] == value;
}

gboolean
perfdash_decimal_at_exponent(double value, int exponent, gint64 *mantissa)
{
	if (value == 0 && signbit(value))
		return FALSE;
	return try_exponent(value, exponent, mantissa);
}

double
perfdash_decimal_power(int exponent)
{
	return powers[exponent];
}

double
perfdash_decimal_to_double(gint64 mantissa, int exponent)
{
	return (double)mantissa / powers[exponent];
}

gboolean
perfdash_decimal_from_double(double value, int hint, gint64 *mantissa, int *exponent)
{
	if (value == 0) {
		*mantissa = 0;
		*exponent = 0;
		return !signbit(value);
	}
	/* the hint is the answer if it fits and one digit less does not */
	if (hint > 0 && hint <= PERFDASH_DECIMAL_MAX_EXPONENT) {
		if (try_exponent(value, hint, mantissa) && *mantissa % 10 != 0) {
			*exponent = hint;
			return TRUE;
		}
	}
	for (int i = 0; i <= PERFDASH_DECIMAL_MAX_EXPONENT; i++) {
		if (try_exponent(value, i, mantissa)) {
			*exponent = i;
			return TRUE;
		}
	}
	return FALSE;
}
