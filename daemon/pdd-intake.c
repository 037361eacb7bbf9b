/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Takes in what sources have found, many logs at a time: most of them wait for the disk, and it
 * makes those that wait durable together. What came just now goes before what was lying around:
 * somebody may be waiting for it. What is pending since the daemon was stopped or killed goes
 * before all, so that of a file that was written anew meanwhile the older version comes first. */

#include "pdd-intake.h"

#include <malloc.h>

#define AT_ONCE 12 /* logs; more do not help a disk */

typedef struct {
	PddSource *source; /* nullable: the log is pending */
	char *item;        /* what source knows it by; of one that is pending its identity */
} Job;

struct _PddIntake {
	PerfdashPipeline *pipeline;
	PddMetrics *metrics;
	GCancellable *cancellable;
	GAsyncQueue *fresh;   /* of Job */
	GAsyncQueue *backlog; /* likewise */
	GThreadPool *threads; /* of the lock; each element stands for one job in either queue */
	guint trim;           /* a timeout; of the lock */
	GMutex lock;
	GCond resumed;
	guint n_pending; /* with the lock: logs that were pending and are not taken in yet */
};

static void
job_free(Job *job)
{
	g_clear_object(&job->source);
	g_free(job->item);
	g_free(job);
}

static PerfdashLogRecord *
ingest(PddIntake *self, Job *job, gboolean *is_new, GError **error)
{
	g_autoptr(PerfdashOrigin) origin = NULL;
	g_autoptr(PerfdashLog)
		log = pdd_source_open(job->source, job->item, &origin, self->cancellable, error);
	if (log == NULL)
		return NULL;
	return perfdash_pipeline_ingest(self->pipeline,
					log,
					origin,
					NULL,
					is_new,
					self->cancellable,
					error);
}

static PerfdashLogRecord *
take_in(PddIntake *self, Job *job, GError **error)
{
	gboolean is_new;
	PerfdashLogRecord *record = job->source != NULL
					    ? ingest(self, job, &is_new, error)
					    : perfdash_pipeline_resume(self->pipeline,
								       job->item,
								       &is_new,
								       self->cancellable,
								       error);
	if (record != NULL && is_new)
		pdd_metrics_count_log(
			self->metrics,
			perfdash_log_record_get_source(record),
			perfdash_outcome_to_string(perfdash_log_record_get_outcome(record)));
	return record;
}

static void
tell(PddIntake *self, Job *job, PerfdashLogRecord *record, const GError *error)
{
	if (record == NULL && g_cancellable_is_cancelled(self->cancellable))
		return;
	if (job->source != NULL)
		pdd_source_taken(job->source, job->item, record, error);
	else if (record == NULL)
		g_warning("log %s was accepted and is not stored: %s", job->item, error->message);
}

static void
end_resumed(PddIntake *self)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	self->n_pending--;
	g_cond_broadcast(&self->resumed);
}

/* all of them are before any other in the queues, so each is in a thread by now */
static void
wait_for_resumed(PddIntake *self)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	while (self->n_pending > 0)
		g_cond_wait(&self->resumed, &self->lock);
}

/* what many logs have used goes back to the system when they are through; in the main context, for
 * not every malloc() that may be in place can do it in several threads at once */
static gboolean
trim_cb(gpointer user_data)
{
	PddIntake *self = user_data;
	g_mutex_lock(&self->lock);
	self->trim = 0;
	g_mutex_unlock(&self->lock);
	malloc_trim(0);
	return G_SOURCE_REMOVE;
}

/* not each time that the next log is a little late */
static void
trim_soon(PddIntake *self)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	if (self->trim == 0)
		self->trim = g_timeout_add_seconds(1, trim_cb, self);
}

static void
work(gpointer data, gpointer user_data)
{
	PddIntake *self = user_data;
	Job *job = g_async_queue_try_pop(self->fresh);
	if (job == NULL)
		job = g_async_queue_try_pop(self->backlog);
	gboolean is_resumed = job->source == NULL;
	if (!is_resumed)
		wait_for_resumed(self);
	gboolean is_wanted = is_resumed || !pdd_source_is_stopped(job->source);
	if (is_wanted && !g_cancellable_is_cancelled(self->cancellable)) {
		g_autoptr(GError) error = NULL;
		g_autoptr(PerfdashLogRecord) record = take_in(self, job, &error);
		tell(self, job, record, error);
	}
	job_free(job);
	if (is_resumed)
		end_resumed(self);
	if (g_async_queue_length(self->backlog) <= 0 && g_async_queue_length(self->fresh) <= 0)
		trim_soon(self);
}

static void
push(PddIntake *self, PddSource *source, const char *item, GAsyncQueue *queue)
{
	Job *job = g_new0(Job, 1);
	job->source = source != NULL ? g_object_ref(source) : NULL;
	job->item = g_strdup(item);
	g_mutex_lock(&self->lock);
	if (self->threads != NULL) {
		g_async_queue_push(queue, g_steal_pointer(&job));
		g_thread_pool_push(self->threads, GUINT_TO_POINTER(1), NULL);
	}
	g_mutex_unlock(&self->lock);
	g_clear_pointer(&job, job_free);
}

/* item is what source knows it by; it is opened when its turn comes */
void
pdd_intake_push(PddIntake *self, PddSource *source, const char *item, gboolean is_fresh)
{
	push(self, source, item, is_fresh ? self->fresh : self->backlog);
}

/* what was accepted and not stored when the daemon was stopped or killed; before sources begin */
void
pdd_intake_resume(PddIntake *self, PerfdashArchive *archive)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) pending = perfdash_archive_list_pending(archive, &error);
	if (pending == NULL)
		g_warning("%s", error->message);
	self->n_pending = pending != NULL ? g_strv_length(pending) : 0;
	for (guint i = 0; pending != NULL && pending[i] != NULL; i++)
		push(self, NULL, pending[i], self->fresh);
}

/* returns when nothing is on its way any more; what had not begun is dropped */
void
pdd_intake_stop(PddIntake *self)
{
	g_cancellable_cancel(self->cancellable);
	/* sources are stopped later, and may push until then */
	g_mutex_lock(&self->lock);
	GThreadPool *threads = g_steal_pointer(&self->threads);
	g_mutex_unlock(&self->lock);
	if (threads != NULL)
		g_thread_pool_free(threads, FALSE, TRUE);
}

PddIntake *
pdd_intake_new(PerfdashPipeline *pipeline, PddMetrics *metrics)
{
	PddIntake *self = g_new0(PddIntake, 1);
	g_mutex_init(&self->lock);
	self->pipeline = g_object_ref(pipeline);
	self->metrics = metrics;
	self->cancellable = g_cancellable_new();
	g_cond_init(&self->resumed);
	self->fresh = g_async_queue_new_full((GDestroyNotify)job_free);
	self->backlog = g_async_queue_new_full((GDestroyNotify)job_free);
	self->threads = g_thread_pool_new(work, self, AT_ONCE, FALSE, NULL);
	return self;
}

void
pdd_intake_free(PddIntake *self)
{
	pdd_intake_stop(self);
	if (self->trim != 0)
		g_source_remove(self->trim);
	g_async_queue_unref(self->fresh);
	g_async_queue_unref(self->backlog);
	g_mutex_clear(&self->lock);
	g_cond_clear(&self->resumed);
	g_object_unref(self->cancellable);
	g_object_unref(self->pipeline);
	g_free(self);
}
