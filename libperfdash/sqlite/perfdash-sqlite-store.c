/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One writer thread takes jobs from a queue, readers use connections from a pool; see docs/store.md
 * for the file. */

#include "perfdash-sqlite-store.h"

#include <glib/gstdio.h>

#include "perfdash-change-finder.h"
#include "perfdash-error.h"
#include "perfdash-reader-pool.h"
#include "perfdash-reader.h"
#include "perfdash-sqlite-changes.h"
#include "perfdash-sqlite-logs.h"
#include "perfdash-sqlite-places.h"
#include "perfdash-sqlite-rereadings.h"
#include "perfdash-sqlite-runs.h"
#include "perfdash-sqlite-sources.h"
#include "perfdash-writer.h"

#define MAX_TAIL_RUNS   256 /* of a stream */
#define MAX_TAIL_POINTS (256 * 1024)
#define IDLE_TIME       (2 * G_TIME_SPAN_SECOND)
#define MAX_TOGETHER    64 /* logs of a transaction */
#define MIN_IDLE_RUNS   64 /* fewer wait for others, for a segment of few is soon made again */
#define SERIES_CACHE    (8 * 1024 * 1024)
#define SUMMARY_CACHE   (12 * 1024 * 1024)
#define SUMMARY_SIZE    600 /* of one, about: few have an open change */
#define TIMELINE_CACHE  (8 * 1024 * 1024)
/* more touched series than this are not worth naming */
#define MAX_NAMED       500

struct _PerfdashSqliteStore {
	PerfdashStore parent_instance;
	char *path;
	char *uuid;
	gboolean read_only;
	int lock_fd; /* held by the one process that writes, or -1 */
	PerfdashCatalogue *catalogue;
	PerfdashCache *series;    /* by id, at the version of the entry */
	PerfdashCache *summaries; /* likewise */
	PerfdashCache *timelines;
	guint64 max_tail_points;
	PerfdashDatabase *database; /* the writer's */
	GThread *writer;
	GAsyncQueue *jobs; /* of Job */
	GMutex lock;       /* of the answers of jobs */
	GCond answered;
	PerfdashReaderPool *readers;
	PerfdashChangeFinder *finder;
};

G_DEFINE_FINAL_TYPE(PerfdashSqliteStore, perfdash_sqlite_store, PERFDASH_TYPE_STORE)

typedef enum {
	JOB_ADD,
	JOB_FLUSH,
	JOB_REBUILD,
	JOB_WORK,
	JOB_STOP,
} JobKind;

/* lives on the stack of whoever waits for the answer */
typedef struct {
	JobKind kind;
	PerfdashNewLog added;
	PerfdashSqliteWork work;
	gpointer data; /* of work */
	GError *error;
	gboolean done;
} Job;

/* A failure loses nothing, for the tail stays; but it is not tried again before the store is opened
 * again or rebuilt, and other streams do not suffer. */
