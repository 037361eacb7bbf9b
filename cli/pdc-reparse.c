/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Logs are read several at a time, and written some hundred in one transaction: the segments that
 * hold their runs are then derived again once. */

#include "pdc-choice.h"
#include "pdc-progress.h"
#include "pdc-reparse-report.h"

#define BATCH_LOGS   256
#define BATCH_VALUES (128 * 1024)

typedef struct {
	char *store;
	char *source;
	char *parser;
	char *since;
	char *format;
	gboolean only_failed;
	gboolean all;
	gboolean is_preview;
} Options;

static void
options_clear(Options *options)
{
	g_free(options->store);
	g_free(options->source);
	g_free(options->parser);
	g_free(options->since);
	g_free(options->format);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* what came of reading a log again */
typedef struct {
	guint index; /* of the log */
	PerfdashLogRecord *record;
	PerfdashRereading *rereading; /* nullable */
	GError *error;                /* nullable */
} Outcome;

typedef struct {
	PerfdashStore *store;
	PerfdashReparser *reparser;
	PdcReparseReport *report;
	GPtrArray *logs;   /* of PerfdashLogRecord */
	GAsyncQueue *done; /* of Outcome */
	GHashTable *early; /* of those that were popped, by index */
	GPtrArray *batch;  /* of PerfdashRereading, to be written */
	guint n_batch_values;
	guint n_failed;
	gboolean is_preview;
} Reparse;

static void
reparse_clear(Reparse *self)
{
	g_clear_object(&self->reparser);
	g_clear_object(&self->store);
	g_clear_pointer(&self->report, pdc_reparse_report_free);
	g_clear_pointer(&self->logs, g_ptr_array_unref);
	g_clear_pointer(&self->done, g_async_queue_unref);
	g_clear_pointer(&self->early, g_hash_table_unref);
	g_clear_pointer(&self->batch, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reparse, reparse_clear)

static void
outcome_free(Outcome *outcome)
{
	g_clear_object(&outcome->rereading);
	g_clear_error(&outcome->error);
	g_free(outcome);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outcome, outcome_free)

/* in a thread; data is an index and 1 */
static void
read_again(gpointer data, gpointer user_data)
{
	Reparse *self = user_data;
	Outcome *outcome = g_new0(Outcome, 1);
	outcome->index = GPOINTER_TO_UINT(data) - 1;
	outcome->record = g_ptr_array_index(self->logs, outcome->index);
	outcome->rereading =
		perfdash_reparser_read(self->reparser, outcome->record, NULL, &outcome->error);
	g_async_queue_push(self->done, outcome);
}

/* whichever is read first, logs are taken in their order */
static Outcome *
wait_for(Reparse *self, guint index)
{
	Outcome *outcome;
	while ((outcome = g_hash_table_lookup(self->early, GUINT_TO_POINTER(index))) == NULL) {
		Outcome *next = g_async_queue_pop(self->done);
		g_hash_table_insert(self->early, GUINT_TO_POINTER(next->index), next);
	}
	g_hash_table_steal(self->early, GUINT_TO_POINTER(index));
	return outcome;
}

static void
fail(Reparse *self, const char *what, const GError *error)
{
	pdc_progress_clear();
	pdc_complain("%s: %s", what, error->message);
	self->n_failed++;
}

/* one that cannot be written does not keep the others from it */
static void
write_one(Reparse *self, PerfdashRereading *rereading)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	g_ptr_array_add(one, rereading);
	if (!perfdash_store_replace_logs(self->store, one, &error))
		fail(self,
		     perfdash_log_record_get_name(perfdash_rereading_get_record(rereading)),
		     error);
}

static void
write_batch(Reparse *self)
{
	g_autoptr(GError) error = NULL;
	if (self->batch->len > 0 &&
	    !perfdash_store_replace_logs(self->store, self->batch, &error)) {
		for (guint i = 0; i < self->batch->len; i++)
			write_one(self, g_ptr_array_index(self->batch, i));
	}
	g_ptr_array_set_size(self->batch, 0);
	self->n_batch_values = 0;
}

/* whether the store says already all that was read */
static gboolean
is_known(PerfdashRereading *rereading)
{
	PerfdashLogRecord *record = perfdash_rereading_get_record(rereading);
	PerfdashParseResult *parsed = perfdash_rereading_get_parsed(rereading);
	return perfdash_rereading_is_same(rereading) &&
	       g_str_equal(perfdash_log_record_get_parser(record),
			   perfdash_parse_result_get_parser(parsed)) &&
	       g_str_equal(perfdash_log_record_get_parser_version(record),
			   perfdash_parse_result_get_parser_version(parsed));
}

static void
take(Reparse *self, Outcome *outcome)
{
	if (outcome->rereading == NULL) {
		if (g_error_matches(outcome->error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND))
			pdc_reparse_report_add_missing(self->report, outcome->record);
		else
			fail(self, perfdash_log_record_get_name(outcome->record), outcome->error);
		return;
	}
	pdc_reparse_report_add(self->report, outcome->rereading);
	if (self->is_preview || is_known(outcome->rereading))
		return;
	for (guint i = 0; i < PERFDASH_N_REREADS; i++)
		self->n_batch_values += perfdash_rereading_count_values(outcome->rereading, i);
	g_ptr_array_add(self->batch, g_object_ref(outcome->rereading));
	if (self->batch->len >= BATCH_LOGS || self->n_batch_values >= BATCH_VALUES)
		write_batch(self);
}

static void
reparse_all(Reparse *self)
{
	guint n_threads = g_get_num_processors();
	GThreadPool *threads = g_thread_pool_new(read_again, self, n_threads, FALSE, NULL);
	guint n_pushed = 0;
	for (guint i = 0; i < self->logs->len; i++) {
		/* few wait to be written, however long that takes */
		while (n_pushed < self->logs->len && n_pushed < i + 4 * n_threads)
			g_thread_pool_push(threads, GUINT_TO_POINTER(++n_pushed), NULL);
		g_autoptr(Outcome) outcome = wait_for(self, i);
		pdc_progress_show(i,
				  self->logs->len,
				  perfdash_log_record_get_name(outcome->record));
		take(self, outcome);
	}
	g_thread_pool_free(threads, FALSE, TRUE);
	write_batch(self);
	pdc_progress_clear();
}

/* what is written is looked at once, as a whole */
static void
find_changes(Reparse *self)
{
	g_autoptr(GError) error = NULL;
	if (!perfdash_store_find_changes(self->store,
					 g_get_real_time() - PERFDASH_NEW_FOR,
					 NULL,
					 &error))
		fail(self, "changes", error);
}

/* a preview only reads, so it may be had while a server writes */
static gboolean
open_store(Reparse *self, const Options *options)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashStore)
		store = pdc_open_store(options->store, PERFDASH_STORE_FLAGS_READ_ONLY);
	if (store != NULL && !options->is_preview) {
		/* opened for reading first, which does not make a store that is not there */
		g_clear_object(&store);
		store = pdc_open_store(options->store, PERFDASH_STORE_FLAGS_NONE);
	}
	g_autoptr(PerfdashParserRegistry)
		registry = store != NULL ? perfdash_parser_registry_new(NULL, &error) : NULL;
	if (registry == NULL) {
		if (error != NULL)
			pdc_complain("%s", error->message);
		return FALSE;
	}
	g_autoptr(GFile) logs = pdc_find_logs(options->store);
	g_autoptr(PerfdashArchive) archive = perfdash_archive_new(logs);
	g_autoptr(PerfdashParserRunner) runner = perfdash_parser_runner_new(registry);
	self->reparser = perfdash_reparser_new(store, runner, archive);
	self->store = g_steal_pointer(&store);
	return TRUE;
}

