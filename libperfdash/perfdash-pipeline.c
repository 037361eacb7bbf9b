/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The way of a log, one direction: seen before? stop. Else keep it, read it, complete what it does
 * not say, store it. A log whose sender may not say everything is kept only when it was read and
 * says nothing else. What is kept stays pending in the archive, with what its sender said, until it
 * is stored: so what is interrupted in between can be resumed, whoever sent it. The steps that
 * block run in threads, the worker runs in its own process; the caller's main context only passes
 * things on. */

#include "perfdash-pipeline.h"

#include "perfdash-acceptance.h"
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
	char *parser;                /* nullable */
	PerfdashRun *defaults;       /* nullable */
	PerfdashSelector *allowed;   /* nullable: everything is */
	PerfdashParseResult *parsed; /* nullable; when it is read */
	gboolean is_new;
} Ingest;

static void
ingest_free(Ingest *ingest)
{
	g_object_unref(ingest->log);
	g_free(ingest->source);
	g_free(ingest->parser);
	g_clear_object(&ingest->defaults);
	g_clear_pointer(&ingest->allowed, perfdash_selector_unref);
	g_clear_object(&ingest->parsed);
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
start(GTask *task);

static gboolean
start_cb(gpointer user_data)
{
	start(user_data);
	return G_SOURCE_REMOVE;
}

/* what one may not send another may, and the other way round */
static gboolean
has_own_answer(GTask *task, const GError *error)
{
	Ingest *ingest = g_task_get_task_data(task);
	return ingest->allowed != NULL ||
	       g_error_matches(error, PERFDASH_ERROR, PERFDASH_ERROR_DENIED);
}

static void
return_record(GTask *task, PerfdashLogRecord *record, GError *error)
{
	PerfdashPipeline *self = g_task_get_source_object(task);
	Ingest *ingest = g_task_get_task_data(task);
	g_autoptr(GPtrArray) waiting = leave(self, ingest->log);
	for (guint i = 0; i < waiting->len; i++) {
		GTask *other = g_ptr_array_index(waiting, i);
		if (has_own_answer(other, error))
			g_main_context_invoke_full(g_task_get_context(other),
						   G_PRIORITY_DEFAULT,
						   start_cb,
						   g_object_ref(other),
						   g_object_unref);
		else if (record != NULL)
			g_task_return_pointer(other, g_object_ref(record), g_object_unref);
		else
			g_task_return_error(other, g_error_copy(error));
	}
	if (record != NULL)
		g_task_return_pointer(task, record, g_object_unref);
	else
		g_task_return_error(task, error);
}

/* a result may have labels of its own in place of those of its run */
static gboolean
check_run(PerfdashSelector *allowed, PerfdashRun *run, GError **error)
{
	PerfdashLabels *labels = perfdash_run_get_labels(run);
	g_autoptr(PerfdashLabels) refused = NULL;
	if (!perfdash_selector_matches(allowed, labels))
		refused = perfdash_labels_ref(labels);
	for (guint i = 0; refused == NULL && i < perfdash_run_get_n_results(run); i++) {
		PerfdashResult *result = perfdash_run_get_result(run, i);
		g_autoptr(PerfdashLabels)
			own = perfdash_labels_merge(labels, perfdash_result_get_labels(result));
		if (!perfdash_selector_matches(allowed, own))
			refused = g_steal_pointer(&own);
	}
	if (refused == NULL)
		return TRUE;
	g_autofree char *text = perfdash_labels_to_string(refused);
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_DENIED,
		    "the log has results of %s",
		    *text != '\0' ? text : "no lab and no project");
	return FALSE;
}

static gboolean
check_parsed(Ingest *ingest, GError **error)
{
	GPtrArray *runs = perfdash_parse_result_get_runs(ingest->parsed);
	for (guint i = 0; ingest->allowed != NULL && i < runs->len; i++) {
		if (!check_run(ingest->allowed, g_ptr_array_index(runs, i), error))
			return FALSE;
	}
	return TRUE;
}

/* whether the sender may have said what became of the same log before */
static gboolean
check_seen(PerfdashStore *store, Ingest *ingest, PerfdashLogRecord *seen, GError **error)
{
	gsize n_runs;
	const gint64 *runs = perfdash_log_record_get_runs(seen, &n_runs);
	for (gsize i = 0; ingest->allowed != NULL && i < n_runs; i++) {
		g_autoptr(PerfdashRun) run = perfdash_store_load_run(store, runs[i], error);
		if (run == NULL)
			return FALSE;
		if (!check_run(ingest->allowed, run, error)) {
			g_prefix_error(error, "the same log is here already: ");
			return FALSE;
		}
	}
	return TRUE;
}

