/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What rows, columns and timelines are made of. A number that may be of any size takes groups of
 * seven bits (LEB128), one with a sign is folded first (zigzag), both as in Protocol Buffers. */

#include "perfdash-pack.h"

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
	perfdash_pack_uint(out, perfdash_zigzag(value));
}

void
perfdash_pack_text(GByteArray *out, const char *text)
{
	g_byte_array_append(out, (const guint8 *)text, strlen(text) + 1);
}

void
perfdash_pack_double(GByteArray *out, double value)
{
	guint64 bits;
	memcpy(&bits, &value, sizeof(bits));
	bits = GUINT64_TO_LE(bits);
	g_byte_array_append(out, (const guint8 *)&bits, sizeof(bits));
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
	return perfdash_unzigzag(perfdash_unpack_uint(in));
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

const guint8 *
perfdash_unpack_bytes(PerfdashUnpacker *in, gsize size)
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

double
perfdash_unpack_double(PerfdashUnpacker *in)
{
	const guint8 *bytes = perfdash_unpack_bytes(in, sizeof(double));
	guint64 bits;
	double value;
	if (bytes == NULL)
		return 0;
	memcpy(&bits, bytes, sizeof(bits));
	bits = GUINT64_FROM_LE(bits);
	memcpy(&value, &bits, sizeof(value));
	return value;
}
