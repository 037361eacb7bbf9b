/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The way of a log, one direction: seen before? stop. Else keep it, read it, complete what it does
 * not say, store it. The steps that block run in threads, the worker runs in its own process; the
 * caller's main context only passes things on. */

#include "perfdash-pipeline.h"

#include "perfdash-error.h"

struct _PerfdashPipeline {
	GObject parent_instance;
	PerfdashStore *store;
	PerfdashParserRunner *runner;
	PerfdashArchive *archive;
	GMutex lock;        /* of all that follows */
	GHashTable *active; /* digest -> GPtrArray of GTask that wait for the same log */
};

G_DEFINE_FINAL_TYPE(PerfdashPipeline, perfdash_pipeline, G_TYPE_OBJECT)

typedef struct {
	PerfdashLog *log;
	char *source;
	char *parser;          /* nullable */
	PerfdashRun *defaults; /* nullable */
	gboolean is_new;
} Ingest;

static void
ingest_free(Ingest *ingest)
{
	g_object_unref(ingest->log);
	g_free(ingest->source);
	g_free(ingest->parser);
	g_clear_object(&ingest->defaults);
	g_free(ingest);
}

/* FALSE when the same log is on its way already; then the task gets that one's answer */
static gboolean
enter(PerfdashPipeline *self, GTask *task)
{
	Ingest *ingest = g_task_get_task_data(task);
	const char *digest = perfdash_log_get_digest(ingest->log);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	GPtrArray *waiting = g_hash_table_lookup(self->active, digest);
	if (waiting != NULL) {
		g_ptr_array_add(waiting, g_object_ref(task));
		return FALSE;
	}
	g_hash_table_insert(self->active,
			    g_strdup(digest),
			    g_ptr_array_new_with_free_func(g_object_unref));
	return TRUE;
}

static GPtrArray *
leave(PerfdashPipeline *self, PerfdashLog *log)
{
	const char *digest = perfdash_log_get_digest(log);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	g_autofree char *key = NULL;
	GPtrArray *waiting = NULL;
	g_hash_table_steal_extended(self->active, digest, (gpointer *)&key, (gpointer *)&waiting);
	return waiting;
}

static void
return_record(GTask *task, PerfdashLogRecord *record, GError *error)
{
	PerfdashPipeline *self = g_task_get_source_object(task);
	Ingest *ingest = g_task_get_task_data(task);
	g_autoptr(GPtrArray) waiting = leave(self, ingest->log);
	for (guint i = 0; i < waiting->len; i++) {
		GTask *other = g_ptr_array_index(waiting, i);
		if (record != NULL)
			g_task_return_pointer(other, g_object_ref(record), g_object_unref);
		else
			g_task_return_error(other, g_error_copy(error));
	}
	if (record != NULL)
		g_task_return_pointer(task, record, g_object_unref);
	else
		g_task_return_error(task, error);
}

static void
stored_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	Ingest *ingest = g_task_get_task_data(task);
	GError *error = NULL;
	PerfdashLogRecord *record = perfdash_store_add_log_finish(PERFDASH_STORE(source),
								  result,
								  &error);
	ingest->is_new = record != NULL;
	return_record(task, record, error);
}

static void
parsed_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	PerfdashPipeline *self = g_task_get_source_object(task);
	Ingest *ingest = g_task_get_task_data(task);
	GError *error = NULL;
	g_autoptr(PerfdashParseResult)
		parsed = perfdash_parser_runner_parse_finish(PERFDASH_PARSER_RUNNER(source),
							     result,
							     &error);
	if (parsed == NULL) {
		return_record(task, NULL, error);
		return;
	}
	if (ingest->defaults != NULL) {
		PerfdashParseResult *completed = perfdash_parse_result_with_defaults(
			parsed,
			ingest->defaults);
		g_object_unref(parsed);
		parsed = completed;
	}
	perfdash_store_add_log_async(self->store,
				     ingest->log,
				     ingest->source,
				     parsed,
				     g_task_get_cancellable(task),
				     stored_cb,
				     g_object_ref(task));
}

/* finds the record of a log that was seen before, else keeps the log and gives NULL without an
 * error */
static void
keep_thread(GTask *keep, gpointer source, gpointer task_data, GCancellable *cancellable)
{
	PerfdashPipeline *self = source;
	PerfdashLog *log = task_data;
	GError *error = NULL;
	PerfdashLogRecord *record = perfdash_store_load_log(self->store,
							    perfdash_log_get_digest(log),
							    &error);
	if (record != NULL) {
		g_task_return_pointer(keep, record, g_object_unref);
		return;
	}
	if (g_error_matches(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND)) {
		g_clear_error(&error);
		perfdash_archive_add(self->archive, log, cancellable, &error);
	}
	if (error != NULL)
		g_task_return_error(keep, error);
	else
		g_task_return_pointer(keep, NULL, NULL);
}

static void
kept_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	PerfdashPipeline *self = PERFDASH_PIPELINE(source);
	Ingest *ingest = g_task_get_task_data(task);
	GError *error = NULL;
	PerfdashLogRecord *seen = g_task_propagate_pointer(G_TASK(result), &error);
	if (seen != NULL || error != NULL) {
		return_record(task, seen, error);
		return;
	}
	perfdash_parser_runner_parse_async(self->runner,
					   ingest->log,
					   ingest->parser,
					   g_task_get_cancellable(task),
					   parsed_cb,
					   g_object_ref(task));
}

/**
 * perfdash_pipeline_ingest_async:
 * @self: a #PerfdashPipeline
 * @log: a log
 * @source: where it came from: the name of a source, `push` or `ingest`
 * @parser: (nullable): name of the parser to use, or %NULL to let the parsers decide
 * @defaults: (nullable): a run without results that says what the log itself may not
 * @cancellable: (nullable): a #GCancellable
 * @callback: called in the caller's main context
 * @user_data: passed to @callback
 *
 * Like perfdash_pipeline_ingest(), without blocking.
 *
 * Since: 0.1
 */
