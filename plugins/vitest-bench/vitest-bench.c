/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* vitest bench prints tables and writes JSON (--outputJson), in milliseconds. */

#include "vitest-bench.h"

#include "reader-json.h"

static gboolean
vitest_bench_parser_parse(PerfdashParser *parser,
			  const char *name,
			  GBytes *log,
			  PerfdashRunBuilder *builder,
			  GError **error)
{
	if (reader_json_is_own(log, vitest_bench_json_is_own))
		return vitest_bench_json_read(log, builder, error);
	vitest_bench_text_read(log, builder);
	return TRUE;
}

static guint
vitest_bench_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	return reader_json_is_own(head, vitest_bench_json_is_own) ? 95 : 0;
}

PERFDASH_DEFINE_PARSER(VitestBenchParser,
		       vitest_bench_parser,
		       vitest_bench_parser_probe,
		       vitest_bench_parser_parse,
		       "vitest-bench",
		       "2",
		       "vitest bench, JavaScript: JSON and console output",
		       "*bench*.json",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"filepath\":\np995 \nBENCH  Summary")
