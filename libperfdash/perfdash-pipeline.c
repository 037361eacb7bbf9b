/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The way of a log, one direction: seen before? stop. Else keep it, read it, complete what it does
 * not say, store it. A log whose sender may not say everything is kept only when it was read and
 * says nothing else. What is kept stays pending in the archive, with what its sender said, until it
 * is stored: so what is interrupted in between can be resumed, whoever sent it. All that happens in
 * the thread of the caller, and several may call: the disk makes logs durable together that come at
 * the same time, and the store writes those that wait in one transaction. */

#include "perfdash-pipeline.h"

#include <string.h>

#include "perfdash-archive-private.h"
#include "perfdash-arrival.h"
#include "perfdash-error.h"
#include "perfdash-origin-private.h"
#include "perfdash-permission.h"

#define LOOK_AROUND 100000 /* microseconds, whether somebody waits no more */
#define MAX_WAITING 250000 /* results that were read and are not stored; then no more are read */

struct _PerfdashPipeline {
	GObject parent_instance;
	PerfdashStore *store;
	PerfdashParserRunner *runner;
	PerfdashArchive *archive;
	GMutex lock;        /* of all that follows */
	GCond left;         /* a log is through */
	GCond has_room;     /* for one more to be read */
	GHashTable *active; /* set of the digests and places that are on their way */
	guint n_parsing;    /* logs */
	guint64 n_waiting;  /* results */
	gint64 spent[3];    /* microseconds, by step */
	guint64 n_spent[3]; /* how often */
};

G_DEFINE_FINAL_TYPE(PerfdashPipeline, perfdash_pipeline, G_TYPE_OBJECT)

typedef struct {
	PerfdashLog *log;
	PerfdashOrigin *origin;
	const char *identity;
	const char *place; /* nullable: of all sources */
	PerfdashArrival arrival;
	PerfdashSelector *allowed;   /* nullable: everything is */
	GCancellable *cancellable;   /* nullable */
	PerfdashParseResult *parsed; /* nullable; when it is read */
	gboolean is_new;
} Ingest;

/* with the lock; FALSE when cancelled */
static gboolean
wait_for(PerfdashPipeline *self, GCond *change, GCancellable *cancellable, GError **error)
{
	gint64 until = g_get_monotonic_time() + LOOK_AROUND;
	g_cond_wait_until(change, &self->lock, until);
	return !g_cancellable_set_error_if_cancelled(cancellable, error);
}

/* waits while a log with the same bytes or at the same place is on its way already */
static gboolean
enter(PerfdashPipeline *self, Ingest *ingest, GError **error)
{
	const char *digest = perfdash_log_get_digest(ingest->log);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	while (g_hash_table_contains(self->active, digest) ||
	       (ingest->place != NULL && g_hash_table_contains(self->active, ingest->place))) {
		if (!wait_for(self, &self->left, ingest->cancellable, error))
			return FALSE;
	}
	if (ingest->place != NULL)
		g_hash_table_add(self->active, g_strdup(ingest->place));
	return g_hash_table_add(self->active, g_strdup(digest));
}

static void
leave(PerfdashPipeline *self, Ingest *ingest)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	g_hash_table_remove(self->active, perfdash_log_get_digest(ingest->log));
	if (ingest->place != NULL)
		g_hash_table_remove(self->active, ingest->place);
	g_cond_broadcast(&self->left);
}

/* what is read waits in memory for the store, so no more is read than that can take */
static gboolean
enter_parsing(PerfdashPipeline *self, GCancellable *cancellable, GError **error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	while (self->n_parsing >= g_get_num_processors() || self->n_waiting > MAX_WAITING) {
		if (!wait_for(self, &self->has_room, cancellable, error))
			return FALSE;
	}
	self->n_parsing++;
	return TRUE;
}

