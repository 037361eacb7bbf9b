/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

#define JMETER_ZEROS G_GUINT64_CONSTANT(0x3030303030303030) /* "00000000" */

/* eight digits in a word, the first in its lowest byte; two of them become one number, then four,
 * then eight (Lemire, "Number parsing at a gigabyte per second", Software: Practice and Experience
 * 2021, section 4). FALSE when they are not all digits */
G_ALWAYS_INLINE static inline gboolean
jmeter_read_eight(guint64 digits, gint64 *value)
{
	const guint64 high = G_GUINT64_CONSTANT(0xf0f0f0f0f0f0f0f0);
	const guint64 pairs = G_GUINT64_CONSTANT(0x000000ff000000ff);
	guint64 number = digits - JMETER_ZEROS;
	number = number * 10 + (number >> 8);
	number = ((number & pairs) * (100 + (G_GUINT64_CONSTANT(1000000) << 32)) +
		  ((number >> 16) & pairs) * (1 + (G_GUINT64_CONSTANT(10000) << 32))) >>
		 32;
	*value = number;
	return ((digits & high) | (((digits + G_GUINT64_CONSTANT(0x0606060606060606)) & high) >>
				   4)) == (JMETER_ZEROS | JMETER_ZEROS >> 4);
}

G_ALWAYS_INLINE static inline guint64
jmeter_load_word(const char *text)
{
	guint64 word;
	memcpy(&word, text, sizeof(word));
	return GUINT64_FROM_LE(word);
}

/* a number of 1 to 8 digits; eight bytes must be there */
G_ALWAYS_INLINE static inline gboolean
jmeter_read_short(const char *text, gsize size, gint64 *value)
{
	guint64 digits = jmeter_load_word(text) << (64 - 8 * size);
	return jmeter_read_eight(digits | JMETER_ZEROS >> (8 * size - 1) >> 1, value);
}

/* a number without a sign, of at most 15 digits. Bytes up to end may be looked at */
G_ALWAYS_INLINE static inline gboolean
jmeter_read_number(const char *text, gsize size, const char *end, gint64 *value)
{
	gint64 low;
	if (size == 0 || size > 15)
		return FALSE;
	if (G_LIKELY(end - text >= 8)) {
		if (size <= 8)
			return jmeter_read_short(text, size, value);
		gboolean is_number = jmeter_read_short(text, size - 8, value) &
				     jmeter_read_eight(jmeter_load_word(text + size - 8), &low);
		*value = *value * 100000000 + low;
		return is_number;
	}
	*value = 0;
	for (gsize i = 0; i < size; i++) {
		if (!g_ascii_isdigit(text[i]))
			return FALSE;
		*value = *value * 10 + (text[i] - '0');
	}
	return TRUE;
}

G_END_DECLS