static gboolean
derive(PerfdashSqliteStore *self, PerfdashStream *stream, GError **error)
{
	g_autoptr(GError) local = NULL;
	if (stream->cannot_derive ||
	    perfdash_writer_derive(self->catalogue, self->database, stream, &local))
		return TRUE;
	stream->cannot_derive = TRUE;
	g_warning("%s", local->message);
	if (error != NULL && *error == NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/* the streams with at least some runs in the tail */
static gboolean
derive_all(PerfdashSqliteStore *self, guint min_runs, GError **error)
{
	gboolean derived = TRUE;
	for (guint i = 0; i < self->catalogue->streams->len; i++) {
		PerfdashStream *stream = g_ptr_array_index(self->catalogue->streams, i);
		if (stream->tail->len >= min_runs)
			derived &= derive(self, stream, error);
	}
	return derived;
}

static void
derive_when_due(PerfdashSqliteStore *self, GPtrArray *touched)
{
	if (self->catalogue->n_tail_points > self->max_tail_points) {
		derive_all(self, 1, NULL);
		/* what cannot be derived stays */
		self->max_tail_points = self->catalogue->n_tail_points + MAX_TAIL_POINTS;
	}
	for (guint i = 0; i < touched->len; i++) {
		PerfdashSeriesEntry *entry = g_ptr_array_index(touched, i);
		if (entry->stream->tail->len >= MAX_TAIL_RUNS)
			derive(self, entry->stream, NULL);
	}
}

static void
announce(PerfdashSqliteStore *self, guint64 generation, GPtrArray *touched)
{
	g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < touched->len && g_hash_table_size(names) <= MAX_NAMED; i++) {
		PerfdashSeriesEntry *entry = g_ptr_array_index(touched, i);
		g_hash_table_add(names, (char *)perfdash_series_info_get_id(entry->info));
	}
	g_autofree gpointer *listed = g_hash_table_get_keys_as_array(names, NULL);
	gboolean is_named = g_hash_table_size(names) <= MAX_NAMED;
	perfdash_store_emit_changed(PERFDASH_STORE(self),
				    generation,
				    is_named ? (const char *const *)listed : NULL);
}

static void
answer_all(PerfdashSqliteStore *self, Job **jobs, guint n_jobs)
{
	g_mutex_lock(&self->lock);
	for (guint i = 0; i < n_jobs; i++)
		jobs[i]->done = TRUE;
	g_cond_broadcast(&self->answered);
	g_mutex_unlock(&self->lock);
}

static void
answer(PerfdashSqliteStore *self, Job *job)
{
	answer_all(self, &job, 1);
}

/* TRUE when the jobs have their answers: all, or each that was alone its own */
static gboolean
add_together(PerfdashSqliteStore *self, Job **jobs, guint n_jobs, GPtrArray *touched)
{
	PerfdashNewLog logs[MAX_TOGETHER];
	g_autoptr(GError) error = NULL;
	for (guint i = 0; i < n_jobs; i++)
		logs[i] = jobs[i]->added;
	int n_new = perfdash_writer_add_logs(self->catalogue,
					     self->database,
					     logs,
					     n_jobs,
					     touched,
					     &error);
	if (n_new < 0 && n_jobs > 1)
		return FALSE;
	guint64 generation = self->catalogue->generation;
	for (guint i = 0; i < n_jobs; i++) {
		jobs[i]->added.record = logs[i].record;
		jobs[i]->error = n_new < 0 ? g_steal_pointer(&error) : NULL;
	}
	answer_all(self, jobs, n_jobs);
	if (n_new > 0) {
		announce(self, generation, touched);
		derive_when_due(self, touched);
	}
	return TRUE;
}

/* logs that wait together share a transaction, because what a transaction costs is that it is on
 * disk; when one of them fails, each gets its own */
static void
run_adds(PerfdashSqliteStore *self, Job **jobs, guint n_jobs)
{
	g_autoptr(GPtrArray) touched = g_ptr_array_new();
	if (add_together(self, jobs, n_jobs, touched))
		return;
	for (guint i = 0; i < n_jobs; i++) {
		g_ptr_array_set_size(touched, 0);
		add_together(self, &jobs[i], 1, touched);
	}
}

/* a job that adds a log, and those behind it that do as well; gives the one after them, if it is
 * here already */
static Job *
run_add(PerfdashSqliteStore *self, Job *job)
{
	Job *jobs[MAX_TOGETHER] = {job};
	Job *next = NULL;
	guint n = 1;
	while (n < MAX_TOGETHER && (next = g_async_queue_try_pop(self->jobs)) != NULL &&
	       next->kind == JOB_ADD) {
		jobs[n++] = next;
		next = NULL;
	}
	run_adds(self, jobs, n);
	return next;
}

/* the job is its owner's as soon as it is answered; gives the next one, if it is here already */
static Job *
run(PerfdashSqliteStore *self, Job *job)
{
	if (job->kind == JOB_ADD)
		return run_add(self, job);
	if (job->kind == JOB_FLUSH)
		derive_all(self, 1, &job->error);
	else if (job->kind == JOB_REBUILD)
		perfdash_writer_rebuild(self->catalogue, self->database, &job->error);
	else if (job->kind == JOB_WORK)
		job->work(self->catalogue, self->database, job->data, &job->error);
	answer(self, job);
	return NULL;
}

/* NULL after some idle time, once */
static Job *
next_job(PerfdashSqliteStore *self, gboolean is_idle)
{
	if (is_idle)
		return g_async_queue_pop(self->jobs);
	return g_async_queue_timeout_pop(self->jobs, IDLE_TIME);
}

static gpointer
writer_thread(gpointer data)
{
	PerfdashSqliteStore *self = data;
	gboolean is_idle = FALSE;
	Job *next = NULL;
	for (;;) {
		Job *job = next != NULL ? next : next_job(self, is_idle);
		if (job == NULL) {
			derive_all(self, MIN_IDLE_RUNS, NULL);
			is_idle = TRUE;
			continue;
		}
		is_idle = FALSE;
		gboolean stop = job->kind == JOB_STOP;
		next = run(self, job);
		if (stop)
			return NULL;
	}
}

static gboolean
run_job(PerfdashSqliteStore *self, Job *job, GError **error)
{
	if (self->read_only) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_STORE,
			    "%s was opened for reading only",
			    self->path);
		return FALSE;
	}
	g_async_queue_push(self->jobs, job);
	g_mutex_lock(&self->lock);
	while (!job->done)
		g_cond_wait(&self->answered, &self->lock);
	g_mutex_unlock(&self->lock);
	if (job->error != NULL) {
		g_propagate_error(error, job->error);
		return FALSE;
	}
	return TRUE;
}

