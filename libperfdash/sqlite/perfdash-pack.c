/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values as whole numbers. What tools print are decimals (see perfdash-decimal.c), so a value is a
 * whole number and a power of ten, and comes back to the last bit; any other double is kept as its
 * eight bytes.
 *
 * A row holds the values of a run. Its series differ in size, so each value stands alone: four bits
 * for the power of ten, then the number in groups of seven bits (LEB128 of the zigzag form, as in
 * Protocol Buffers).
 *
 * A column holds values of one series. They are alike, so they share a power of ten and the
 * smallest number, and each is its distance from that in as few bits as the largest distance needs
 * (frame of reference: Goldstein, Ramakrishnan, Shaft, "Compressing relations and indexes", ICDE
 * 1998). Distances from the neighbour would be as wide or wider, for the noise of measurements is
 * independent, and would have to be read one after the other. */

#include "perfdash-pack.h"

#include <math.h>
#include <string.h>

#include "perfdash-decimal.h"

#define ROW_RAW        15 /* in place of a power of ten */
#define COLUMN_RAW     0
#define COLUMN_DECIMAL 1
#define MAX_WIDTH      56 /* so that a shifted number fits eight bytes */

void
perfdash_pack_uint(GByteArray *out, guint64 value)
{
	guint8 buffer[10];
	guint n = 0;
	do {
		buffer[n] = (value & 0x7f) | (value > 0x7f ? 0x80 : 0);
		value >>= 7;
		n++;
	} while (value != 0);
	g_byte_array_append(out, buffer, n);
}

void
perfdash_pack_int(GByteArray *out, gint64 value)
{
	perfdash_pack_uint(out, ((guint64)value << 1) ^ (guint64)(value >> 63));
}

void
perfdash_pack_text(GByteArray *out, const char *text)
{
	g_byte_array_append(out, (const guint8 *)text, strlen(text) + 1);
}

guint64
perfdash_unpack_uint(PerfdashUnpacker *in)
{
	guint64 value = 0;
	for (guint shift = 0; shift < 64 && in->p < in->end; shift += 7) {
		guint8 byte = *in->p++;
		value |= (guint64)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return value;
	}
	in->failed = TRUE;
	in->p = in->end;
	return 0;
}

gint64
perfdash_unpack_int(PerfdashUnpacker *in)
{
	guint64 value = perfdash_unpack_uint(in);
	return (gint64)(value >> 1) ^ -(gint64)(value & 1);
}

const char *
perfdash_unpack_text(PerfdashUnpacker *in)
{
	const guint8 *end = in->p < in->end ? memchr(in->p, '\0', in->end - in->p) : NULL;
	const char *text = (const char *)in->p;
	if (end == NULL) {
		in->failed = TRUE;
		in->p = in->end;
		return "";
	}
	in->p = end + 1;
	return text;
}

static const guint8 *
take(PerfdashUnpacker *in, gsize size)
{
	const guint8 *bytes = in->p;
	if ((gsize)(in->end - in->p) < size) {
		in->failed = TRUE;
		in->p = in->end;
		return NULL;
	}
	in->p += size;
	return bytes;
}

static void
pack_raw(GByteArray *out, double value)
{
	guint64 bits;
	memcpy(&bits, &value, sizeof(bits));
	bits = GUINT64_TO_LE(bits);
	g_byte_array_append(out, (const guint8 *)&bits, sizeof(bits));
}

static double
unpack_raw(const guint8 *bytes)
{
	guint64 bits;
	double value;
	memcpy(&bits, bytes, sizeof(bits));
	bits = GUINT64_FROM_LE(bits);
	memcpy(&value, &bits, sizeof(value));
	return value;
}

void
perfdash_pack_row(GByteArray *out, const double *values, guint8 *exponents, gsize n)
{
	gsize nibbles = out->len;
	g_byte_array_set_size(out, out->len + (n + 1) / 2);
	memset(out->data + nibbles, 0, (n + 1) / 2);
	for (gsize i = 0; i < n; i++) {
		gint64 mantissa;
		int exponent;
		if (perfdash_decimal_from_double(values[i], exponents[i], &mantissa, &exponent) &&
		    exponent < ROW_RAW) {
			perfdash_pack_int(out, mantissa);
		} else {
			exponent = ROW_RAW;
			pack_raw(out, values[i]);
		}
		exponents[i] = exponent;
		out->data[nibbles + i / 2] |= exponent << (i % 2 * 4);
	}
}

