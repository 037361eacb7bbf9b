/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Parses logs again that were taken in before: in a store, or on a server, who is the one that
 * writes to its store. Either way the report is the same object, which is printed. */

#include "pdc-reparse.h"

#include "pdc-choice.h"
#include "pdc-command.h"
#include "pdc-progress.h"
#include "pdc-reparse-report.h"
#include "pdc-table.h"
#include "pdd-reparse.h"

static void
options_clear(PdcReparseOptions *options)
{
	g_free(options->store);
	g_free(options->server);
	g_free(options->token_file);
	g_free(options->source);
	g_free(options->parser);
	g_free(options->since);
	g_free(options->format);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PdcReparseOptions, options_clear)

/* what is read where */
typedef struct {
	PerfdashStore *store;
	PerfdashReparser *reparser;
} Place;

static void
place_clear(Place *place)
{
	g_clear_object(&place->reparser);
	g_clear_object(&place->store);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

/* a preview only reads, so it may be had while a server writes */
static gboolean
open_place(Place *place, const PdcReparseOptions *options)
{
	g_autoptr(GError) error = NULL;
	place->store = pdc_open_store(options->store, PERFDASH_STORE_FLAGS_READ_ONLY);
	if (place->store != NULL && !options->is_preview) {
		/* opened for reading first, which does not make a store that is not there */
		g_clear_object(&place->store);
		place->store = pdc_open_store(options->store, PERFDASH_STORE_FLAGS_NONE);
	}
	if (place->store == NULL)
		return FALSE;
	g_autoptr(PerfdashParserRegistry) registry = perfdash_parser_registry_new(NULL, &error);
	if (registry == NULL) {
		pdc_complain("%s", error->message);
		return FALSE;
	}
	g_autoptr(GFile) logs = pdc_find_logs(options->store);
	g_autoptr(PerfdashArchive) archive = perfdash_archive_new(logs);
	g_autoptr(PerfdashParserRunner) runner = perfdash_parser_runner_new(registry);
	place->reparser = perfdash_reparser_new(place->store, runner, archive);
	return TRUE;
}

static GPtrArray *
list_logs(Place *place, const PdcReparseOptions *options, PddReparseReport *report)
{
	g_autoptr(GError) error = NULL;
	guint n_orphans = 0;
	GPtrArray *logs = perfdash_reparser_list_due(place->reparser,
						     options->due,
						     options->source,
						     options->parser,
						     options->since_time,
						     &n_orphans,
						     &error);
	pdd_reparse_report_set_orphans(report, n_orphans);
	if (logs == NULL)
		pdc_complain("%s", error->message);
	return logs;
}

static void
show_progress(guint n_done, const char *next, gpointer user_data)
{
	const GPtrArray *logs = user_data;
	pdc_progress_show(n_done, logs->len, next);
}

/* what is written is looked at once, as a whole */
static gboolean
find_changes(PerfdashStore *store)
{
	g_autoptr(GError) error = NULL;
	if (perfdash_store_find_changes(store, g_get_real_time() - PERFDASH_NEW_FOR, NULL, &error))
		return TRUE;
	pdc_complain("changes: %s", error->message);
	return FALSE;
}

static JsonNode *
convert(PddReparseReport *report, gboolean is_preview)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_reparse_report_write(report, writer, is_preview);
	perfdash_json_writer_end_object(writer);
	g_autoptr(GBytes) bytes = perfdash_json_writer_end(writer);
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	g_autofree char *text = g_strndup(data, size);
	return json_from_string(text, NULL);
}

/* NULL after complaining */
static JsonNode *
reparse_here(const PdcReparseOptions *options, gboolean *is_failed)
{
	g_auto(Place) place = {0};
	g_autoptr(PddReparseReport) report = pdd_reparse_report_new();
	if (!open_place(&place, options))
		return NULL;
	g_autoptr(GPtrArray) logs = list_logs(&place, options, report);
	if (logs == NULL)
		return NULL;
	if (logs->len == 0)
		pdc_complain("no log is due; --all also reads what its parser read already");
	PddReparse reparse = {.store = place.store,
			      .reparser = place.reparser,
			      .report = report,
			      .n_threads = g_get_num_processors(),
			      .is_preview = options->is_preview,
			      .progress = show_progress,
			      .user_data = logs};
	pdd_reparse_run(&reparse, logs);
	pdc_progress_clear();
	*is_failed = !options->is_preview && !find_changes(place.store);
	return convert(report, options->is_preview);
}