void
perfdash_sqlite_store_announce(PerfdashStore *store, GPtrArray *ids)
{
	gboolean is_named = ids->len <= MAX_NAMED;
	g_ptr_array_add(ids, NULL);
	perfdash_store_emit_changed(store,
				    perfdash_store_get_generation(store),
				    is_named ? (const char *const *)ids->pdata : NULL);
}

gboolean
perfdash_sqlite_store_write(PerfdashStore *store,
			    PerfdashSqliteWork work,
			    gpointer data,
			    GError **error)
{
	Job job = {.kind = JOB_WORK, .work = work, .data = data};
	return run_job(PERFDASH_SQLITE_STORE(store), &job, error);
}

gboolean
perfdash_sqlite_store_read(PerfdashStore *store,
			   PerfdashSqliteWork work,
			   gpointer data,
			   GError **error)
{
	PerfdashSqliteStore *self = PERFDASH_SQLITE_STORE(store);
	PerfdashDatabase *reader = perfdash_reader_pool_take(self->readers, error);
	if (reader == NULL)
		return FALSE;
	gboolean is_done = work(self->catalogue, reader, data, error);
	perfdash_reader_pool_return(self->readers, reader);
	return is_done;
}

PerfdashCatalogue *
perfdash_sqlite_store_get_catalogue(PerfdashStore *store)
{
	return PERFDASH_SQLITE_STORE(store)->catalogue;
}

PerfdashChangeFinder *
perfdash_sqlite_store_get_finder(PerfdashStore *store)
{
	return PERFDASH_SQLITE_STORE(store)->finder;
}

static const char *
perfdash_sqlite_store_get_uuid(PerfdashStore *store)
{
	return PERFDASH_SQLITE_STORE(store)->uuid;
}

static guint64
perfdash_sqlite_store_get_generation(PerfdashStore *store)
{
	PerfdashCatalogue *catalogue = PERFDASH_SQLITE_STORE(store)->catalogue;
	g_rw_lock_reader_lock(&catalogue->lock);
	guint64 generation = catalogue->generation;
	g_rw_lock_reader_unlock(&catalogue->lock);
	return generation;
}

static void
perfdash_sqlite_store_get_totals(PerfdashStore *store, PerfdashTotals *totals)
{
	PerfdashCatalogue *catalogue = PERFDASH_SQLITE_STORE(store)->catalogue;
	g_rw_lock_reader_lock(&catalogue->lock);
	totals->series = catalogue->n_settled_series - catalogue->n_empty_series;
	totals->runs = catalogue->n_runs - catalogue->n_replaced;
	totals->results = catalogue->n_results - catalogue->n_replaced_results;
	totals->last_result = catalogue->last_time;
	g_rw_lock_reader_unlock(&catalogue->lock);
}

static PerfdashLogRecord *
perfdash_sqlite_store_add_log(PerfdashStore *store,
			      PerfdashLog *log,
			      PerfdashOrigin *origin,
			      PerfdashParseResult *parsed,
			      GError **error)
{
	Job job = {.kind = JOB_ADD, .added = {.log = log, .origin = origin, .parsed = parsed}};
	return run_job(PERFDASH_SQLITE_STORE(store), &job, error) ? job.added.record : NULL;
}

static PerfdashLogRecord *
perfdash_sqlite_store_place_log(PerfdashStore *store,
				PerfdashLogRecord *log,
				PerfdashOrigin *origin,
				GError **error)
{
	Job job = {.kind = JOB_ADD, .added = {.origin = origin, .known = log}};
	return run_job(PERFDASH_SQLITE_STORE(store), &job, error) ? job.added.record : NULL;
}