static guint64
count_results(PerfdashParseResult *parsed)
{
	GPtrArray *runs = perfdash_parse_result_get_runs(parsed);
	guint64 n = 0;
	for (guint i = 0; i < runs->len; i++)
		n += perfdash_run_get_n_results(g_ptr_array_index(runs, i));
	return n;
}

static void
leave_parsing(PerfdashPipeline *self, PerfdashParseResult *parsed)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	self->n_parsing--;
	if (parsed != NULL)
		self->n_waiting += count_results(parsed);
	g_cond_signal(&self->has_room);
}

static void
leave_storing(PerfdashPipeline *self, PerfdashParseResult *parsed)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	gboolean was_full = self->n_waiting > MAX_WAITING;
	self->n_waiting -= count_results(parsed);
	if (was_full)
		g_cond_broadcast(&self->has_room);
}

static void
spend(PerfdashPipeline *self, PerfdashPipelineStep step, gint64 begun_at)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	self->spent[step] += g_get_monotonic_time() - begun_at;
	self->n_spent[step]++;
}

static gboolean
check_parsed(Ingest *ingest, GError **error)
{
	GPtrArray *runs = perfdash_parse_result_get_runs(ingest->parsed);
	for (guint i = 0; ingest->allowed != NULL && i < runs->len; i++) {
		if (!perfdash_permission_check_run(ingest->allowed,
						   g_ptr_array_index(runs, i),
						   error))
			return FALSE;
	}
	return TRUE;
}

/* if this is lost, the log is resumed and found to be stored */
static void
settle(PerfdashPipeline *self, Ingest *ingest)
{
	g_autoptr(GError) error = NULL;
	if (!perfdash_archive_settle(self->archive, ingest->identity, &error))
		g_warning("%s", error->message);
}

static gboolean
keep(PerfdashPipeline *self, Ingest *ingest, GError **error)
{
	gint64 begun_at = g_get_monotonic_time();
	g_autoptr(GBytes) note = perfdash_origin_pack(ingest->origin, ingest->log);
	gboolean is_kept = perfdash_archive_add(self->archive,
						ingest->log,
						ingest->identity,
						note,
						ingest->cancellable,
						error);
	spend(self, PERFDASH_PIPELINE_KEEP, begun_at);
	return is_kept;
}

static PerfdashParseResult *
run_parser(PerfdashPipeline *self, Ingest *ingest, GError **error)
{
	gint64 begun_at = g_get_monotonic_time();
	const char *parser = perfdash_origin_get_parser(ingest->origin);
	PerfdashParseResult *parsed = perfdash_parser_runner_parse(self->runner,
								   ingest->log,
								   parser,
								   ingest->cancellable,
								   error);
	spend(self, PERFDASH_PIPELINE_PARSE, begun_at);
	return parsed;
}

static gboolean
parse(PerfdashPipeline *self, Ingest *ingest, GError **error)
{
	if (!enter_parsing(self, ingest->cancellable, error))
		return FALSE;
	ingest->parsed = run_parser(self, ingest, error);
	leave_parsing(self, ingest->parsed);
	return ingest->parsed != NULL;
}

static PerfdashLogRecord *
store(PerfdashPipeline *self, Ingest *ingest, GError **error)
{
	gint64 begun_at = g_get_monotonic_time();
	PerfdashLogRecord *record =
		perfdash_arrival_store(&ingest->arrival, self->store, ingest->parsed, error);
	spend(self, PERFDASH_PIPELINE_STORE, begun_at);
	if (record != NULL)
		settle(self, ingest);
	return record;
}

/* Whether unsure, which is nullable, is this log, stored before logs had origins, as far as its
 * runs tell; read is what was read from it, NULL when that is not known. One without runs has
 * nothing that tells it apart. */
