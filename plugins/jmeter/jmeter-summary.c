/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* "summary =   6400 in  14.4s =  445.0/s Avg:    14 Min:     0 Max:   353 Err:   398 (6.22%)". The
 * name is whatever the test plan calls it; the time is seconds or 00:00:14; numbers have the
 * decimal comma of the locale; a rate of ****** is one that could not be measured. In jmeter.log
 * the name of a logger stands before it. */

#include "jmeter-summary.h"

#include <string.h>

#include "reader-text.h"

#define MAX_NUMBER 32 /* bytes */

/* a number, with a point or a comma, and what follows it */
static gboolean
read_number(const char **p, double *value)
{
	char text[MAX_NUMBER + 1];
	const char *begin = *p + strspn(*p, " ");
	gsize n = strspn(begin, "-0123456789.,");
	if (n == 0 || n > MAX_NUMBER)
		return FALSE;
	memcpy(text, begin, n);
	text[n] = '\0';
	for (char *comma = text; (comma = strchr(comma, ',')) != NULL;)
		*comma = '.';
	const char *rest;
	*p = begin + n;
	return reader_number(text, value, &rest) && *rest == '\0';
}

static gboolean
skip(const char **p, const char *text)
{
	const char *begin = *p + strspn(*p, " ");
	if (!g_str_has_prefix(begin, text))
		return FALSE;
	*p = begin + strlen(text);
	return TRUE;
}

/* 14.4s, or hours, minutes and seconds */
static gboolean
read_duration(const char **p, double *seconds)
{
	double part;
	*seconds = 0;
	do {
		if (!read_number(p, &part) || part < 0)
			return FALSE;
		*seconds = *seconds * 60 + part;
	} while (**p == ':' && (*p)++ != NULL);
	skip(p, "s");
	return TRUE;
}

static gboolean
read_rate(const char **p, double *rate)
{
	const char *begin = *p + strspn(*p, " ");
	gsize n = strspn(begin, "*");
	*rate = -1;
	*p = begin + n;
	return n > 0 || read_number(p, rate);
}

static gboolean
read_figures(const char *p, JmeterSummary *summary)
{
	return read_number(&p, &summary->n_samples) && skip(&p, "in ") &&
	       read_duration(&p, &summary->seconds) && skip(&p, "=") &&
	       read_rate(&p, &summary->rate) && skip(&p, "/s Avg:") &&
	       read_number(&p, &summary->mean) && skip(&p, "Min:") &&
	       read_number(&p, &summary->min) && skip(&p, "Max:") &&
	       read_number(&p, &summary->max) && skip(&p, "Err:") &&
	       read_number(&p, &summary->n_errors) && skip(&p, "(");
}

/* the sign behind the name: the last one before the number of samples */
static const char *
find_sign(const char *line)
{
	const char *in = NULL;
	for (const char *p = line; (p = strstr(p, " in ")) != NULL; p++)
		in = p;
	while (in != NULL && in > line && (*in == ' ' || g_ascii_isdigit(*in)))
		in--;
	return in != NULL && in > line && strchr("=+", *in) != NULL && in[-1] == ' ' ? in : NULL;
}

static char *
read_name(const char *line, const char *sign)
{
	static const char logger[] = "Summariser: ";
	g_autofree char *before = g_strndup(line, sign - line);
	const char *name = strstr(before, logger);
	return reader_name(name != NULL ? name + strlen(logger) : before);
}

gboolean
jmeter_summary_read(const char *line, char **name, JmeterSummary *summary)
{
	if (strstr(line, "/s Avg:") == NULL)
		return FALSE;
	const char *sign = find_sign(line);
	if (sign == NULL || !read_figures(sign + 1, summary))
		return FALSE;
	summary->is_total = *sign == '=';
	*name = read_name(line, sign);
	return TRUE;
}

static void
add_count(PerfdashRunBuilder *builder,
	  const char *name,
	  const char *metric,
	  PerfdashDirection direction,
	  double value)
{
	perfdash_run_builder_add_result(builder, name, metric, "1", direction, value);
}

void
jmeter_summary_add(const JmeterSummary *summary, const char *name, PerfdashRunBuilder *builder)
{
	gboolean works = summary->n_errors < summary->n_samples;
	perfdash_run_builder_set_line(builder, summary->line);
	add_count(builder, name, "samples", PERFDASH_DIRECTION_NONE, summary->n_samples);
	add_count(builder, name, "errors", PERFDASH_DIRECTION_LOWER, summary->n_errors);
	perfdash_run_builder_add_result(builder,
					name,
					"duration",
					"s",
					PERFDASH_DIRECTION_NONE,
					summary->seconds);
	if (summary->n_samples > 0)
		perfdash_run_builder_add_result(builder,
						name,
						"error_rate",
						"ratio",
						PERFDASH_DIRECTION_LOWER,
						summary->n_errors / summary->n_samples);
	if (!works)
		return;
	perfdash_run_builder_add_result(builder,
					name,
					"latency",
					"ms",
					PERFDASH_DIRECTION_LOWER,
					summary->mean);
	perfdash_run_builder_add_stat(builder, "n", summary->n_samples);
	perfdash_run_builder_add_stat(builder, "min", summary->min);
	perfdash_run_builder_add_stat(builder, "max", summary->max);
	if (summary->rate >= 0)
		perfdash_run_builder_add_result(builder,
						name,
						"throughput",
						"1/s",
						PERFDASH_DIRECTION_HIGHER,
						summary->rate);
}
