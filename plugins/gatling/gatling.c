/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Since 3.12 Gatling writes simulation.log as binary, in a form that is nobody's but its own and
 * changes: it is recognised and refused, for the report has the numbers. */

#include "gatling.h"

#include <string.h>

#define MAX_VERSION 20

/* the version in front of a binary simulation.log, or NULL: a zero, a length of four bytes, text */
static char *
find_binary_version(GBytes *log)
{
	gsize size;
	const guint8 *data = g_bytes_get_data(log, &size);
	if (size < 6 || memcmp(data, "\0\0\0\0", 4) != 0 || data[4] < 3 || data[4] > MAX_VERSION ||
	    size < (gsize)5 + data[4])
		return NULL;
	g_autofree char *version = g_strndup((const char *)data + 5, data[4]);
	gboolean is_version = g_ascii_isdigit(version[0]) && version[1] == '.' &&
			      g_ascii_isdigit(version[2]) && strlen(version) == data[4] &&
			      g_str_is_ascii(version);
	return is_version ? g_steal_pointer(&version) : NULL;
}

static gboolean
is_own_json(const char *text)
{
	return strstr(text, "\"numberOfRequests\"") != NULL &&
	       strstr(text, "\"meanNumberOfRequestsPerSecond\"") != NULL &&
	       strstr(text, "\"percentiles1\"") != NULL;
}

static guint
gatling_parser_probe(PerfdashParser *self, const char *name, GBytes *head)
{
	g_autofree char *version = find_binary_version(head);
	return version != NULL ? 90 : reader_json_is_own(head, is_own_json) ? 95 : 0;
}

static gboolean
gatling_parser_parse(PerfdashParser *self,
		     const char *name,
		     GBytes *log,
		     PerfdashRunBuilder *builder,
		     GError **error)
{
	g_autofree char *version = find_binary_version(log);
	if (version != NULL) {
		g_set_error(
			error,
			PERFDASH_ERROR,
			PERFDASH_ERROR_BROKEN,
			"Gatling %s wrote this simulation.log as binary, which only itself reads: "
			"take js/stats.json of its report, or its console",
			version);
		return FALSE;
	}
	if (reader_json_is_own(log, is_own_json))
		return reader_json_read_object(log, gatling_json_read, builder, error);
	gatling_log_read(log, builder);
	gatling_text_read(log, builder);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(GatlingParser,
		       gatling_parser,
		       gatling_parser_probe,
		       gatling_parser_parse,
		       "gatling",
		       "2",
		       "Gatling, HTTP load: simulation.log, stats.json and text output",
		       "simulation*.log;*gatling*.log;stats.json;global_stats.json",
		       PERFDASH_PARSER_DOCUMENT | PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "RUN\t\n"
		       "\"meanNumberOfRequestsPerSecond\"\n"
		       "---- Global Information ---\n"
		       "3.12.\n"
		       "3.13.\n"
		       "3.14.\n"
		       "3.15.\n"
		       "3.16.")
