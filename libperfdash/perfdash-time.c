/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Times as people write them: in addresses, on the command line, and in what is compared. */

#include "perfdash-time.h"

#include <string.h>

#include "perfdash-error.h"

/* 14d or -14d: so long before now. Six digits of weeks do not overflow */
static gboolean
read_offset(const char *text, gint64 now, gint64 *microseconds)
{
	static const char units[] = "mhdw";
	static const gint64 spans[] = {G_TIME_SPAN_MINUTE,
				       G_TIME_SPAN_HOUR,
				       G_TIME_SPAN_DAY,
				       7 * G_TIME_SPAN_DAY};
	const char *digits = *text == '-' ? text + 1 : text;
	gsize length = strspn(digits, "0123456789");
	if (length == 0 || length > 6 || digits[length] == '\0' || digits[length + 1] != '\0')
		return FALSE;
	const char *unit = strchr(units, digits[length]);
	if (unit == NULL)
		return FALSE;
	*microseconds = now - g_ascii_strtoll(digits, NULL, 10) * spans[unit - units];
	return TRUE;
}

static gboolean
read_word(const char *text, gint64 now, gint64 *microseconds)
{
	gint64 today = now - now % G_TIME_SPAN_DAY;
	if (g_str_equal(text, "now"))
		*microseconds = now;
	else if (g_str_equal(text, "today"))
		*microseconds = today;
	else if (g_str_equal(text, "yesterday"))
		*microseconds = today - G_TIME_SPAN_DAY;
	else
		return FALSE;
	return TRUE;
}

static gboolean
read_date(const char *text, gint64 *microseconds)
{
	g_autofree char *midnight = g_strconcat(text, "T00:00:00", NULL);
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, utc);
	if (time == NULL)
		time = g_date_time_new_from_iso8601(midnight, utc);
	if (time == NULL)
		return FALSE;
	*microseconds = g_date_time_to_unix(time) * G_USEC_PER_SEC +
			g_date_time_get_microsecond(time);
	return TRUE;
}

/**
 * perfdash_time_parse:
 * @text: a time
 * @now: what relative times count from, in microseconds since 1970 UTC
 * @microseconds: (out): the time in microseconds since 1970 UTC
 * @is_relative: (out) (optional): whether it depends on @now
 * @error: return location for an error, or %NULL
 *
 * Reads `2026-11-23T17:12:20Z` (RFC 3339; UTC without a zone), `2026-11-23` (its beginning in UTC),
 * `14d` or `-14d` (so long before @now; `m`, `h`, `d` and `w` are minutes, hours, days and weeks),
 * `now`, and `today` and `yesterday` (their beginning in UTC).
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_INVALID when @text is none of them
 *
 * Since: 0.1
 */
gboolean
perfdash_time_parse(const char *text,
		    gint64 now,
		    gint64 *microseconds,
		    gboolean *is_relative,
		    GError **error)
{
	g_return_val_if_fail(text != NULL && microseconds != NULL, FALSE);
	gboolean depends = read_offset(text, now, microseconds) ||
			   read_word(text, now, microseconds);
	if (is_relative != NULL)
		*is_relative = depends;
	if (depends || read_date(text, microseconds))
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "\"%.64s\" is no time such as 2026-11-23, 2026-11-23T17:12:20Z, 14d (so long "
		    "ago), today or yesterday",
		    text);
	return FALSE;
}
