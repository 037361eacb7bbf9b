/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Numbers and times of a lab. A separator of thousands stands before exactly three digits: "1,234"
 * may be a number where "12,34" is none. */

#include <math.h>
#include <string.h>

#include "key-file-reading.h"
#include "reader-text.h"

/* the bytes of the separator of thousands at p, 0 when there is none */
static gsize
separator_length(char thousands, const char *p)
{
	static const char *const spaces[] = {"\xc2\xa0", "\xe2\x80\xaf", "\xe2\x80\x89"};
	gsize length = thousands != '\0' && *p == thousands ? 1 : 0;
	for (guint i = 0; thousands == ' ' && i < G_N_ELEMENTS(spaces); i++) {
		if (g_str_has_prefix(p, spaces[i]))
			length = strlen(spaces[i]);
	}
	if (length == 0)
		return 0;
	return strspn(p + length, "0123456789") == 3 ? length : 0;
}

/* with . for the decimal sign and without separators */
static char *
to_plain(const KeyFile *file, const char *text)
{
	g_autoptr(GString) plain = g_string_new(NULL);
	const char *p = text;
	if (*p == '-' || *p == '+')
		g_string_append_c(plain, *p++);
	while (g_ascii_isdigit(*p)) {
		g_string_append_c(plain, *p++);
		p += separator_length(file->thousands, p);
	}
	if (*p == file->decimal)
		g_string_append_c(plain, '.'), p++;
	else if (*p == '.' || *p == ',')
		g_string_append_c(plain, ' ');
	g_string_append(plain, p);
	return g_strdup(plain->str);
}

gboolean
key_file_number(const KeyFile *file, const char *text, int power_of_ten, double *value, char **rest)
{
	g_autofree char *plain = to_plain(file, text + strspn(text, " \t"));
	const char *behind;
	if (!reader_number(plain, value, &behind) || !reader_scaled(plain, power_of_ten, value))
		return FALSE;
	*rest = g_strstrip(g_strdup(behind));
	return TRUE;
}

gboolean
key_file_time(const KeyFile *file, const char *text, gint64 *time)
{
	double number;
	const char *rest;
	g_autoptr(GDateTime) date = g_date_time_new_from_iso8601(text, file->time_zone);
	if (date != NULL) {
		*time = g_date_time_to_unix(date) * G_USEC_PER_SEC +
			g_date_time_get_microsecond(date);
		return TRUE;
	}
	if (!reader_number(text, &number, &rest) || *rest != '\0' || number < 0)
		return FALSE;
	/* seconds, milliseconds or microseconds since 1970: which one its size says */
	double unit = number < 1e11 ? 1e6 : number < 1e14 ? 1e3 : 1;
	*time = number < 1e17 ? (gint64)rint(number * unit) : 0;
	return number < 1e17;
}
