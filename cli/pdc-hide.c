/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Hides runs that are no measurements, and shows them again: in a store, or on a server, who is the
 * one that writes to its store. */

#include <libsoup/soup.h>

#include "pdc-command.h"
#include "pdc-server.h"

#define TIMEOUT  30   /* seconds */
#define MAX_RUNS 1000 /* that a server takes at a time */

typedef struct {
	char *store;
	char *server;
	char *reason;
	char *who;
	char *token_file;
	gboolean insecure;
	gboolean hides;
	GArray *ids; /* gint64 */
} Options;

static void
options_clear(Options *options)
{
	g_free(options->store);
	g_free(options->server);
	g_free(options->reason);
	g_free(options->who);
	g_free(options->token_file);
	g_clear_pointer(&options->ids, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
read_ids(Options *options, int argc, char **argv)
{
	options->ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (int i = 1; i < argc; i++) {
		guint64 number;
		if (!g_ascii_string_to_unsigned(argv[i], 10, 1, G_MAXINT64, &number, NULL)) {
			pdc_complain("\"%s\" is not the id of a run; perfdash runs lists them",
				     argv[i]);
			return FALSE;
		}
		gint64 id = number;
		g_array_append_val(options->ids, id);
	}
	if (options->ids->len == 0)
		pdc_complain("which run? perfdash runs lists them");
	return options->ids->len > 0;
}

static gboolean
read_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry place[] = {{"store",
				       0,
				       0,
				       G_OPTION_ARG_FILENAME,
				       &options->store,
				       "The store (default: $PERFDASH_STORE)",
				       "DIRECTORY"},
				      {"server",
				       's',
				       0,
				       G_OPTION_ARG_STRING,
				       &options->server,
				       "Ask this server to do it",
				       "URL"},
				      {"token-file",
				       0,
				       0,
				       G_OPTION_ARG_FILENAME,
				       &options->token_file,
				       "Send the token in this file (default: $PERFDASH_TOKEN)",
				       "FILE"},
				      {"insecure",
				       0,
				       0,
				       G_OPTION_ARG_NONE,
				       &options->insecure,
				       "Send a token without TLS, also to another machine",
				       NULL},
				      {"who",
				       0,
				       0,
				       G_OPTION_ARG_STRING,
				       &options->who,
				       "Who does it, for the history (default: you)",
				       "NAME"},
				      {options->hides ? "reason" : NULL,
				       'r',
				       0,
				       G_OPTION_ARG_STRING,
				       &options->reason,
				       "Why it is no measurement",
				       "TEXT"},
				      G_OPTION_ENTRY_NULL};
	const char *summary =
		options->hides
			? "Hides runs that are no measurements, such as of a wrong machine: their "
			  "results are in no series, trend, comparison, baseline or budget any "
			  "more. "
			  "They stay in the store, and perfdash show takes it back."
			: "Shows runs again that perfdash hide hid.";
	if (!pdc_read_options(argc, argv, place, "RUN...", summary) ||
	    !read_ids(options, *argc, *argv))
		return FALSE;
	if (options->hides && (options->reason == NULL || *options->reason == '\0')) {
		pdc_complain("why? give --reason TEXT");
		return FALSE;
	}
	if (options->who == NULL)
		options->who = g_strdup(g_get_user_name());
	return TRUE;
}

static gboolean
write_store(const Options *options)
{
	g_autoptr(PerfdashStore)
		store = pdc_open_store(options->store, PERFDASH_STORE_FLAGS_READ_ONLY);
	g_autoptr(GError) error = NULL;
	/* opened for reading first, which does not make a store that is not there */
	if (store != NULL) {
		g_clear_object(&store);
		store = pdc_open_store(options->store, PERFDASH_STORE_FLAGS_NONE);
	}
	if (store == NULL)
		return FALSE;
	const gint64 *ids = (const gint64 *)options->ids->data;
	gsize n = options->ids->len;
	gint64 new_since = g_get_real_time() - PERFDASH_NEW_FOR;
	gboolean is_done = options->hides
				   ? perfdash_store_hide_runs(store,
							      ids,
							      n,
							      options->reason,
							      options->who,
							      &error)
				   : perfdash_store_show_runs(store, ids, n, options->who, &error);
	if (is_done && perfdash_store_find_changes(store, new_since, NULL, &error))
		return TRUE;
	pdc_complain("%s", error->message);
	return FALSE;
}

static GBytes *
make_body(const Options *options)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	perfdash_json_writer_name(writer, "ids");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < options->ids->len; i++)
		perfdash_json_writer_int(writer, g_array_index(options->ids, gint64, i));
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_name(writer, "hidden");
	perfdash_json_writer_boolean(writer, options->hides);
	if (options->hides) {
		perfdash_json_writer_name(writer, "reason");
		perfdash_json_writer_string(writer, options->reason);
	}
	perfdash_json_writer_name(writer, "who");
	perfdash_json_writer_string(writer, options->who);
	perfdash_json_writer_end_object(writer);
	return perfdash_json_writer_end(writer);
}

static gboolean
ask_server(const Options *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PdcServer) server = pdc_server_new(options->server,
						     options->token_file,
						     options->insecure,
						     TIMEOUT,
						     &error);
	if (server == NULL) {
		pdc_complain("%s", error->message);
		return FALSE;
	}
	g_autoptr(SoupMessage)
		message = pdc_server_make_message(server, "POST", "api/v1/runs/bulk");
	g_autoptr(GBytes) body = make_body(options);
	soup_message_set_request_body_from_bytes(message, "application/json", body);
	g_autoptr(JsonNode) answer = pdc_server_ask(server, message, &error);
	if (answer == NULL)
		pdc_complain("%s: %s", options->server, error->message);
	return answer != NULL;
}

static int
set_hidden(int argc, char **argv, gboolean hides)
{
	g_auto(Options) options = {.hides = hides};
	if (!read_options(&options, &argc, &argv))
		return PDC_USAGE;
	if (options.server != NULL && options.ids->len > MAX_RUNS) {
		pdc_complain("a server takes at most %u runs at a time", MAX_RUNS);
		return PDC_USAGE;
	}
	if (options.server != NULL ? !ask_server(&options) : !write_store(&options))
		return PDC_FAILED;
	g_print("%s %u %s\n",
		hides ? "hid" : "showed",
		options.ids->len,
		options.ids->len == 1 ? "run" : "runs");
	return PDC_OK;
}

int
pdc_hide(int argc, char **argv)
{
	return set_hidden(argc, argv, TRUE);
}

int
pdc_show(int argc, char **argv)
{
	return set_hidden(argc, argv, FALSE);
}