static gboolean
list_logs(Reparse *self, const Options *options, gint64 since)
{
	g_autoptr(GError) error = NULL;
	guint n_orphans = 0;
	PerfdashDue due = options->all           ? PERFDASH_DUE_ALL
			  : options->only_failed ? PERFDASH_DUE_FAILED
						 : PERFDASH_DUE_OUTDATED;
	self->logs = perfdash_reparser_list_due(self->reparser,
						due,
						options->source,
						options->parser,
						since,
						&n_orphans,
						&error);
	pdc_reparse_report_set_orphans(self->report, n_orphans);
	if (self->logs == NULL)
		pdc_complain("%s", error->message);
	return self->logs != NULL;
}

static gboolean
read_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry entries[] = {
		{"store",
		 's',
		 0,
		 G_OPTION_ARG_FILENAME,
		 &options->store,
		 "Directory or URI of the store (default: $PERFDASH_STORE)",
		 "PLACE"},
		{"preview",
		 'n',
		 0,
		 G_OPTION_ARG_NONE,
		 &options->is_preview,
		 "Only tell what would change",
		 NULL},
		{"source",
		 0,
		 0,
		 G_OPTION_ARG_STRING,
		 &options->source,
		 "Only logs of this source",
		 "NAME"},
		{"parser",
		 'p',
		 0,
		 G_OPTION_ARG_STRING,
		 &options->parser,
		 "Only logs that this parser read",
		 "NAME"},
		{"since",
		 0,
		 0,
		 G_OPTION_ARG_STRING,
		 &options->since,
		 "Only logs that came since then (RFC 3339, or 7d for days, 12h, ...)",
		 "TIME"},
		{"failed",
		 0,
		 0,
		 G_OPTION_ARG_NONE,
		 &options->only_failed,
		 "Only logs that could not be read",
		 NULL},
		{"all",
		 0,
		 0,
		 G_OPTION_ARG_NONE,
		 &options->all,
		 "Also logs that the same version of their parser read",
		 NULL},
		{"format",
		 'f',
		 0,
		 G_OPTION_ARG_STRING,
		 &options->format,
		 "table (default), markdown, json or csv",
		 "FORMAT"},
		G_OPTION_ENTRY_NULL};
	return pdc_read_options(
		argc,
		argv,
		entries,
		NULL,
		"Parses logs again that are kept, and puts what they say now in the place of "
		"what they said:\nthose whose parser has another version now, and those that "
		"could not be read.\nRuns keep their ids, changes and what people said of them.");
}

