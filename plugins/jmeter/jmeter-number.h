/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

#define JMETER_ZEROS G_GUINT64_CONSTANT(0x3030303030303030) /* "00000000" */

/* eight characters in a word, the first in its lowest byte, each by how much it is more than '0' */
G_ALWAYS_INLINE static inline guint64
jmeter_load_digits(const char *text)
{
	guint64 word;
	memcpy(&word, text, sizeof(word));
	return GUINT64_FROM_LE(word) ^ JMETER_ZEROS;
}

/* bits of the bytes that are over 9, and maybe of some before them; 0 when there are none */
G_ALWAYS_INLINE static inline guint64
jmeter_find_others(guint64 digits)
{
	const guint64 to_high_bit = G_GUINT64_CONSTANT(0x7676767676767676);
	return ((digits + to_high_bit) | digits) & G_GUINT64_CONSTANT(0x8080808080808080);
}

/* two digits become one number, then four, then eight (Lemire, "Number parsing at a gigabyte per
 * second", Software: Practice and Experience 2021, section 4) */
G_ALWAYS_INLINE static inline gint64
jmeter_join_digits(guint64 digits)
{
	const guint64 pairs = G_GUINT64_CONSTANT(0x000000ff000000ff);
	guint64 number = digits * 10 + (digits >> 8);
	return ((number & pairs) * (100 + (G_GUINT64_CONSTANT(1000000) << 32)) +
		((number >> 16) & pairs) * (1 + (G_GUINT64_CONSTANT(10000) << 32))) >>
	       32;
}

/* a number without a sign, of at most 15 digits. Bytes up to end may be looked at */
G_ALWAYS_INLINE static inline gboolean
jmeter_read_number(const char *text, gsize size, const char *end, gint64 *value)
{
	char copy[8] = "";
	if (size == 0 || size > 15)
		return FALSE;
	if (G_UNLIKELY(end - text < 8))
		text = memcpy(copy, text, size);
	gboolean is_long = size > 8;
	gsize n = is_long ? size - 8 : size;
	guint64 high = jmeter_load_digits(text) << (64 - 8 * n);
	*value = jmeter_join_digits(high);
	if (!is_long)
		return jmeter_find_others(high) == 0;
	guint64 low = jmeter_load_digits(text + n);
	*value = *value * 100000000 + jmeter_join_digits(low);
	return (jmeter_find_others(high) | jmeter_find_others(low)) == 0;
}

/* the first five of the thirteen digits of a time in milliseconds since 1970: most times of a log
 * have the same, for they change once a day */
typedef struct {
	guint64 digits; /* as they stand in a text, by what they are more than '0', behind three
			   zero bytes */
	gint64 start;
} JmeterEpoch;

/* as jmeter_read_number(), fast for such times */
G_ALWAYS_INLINE static inline gboolean
jmeter_read_time(const char *text,
		 gsize size,
		 const char *end,
		 JmeterEpoch *epoch,
		 gint64 *milliseconds)
{
	if (G_UNLIKELY(size != 13))
		return jmeter_read_number(text, size, end, milliseconds);
	guint64 first = jmeter_load_digits(text) << 24;
	guint64 rest = jmeter_load_digits(text + 5);
	if (G_UNLIKELY(first != epoch->digits)) {
		if (jmeter_find_others(first) != 0)
			return FALSE;
		*epoch = (JmeterEpoch){first, jmeter_join_digits(first) * 100000000};
	}
	*milliseconds = epoch->start + jmeter_join_digits(rest);
	return jmeter_find_others(rest) == 0;
}

G_END_DECLS
