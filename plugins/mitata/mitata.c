/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* mitata prints a table with histograms, a table in Markdown, or JSON in nanoseconds. */

#include "mitata.h"

#include "reader-json.h"

void
mitata_add_error(PerfdashRunBuilder *builder, const char *benchmark, const char *message)
{
	perfdash_run_builder_add_warning(builder, "%s: %s", benchmark, message);
	perfdash_run_builder_add_result(builder,
					benchmark,
					"error",
					"1",
					PERFDASH_DIRECTION_LOWER,
					1);
}

static gboolean
mitata_parser_parse(PerfdashParser *parser,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	if (reader_json_is_own(log, mitata_json_is_own))
		return mitata_json_read(log, builder, error);
	mitata_text_read(log, builder);
	return TRUE;
}

static guint
mitata_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	return reader_json_is_own(head, mitata_json_is_own) ? 90 : 0;
}

PERFDASH_DEFINE_PARSER(MitataParser,
		       mitata_parser,
		       mitata_parser_probe,
		       mitata_parser_parse,
		       "mitata",
		       "2",
		       "mitata, JavaScript: JSON and console output",
		       "*mitata*",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"layout\":\n(min \xe2\x80\xa6 max)\n/iter` |")