static gboolean
compare(PerfdashPipeline *self,
	Ingest *ingest,
	PerfdashLogRecord *unsure,
	GPtrArray *read,
	gboolean *is_known,
	GError **error)
{
	gsize n = 0;
	const gint64 *runs = unsure != NULL ? perfdash_log_record_get_runs(unsure, &n) : NULL;
	*is_known = unsure != NULL;
	for (gsize i = 0; *is_known && i < n; i++) {
		g_autoptr(PerfdashRun) run = perfdash_store_load_run(self->store, runs[i], error);
		if (run == NULL)
			return FALSE;
		*is_known = perfdash_origin_fits(ingest->origin, run, read);
	}
	return TRUE;
}

/* the log is here already; whether its sender may have said what became of it */
static PerfdashLogRecord *
recognise(PerfdashPipeline *self, Ingest *ingest, PerfdashLogRecord *seen, GError **error)
{
	gsize n_runs;
	const gint64 *runs = perfdash_log_record_get_runs(seen, &n_runs);
	settle(self, ingest);
	for (gsize i = 0; ingest->allowed != NULL && i < n_runs; i++) {
		g_autoptr(PerfdashRun) run = perfdash_store_load_run(self->store, runs[i], error);
		if (run == NULL)
			return NULL;
		if (!perfdash_permission_check_run(ingest->allowed, run, error)) {
			g_prefix_error(error, "the same log is here already: ");
			return NULL;
		}
	}
	return perfdash_arrival_recognise(&ingest->arrival, self->store, seen, error);
}

/* what was read, completed by what its source knows; ingest takes that */
static PerfdashParseResult *
complete(Ingest *ingest, PerfdashOrigin *origin)
{
	PerfdashParseResult *read = ingest->parsed;
	PerfdashRun *defaults = perfdash_origin_get_defaults(origin);
	ingest->parsed = perfdash_parse_result_with_defaults(read, defaults);
	return read;
}

static gboolean
judge(PerfdashPipeline *self,
      Ingest *ingest,
      PerfdashLogRecord *seen,
      GPtrArray *read,
      GError **error)
{
	return perfdash_arrival_judge(&ingest->arrival,
				      self->store,
				      self->archive,
				      seen,
				      read,
				      ingest->parsed,
				      error);
}

static PerfdashLogRecord *
store_parsed(PerfdashPipeline *self, Ingest *ingest, PerfdashLogRecord *unsure, GError **error)
{
	g_autoptr(PerfdashParseResult) read = complete(ingest, ingest->origin);
	GPtrArray *runs = perfdash_parse_result_get_runs(read);
	PerfdashLogRecord *record = NULL;
	gboolean is_known;
	if (!compare(self, ingest, unsure, runs, &is_known, error))
		return NULL;
	if (is_known)
		return recognise(self, ingest, unsure, error);
	if (check_parsed(ingest, error) && (ingest->allowed == NULL || keep(self, ingest, error)) &&
	    judge(self, ingest, NULL, runs, error))
		record = store(self, ingest, error);
	ingest->is_new = record != NULL;
	return record;
}

/* keeps first what may be kept whatever it says; unsure is nullable: maybe this very log, stored
 * without its origin */
static PerfdashLogRecord *
take_in(PerfdashPipeline *self, Ingest *ingest, PerfdashLogRecord *unsure, GError **error)
{
	if (ingest->allowed == NULL && !keep(self, ingest, error))
		return NULL;
	if (!parse(self, ingest, error))
		return NULL;
	PerfdashLogRecord *record = store_parsed(self, ingest, unsure, error);
	leave_storing(self, ingest->parsed);
	return record;
}

/* as it was when the log came first: what is read again must be the same */
static PerfdashOrigin *
load_kept_origin(PerfdashPipeline *self, Ingest *ingest)
{
	g_autofree char *name = NULL;
	g_autoptr(GBytes)
		note = perfdash_archive_load_kept_note(self->archive, ingest->identity, NULL);
	PerfdashOrigin *origin = note != NULL ? perfdash_origin_unpack(note, &name, NULL) : NULL;
	return origin != NULL ? origin : g_object_ref(ingest->origin);
}

