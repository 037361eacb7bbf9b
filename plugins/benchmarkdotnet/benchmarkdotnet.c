/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* BenchmarkDotNet's JSON reports and the summary that it prints and exports as Markdown. */

#include "benchmarkdotnet.h"

#include <string.h>

#include "reader-text.h"

static const char caption[] = "\"BenchmarkDotNetCaption\"";

static gboolean
is_json(GBytes *log)
{
	gsize size = MIN(g_bytes_get_size(log), PERFDASH_PARSER_HEAD_SIZE);
	g_autoptr(GBytes) head = g_bytes_new_from_bytes(log, 0, size);
	g_autofree char *text = reader_text(head);
	return text[strspn(text, " \t\r\n")] == '{' && strstr(text, caption) != NULL;
}

static gboolean
benchmarkdotnet_parser_parse(PerfdashParser *parser,
			     const char *name,
			     GBytes *log,
			     PerfdashRunBuilder *builder,
			     GError **error)
{
	if (is_json(log))
		return benchmarkdotnet_read_json(log, builder, error);
	benchmarkdotnet_read_tables(log, builder);
	return TRUE;
}

static guint
benchmarkdotnet_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	return is_json(head) ? 97 : 0;
}

PERFDASH_DEFINE_PARSER(BenchmarkDotNetParser,
		       benchmarkdotnet_parser,
		       benchmarkdotnet_parser_probe,
		       benchmarkdotnet_parser_parse,
		       "benchmarkdotnet",
		       "1",
		       "BenchmarkDotNet, .NET: JSON reports and summary tables",
		       "*-report*.json;*-report*.md",
		       PERFDASH_PARSER_CONSOLE | PERFDASH_PARSER_JSON,
		       "\"BenchmarkDotNetCaption\"\nBenchmarkDotNet v\nBenchmarkDotNet=v")