/* func is run for an Ingest in a thread, callback gets the task */
static void
run_in_thread(GTask *task, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
	g_autoptr(GTask) step = g_task_new(g_task_get_source_object(task),
					   g_task_get_cancellable(task),
					   callback,
					   g_object_ref(task));
	g_task_set_task_data(step, g_task_get_task_data(task), NULL);
	g_task_run_in_thread(step, func);
}

/* if this is lost, the log is resumed and found to be stored */
static void
settle(PerfdashPipeline *self, Ingest *ingest)
{
	g_autoptr(GError) error = NULL;
	const char *digest = perfdash_log_get_digest(ingest->log);
	if (!perfdash_archive_settle(self->archive, digest, &error))
		g_warning("%s", error->message);
}

static void
store_thread(GTask *step, gpointer source, gpointer task_data, GCancellable *cancellable)
{
	PerfdashPipeline *self = source;
	Ingest *ingest = task_data;
	GError *error = NULL;
	PerfdashLogRecord *record = perfdash_store_add_log(self->store,
							   ingest->log,
							   ingest->source,
							   ingest->parsed,
							   &error);
	if (record == NULL) {
		g_task_return_error(step, error);
		return;
	}
	settle(self, ingest);
	g_task_return_pointer(step, record, g_object_unref);
}

static void
stored_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	Ingest *ingest = g_task_get_task_data(task);
	GError *error = NULL;
	PerfdashLogRecord *record = g_task_propagate_pointer(G_TASK(result), &error);
	ingest->is_new = record != NULL;
	return_record(task, record, error);
}

static gboolean
keep(PerfdashPipeline *self, Ingest *ingest, GCancellable *cancellable, GError **error)
{
	g_autoptr(GBytes) note = perfdash_acceptance_pack(perfdash_log_get_name(ingest->log),
							  ingest->source,
							  ingest->parser,
							  ingest->defaults);
	return perfdash_archive_add(self->archive, ingest->log, note, cancellable, error);
}

static void
keep_thread(GTask *step, gpointer source, gpointer task_data, GCancellable *cancellable)
{
	PerfdashPipeline *self = source;
	Ingest *ingest = task_data;
	GError *error = NULL;
	if (keep(self, ingest, cancellable, &error))
		g_task_return_boolean(step, TRUE);
	else
		g_task_return_error(step, error);
}

static void
kept_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	GError *error = NULL;
	if (g_task_propagate_boolean(G_TASK(result), &error))
		run_in_thread(task, store_thread, stored_cb);
	else
		return_record(task, NULL, error);
}

static gboolean
take_parsed(GTask *task, PerfdashParserRunner *runner, GAsyncResult *result, GError **error)
{
	Ingest *ingest = g_task_get_task_data(task);
	g_autoptr(PerfdashParseResult)
		parsed = perfdash_parser_runner_parse_finish(runner, result, error);
	if (parsed == NULL)
		return FALSE;
	ingest->parsed = ingest->defaults != NULL
				 ? perfdash_parse_result_with_defaults(parsed, ingest->defaults)
				 : g_object_ref(parsed);
	return check_parsed(ingest, error);
}

static void
parsed_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	g_autoptr(GTask) task = user_data;
	Ingest *ingest = g_task_get_task_data(task);
	GError *error = NULL;
	if (!take_parsed(task, PERFDASH_PARSER_RUNNER(source), result, &error))
		return_record(task, NULL, error);
	else if (ingest->allowed != NULL)
		run_in_thread(task, keep_thread, kept_cb);
	else
		run_in_thread(task, store_thread, stored_cb);
}

/* finds the record of a log that was seen before, else gives NULL without an error, and the log is
 * kept if its sender may say everything */
static void
look_thread(GTask *step, gpointer source, gpointer task_data, GCancellable *cancellable)
{
	PerfdashPipeline *self = source;
	Ingest *ingest = task_data;
	GError *error = NULL;
	g_autoptr(PerfdashLogRecord)
		seen = perfdash_store_load_log(self->store,
					       perfdash_log_get_digest(ingest->log),
					       &error);
	if (seen != NULL) {
		settle(self, ingest);
		check_seen(self->store, ingest, seen, &error);
	} else if (g_error_matches(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND)) {
		g_clear_error(&error);
		if (ingest->allowed == NULL)
			keep(self, ingest, cancellable, &error);
	}
	if (error != NULL)
		g_task_return_error(step, error);
	else
		g_task_return_pointer(step, g_steal_pointer(&seen), g_object_unref);
}

static void
looked_cb(GObject *source, GAsyncResult *result, gpointer user_data)
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