static PerfdashLogRecord *
perfdash_sqlite_store_precede_log(PerfdashStore *store,
				  PerfdashLogRecord *successor,
				  PerfdashSuccession succession,
				  PerfdashLog *log,
				  PerfdashOrigin *origin,
				  PerfdashParseResult *parsed,
				  GError **error)
{
	Job job = {.kind = JOB_ADD,
		   .added = {.log = log,
			     .origin = origin,
			     .parsed = parsed,
			     .successor = successor,
			     .succession = succession}};
	return run_job(PERFDASH_SQLITE_STORE(store), &job, error) ? job.added.record : NULL;
}

static gboolean
perfdash_sqlite_store_flush(PerfdashStore *store, GError **error)
{
	Job job = {.kind = JOB_FLUSH};
	return run_job(PERFDASH_SQLITE_STORE(store), &job, error);
}

static gboolean
perfdash_sqlite_store_rebuild(PerfdashStore *store, GError **error)
{
	Job job = {.kind = JOB_REBUILD};
	perfdash_change_finder_forget(PERFDASH_SQLITE_STORE(store)->finder);
	return run_job(PERFDASH_SQLITE_STORE(store), &job, error);
}

static GPtrArray *
perfdash_sqlite_store_list_series(PerfdashStore *store, PerfdashSelector *selector, GError **error)
{
	return perfdash_catalogue_list_series(PERFDASH_SQLITE_STORE(store)->catalogue, selector);
}

/* version grows with every result, n_edits with every change that is written */
static PerfdashSeriesEntry *
find_entry(PerfdashSqliteStore *self,
	   const char *id,
	   guint64 *version,
	   guint64 *n_edits,
	   GError **error)
{
	g_rw_lock_reader_lock(&self->catalogue->lock);
	PerfdashSeriesEntry *entry = perfdash_catalogue_find_series(self->catalogue, id);
	if (entry != NULL) {
		*version = entry->version;
		*n_edits = entry->n_edits;
	}
	g_rw_lock_reader_unlock(&self->catalogue->lock);
	if (entry == NULL)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no series %s",
			    id);
	return entry;
}

static PerfdashSeries *
perfdash_sqlite_store_load_series(PerfdashStore *store, const char *id, GError **error)
{
	PerfdashSqliteStore *self = PERFDASH_SQLITE_STORE(store);
	guint64 version;
	guint64 n_edits;
	PerfdashSeriesEntry *entry = find_entry(self, id, &version, &n_edits, error);
	if (entry == NULL)
		return NULL;
	PerfdashSeries *series = perfdash_cache_lookup(self->series, id, version);
	if (series != NULL)
		return series;
	PerfdashDatabase *reader = perfdash_reader_pool_take(self->readers, error);
	if (reader == NULL)
		return NULL;
	series = perfdash_reader_load_series(self->catalogue,
					     reader,
					     self->timelines,
					     entry,
					     &version,
					     error);
	perfdash_reader_pool_return(self->readers, reader);
	if (series != NULL) {
		gsize size = perfdash_series_get_size(series);
		perfdash_cache_insert(self->series, id, version, series, size);
	}
	return series;
}

static PerfdashSummary *
perfdash_sqlite_store_load_summary(PerfdashStore *store, const char *id, GError **error)
{
	PerfdashSqliteStore *self = PERFDASH_SQLITE_STORE(store);
	guint64 version;
	guint64 n_edits;
	PerfdashSeriesEntry *entry = find_entry(self, id, &version, &n_edits, error);
	if (entry == NULL)
		return NULL;
	PerfdashSummary *summary = perfdash_cache_lookup(self->summaries, id, version + n_edits);
	if (summary != NULL)
		return summary;
	PerfdashDatabase *reader = perfdash_reader_pool_take(self->readers, error);
	if (reader == NULL)
		return NULL;
	/* what is written of changes does not change the results */
	g_autoptr(PerfdashSeries) known = perfdash_cache_lookup(self->series, id, version);
	summary = perfdash_reader_load_summary(self->catalogue,
					       reader,
					       self->timelines,
					       entry,
					       known,
					       &version,
					       error);
	perfdash_reader_pool_return(self->readers, reader);
	if (summary != NULL)
		perfdash_cache_insert(self->summaries,
				      id,
				      version + n_edits,
				      summary,
				      SUMMARY_SIZE);
	return summary;
}

