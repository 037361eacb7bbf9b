/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The values of a run belong to series of every size, so what they share is not with each other but
 * with the run before. Two forms:
 *
 * A row by itself: four bits for the power of ten of each value, then each value as a whole number
 * of as many groups of seven bits as it needs. A value that is no decimal is its eight bytes.
 *
 * A row near a base, which is an earlier run with a row by itself: each value as its distance from
 * the base's at the base's power of ten, in as many bits as the base's number has plus a few that
 * are chosen once for the row, so that no widths are written. What does not fit is an exception and
 * is written like in a row by itself ("patched" frame of reference: Zukowski, Heman, Nes, Boncz,
 * "Super-scalar RAM-CPU cache compression", ICDE 2006). The base is one run and not the run before
 * because a chain would have to be read from its beginning. */

#include "perfdash-row.h"

#include "perfdash-decimal.h"

#define MAX_SPARE      8 /* bits; the narrowest form has SPARE_BIAS bits fewer than the base */
#define SPARE_BIAS     4
#define EXCEPTION_BITS 40 /* about what an exception takes */
/* a power of ten may be larger than needed by this much to be the usual one of the series */
#define MAX_ZEROS      2

PerfdashRow *
perfdash_row_new(gsize n)
{
	PerfdashRow *self = g_new0(PerfdashRow, 1);
	self->n = n;
	self->mantissas = g_new0(gint64, n);
	self->exponents = g_new0(guint8, n);
	return self;
}

void
perfdash_row_free(PerfdashRow *self)
{
	g_free(self->mantissas);
	g_free(self->exponents);
	g_free(self);
}

static guint8
to_decimal(double value, int hint, gint64 *mantissa)
{
	int exponent;
	if (perfdash_decimal_from_double(value, hint, mantissa, &exponent) &&
	    exponent < PERFDASH_ROW_RAW)
		return exponent;
	*mantissa = 0;
	return PERFDASH_ROW_RAW;
}

static void
pack_value(guint8 exponent, gint64 mantissa, double value, GByteArray *out)
{
	if (exponent == PERFDASH_ROW_RAW)
		perfdash_pack_double(out, value);
	else
		perfdash_pack_int(out, mantissa);
}

static double
unpack_value(PerfdashUnpacker *in, guint8 exponent, gint64 *mantissa)
{
	*mantissa = 0;
	if (exponent == PERFDASH_ROW_RAW)
		return perfdash_unpack_double(in);
	*mantissa = perfdash_unpack_int(in);
	return perfdash_decimal_to_double(*mantissa, exponent);
}

static void
set_decimal(PerfdashRow *self, gsize i, double value, guint8 *usual)
{
	guint8 exponent = to_decimal(value, usual[i], &self->mantissas[i]);
	gint64 padded;
	if (exponent < usual[i] && usual[i] <= exponent + MAX_ZEROS &&
	    perfdash_decimal_at_exponent(value, usual[i], &padded)) {
		self->mantissas[i] = padded;
		exponent = usual[i];
	}
	self->exponents[i] = exponent;
	usual[i] = exponent == PERFDASH_ROW_RAW ? 0 : exponent;
}

void
perfdash_row_pack(PerfdashRow *self, const double *values, guint8 *usual, GByteArray *out)
{
	gsize nibbles = out->len;
	g_byte_array_set_size(out, nibbles + (self->n + 1) / 2);
	memset(out->data + nibbles, 0, (self->n + 1) / 2);
	for (gsize i = 0; i < self->n; i++) {
		set_decimal(self, i, values[i], usual);
		out->data[nibbles + i / 2] |= self->exponents[i] << (i % 2 * 4);
		pack_value(self->exponents[i], self->mantissas[i], values[i], out);
	}
}

void
perfdash_row_unpack(PerfdashRow *self, PerfdashUnpacker *in, double *values)
{
	const guint8 *nibbles = perfdash_unpack_bytes(in, (self->n + 1) / 2);
	for (gsize i = 0; i < self->n && !in->failed; i++) {
		self->exponents[i] = (nibbles[i / 2] >> (i % 2 * 4)) & 0xf;
		values[i] = unpack_value(in, self->exponents[i], &self->mantissas[i]);
	}
}

/* negative where the base has so few bits that no distance is written */
static inline int
base_width(const PerfdashRow *base, gsize i)
{
	return (int)perfdash_bit_width(perfdash_zigzag(base->mantissas[i]) >> 1) - SPARE_BIAS;
}

static inline guint
near_width(const PerfdashRow *base, gsize i, int spare)
{
	if (base->exponents[i] == PERFDASH_ROW_RAW)
		return 0;
	return CLAMP(base_width(base, i) + spare, 0, PERFDASH_MAX_WIDTH);
}

/* distances[i], and how many bits more than base_width() each needs: MAX_SPARE + 1 for exceptions
 */