static void
start(GTask *task)
{
	if (enter(g_task_get_source_object(task), task))
		run_in_thread(task, look_thread, looked_cb);
}

/**
 * perfdash_pipeline_ingest_async:
 * @self: a #PerfdashPipeline
 * @log: a log
 * @source: where it came from: the name of a source, `push` or `ingest`
 * @parser: (nullable): name of the parser to use, or %NULL to let the parsers decide
 * @defaults: (nullable): a run without results that says what the log itself may not
 * @allowed: (nullable): what the labels of each result must match, or %NULL
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
			       PerfdashSelector *allowed,
			       GCancellable *cancellable,
			       GAsyncReadyCallback callback,
			       gpointer user_data)
{
	g_return_if_fail(PERFDASH_IS_PIPELINE(self) && PERFDASH_IS_LOG(log) && source != NULL);
	g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
	Ingest *ingest = g_new0(Ingest, 1);
	ingest->log = g_object_ref(log);
	ingest->source = g_strdup(source);
	ingest->parser = g_strdup(parser);
	ingest->defaults = defaults != NULL ? g_object_ref(defaults) : NULL;
	ingest->allowed = allowed != NULL ? perfdash_selector_ref(allowed) : NULL;
	g_task_set_source_tag(task, perfdash_pipeline_ingest_async);
	g_task_set_task_data(task, ingest, (GDestroyNotify)ingest_free);
	start(task);
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
 * @allowed: (nullable): what the labels of each result must match, or %NULL
 * @is_new: (out) (optional): whether the log was not seen before
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error, or %NULL
 *
 * Takes a log in: keeps it, reads it, stores what it says. A log that was seen before changes
 * nothing. A log that cannot be read is kept too, and the reason stands in its record. A log with
 * results that are not @allowed is neither kept nor stored.
 *
 * Returns: (transfer full): the record of the log, or %NULL when it could not be kept, no worker
 * could be run or the store could not be written: %PERFDASH_ERROR_IO, %PERFDASH_ERROR_NOT_FOUND (no
 * such parser), %PERFDASH_ERROR_STORE or a #GIOErrorEnum when cancelled; or %PERFDASH_ERROR_DENIED
 * when results are not @allowed
 *
 * Since: 0.1
 */
PerfdashLogRecord *
perfdash_pipeline_ingest(PerfdashPipeline *self,
			 PerfdashLog *log,
			 const char *source,
			 const char *parser,
			 PerfdashRun *defaults,
			 PerfdashSelector *allowed,
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
				       allowed,
				       cancellable,
				       ingested_cb,
				       &result);
	while (result == NULL)
		g_main_context_iteration(context, TRUE);
	return perfdash_pipeline_ingest_finish(self, result, is_new, error);
}

/**
 * perfdash_pipeline_resume:
 * @self: a #PerfdashPipeline
 * @digest: the digest of a log that is pending in the archive
 * @is_new: (out) (optional): whether the log was not stored yet
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error, or %NULL
 *
 * Takes a log in that was kept and not stored, because a process ended in between, from the same
 * source, with the same parser and the same defaults. Whoever opens a store with its archive does
 * this for all that perfdash_archive_list_pending() gives, before anything else is taken in.
 *
 * Returns: (transfer full): the record of the log, or %NULL as perfdash_pipeline_ingest() does,
 * with %PERFDASH_ERROR_NOT_FOUND when the log is not pending or %PERFDASH_ERROR_BROKEN when what
 * was noted is damaged
 *
 * Since: 0.1
 */
PerfdashLogRecord *
perfdash_pipeline_resume(PerfdashPipeline *self,
			 const char *digest,
			 gboolean *is_new,
			 GCancellable *cancellable,
			 GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_PIPELINE(self) && digest != NULL, NULL);
	g_autoptr(PerfdashAcceptance) accepted = NULL;
	g_autoptr(GInputStream) stream = NULL;
	g_autoptr(PerfdashLog) log = NULL;
	g_autoptr(GBytes) note = perfdash_archive_load_note(self->archive, digest, error);
	if (note != NULL)
		accepted = perfdash_acceptance_unpack(note, error);
	if (accepted != NULL)
		stream = perfdash_archive_open(self->archive, digest, error);
	if (stream != NULL)
		log = perfdash_log_new_from_stream(accepted->name,
						   stream,
						   G_MAXUINT64,
						   cancellable,
						   error);
	if (log == NULL)
		return NULL;
	return perfdash_pipeline_ingest(self,
					log,
					accepted->source,
					accepted->parser,
					accepted->defaults,
					NULL,
					is_new,
					cancellable,
					error);
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