static gboolean
read_options(PdcReparseOptions *options, int *argc, char ***argv)
{
	gboolean is_all = FALSE;
	gboolean is_failed = FALSE;
	/* clang-format off */
	const GOptionEntry entries[] = {
		{"store", 's', 0, G_OPTION_ARG_FILENAME, &options->store,
		 "Directory or URI of the store (default: $PERFDASH_STORE)", "PLACE"},
		{"server", 0, 0, G_OPTION_ARG_STRING, &options->server,
		 "Ask this server to do it, and wait for it", "URL"},
		{"token-file", 0, 0, G_OPTION_ARG_FILENAME, &options->token_file,
		 "Send the token in this file (default: $PERFDASH_TOKEN)", "FILE"},
		{"insecure", 0, 0, G_OPTION_ARG_NONE, &options->insecure,
		 "Send a token without TLS, also to another machine", NULL},
		{"preview", 'n', 0, G_OPTION_ARG_NONE, &options->is_preview,
		 "Only tell what would change", NULL},
		{"source", 0, 0, G_OPTION_ARG_STRING, &options->source,
		 "Only logs of this source", "NAME"},
		{"parser", 'p', 0, G_OPTION_ARG_STRING, &options->parser,
		 "Only logs that this parser read", "NAME"},
		{"since", 0, 0, G_OPTION_ARG_STRING, &options->since,
		 "Only logs that came since then (RFC 3339, or 7d for days, 12h, ...)", "TIME"},
		{"failed", 0, 0, G_OPTION_ARG_NONE, &is_failed,
		 "Only logs that could not be read", NULL},
		{"all", 0, 0, G_OPTION_ARG_NONE, &is_all,
		 "Also logs that the same version of their parser read", NULL},
		{"format", 'f', 0, G_OPTION_ARG_STRING, &options->format,
		 "table (default), markdown, json or csv", "FORMAT"},
		G_OPTION_ENTRY_NULL};
	/* clang-format on */
	if (!pdc_read_options(
		    argc,
		    argv,
		    entries,
		    NULL,
		    "Parses logs again that are kept, and puts what they say now in the place of "
		    "what they said:\nthose whose parser has another version now, and those that "
		    "could not be read.\nRuns keep their ids, changes and what people said of "
		    "them."))
		return FALSE;
	options->due = is_all      ? PERFDASH_DUE_ALL
		       : is_failed ? PERFDASH_DUE_FAILED
				   : PERFDASH_DUE_OUTDATED;
	if (is_all && is_failed)
		pdc_complain("--all does not go with --failed");
	else if (options->server != NULL && options->store != NULL)
		pdc_complain("--server does not go with --store");
	else if (*argc > 1)
		pdc_complain("unexpected argument \"%s\"; see perfdash reparse --help", (*argv)[1]);
	else
		return TRUE;
	return FALSE;
}

int
pdc_reparse(int argc, char **argv)
{
	g_auto(PdcReparseOptions) options = {0};
	g_autoptr(GError) error = NULL;
	gboolean is_failed = FALSE;
	if (!read_options(&options, &argc, &argv))
		return PDC_USAGE;
	if (options.since != NULL && !perfdash_time_parse(options.since,
							  g_get_real_time(),
							  &options.since_time,
							  NULL,
							  &error))
		return pdc_choice_complain(error);
	/* an unknown format is said before hours of work */
	g_autoptr(PdcTable) format = pdc_table_new(options.format,
						   (const char *const[]){NULL},
						   (const char *const[]){NULL});
	if (format == NULL)
		return PDC_USAGE;
	g_autoptr(JsonNode) node = options.server != NULL ? pdc_reparse_ask_server(&options)
							  : reparse_here(&options, &is_failed);
	if (node == NULL)
		return PDC_FAILED;
	JsonObject *report = json_node_get_object(node);
	pdc_reparse_report_print(report, options.format);
	is_failed |= pdc_reparse_report_complain(report) > 0;
	return is_failed ? PDC_FAILED : PDC_OK;
}