void
perfdash_pipeline_ingest_async(PerfdashPipeline *self,
			       PerfdashLog *log,
			       const char *source,
			       const char *parser,
			       PerfdashRun *defaults,
			       GCancellable *cancellable,
			       GAsyncReadyCallback callback,
			       gpointer user_data)
{
	g_return_if_fail(PERFDASH_IS_PIPELINE(self) && PERFDASH_IS_LOG(log) && source != NULL);
	g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
	g_autoptr(GTask) keep = NULL;
	Ingest *ingest = g_new0(Ingest, 1);
	ingest->log = g_object_ref(log);
	ingest->source = g_strdup(source);
	ingest->parser = g_strdup(parser);
	ingest->defaults = defaults != NULL ? g_object_ref(defaults) : NULL;
	g_task_set_source_tag(task, perfdash_pipeline_ingest_async);
	g_task_set_task_data(task, ingest, (GDestroyNotify)ingest_free);
	if (!enter(self, task))
		return;
	keep = g_task_new(self, cancellable, kept_cb, g_object_ref(task));
	g_task_set_task_data(keep, g_object_ref(log), g_object_unref);
	g_task_run_in_thread(keep, keep_thread);
}

/**
 * perfdash_pipeline_ingest_finish:
 * @self: a #PerfdashPipeline
 * @result: what the callback was given
 * @is_new: (out) (optional): whether the log was not seen before
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): the record of the log, or %NULL as perfdash_pipeline_ingest() does
 *
 * Since: 0.1
 */
PerfdashLogRecord *
perfdash_pipeline_ingest_finish(PerfdashPipeline *self,
				GAsyncResult *result,
				gboolean *is_new,
				GError **error)
{
	g_return_val_if_fail(g_task_is_valid(result, self), NULL);
	Ingest *ingest = g_task_get_task_data(G_TASK(result));
	if (is_new != NULL)
		*is_new = ingest->is_new;
	return g_task_propagate_pointer(G_TASK(result), error);
}

static void
ingested_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	GAsyncResult **answer = user_data;
	*answer = g_object_ref(result);
}

/**
 * perfdash_pipeline_ingest:
 * @self: a #PerfdashPipeline
 * @log: a log
 * @source: where it came from: the name of a source, `push` or `ingest`
 * @parser: (nullable): name of the parser to use, or %NULL to let the parsers decide
 * @defaults: (nullable): a run without results that says what the log itself may not
 * @is_new: (out) (optional): whether the log was not seen before
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error, or %NULL
 *
 * Takes a log in: keeps it, reads it, stores what it says. A log that was seen before changes
 * nothing. A log that cannot be read is kept too, and the reason stands in its record.
 *
 * Returns: (transfer full): the record of the log, or %NULL when it could not be kept, no worker
 * could be run or the store could not be written: %PERFDASH_ERROR_IO, %PERFDASH_ERROR_NOT_FOUND (no
 * such parser), %PERFDASH_ERROR_STORE or a #GIOErrorEnum when cancelled
 *
 * Since: 0.1
 */
PerfdashLogRecord *
perfdash_pipeline_ingest(PerfdashPipeline *self,
			 PerfdashLog *log,
			 const char *source,
			 const char *parser,
			 PerfdashRun *defaults,
			 gboolean *is_new,
			 GCancellable *cancellable,
			 GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_PIPELINE(self), NULL);
	g_autoptr(GMainContext) context = g_main_context_new();
	g_autoptr(GMainContextPusher) pusher = g_main_context_pusher_new(context);
	g_autoptr(GAsyncResult) result = NULL;
	perfdash_pipeline_ingest_async(self,
				       log,
				       source,
				       parser,
				       defaults,
				       cancellable,
				       ingested_cb,
				       &result);
	while (result == NULL)
		g_main_context_iteration(context, TRUE);
	return perfdash_pipeline_ingest_finish(self, result, is_new, error);
}

static void
perfdash_pipeline_finalize(GObject *object)
{
	PerfdashPipeline *self = PERFDASH_PIPELINE(object);
	g_clear_object(&self->store);
	g_clear_object(&self->runner);
	g_clear_object(&self->archive);
	g_hash_table_unref(self->active);
	g_mutex_clear(&self->lock);
	G_OBJECT_CLASS(perfdash_pipeline_parent_class)->finalize(object);
}

static void
perfdash_pipeline_class_init(PerfdashPipelineClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_pipeline_finalize;
}

static void
perfdash_pipeline_init(PerfdashPipeline *self)
{
	g_mutex_init(&self->lock);
	self->active = g_hash_table_new_full(g_str_hash,
					     g_str_equal,
					     g_free,
					     (GDestroyNotify)g_ptr_array_unref);
}

/**
 * perfdash_pipeline_new:
 * @store: where results go
 * @runner: reads logs
 * @archive: where logs are kept
 *
 * Returns: (transfer full): a pipeline; it may be used from any thread
 *
 * Since: 0.1
 */
PerfdashPipeline *
perfdash_pipeline_new(PerfdashStore *store, PerfdashParserRunner *runner, PerfdashArchive *archive)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(store), NULL);
	g_return_val_if_fail(PERFDASH_IS_PARSER_RUNNER(runner), NULL);
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(archive), NULL);
	PerfdashPipeline *self = g_object_new(PERFDASH_TYPE_PIPELINE, NULL);
	self->store = g_object_ref(store);
	self->runner = g_object_ref(runner);
	self->archive = g_object_ref(archive);
	return self;
}
