/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

#define PERFDASH_MAX_WIDTH 56 /* bits, so that a shifted number fits eight bytes */

/* reads packed bytes; after the first byte too few it fails and gives zeros */
typedef struct {
	const guint8 *p;
	const guint8 *end;
	gboolean failed;
} PerfdashUnpacker;

void
perfdash_pack_uint(GByteArray *out, guint64 value);
void
perfdash_pack_int(GByteArray *out, gint64 value);
void
perfdash_pack_text(GByteArray *out, const char *text);
void
perfdash_pack_double(GByteArray *out, double value);

guint64
perfdash_unpack_uint(PerfdashUnpacker *in);
gint64
perfdash_unpack_int(PerfdashUnpacker *in);
const char *
perfdash_unpack_text(PerfdashUnpacker *in);
double
perfdash_unpack_double(PerfdashUnpacker *in);
/* NULL when there are not as many */
const guint8 *
perfdash_unpack_bytes(PerfdashUnpacker *in, gsize size);

/* small numbers of either sign as small numbers without one */
static inline guint64
perfdash_zigzag(gint64 value)
{
	return ((guint64)value << 1) ^ (guint64)(value >> 63);
}

static inline gint64
perfdash_unzigzag(guint64 value)
{
	return (gint64)(value >> 1) ^ -(gint64)(value & 1);
}

static inline guint
perfdash_bit_width(guint64 value)
{
	return value == 0 ? 0 : 64 - __builtin_clzll(value);
}

/* numbers of any width up to PERFDASH_MAX_WIDTH one after the other, lowest bit first, into zeroed
 * bytes with eight to spare */
static inline void
perfdash_set_bits(guint8 *bits, gsize offset, guint64 value)
{
	guint64 word;
	memcpy(&word, bits + offset / 8, sizeof(word));
	word = GUINT64_TO_LE(GUINT64_FROM_LE(word) | value << offset % 8);
	memcpy(bits + offset / 8, &word, sizeof(word));
}

static inline guint64
perfdash_get_bits(const guint8 *bits, const guint8 *end, gsize offset, guint width)
{
	const guint8 *at = bits + offset / 8;
	guint64 word = 0;
	if (end - at >= (gssize)sizeof(word))
		memcpy(&word, at, sizeof(word));
	else
		memcpy(&word, at, end - at);
	return GUINT64_FROM_LE(word) >> offset % 8 & ((G_GUINT64_CONSTANT(1) << width) - 1);
}

G_END_DECLS