/* a log that was here comes at a place where another one lies: a file may have been set back to
 * what it was */
static PerfdashLogRecord *
bring_back(PerfdashPipeline *self, Ingest *ingest, PerfdashLogRecord *seen, GError **error)
{
	PerfdashLogRecord *record = NULL;
	if (!parse(self, ingest, error))
		return NULL;
	g_autoptr(PerfdashOrigin) origin = load_kept_origin(self, ingest);
	g_autoptr(PerfdashParseResult) read = complete(ingest, origin);
	if (judge(self, ingest, seen, perfdash_parse_result_get_runs(read), error))
		record = ingest->arrival.succession != PERFDASH_SUCCESSION_NONE
				 ? store(self, ingest, error)
				 : recognise(self, ingest, seen, error);
	leave_storing(self, ingest->parsed);
	return record;
}

/* FALSE with an error; what is not there is NULL */
static gboolean
find(PerfdashPipeline *self,
     Ingest *ingest,
     const char *origin,
     PerfdashLogRecord **record,
     GError **error)
{
	g_autoptr(GError) local = NULL;
	const char *digest = perfdash_log_get_digest(ingest->log);
	*record = perfdash_store_find_log(self->store, digest, origin, &local);
	if (*record != NULL || g_error_matches(local, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND))
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

static PerfdashLogRecord *
look_and_take_in(PerfdashPipeline *self, Ingest *ingest, GError **error)
{
	const char *origin = perfdash_origin_get_digest(ingest->origin);
	/* a log of which it is not known where it came from may have come again since */
	const char *other = *origin != '\0' ? "" : NULL;
	g_autoptr(PerfdashLogRecord) seen = NULL;
	g_autoptr(PerfdashLogRecord) unsure = NULL;
	gboolean is_known;
	if (!perfdash_arrival_begin(&ingest->arrival,
				    ingest->log,
				    ingest->origin,
				    self->store,
				    error) ||
	    !find(self, ingest, origin, &seen, error))
		return NULL;
	PerfdashLogRecord *former = ingest->arrival.former;
	gboolean is_resumed = perfdash_origin_get_arrived_at(ingest->origin) != 0;
	if (seen != NULL && former != NULL && !is_resumed &&
	    perfdash_log_record_get_id(former) != perfdash_log_record_get_id(seen))
		return bring_back(self, ingest, seen, error);
	if (seen != NULL)
		return recognise(self, ingest, seen, error);
	if (!find(self, ingest, other, &unsure, error) ||
	    !compare(self, ingest, unsure, NULL, &is_known, error))
		return NULL;
	return is_known ? recognise(self, ingest, unsure, error)
			: take_in(self, ingest, unsure, error);
}

/* not like a digest */
static char *
name_place(PerfdashOrigin *origin)
{
	const char *place = perfdash_origin_get_place(origin);
	return *place != '\0' ? g_strconcat(perfdash_origin_get_source(origin), ":", place, NULL)
			      : NULL;
}

/**
 * perfdash_pipeline_ingest:
 * @self: a #PerfdashPipeline
 * @log: a log
 * @origin: where it came from, and what is known of it there
 * @allowed: (nullable): what the labels of each result must match, or %NULL
 * @is_new: (out) (optional): whether the log was not seen before
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error, or %NULL
 *
 * Takes a log in: keeps it, reads it, stores what it says. A log that was seen before, the same
 * bytes with the same facts, changes nothing. A log that cannot be read is kept too, and the reason
 * stands in its record. A log with results that are not @allowed is neither kept nor stored.
 * Blocks; several threads that call at the same time are served faster than one.
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
			 PerfdashOrigin *origin,
			 PerfdashSelector *allowed,
			 gboolean *is_new,
			 GCancellable *cancellable,
			 GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_PIPELINE(self) && PERFDASH_IS_LOG(log), NULL);
	g_autofree char *identity = perfdash_origin_identify(origin, log);
	g_autofree char *place = name_place(origin);
	Ingest ingest = {.log = log,
			 .origin = origin,
			 .identity = identity,
			 .place = place,
			 .allowed = allowed,
			 .cancellable = cancellable};
	if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
	    !enter(self, &ingest, error))
		return NULL;
	PerfdashLogRecord *record = look_and_take_in(self, &ingest, error);
	leave(self, &ingest);
	perfdash_arrival_clear(&ingest.arrival);
	g_clear_object(&ingest.parsed);
	if (is_new != NULL)
		*is_new = ingest.is_new;
	return record;
}

/**
 * perfdash_pipeline_resume:
 * @self: a #PerfdashPipeline
 * @identity: what a log is known by that is pending in the archive
 * @is_new: (out) (optional): whether the log was not stored yet
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error, or %NULL
 *
 * Takes a log in that was kept and not stored, because a process ended in between, from the same
 * origin. Whoever opens a store with its archive does this for all that
 * perfdash_archive_list_pending() gives, before anything else is taken in. When another log came to
 * its place meanwhile, that one stays the newer one.
 *
 * Returns: (transfer full): the record of the log, or %NULL as perfdash_pipeline_ingest() does,
 * with %PERFDASH_ERROR_NOT_FOUND when the log is not pending or %PERFDASH_ERROR_BROKEN when what
 * was noted is damaged
 *
 * Since: 0.1
 */
PerfdashLogRecord *
perfdash_pipeline_resume(PerfdashPipeline *self,
			 const char *identity,
			 gboolean *is_new,
			 GCancellable *cancellable,
			 GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_PIPELINE(self) && identity != NULL, NULL);
	g_autofree char *name = NULL;
	g_autofree char *digest = g_strndup(identity, strcspn(identity, "-"));
	g_autoptr(PerfdashOrigin) origin = NULL;
	g_autoptr(GInputStream) stream = NULL;
	g_autoptr(PerfdashLog) log = NULL;
	g_autoptr(GBytes) note = perfdash_archive_load_note(self->archive, identity, error);
	if (note != NULL)
		origin = perfdash_origin_unpack(note, &name, error);
	if (origin != NULL)
		stream = perfdash_archive_open(self->archive, digest, error);
	if (origin != NULL)
		perfdash_origin_set_arrived_at(
			origin,
			perfdash_archive_find_added_at(self->archive, identity));
	if (stream != NULL)
		log = perfdash_log_new_from_stream(name, stream, G_MAXUINT64, cancellable, error);
	if (log == NULL)
		return NULL;
	return perfdash_pipeline_ingest(self, log, origin, NULL, is_new, cancellable, error);
}

/**
 * perfdash_pipeline_get_spent:
 * @self: a #PerfdashPipeline
 * @step: what a log goes through
 * @time: (out) (optional): what that took in all, in microseconds; logs that are on their way at
 * the same time count each
 *
 * Where the time goes. What a log waits for its turn to be read counts nowhere.
 *
 * Returns: how many logs went through it
 *
 * Since: 0.1
 */
guint64
perfdash_pipeline_get_spent(PerfdashPipeline *self, PerfdashPipelineStep step, gint64 *time)
{
	g_return_val_if_fail(PERFDASH_IS_PIPELINE(self), 0);
	g_return_val_if_fail(step < G_N_ELEMENTS(self->spent), 0);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	if (time != NULL)
		*time = self->spent[step];
	return self->n_spent[step];
}

static void
perfdash_pipeline_finalize(GObject *object)
{
	PerfdashPipeline *self = PERFDASH_PIPELINE(object);
	g_clear_object(&self->store);
	g_clear_object(&self->runner);
	g_clear_object(&self->archive);
	g_hash_table_unref(self->active);
	g_cond_clear(&self->left);
	g_cond_clear(&self->has_room);
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
	g_cond_init(&self->left);
	g_cond_init(&self->has_room);
	self->active = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
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
