/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "k6.h"

#include <string.h>

#include "reader-text.h"

/* of the summary; what --out json writes is no document but lines */
static guint
k6_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	g_autofree char *text = reader_text(head);
	gboolean has_groups = strstr(text, "\"root_group\"") != NULL;
	gboolean has_metrics = strstr(text, "\"iteration_duration\"") != NULL ||
			       strstr(text, "\"http_req_duration\"") != NULL ||
			       strstr(text, "\"data_received\"") != NULL;
	if (strstr(text, "\"type\":\"Point\"") != NULL)
		return 0;
	if (has_metrics && strstr(text, "\"metrics\"") != NULL)
		return has_groups || strstr(text, "\"k6_version\"") != NULL ? 95 : 70;
	return has_groups && strstr(text, "\"isStdOutTTY\"") != NULL ? 90 : 0;
}

static gboolean
k6_parser_parse(PerfdashParser *self,
		const char *name,
		GBytes *log,
		PerfdashRunBuilder *builder,
		GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	if (k6_parser_probe(self, name, log) == 0 || !reader_json_is_document(text, size)) {
		k6_points_read(log, builder);
		k6_csv_read(log, builder);
		k6_text_read(log, builder);
		return TRUE;
	}
	return reader_json_read_object(log, k6_json_read, builder, error);
}

PERFDASH_DEFINE_PARSER(K6Parser,
		       k6_parser,
		       k6_parser_probe,
		       k6_parser_parse,
		       "k6",
		       "2",
		       "k6, load of any protocol: JSON, CSV and text output",
		       "*k6*",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"root_group\"\n"
		       "\"iteration_duration\"\n"
		       "\"http_req_duration\"\n"
		       "\"data_received\"\n"
		       "\"type\":\"Point\"\n"
		       "metric_name,timestamp,metric_value,\n"
		       "    iterations...\n"
		       "    iteration_duration...\n"
		       "    data_received...\n"
		       "    http_reqs...")
