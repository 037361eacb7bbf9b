/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A server parses again by itself, and is asked now and then how far it is. */

#include <string.h>

#include "pdc-command.h"
#include "pdc-progress.h"
#include "pdc-reparse.h"
#include "pdc-server.h"

#define PLACE       "api/v1/reparse"
#define TIMEOUT     30    /* seconds */
#define FIRST_WAIT  50000 /* microseconds */
#define MAX_WAIT    1000000
#define MAX_SILENCE 30 /* times in a row that it may be asked in vain */

static void
add_parameter(GString *query, const char *name, const char *value)
{
	if (value == NULL)
		return;
	g_string_append_printf(query, "%s%s=", query->len > 0 ? "&" : "", name);
	g_string_append_uri_escaped(query, value, NULL, FALSE);
}

static char *
make_place(const PdcReparseOptions *options)
{
	g_autoptr(GString) query = g_string_new(NULL);
	g_autoptr(GDateTime)
		since = g_date_time_new_from_unix_utc(options->since_time / G_USEC_PER_SEC);
	g_autofree char *date = options->since != NULL ? g_date_time_format_iso8601(since) : NULL;
	add_parameter(query, "due", perfdash_due_to_string(options->due));
	add_parameter(query, "source", options->source);
	add_parameter(query, "parser", options->parser);
	add_parameter(query, "since", date);
	add_parameter(query, "preview", options->is_preview ? "true" : "false");
	return g_strconcat(PLACE "?", query->str, NULL);
}

static gboolean
is_list(JsonObject *report, const char *name)
{
	JsonNode *node = json_object_get_member(report, name);
	if (node == NULL || !JSON_NODE_HOLDS_ARRAY(node))
		return FALSE;
	JsonArray *list = json_node_get_array(node);
	for (guint i = 0; i < json_array_get_length(list); i++) {
		if (!JSON_NODE_HOLDS_OBJECT(json_array_get_element(list, i)))
			return FALSE;
	}
	return TRUE;
}

/* NULL after complaining: what is answered is not what docs/api.md says */
static JsonNode *
take_report(JsonObject *job)
{
	JsonNode *node = json_object_get_member(job, "report");
	JsonObject *report = node != NULL && JSON_NODE_HOLDS_OBJECT(node)
				     ? json_node_get_object(node)
				     : NULL;
	if (report != NULL && is_list(report, "parsers") && is_list(report, "examples") &&
	    is_list(report, "missing") && is_list(report, "failures"))
		return json_node_copy(node);
	pdc_complain("the server does not say what came of it");
	return NULL;
}

static const char *
get_text(JsonObject *job, const char *name)
{
	return json_object_get_string_member_with_default(job, name, "");
}

/* a server that is started again, or a network that breaks, is waited for a while */
static JsonNode *
look(PdcServer *server, GError **error)
{
	for (guint n = 0;; n++) {
		g_autoptr(SoupMessage) message = pdc_server_make_message(server, "GET", PLACE);
		g_autoptr(GError) local = NULL;
		JsonNode *node = pdc_server_ask(server, message, &local);
		if (node != NULL)
			return node;
		if (local->domain == PERFDASH_ERROR || n == MAX_SILENCE) {
			g_propagate_error(error, g_steal_pointer(&local));
			return NULL;
		}
		g_usleep(MAX_WAIT);
	}
}

/* the job is over: its report, or NULL after complaining */
static JsonNode *
conclude(JsonObject *job, const char *id)
{
	const char *state = get_text(job, "state");
	if (!g_str_equal(get_text(job, "id"), id))
		pdc_complain("the server was started again, or asked for something else since: "
			     "what it has written stays; ask again for the rest");
	else if (g_str_equal(state, "done"))
		return take_report(job);
	else if (g_str_equal(state, "stopped"))
		pdc_complain("somebody stopped it: what is written stays; ask again for the rest");
	else
		pdc_complain("%s", get_text(job, "error"));
	return NULL;
}

/* takes over node, the job as it began */
static JsonNode *
wait_for_end(PdcServer *server, JsonNode *node, const char *address)
{
	g_autoptr(JsonNode) last = node;
	g_autofree char *id = g_strdup(get_text(json_node_get_object(last), "id"));
	guint wait = FIRST_WAIT;
	while (TRUE) {
		JsonObject *job = json_node_get_object(last);
		g_autoptr(GError) error = NULL;
		if (!g_str_equal(get_text(job, "state"), "running") ||
		    !g_str_equal(get_text(job, "id"), id))
			break;
		pdc_progress_show(json_object_get_int_member_with_default(job, "done", 0),
				  json_object_get_int_member_with_default(job, "logs", 0),
				  address);
		g_usleep(wait);
		wait = MIN(2 * wait, MAX_WAIT);
		JsonNode *next = look(server, &error);
		if (next == NULL) {
			pdc_progress_clear();
			pdc_complain("%s: %s", address, error->message);
			return NULL;
		}
		json_node_unref(last);
		last = next;
	}
	pdc_progress_clear();
	return conclude(json_node_get_object(last), id);
}

JsonNode *
pdc_reparse_ask_server(const PdcReparseOptions *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PdcServer) server = pdc_server_new(options->server,
						     options->token_file,
						     options->insecure,
						     TIMEOUT,
						     &error);
	if (server == NULL) {
		pdc_complain("%s", error->message);
		return NULL;
	}
	g_autofree char *place = make_place(options);
	g_autoptr(SoupMessage) message = pdc_server_make_message(server, "POST", place);
	JsonNode *job = pdc_server_ask(server, message, &error);
	if (job == NULL) {
		pdc_complain("%s: %s", options->server, error->message);
		return NULL;
	}
	return wait_for_end(server, job, options->server);
}
