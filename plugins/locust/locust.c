/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Locust writes the same numbers as CSV, as JSON and on the console, and not all of them at the
 * same time: the CSV of a run may know fewer requests than its console. */

#include "locust.h"

#include <string.h>

static gboolean
read_json(const char *text, gsize size, PerfdashRunBuilder *builder, GError **error)
{
	g_autoptr(JsonParser) parser = reader_json_load(text, size, error);
	if (parser == NULL)
		return FALSE;
	JsonArray *entries = reader_json_root_array(parser);
	if (entries != NULL)
		return locust_json_read(entries, builder, error);
	g_set_error_literal(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the document is no list of entries");
	return FALSE;
}

static gboolean
is_own_json(const char *text)
{
	return *text == '[' && strstr(text, "\"num_none_requests\"") != NULL &&
	       strstr(text, "\"num_reqs_per_sec\"") != NULL;
}

static guint
locust_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	return reader_json_is_own(head, is_own_json) ? 95 : 0;
}

static gboolean
locust_parser_parse(PerfdashParser *self,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	if (reader_json_is_own(log, is_own_json))
		return read_json(text, size, builder, error);
	locust_csv_read(log, builder);
	locust_text_read(log, builder);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(LocustParser,
		       locust_parser,
		       locust_parser_probe,
		       locust_parser_parse,
		       "locust",
		       "4",
		       "Locust, load of any protocol: CSV, JSON and text output",
		       "*_stats.csv;*_stats_history.csv;*_failures.csv;*locust*",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "Type,Name,Request Count,Failure Count,\n"
		       "\"Type\",\"Name\",\"Request Count\"\n"
		       "\"Name\",\"# requests\",\"# failures\"\n"
		       "Timestamp,User Count,Type,Name,\n"
		       "\"Timestamp\",\"User Count\",\"Type\",\"Name\"\n"
		       "Method,Name,Error,Occurrences\n"
		       "\"Method\",\"Name\",\"Error\",\"Occurrences\"\n"
		       "# reqs      # fails \n"
		       "/locust.main: \n"
		       "\"num_none_requests\"")
