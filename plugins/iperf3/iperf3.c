/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* iperf3's JSON (-J), its stream of JSON lines (--json-stream) and its text for people. With an
 * error the JSON is complete all the same, but may have an empty "end". */

#include "iperf3.h"

#include <string.h>

#define STREAM_START "{\"event\":\"start\""
#define STREAM_ERROR "{\"event\":\"error\""
#define STREAM_END   "{\"event\":\"end\""

static JsonObject *
get_root(JsonParser *document)
{
	JsonNode *root = document != NULL ? json_parser_get_root(document) : NULL;
	return root != NULL && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}

static guint
iperf3_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	gsize size;
	const char *data = g_bytes_get_data(head, &size);
	if (size == 0 || *data != '{')
		return 0;
	g_autofree char *text = reader_text(head);
	if (strstr(text, "\"start\":") == NULL || strstr(text, "\"intervals\":") == NULL)
		return 0;
	return strstr(text, "\"iperf 3") != NULL || strstr(text, "\"sum_sent\":") != NULL ? 90 : 0;
}

static void
end_stream(PerfdashRunBuilder *builder, JsonParser *start, JsonObject *end, const char *error_text)
{
	JsonObject *root = get_root(start);
	JsonObject *data = root != NULL ? reader_json_object(root, "data") : NULL;
	g_autoptr(JsonObject) none = json_object_new();
	if (data != NULL)
		iperf3_json_read(data, end != NULL ? end : none, error_text, builder);
	perfdash_run_builder_next_run(builder);
}

/* lines of --json-stream: {"event":"start","data":{...}} and so on */
static void
read_stream(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	g_autoptr(JsonParser) start = NULL;
	g_autofree char *error_text = NULL;
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		gboolean is_start = g_str_has_prefix(line, STREAM_START);
		gboolean is_end = g_str_has_prefix(line, STREAM_END);
		gboolean is_error = g_str_has_prefix(line, STREAM_ERROR);
		if (!is_start && !is_end && !is_error)
			continue;
		g_autoptr(JsonParser) document = reader_json_load(line, strlen(line), NULL);
		JsonObject *root = get_root(document);
		if (root == NULL)
			continue;
		if (is_start) {
			if (start != NULL)
				end_stream(builder, start, NULL, "the log has no end of the test");
			g_set_object(&start, document);
			g_clear_pointer(&error_text, g_free);
		} else if (is_error) {
			const char *text = reader_json_string(root, "data");
			g_free(error_text);
			error_text = g_strdup(text != NULL ? text : "an error");
		} else if (start != NULL) {
			end_stream(builder, start, reader_json_object(root, "data"), error_text);
			g_clear_object(&start);
		}
	}
	if (start != NULL)
		end_stream(builder,
			   start,
			   NULL,
			   error_text != NULL ? error_text : "the log has no end of the test");
}

static gboolean
has_stream(GBytes *log)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	return size > 0 && g_strstr_len(text, size, STREAM_START) != NULL;
}

static gboolean
iperf3_parser_parse(PerfdashParser *parser,
		    const char *name,
		    GBytes *log,
		    PerfdashRunBuilder *builder,
		    GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	g_autoptr(JsonObject) none = json_object_new();
	if (iperf3_parser_probe(parser, name, log) == 0) {
		if (has_stream(log))
			read_stream(log, builder);
		iperf3_text_read(log, builder);
		return TRUE;
	}
	g_autoptr(GError) broken = NULL;
	g_autoptr(JsonParser) document = reader_json_load(text, size, &broken);
	JsonObject *root = get_root(document);
	JsonObject *start = root != NULL ? reader_json_object(root, "start") : NULL;
	JsonObject *end = root != NULL ? reader_json_object(root, "end") : NULL;
	if (document == NULL) {
		g_autofree char *copy = reader_text(log);
		if (iperf3_json_read_cut(copy, builder))
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&broken));
		return FALSE;
	}
	if (start == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "\"start\" is no object: the document is not what iperf3 writes");
		return FALSE;
	}
	iperf3_json_read(start,
			 end != NULL ? end : none,
			 reader_json_string(root, "error"),
			 builder);
	return TRUE;
}

PERFDASH_DEFINE_PARSER(Iperf3Parser,
		       iperf3_parser,
		       iperf3_parser_probe,
		       iperf3_parser_parse,
		       "iperf3",
		       "2",
		       "iperf3, network: JSON and text",
		       "*iperf*.json;*iperf*.txt;*iperf*.log",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "\"intervals\":\n" STREAM_START
		       "\nConnecting to host \nServer listening on \niperf3: ")
