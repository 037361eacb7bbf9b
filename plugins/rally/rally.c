/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* OpenStack Rally: its report and its results are JSON, and the console has tables. */

#include "rally.h"

#include <string.h>

#include "reader-text.h"

static gboolean
is_json(GBytes *log)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	while (size > 0 && g_ascii_isspace(*text))
		text++, size--;
	return size > 0 && (*text == '{' || *text == '[');
}

static gboolean
rally_parser_parse(PerfdashParser *self,
		   const char *name,
		   GBytes *log,
		   PerfdashRunBuilder *builder,
		   GError **error)
{
	if (is_json(log))
		return rally_json_read(log, builder, error);
	rally_text_read(log, builder);
	return TRUE;
}

static guint
rally_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	if (strstr(text, "\"rally_version\"") != NULL && strstr(text, "\"tasks\"") != NULL)
		return 95;
	const char *key = *text == '[' ? strstr(text, "\"key\": {") : NULL;
	if (key == NULL || strstr(key, "\"kw\": {") == NULL || strstr(key, "\"pos\": ") == NULL)
		return 0;
	return strstr(key, "\"runner\": {") != NULL ? 90 : 0;
}

PERFDASH_DEFINE_PARSER(RallyParser,
		       rally_parser,
		       rally_parser_probe,
		       rally_parser_parse,
		       "rally",
		       "2",
		       "OpenStack Rally, clouds: JSON report, JSON results and console",
		       "*rally*.json;*rally*.txt;*rally*.log",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"rally_version\"\n\"kw\": {\nMin (sec) |\nmin (sec) |\n"
		       "Running Rally version \nResults available when ")
