/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* BenchmarkDotNet's JSON reports and the summary that it prints and exports as Markdown and CSV. */

#include "benchmarkdotnet.h"

#include <string.h>

#include "reader-json.h"

static gboolean
is_own_json(const char *text)
{
	return strstr(text, "\"BenchmarkDotNetCaption\"") != NULL;
}

static gboolean
benchmarkdotnet_parser_parse(PerfdashParser *parser,
			     const char *name,
			     GBytes *log,
			     PerfdashRunBuilder *builder,
			     GError **error)
{
	if (reader_json_is_own(log, is_own_json))
		return benchmarkdotnet_read_json(log, builder, error);
	benchmarkdotnet_read_tables(log, builder);
	return TRUE;
}

static guint
benchmarkdotnet_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	return reader_json_is_own(head, is_own_json) ? 97 : 0;
}

PERFDASH_DEFINE_PARSER(
	BenchmarkDotNetParser,
	benchmarkdotnet_parser,
	benchmarkdotnet_parser_probe,
	benchmarkdotnet_parser_parse,
	"benchmarkdotnet",
	"3",
	"BenchmarkDotNet, .NET: JSON and CSV reports, summary tables",
	"*-report*.json;*-report*.md;*-report*.csv",
	PERFDASH_PARSER_CONSOLE | PERFDASH_PARSER_JSON,
	"\"BenchmarkDotNetCaption\"\nAnalyzeLaunchVariance\nBenchmarkDotNet v\nBenchmarkDotNet=v")
