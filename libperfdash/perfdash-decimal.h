/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PERFDASH_DECIMAL_MAX_EXPONENT 22

/* value == mantissa / 10^exponent to the last bit, with the smallest exponent from 0 to 22; hint is
 * an exponent to try first */
gboolean
perfdash_decimal_from_double(double value, int hint, gint64 *mantissa, int *exponent);
gboolean
perfdash_decimal_at_exponent(double value, int exponent, gint64 *mantissa);
double
perfdash_decimal_to_double(gint64 mantissa, int exponent);
double
perfdash_decimal_power(int exponent);

G_END_DECLS
