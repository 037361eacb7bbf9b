/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Google Benchmark prints a JSON document, a table for people or comma-separated values. What is
 * one document and its own is read as JSON, everything else as the text in which the others may
 * stand. */

#include "google-benchmark.h"

#include <string.h>

#include "reader-json.h"
#include "reader-text.h"

static gboolean
gb_parser_parse(PerfdashParser *self,
		const char *name,
		GBytes *log,
		PerfdashRunBuilder *builder,
		GError **error)
{
	if (reader_json_is_own(log, gb_json_is_own))
		return gb_json_read(log, builder, error);
	gb_text_read(log, builder);
	return TRUE;
}

static guint
gb_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	if (!gb_json_is_own(text))
		return 0;
	return strstr(text, "\"benchmarks\": [") != NULL ? 97 : 60;
}

PERFDASH_DEFINE_PARSER(GbParser,
		       gb_parser,
		       gb_parser_probe,
		       gb_parser_parse,
		       "google-benchmark",
		       "3",
		       "Google Benchmark, C++: JSON, CSV and console output",
		       "*benchmark*.json",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"library_build_type\"\nIterations\nname,iterations,real_time,cpu_time")
