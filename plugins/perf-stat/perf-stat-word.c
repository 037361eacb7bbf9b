/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The words of perf stat's formats: numbers in the language of whoever ran it, units and events. */

#include <string.h>

#include "perf-stat.h"
#include "reader-text.h"

#define MAX_DIGITS 60

/* what separates thousands or decimals: its length, 0 when it is none */
static gsize
find_separator(const char *p)
{
	static const char *const separators[] =
		{".", ",", "'", "\xe2\x80\x99", "\xe2\x80\xaf", "\xc2\xa0"};
	for (guint i = 0; i < G_N_ELEMENTS(separators); i++) {
		if (g_str_has_prefix(p, separators[i]))
			return strlen(separators[i]);
	}
	return 0;
}

gboolean
perf_stat_number(const char *word, gsize length, gboolean is_grouped, double *value)
{
	g_autofree char *text = g_strndup(word, length);
	GString *digits = g_string_new(NULL);
	gsize last = 0; /* digits before the last separator */
	gboolean has_separator = FALSE;
	gboolean is_decimal = FALSE;
	gsize n;
	for (const char *p = text; *p != '\0'; p += n) {
		n = find_separator(p);
		if (n == 0 && g_ascii_isdigit(*p)) {
			g_string_append_c(digits, *p);
			n = 1;
		} else if (n > 0 && digits->len > 0) {
			last = digits->len;
			has_separator = TRUE;
			is_decimal = *p == '.' || *p == ',';
		} else {
			digits->len = 0;
			break;
		}
	}
	gboolean is_number = digits->len > 0 && digits->len <= MAX_DIGITS;
	if (is_number && has_separator && is_decimal && last < digits->len &&
	    (!is_grouped || digits->len - last != 3))
		g_string_insert_c(digits, last, '.');
	is_number = is_number && reader_number(digits->str, value, NULL);
	g_string_free(digits, TRUE);
	return is_number;
}

static const struct {
	const char *name;
	const char *unit;
} units[] = {
	{"msec", "ms"},
	{"(msec)", "ms"},
	{"ns", "ns"},
	{"nsec", "ns"},
	{"usec", "us"},
	{"Joules", "J"},
	{"Bytes", "B"},
	{"KiB", "KiB"},
	{"MiB", "MiB"},
	{"GiB", "GiB"},
	{"%", "%"},
};

static const char *
find_unit(const char *text)
{
	for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
		if (g_str_equal(text, units[i].name))
			return units[i].unit;
	}
	return NULL;
}

gboolean
perf_stat_is_unit(const char *text)
{
	return find_unit(text) != NULL;
}

const char *
perf_stat_unit(const char *unit, const char *event)
{
	const char *found = find_unit(unit);
	gboolean is_clock = g_str_has_prefix(event, "task-clock") ||
			    g_str_has_prefix(event, "cpu-clock");
	return found != NULL ? found : is_clock ? "ms" : "1";
}

gboolean
perf_stat_is_event(const char *text)
{
	gsize length = strspn(text,
			      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			      "-_:/.=,@*+~?[]{}");
	return length >= 2 && text[length] == '\0' && g_ascii_isalpha(*text);
}

gboolean
perf_stat_is_known_event(const char *event)
{
	static const char *const names[] = {"task-clock",
					    "cpu-clock",
					    "context-switches",
					    "cs",
					    "cpu-migrations",
					    "page-faults",
					    "minor-faults",
					    "major-faults",
					    "alignment-faults",
					    "emulation-faults",
					    "cycles",
					    "cpu-cycles",
					    "instructions",
					    "branches",
					    "branch-misses",
					    "cache-references",
					    "cache-misses",
					    "bus-cycles",
					    "ref-cycles",
					    "duration_time",
					    "user_time",
					    "system_time",
					    "faults",
					    "branch-instructions",
					    "L1-dcache-loads",
					    "LLC-loads",
					    "dTLB-loads",
					    "iTLB-loads",
					    NULL};
	g_autofree char *name = g_strndup(event, strcspn(event, ":"));
	return g_strv_contains(names, name) || strchr(event, '/') != NULL ||
	       g_str_has_prefix(event, "L1-") || g_str_has_prefix(event, "LLC-") ||
	       g_str_has_prefix(event, "stalled-cycles-");
}
