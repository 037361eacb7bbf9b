/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* JMH's modes are throughput (thrpt, ops/time), average time (avgt), sampled time (sample) and
 * single shots (ss), all in time/op; the unit, not the mode, says which way is better. Megabytes of
 * its profiler are of 1024. */

#include "jmh.h"

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

static const struct {
	const char *name;
	const char *unit;
	double factor;  /* to get the unit */
	double seconds; /* that operations per this time are divided by */
	double per_second;
} times[] = {
	{"ns", "ns", 1, 1, 1e9},
	{"us", "us", 1, 1, 1e6},
	{"ms", "ms", 1, 1, 1e3},
	{"s", "s", 1, 1, 1},
	{"min", "min", 1, 60, 1},
	{"hr", "h", 1, 3600, 1},
	{"day", "h", 24, 86400, 1},
};

static const struct {
	const char *name;
	JmhUnit unit;
} others[] = {
	{"MB/sec", {"MiB/s", 1, 1, PERFDASH_DIRECTION_NONE}},
	{"B/op", {"B", 1, 1, PERFDASH_DIRECTION_LOWER}},
	{"ms", {"ms", 1, 1, PERFDASH_DIRECTION_LOWER}},
	{"counts", {"1", 1, 1, PERFDASH_DIRECTION_NONE}},
	{"#/op", {"1", 1, 1, PERFDASH_DIRECTION_NONE}},
	{"---", {NULL}},
};

JmhUnit
jmh_unit_find(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(others); i++) {
		if (g_str_equal(name, others[i].name))
			return others[i].unit;
	}
	for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
		g_autofree char *rate = g_strconcat("ops/", times[i].name, NULL);
		g_autofree char *time = g_strconcat(times[i].name, "/op", NULL);
		if (g_str_equal(name, time))
			return (JmhUnit){times[i].unit,
					 times[i].factor,
					 1,
					 PERFDASH_DIRECTION_LOWER};
		if (g_str_equal(name, rate))
			return (JmhUnit){"1/s",
					 times[i].per_second,
					 times[i].seconds,
					 PERFDASH_DIRECTION_HIGHER};
	}
	return (JmhUnit){"1", 1, 1, PERFDASH_DIRECTION_NONE};
}

double
jmh_unit_convert(const JmhUnit *self, double value)
{
	return value * self->factor / self->divisor;
}

const char *
jmh_skip_dot(const char *name)
{
	return g_str_has_prefix(name, "\xc2\xb7") ? name + 2 : name;
}

char *
jmh_find_percentile(const char *number, double whole)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];
	const char *rest;
	double value;
	if (!reader_number(number, &value, &rest) || *rest != '\0' || value < 0 || value > whole)
		return NULL;
	if (value == 0 || value == whole)
		return g_strdup(value == 0 ? "min" : "max");
	g_ascii_formatd(digits, sizeof(digits), "%.8g", value / whole * 100);
	return g_strconcat("p", digits, NULL);
}

void
jmh_add_stat(PerfdashRunBuilder *builder, GPtrArray *seen, const char *stat, double value)
{
	if (seen->len >= 32 || g_ptr_array_find_with_equal_func(seen, stat, g_str_equal, NULL))
		return;
	g_ptr_array_add(seen, g_strdup(stat));
	perfdash_run_builder_add_stat(builder, stat, value);
}

static gboolean
jmh_parser_parse(PerfdashParser *parser,
		 const char *name,
		 GBytes *log,
		 PerfdashRunBuilder *builder,
		 GError **error)
{
	if (reader_json_is_own(log, jmh_json_is_own))
		return jmh_json_read(log, builder, error);
	jmh_text_read(log, builder);
	return TRUE;
}

static guint
jmh_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	return reader_json_is_own(head, jmh_json_is_own) ? 97 : 0;
}

PERFDASH_DEFINE_PARSER(JmhParser,
		       jmh_parser,
		       jmh_parser_probe,
		       jmh_parser_parse,
		       "jmh",
		       "3",
		       "JMH, Java: JSON, CSV and console output",
		       "*jmh*",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"jmhVersion\"\n"
		       "# JMH version: \n"
		       "# JMH \n"
		       "Mode \n"
		       "\"Benchmark\",\"Mode\",\"Threads\"\n"
		       "\"Benchmark\";\"Mode\";\"Threads\"")