void
perfdash_unpack_row(PerfdashUnpacker *in, double *values, gsize n)
{
	const guint8 *nibbles = take(in, (n + 1) / 2);
	for (gsize i = 0; i < n && !in->failed; i++) {
		int exponent = (nibbles[i / 2] >> (i % 2 * 4)) & 0xf;
		if (exponent == ROW_RAW) {
			const guint8 *bytes = take(in, sizeof(double));
			values[i] = bytes != NULL ? unpack_raw(bytes) : 0;
		} else {
			values[i] = perfdash_decimal_to_double(perfdash_unpack_int(in), exponent);
		}
	}
}

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

static guint
bit_width(guint64 value)
{
	return value == 0 ? 0 : 64 - __builtin_clzll(value);
}

static void
pack_bits(GByteArray *out, const gint64 *mantissas, gsize n, gint64 lowest, guint width)
{
	gsize start = out->len;
	gsize size = (n * width + 7) / 8;
	g_byte_array_set_size(out, start + size + sizeof(guint64));
	memset(out->data + start, 0, size + sizeof(guint64));
	for (gsize i = 0; i < n; i++) {
		guint8 *at = out->data + start + i * width / 8;
		guint64 word;
		memcpy(&word, at, sizeof(word));
		word = GUINT64_FROM_LE(word);
		word |= ((guint64)mantissas[i] - (guint64)lowest) << (i * width % 8);
		word = GUINT64_TO_LE(word);
		memcpy(at, &word, sizeof(word));
	}
	g_byte_array_set_size(out, start + size);
}

void
perfdash_pack_column(GByteArray *out, const double *values, gsize n)
{
	g_autofree gint64 *mantissas = g_new(gint64, MAX(n, 1));
	int exponent;
	gboolean decimal = n > 0 && find_common_exponent(values, mantissas, n, &exponent);
	gint64 lowest = decimal ? mantissas[0] : 0;
	gint64 highest = lowest;
	for (gsize i = 1; decimal && i < n; i++) {
		lowest = MIN(lowest, mantissas[i]);
		highest = MAX(highest, mantissas[i]);
	}
	guint width = bit_width((guint64)highest - (guint64)lowest);
	if (!decimal || width > MAX_WIDTH) {
		g_byte_array_append(out, (const guint8[]){COLUMN_RAW}, 1);
		for (gsize i = 0; i < n; i++)
			pack_raw(out, values[i]);
		return;
	}
	g_byte_array_append(out, (const guint8[]){COLUMN_DECIMAL, exponent, width}, 3);
	perfdash_pack_int(out, lowest);
	pack_bits(out, mantissas, n, lowest, width);
}

static void
unpack_bits(const guint8 *bits,
	    const guint8 *end,
	    double *values,
	    gsize n,
	    gint64 lowest,
	    guint width,
	    int exponent)
{
	guint64 mask = (G_GUINT64_CONSTANT(1) << width) - 1;
	double divisor = perfdash_decimal_power(exponent);
	for (gsize i = 0; i < n; i++) {
		const guint8 *at = bits + i * width / 8;
		guint64 word = 0;
		memcpy(&word, at, MIN(sizeof(word), (gsize)(end - at)));
		word = (GUINT64_FROM_LE(word) >> (i * width % 8)) & mask;
		values[i] = (double)(gint64)((guint64)lowest + word) / divisor;
	}
}

void
perfdash_unpack_column(PerfdashUnpacker *in, double *values, gsize n)
{
	const guint8 *kind = take(in, 1);
	if (kind != NULL && *kind == COLUMN_RAW) {
		const guint8 *bytes = n <= G_MAXINT32 ? take(in, n * sizeof(double)) : NULL;
		for (gsize i = 0; bytes != NULL && i < n; i++)
			values[i] = unpack_raw(bytes + i * sizeof(double));
		in->failed |= bytes == NULL;
		return;
	}
	const guint8 *header = kind != NULL && *kind == COLUMN_DECIMAL ? take(in, 2) : NULL;
	gint64 lowest = header != NULL ? perfdash_unpack_int(in) : 0;
	if (header == NULL || header[0] > PERFDASH_DECIMAL_MAX_EXPONENT || header[1] > MAX_WIDTH) {
		in->failed = TRUE;
		return;
	}
	const guint8 *bits = take(in, (n * header[1] + 7) / 8);
	if (bits != NULL)
		unpack_bits(bits, in->end, values, n, lowest, header[1], header[0]);
}
