/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values of one series are alike. What tools print are decimals (see perfdash-decimal.c), so of
 * each 256 values all share a power of ten and the smallest whole number, and each is its distance
 * from that in as few bits as the largest distance needs (frame of reference: Goldstein,
 * Ramakrishnan, Shaft, "Compressing relations and indexes", ICDE 1998). Distances from the
 * neighbour would be as wide or wider, for the noise of measurements is independent, and would have
 * to be read one after the other. Values of which one is no such decimal are kept as they are,
 * eight bytes each. */

#include "perfdash-column.h"

#include "perfdash-decimal.h"

#define GROUP      256
#define RAW        0
#define DECIMAL    1

#define BLOCK      16
#define MAX_NARROW 52                                  /* bits */
#define MAX_EXACT  G_GINT64_CONSTANT(4503599627370496) /* 2^52: sums of two such are exact */

/* the power of ten that makes all values whole numbers, or FALSE */
static gboolean
find_common_exponent(const double *values, gint64 *mantissas, gsize n, int *exponent)
{
	int highest = 0;
	for (gsize i = 0; i < n; i++) {
		int own;
		if (!perfdash_decimal_from_double(values[i], highest, &mantissas[i], &own))
			return FALSE;
		highest = MAX(highest, own);
	}
	for (gsize i = 0; i < n; i++) {
		if (!perfdash_decimal_at_exponent(values[i], highest, &mantissas[i]))
			return FALSE;
	}
	*exponent = highest;
	return TRUE;
}

static void
pack_raw(const double *values, gsize n, GByteArray *out)
{
	g_byte_array_append(out, (const guint8[]){RAW}, 1);
	for (gsize i = 0; i < n; i++)
		perfdash_pack_double(out, values[i]);
}

static void
pack_distances(const gint64 *mantissas, gsize n, gint64 lowest, guint width, GByteArray *out)
{
	gsize start = out->len;
	gsize size = (n * width + 7) / 8;
	g_byte_array_set_size(out, start + size + sizeof(guint64));
	memset(out->data + start, 0, size + sizeof(guint64));
	for (gsize i = 0; i < n; i++)
		perfdash_set_bits(out->data + start,
				  i * width,
				  (guint64)mantissas[i] - (guint64)lowest);
	g_byte_array_set_size(out, start + size);
}

static void
pack_group(const double *values, gsize n, GByteArray *out)
{
	gint64 mantissas[GROUP];
	int exponent;
	if (!find_common_exponent(values, mantissas, n, &exponent)) {
		pack_raw(values, n, out);
		return;
	}
	gint64 lowest = mantissas[0];
	gint64 highest = mantissas[0];
	for (gsize i = 1; i < n; i++) {
		lowest = MIN(lowest, mantissas[i]);
		highest = MAX(highest, mantissas[i]);
	}
	guint width = perfdash_bit_width((guint64)highest - (guint64)lowest);
	if (width > PERFDASH_MAX_WIDTH) {
		pack_raw(values, n, out);
		return;
	}
	g_byte_array_append(out, (const guint8[]){DECIMAL, exponent, width}, 3);
	perfdash_pack_int(out, lowest);
	pack_distances(mantissas, n, lowest, width, out);
}

void
perfdash_column_pack(const double *values, gsize n, GByteArray *out)
{
	for (gsize i = 0; i < n; i += GROUP)
		pack_group(values + i, MIN(GROUP, n - i), out);
}

/* Whole numbers below 2^52 become doubles by being put where the mantissa of 2^52 has its zeros. So
 * one loop does nothing but bits and the next one nothing but doubles, of a fixed number so that
 * compilers take several at a time; n is a multiple of BLOCK, and the whole word around the last
 * value must be there. */
static void
unpack_narrow(const guint8 *bits,
	      guint width,
	      double lowest,
	      double divisor,
	      double *values,
	      gsize n)
{
	const guint64 mask = (G_GUINT64_CONSTANT(1) << width) - 1;
	const guint64 magic = G_GUINT64_CONSTANT(0x4330000000000000);
	const double magic_value = 4503599627370496.0;
	for (gsize i = 0; i < n; i += BLOCK) {
		double block[BLOCK];
		for (gsize j = 0; j < BLOCK; j++) {
			gsize offset = (i + j) * width;
			guint64 word;
			memcpy(&word, bits + offset / 8, sizeof(word));
			word = (GUINT64_FROM_LE(word) >> offset % 8 & mask) | magic;
			memcpy(&block[j], &word, sizeof(word));
		}
		for (gsize j = 0; j < BLOCK; j++)
			values[i + j] = (block[j] - magic_value + lowest) / divisor;
	}
}

static gsize
count_whole_words(const guint8 *bits, const guint8 *end, guint width, gsize n)
{
	gsize n_bytes = end - bits;
	if (width == 0 || n_bytes < sizeof(guint64))
		return 0;
	return MIN(n, (n_bytes - sizeof(guint64)) * 8 / width + 1) / BLOCK * BLOCK;
}

static void
unpack_distances(const guint8 *bits,
		 const guint8 *end,
		 guint width,
		 gint64 lowest,
		 double divisor,
		 double *values,
		 gsize n)
{
	gsize i = 0;
	if (width <= MAX_NARROW && lowest < MAX_EXACT && lowest > -MAX_EXACT) {
		i = count_whole_words(bits, end, width, n);
		unpack_narrow(bits, width, lowest, divisor, values, i);
	}
	for (; i < n; i++) {
		guint64 distance = perfdash_get_bits(bits, end, i * width, width);
		values[i] = (double)(gint64)((guint64)lowest + distance) / divisor;
	}
}

static void
unpack_decimals(PerfdashUnpacker *in, double *values, gsize n)
{
	const guint8 *header = perfdash_unpack_bytes(in, 2);
	gint64 lowest = perfdash_unpack_int(in);
	if (header == NULL || header[0] > PERFDASH_DECIMAL_MAX_EXPONENT ||
	    header[1] > PERFDASH_MAX_WIDTH) {
		in->failed = TRUE;
		return;
	}
	const guint8 *bits = perfdash_unpack_bytes(in, (n * header[1] + 7) / 8);
	if (bits != NULL)
		unpack_distances(bits,
				 in->end,
				 header[1],
				 lowest,
				 perfdash_decimal_power(header[0]),
				 values,
				 n);
}

static void
unpack_group(PerfdashUnpacker *in, double *values, gsize n)
{
	const guint8 *kind = perfdash_unpack_bytes(in, 1);
	if (kind != NULL && *kind == DECIMAL) {
		unpack_decimals(in, values, n);
		return;
	}
	in->failed |= kind == NULL || *kind != RAW;
	for (gsize i = 0; !in->failed && i < n; i++)
		values[i] = perfdash_unpack_double(in);
}

void
perfdash_column_unpack(PerfdashUnpacker *in, double *values, gsize n)
{
	for (gsize i = 0; !in->failed && i < n; i += GROUP)
		unpack_group(in, values + i, MIN(GROUP, n - i));
}
