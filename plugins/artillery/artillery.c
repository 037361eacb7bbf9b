/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "artillery.h"

#include <string.h>

static gboolean
is_own_json(const char *text)
{
	const char *aggregate = strstr(text, "\"aggregate\"");
	return aggregate != NULL && (strstr(aggregate, "\"vusers.created\"") != NULL ||
				     strstr(aggregate, "\"http.requests\"") != NULL ||
				     strstr(aggregate, "\"scenariosCreated\"") != NULL);
}

static guint
artillery_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	return reader_json_is_own(head, is_own_json) ? 95 : 0;
}

static gboolean
artillery_parser_parse(PerfdashParser *self,
		       const char *name,
		       GBytes *log,
		       PerfdashRunBuilder *builder,
		       GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	if (reader_json_is_own(log, is_own_json))
		return artillery_json_read(text, size, builder, error);
	artillery_text_read(log, builder);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(ArtilleryParser,
		       artillery_parser,
		       artillery_parser_probe,
		       artillery_parser_parse,
		       "artillery",
		       "2",
		       "Artillery, load of any protocol: JSON and text output",
		       "*artillery*",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"vusers.created\"\n"
		       "\"scenariosCreated\"\n"
		       "\"http.requests\"\n"
		       "Summary report @ \n"
		       "Metrics for period to: \n"
		       "Report @ ")