static gboolean
open_database(PerfdashSqliteStore *self, GError **error)
{
	if (!self->read_only) {
		self->lock_fd = perfdash_database_lock(self->path, error);
		if (self->lock_fd < 0)
			return FALSE;
	}
	self->database = perfdash_database_open(self->path, self->read_only, error);
	if (self->database == NULL || !perfdash_database_migrate(self->database, error))
		return FALSE;
	self->uuid = perfdash_database_load_meta(self->database, "uuid", error);
	return self->uuid != NULL &&
	       (self->read_only || perfdash_due_stream_prepare(self->database, error)) &&
	       perfdash_catalogue_load(self->catalogue, self->database, error);
}

static void
perfdash_sqlite_store_finalize(GObject *object)
{
	PerfdashSqliteStore *self = PERFDASH_SQLITE_STORE(object);
	if (self->writer != NULL) {
		Job job = {.kind = JOB_STOP};
		run_job(self, &job, NULL);
		g_thread_join(self->writer);
	}
	g_clear_pointer(&self->readers, perfdash_reader_pool_free);
	g_clear_pointer(&self->database, perfdash_database_close);
	if (self->lock_fd >= 0)
		g_close(self->lock_fd, NULL);
	perfdash_catalogue_free(self->catalogue);
	g_clear_object(&self->series);
	g_clear_object(&self->summaries);
	g_clear_object(&self->timelines);
	perfdash_change_finder_free(self->finder);
	g_async_queue_unref(self->jobs);
	g_mutex_clear(&self->lock);
	g_cond_clear(&self->answered);
	g_free(self->path);
	g_free(self->uuid);
	G_OBJECT_CLASS(perfdash_sqlite_store_parent_class)->finalize(object);
}

static void
perfdash_sqlite_store_class_init(PerfdashSqliteStoreClass *klass)
{
	PerfdashStoreClass *store_class = PERFDASH_STORE_CLASS(klass);
	G_OBJECT_CLASS(klass)->finalize = perfdash_sqlite_store_finalize;
	store_class->get_uuid = perfdash_sqlite_store_get_uuid;
	store_class->get_generation = perfdash_sqlite_store_get_generation;
	store_class->get_totals = perfdash_sqlite_store_get_totals;
	store_class->add_log = perfdash_sqlite_store_add_log;
	store_class->place_log = perfdash_sqlite_store_place_log;
	store_class->precede_log = perfdash_sqlite_store_precede_log;
	store_class->flush = perfdash_sqlite_store_flush;
	store_class->rebuild = perfdash_sqlite_store_rebuild;
	store_class->list_series = perfdash_sqlite_store_list_series;
	store_class->load_series = perfdash_sqlite_store_load_series;
	store_class->load_summary = perfdash_sqlite_store_load_summary;
	perfdash_sqlite_runs_init_class(store_class);
	perfdash_sqlite_rereadings_init_class(store_class);
	perfdash_sqlite_places_init_class(store_class);
	perfdash_sqlite_changes_init_class(store_class);
	perfdash_sqlite_logs_init_class(store_class);
	perfdash_sqlite_sources_init_class(store_class);
}

static void
perfdash_sqlite_store_init(PerfdashSqliteStore *self)
{
	self->lock_fd = -1;
	self->catalogue = perfdash_catalogue_new();
	self->series = perfdash_cache_new(PERFDASH_TYPE_SERIES, SERIES_CACHE);
	self->summaries = perfdash_cache_new(PERFDASH_TYPE_SUMMARY, SUMMARY_CACHE);
	self->timelines = perfdash_cache_new(PERFDASH_TYPE_TIMELINE, TIMELINE_CACHE);
	self->max_tail_points = MAX_TAIL_POINTS;
	self->finder = perfdash_change_finder_new();
	self->jobs = g_async_queue_new();
	g_mutex_init(&self->lock);
	g_cond_init(&self->answered);
}

PerfdashStore *
perfdash_sqlite_store_open(const char *path, gboolean read_only, GError **error)
{
	g_autoptr(PerfdashSqliteStore) self = g_object_new(PERFDASH_TYPE_SQLITE_STORE, NULL);
	self->path = g_strdup(path);
	self->readers = perfdash_reader_pool_new(path);
	self->read_only = read_only;
	if (!open_database(self, error))
		return NULL;
	if (!read_only)
		self->writer = g_thread_new("perfdash-writer", writer_thread, self);
	return PERFDASH_STORE(g_steal_pointer(&self));
}