static void
measure(const PerfdashRow *base, const double *values, guint64 *distances, guint8 *spares)
{
	for (gsize i = 0; i < base->n; i++) {
		gint64 mantissa;
		spares[i] = MAX_SPARE + 1;
		distances[i] = 0;
		if (base->exponents[i] == PERFDASH_ROW_RAW ||
		    !perfdash_decimal_at_exponent(values[i], base->exponents[i], &mantissa))
			continue;
		distances[i] = perfdash_zigzag(mantissa - base->mantissas[i]);
		guint width = perfdash_bit_width(distances[i]);
		if (width == 0)
			spares[i] = 0;
		else if (width <= PERFDASH_MAX_WIDTH)
			spares[i] = CLAMP((int)width - base_width(base, i), 0, MAX_SPARE + 1);
	}
}

/* the spare bits that make the row smallest */
static int
choose_spare(const guint8 *spares, gsize n)
{
	gsize counts[MAX_SPARE + 2] = {0};
	gsize n_fitting = 0;
	gsize best_size = G_MAXSIZE;
	int best = 0;
	for (gsize i = 0; i < n; i++)
		counts[spares[i]]++;
	for (int spare = 0; spare <= MAX_SPARE; spare++) {
		n_fitting += counts[spare];
		gsize size = n * spare + (n - n_fitting) * EXCEPTION_BITS;
		if (size < best_size) {
			best_size = size;
			best = spare;
		}
	}
	return best;
}

static void
pack_exceptions(const PerfdashRow *base,
		const double *values,
		const guint8 *spares,
		int spare,
		guint8 *usual,
		GByteArray *out)
{
	gsize n = 0;
	gsize before = 0;
	for (gsize i = 0; i < base->n; i++)
		n += spares[i] > spare;
	perfdash_pack_uint(out, n);
	for (gsize i = 0; i < base->n; i++) {
		gint64 mantissa;
		if (spares[i] <= spare)
			continue;
		guint8 exponent = to_decimal(values[i], usual[i], &mantissa);
		perfdash_pack_uint(out, i - before);
		g_byte_array_append(out, &exponent, 1);
		pack_value(exponent, mantissa, values[i], out);
		if (exponent != PERFDASH_ROW_RAW)
			usual[i] = MAX(usual[i], exponent);
		before = i;
	}
}

void
perfdash_row_pack_near(const PerfdashRow *base,
		       const double *values,
		       guint8 *usual,
		       GByteArray *out)
{
	g_autofree guint64 *distances = g_new(guint64, base->n);
	g_autofree guint8 *spares = g_new(guint8, base->n);
	gsize n_bits = 0;
	measure(base, values, distances, spares);
	guint8 spare = choose_spare(spares, base->n);
	g_byte_array_append(out, &spare, 1);
	pack_exceptions(base, values, spares, spare, usual, out);
	for (gsize i = 0; i < base->n; i++)
		n_bits += near_width(base, i, spare);
	gsize start = out->len;
	gsize size = (n_bits + 7) / 8;
	g_byte_array_set_size(out, start + size + sizeof(guint64));
	memset(out->data + start, 0, size + sizeof(guint64));
	n_bits = 0;
	for (gsize i = 0; i < base->n; i++) {
		if (spares[i] <= spare)
			perfdash_set_bits(out->data + start, n_bits, distances[i]);
		n_bits += near_width(base, i, spare);
	}
	g_byte_array_set_size(out, start + size);
}

static void
unpack_distances(const PerfdashRow *base, PerfdashUnpacker *in, int spare, double *values)
{
	gsize n_bits = 0;
	for (gsize i = 0; i < base->n; i++)
		n_bits += near_width(base, i, spare);
	const guint8 *bits = perfdash_unpack_bytes(in, (n_bits + 7) / 8);
	n_bits = 0;
	for (gsize i = 0; bits != NULL && i < base->n; i++) {
		guint width = near_width(base, i, spare);
		guint64 distance = perfdash_get_bits(bits, in->end, n_bits, width);
		guint64 mantissa = (guint64)base->mantissas[i] + perfdash_unzigzag(distance);
		n_bits += width;
		if (base->exponents[i] != PERFDASH_ROW_RAW)
			values[i] = perfdash_decimal_to_double((gint64)mantissa,
							       base->exponents[i]);
	}
}

void
perfdash_row_unpack_near(const PerfdashRow *base, PerfdashUnpacker *in, double *values)
{
	const guint8 *spare = perfdash_unpack_bytes(in, 1);
	guint64 n = perfdash_unpack_uint(in);
	if (spare == NULL || *spare > MAX_SPARE || n > base->n) {
		in->failed = TRUE;
		return;
	}
	/* the exceptions come first, but count last */
	PerfdashUnpacker exceptions = *in;
	gsize i = 0;
	for (guint64 j = 0; j < n; j++) {
		gint64 mantissa;
		perfdash_unpack_uint(in);
		const guint8 *exponent = perfdash_unpack_bytes(in, 1);
		unpack_value(in, exponent != NULL ? *exponent & 0xf : 0, &mantissa);
	}
	unpack_distances(base, in, *spare, values);
	for (guint64 j = 0; j < n && !in->failed; j++) {
		gint64 mantissa;
		guint64 gap = perfdash_unpack_uint(&exceptions);
		const guint8 *exponent = perfdash_unpack_bytes(&exceptions, 1);
		i += MIN(gap, base->n);
		if (exponent == NULL || i >= base->n)
			in->failed = TRUE;
		else
			values[i] = unpack_value(&exceptions, *exponent & 0xf, &mantissa);
	}
}
