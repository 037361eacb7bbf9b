/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The tests of real-time Linux: cyclictest and its kin, oslat and hackbench, as text, and the JSON
 * that cyclictest, oslat and signaltest share, whose keys end with a colon inside the quotes. */

#include "rt-tests.h"

#include <string.h>

#include "reader-json.h"

static gboolean
is_own_json(const char *text)
{
	gboolean has_version = strstr(text, "\"rt_test_version:\":") != NULL ||
			       strstr(text, "\"rt_test_version\":") != NULL;
	return has_version && strstr(text, "\"cmdline") != NULL;
}

static guint
rt_tests_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	return reader_json_is_own(head, is_own_json) ? 95 : 0;
}

static gboolean
rt_tests_parser_parse(PerfdashParser *parser,
		      const char *name,
		      GBytes *log,
		      PerfdashRunBuilder *builder,
		      GError **error)
{
	if (reader_json_is_own(log, is_own_json))
		return rt_tests_read_json(log, builder, error);
	rt_tests_read_cyclictest(log, builder);
	rt_tests_read_oslat(log, builder);
	rt_tests_read_hackbench(log, builder);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(RtTestsParser,
		       rt_tests_parser,
		       rt_tests_parser_probe,
		       rt_tests_parser_parse,
		       "rt-tests",
		       "2",
		       "cyclictest, oslat and hackbench, real-time latency: text and JSON output",
		       "*cyclictest*;*oslat*;*hackbench*",
		       PERFDASH_PARSER_CONSOLE | PERFDASH_PARSER_JSON,
		       "\"rt_test_version\nAct:\n# Max Latencies: \nInterval: \noslat V \n"
		       "Counter Freq:\nEach sender will pass \ntasks.\n")