int
pdc_reparse(int argc, char **argv)
{
	g_auto(Options) options = {0};
	g_auto(Reparse) reparse = {0};
	g_autoptr(GError) error = NULL;
	gint64 since = 0;
	if (!read_options(&options, &argc, &argv))
		return PDC_USAGE;
	if (argc > 1 || (options.all && options.only_failed)) {
		if (argc > 1)
			pdc_complain("unexpected argument \"%s\"; see perfdash reparse --help",
				     argv[1]);
		else
			pdc_complain("--all does not go with --failed");
		return PDC_USAGE;
	}
	if (options.since != NULL &&
	    !perfdash_time_parse(options.since, g_get_real_time(), &since, NULL, &error))
		return pdc_choice_complain(error);
	/* an unknown format is said before hours of work */
	g_autoptr(PdcTable) format = pdc_table_new(options.format,
						   (const char *const[]){NULL},
						   (const char *const[]){NULL});
	if (format == NULL)
		return PDC_USAGE;
	reparse.is_preview = options.is_preview;
	reparse.report = pdc_reparse_report_new();
	reparse.done = g_async_queue_new();
	reparse.early = g_hash_table_new(NULL, NULL);
	reparse.batch = g_ptr_array_new_with_free_func(g_object_unref);
	if (!open_store(&reparse, &options) || !list_logs(&reparse, &options, since))
		return PDC_FAILED;
	if (reparse.logs->len == 0)
		pdc_complain("no log is due; --all also reads what its parser read already");
	reparse_all(&reparse);
	if (!reparse.is_preview)
		find_changes(&reparse);
	pdc_reparse_report_print(reparse.report, options.format, reparse.is_preview);
	return reparse.n_failed > 0 ? PDC_FAILED : PDC_OK;
}
