/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jmeter-clock.h"

#include <string.h>

#include "jmeter-number.h"

#define MINUTE (60 * 1000) /* milliseconds */
#define DAY    (G_GINT64_CONSTANT(24) * 60 * MINUTE)

/* what is left to read */
typedef struct {
	const char *p;
	const char *end;
} Rest;

static gsize
count_digits(const Rest *rest)
{
	gsize n = 0;
	while (rest->p + n < rest->end && g_ascii_isdigit(rest->p[n]))
		n++;
	return n;
}

/* a number of so many digits at most */
static gboolean
read_number(Rest *rest, gsize n_digits, gint64 *value)
{
	gsize n = count_digits(rest);
	if (n == 0 || n > n_digits || !jmeter_read_number(rest->p, n, rest->end, value))
		return FALSE;
	rest->p += n;
	return TRUE;
}

/* one of these characters */
static gboolean
skip(Rest *rest, const char *characters)
{
	if (rest->p == rest->end || *rest->p == '\0' || strchr(characters, *rest->p) == NULL)
		return FALSE;
	rest->p++;
	return TRUE;
}

/* since 1970, of the Gregorian calendar (Richards, "Calendars", in: Explanatory Supplement to the
 * Astronomical Almanac, 3rd edition, section 15.11) */
static gint64
count_days(gint64 year, gint64 month, gint64 day)
{
	gint64 before_march = month <= 2;
	gint64 years = year + 4800 - before_march;
	gint64 months = month + 12 * before_march - 3;
	return day + (153 * months + 2) / 5 + 365 * years + years / 4 - years / 100 + years / 400 -
	       2472633;
}

static gboolean
read_date(Rest *rest, gint64 *days)
{
	gint64 year, month, day;
	gboolean year_first = count_digits(rest) == 4;
	gint64 *parts[] = {&month, &day, &year};
	gint64 *year_parts[] = {&year, &month, &day};
	gint64 **order = year_first ? year_parts : parts;
	for (guint i = 0; i < 3; i++) {
		if ((i > 0 && !skip(rest, "/-")) || !read_number(rest, 4, order[i]))
			return FALSE;
	}
	if (year < 100)
		year += 2000;
	*days = count_days(year, month, day);
	return year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static gboolean
read_time(Rest *rest, gint64 *milliseconds)
{
	gint64 hour, minute, second, fraction;
	if (!read_number(rest, 2, &hour) || !skip(rest, ":") || !read_number(rest, 2, &minute) ||
	    !skip(rest, ":") || !read_number(rest, 2, &second))
		return FALSE;
	*milliseconds = (hour * 60 + minute) * MINUTE + second * 1000;
	if (skip(rest, ".,")) {
		gsize n = count_digits(rest);
		if (!read_number(rest, 9, &fraction))
			return FALSE;
		for (; n < 3; n++)
			fraction *= 10;
		for (; n > 3; n--)
			fraction /= 10;
		*milliseconds += fraction;
	}
	return hour < 24 && minute < 60 && second <= 60;
}

/* Z, +01:00 or -0500: how far the clock is ahead */
static gboolean
read_zone(Rest *rest, gint64 *ahead)
{
	gint64 hours;
	gint64 minutes = 0;
	*ahead = 0;
	skip(rest, " ");
	if (skip(rest, "Z"))
		return TRUE;
	gint64 sign = rest->p < rest->end && *rest->p == '-' ? -1 : 1;
	if (!skip(rest, "+-") || !read_number(rest, 4, &hours))
		return FALSE;
	if (hours >= 100) {
		minutes = hours % 100;
		hours /= 100;
	} else if (skip(rest, ":") && !read_number(rest, 2, &minutes)) {
		return FALSE;
	}
	*ahead = sign * (hours * 60 + minutes) * MINUTE;
	return hours <= 14 && minutes < 60;
}

gboolean
jmeter_clock_read(const char *text, gsize size, gint64 *milliseconds, gboolean *has_zone)
{
	Rest rest = {text, text + size};
	gint64 days, time;
	gint64 ahead = 0;
	if (!read_date(&rest, &days) || !skip(&rest, " T") || !read_time(&rest, &time))
		return FALSE;
	if (rest.p == rest.end)
		*has_zone = FALSE;
	else if (!read_zone(&rest, &ahead) || rest.p != rest.end)
		return FALSE;
	*milliseconds = days * DAY + time - ahead;
	return TRUE;
}
