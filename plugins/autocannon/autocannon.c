/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "autocannon.h"

#include <string.h>

static gboolean
is_own_json(const char *text)
{
	return strstr(text, "\"non2xx\":") != NULL && strstr(text, "\"sampleInt\":") != NULL &&
	       strstr(text, "\"p97_5\":") != NULL;
}

static guint
autocannon_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	return reader_json_is_own(head, is_own_json) ? 95 : 0;
}

static gboolean
autocannon_parser_parse(PerfdashParser *self,
			const char *name,
			GBytes *log,
			PerfdashRunBuilder *builder,
			GError **error)
{
	if (reader_json_is_own(log, is_own_json))
		return reader_json_read_object(log, autocannon_json_read, builder, error);
	autocannon_text_read(log, builder);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(AutocannonParser,
		       autocannon_parser,
		       autocannon_parser_probe,
		       autocannon_parser_parse,
		       "autocannon",
		       "2",
		       "autocannon, HTTP load: JSON and text output",
		       "*autocannon*",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"non2xx\":\n"
		       "\xe2\x94\x82 Latency \n"
		       "test @ ")
