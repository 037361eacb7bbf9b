/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A source on another machine. One thread polls, when the cadence of the source says so or somebody
 * asks for it, and offers what it finds; a few threads fetch; the intake parses and stores. An item
 * is known when the store has its log, so whatever is killed in between is found again by the next
 * poll. What waits is bounded: poll() stands still while many items wait to be fetched, and
 * fetching while many logs, of all sources, wait for the intake. */

#include "pdd-source-remote.h"

#include <string.h>

#include "pdd-delays.h"
#include "pdd-retries.h"
#include "pdd-seen.h"
#include "pdd-source-private.h"

#define MAX_ITEMS 256 /* offered, and not fetched yet */
#define FRESH     (10 * G_TIME_SPAN_MINUTE)

typedef struct {
	PddService *service; /* outlives its sources */
	PddClient *client;   /* of the thread that polls, until there is one; then of all */
	GThread *thread;
	GError *noted; /* nullable: of the poll that is running; of its thread */
	GThreadPool *fetchers;
	GCancellable *cancellable;
	GMutex lock;
	GCond change; /* of what follows */
	PddSeen *seen;
	PddCadence *cadence;
	GHashTable *items;   /* key -> Job; offered, and not taken in yet */
	GHashTable *batches; /* keys of those that have not ended */
	PddRetries *retries;
	guint n_waiting;     /* items that are not fetched yet */
	gboolean is_asked;   /* to poll now */
	GError *error;       /* nullable: of the last poll */
	gint64 polled_at;    /* microseconds since 1970 UTC, 0: never */
	gint64 ended_at;     /* of the last poll, monotonic */
	gint64 due_at;       /* the next, likewise, by what is learned */
	PddDelays delays;    /* of the last items, from there to stored */
	GPtrArray *red_jobs; /* of PddRedJob: of the last poll that looked at all jobs */
} PddSourceRemotePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(PddSourceRemote, pdd_source_remote, PDD_TYPE_SOURCE)

typedef struct {
	PddItem *item;
	PerfdashLog *log; /* nullable: not fetched yet */
} Job;

static PddSourceRemotePrivate *
get_private(PddSourceRemote *self)
{
	return pdd_source_remote_get_instance_private(self);
}

static void
job_free(gpointer data)
{
	Job *job = data;
	pdd_item_free(job->item);
	g_clear_object(&job->log);
	g_free(job);
}

static void
batch_ended(gpointer owner, const char *key, const PddFileState *state, gboolean is_whole)
{
	PddSourceRemotePrivate *private = get_private(owner);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	g_hash_table_remove(private->batches, key);
	if (is_whole && !g_cancellable_is_cancelled(private->cancellable))
		pdd_seen_add_whole(private->seen, key, state);
}

PddBatch *
pdd_source_remote_begin_batch(PddSourceRemote *self, const char *key, const PddFileState *state)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	g_hash_table_add(private->batches, g_strdup(key));
	return pdd_batch_new(key, state, batch_ended, self);
}

static void
publish_poll(PddSourceRemote *self)
{
	PddSourceRemotePrivate *private = get_private(self);
	PddCadence *cadence = private->cadence;
	PddSourceStatus status = {.last_poll = private->polled_at,
				  .next_poll = pdd_cadence_get_next(cadence),
				  .n_failures = pdd_cadence_get_n_failures(cadence),
				  .is_unread = pdd_seen_is_unread(private->seen),
				  .delay = pdd_delays_get_median(&private->delays)};
	pdd_source_describe_habit(cadence, &status);
	status.cause = pdd_client_error_get_cause(private->error);
	if (status.cause == NULL)
		status.cause = pdd_source_choose_cause(&status, private->red_jobs);
	pdd_source_set_poll(PDD_SOURCE(self), &status);
}

/* with the lock */
static void
publish(PddSourceRemote *self)
{
	PddSourceRemotePrivate *private = get_private(self);
	const GError *error = private->error;
	pdd_seen_look_again(private->seen, pdd_reparsing_count(private->service->reparsing));
	pdd_source_publish_logs(PDD_SOURCE(self),
				private->seen,
				private->retries,
				error == NULL,
				error != NULL ? error->message : NULL);
	publish_poll(self);
}

/* whether an item, or a batch as a whole, needs no further look: it was taken in, or cannot be */
gboolean
pdd_source_remote_is_known(PddSourceRemote *self, const char *key, const PddFileState *state)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	PddFileState whole;
	return pdd_seen_contains(private->seen, key, state) ||
	       pdd_retries_is_final(private->retries, key, state) ||
	       (pdd_seen_get_whole(private->seen, key, &whole) &&
		pdd_file_state_equal(&whole, state));
}

/* the state of a batch that was taken in as a whole, if there is one */
gboolean
pdd_source_remote_get_whole(PddSourceRemote *self, const char *key, PddFileState *state)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	return pdd_seen_get_whole(private->seen, key, state);
}

/* everything of a batch, or of many, has been taken in */
void
pdd_source_remote_add_whole(PddSourceRemote *self, const char *key, const PddFileState *state)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	pdd_seen_add_whole(private->seen, key, state);
}

/* whether a batch, to which the items below it belong, may be begun: it is not known or on its way,
 * and neither it nor all that failed of it are to be left alone still */
gboolean
pdd_source_remote_may_begin(PddSourceRemote *self, const char *key, const PddFileState *state)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_autofree char *below = g_strconcat(key, "/", NULL);
	if (pdd_source_remote_is_known(self, key, state))
		return FALSE;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	gint64 next = pdd_retries_get_next(private->retries, below);
	return !g_hash_table_contains(private->batches, key) &&
	       pdd_retries_is_due(private->retries, key, state) &&
	       (next == G_MAXINT64 || next <= g_get_monotonic_time());
}

/* an item could be had after all */
void
pdd_source_remote_forgive(PddSourceRemote *self, const char *key)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	pdd_retries_remove(private->retries, key);
}

/* no other try will help */
static gboolean
is_final(const GError *error)
{
	return g_error_matches(error, PDD_CLIENT_ERROR, PDD_CLIENT_ERROR_GONE) ||
	       pdd_source_is_final(error);
}

/* takes over error: why an item cannot be had, or offered */
void
pdd_source_remote_fail(PddSourceRemote *self,
		       const char *key,
		       const PddFileState *state,
		       GError *error)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_autoptr(GError) owned = error;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	pdd_retries_add(private->retries, key, state, owned->message, is_final(owned));
	publish(self);
}

/* with the lock: whether an item is to be had now */
static gboolean
is_wanted(PddSourceRemotePrivate *private, PddItem *item)
{
	if (pdd_seen_contains(private->seen, item->key, &item->state) ||
	    g_hash_table_contains(private->items, item->key))
		return FALSE;
	return pdd_retries_is_due(private->retries, item->key, &item->state);
}

/* takes over item; FALSE when the source is to stop */
gboolean
pdd_source_remote_offer(PddSourceRemote *self, PddItem *item)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_autoptr(PddItem) offered = item;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	if (!is_wanted(private, item)) {
		gboolean is_done = pdd_seen_contains(private->seen, item->key, &item->state) ||
				   pdd_retries_is_final(private->retries, item->key, &item->state);
		if (item->batch != NULL && !is_done)
			pdd_batch_break(item->batch);
		return TRUE;
	}
	while (private->n_waiting >= MAX_ITEMS && !g_cancellable_is_cancelled(private->cancellable))
		g_cond_wait(&private->change, &private->lock);
	if (g_cancellable_is_cancelled(private->cancellable))
		return FALSE;
	if (!pdd_retries_contains(private->retries, item->key, &item->state))
		pdd_cadence_add_arrival(private->cadence,
					item->arrived_at != 0 ? item->arrived_at
							      : g_get_real_time());
	Job *job = g_new0(Job, 1);
	job->item = g_steal_pointer(&offered);
	g_hash_table_insert(private->items, job->item->key, job);
	private->n_waiting++;
	g_thread_pool_push(private->fetchers, job, NULL);
	return TRUE;
}

static PerfdashLog *
fetch(PddSourceRemote *self, PddItem *item, GError **error)
{
	PddSourceRemotePrivate *private = get_private(self);
	if (item->bytes != NULL)
		return perfdash_log_new_from_bytes(item->name, item->bytes, error);
	return pdd_client_get_log(private->client,
				  item->url,
				  item->name,
				  item->state.size,
				  private->service->config->max_log_size,
				  private->cancellable,
				  error);
}

static void
fetch_cb(gpointer data, gpointer user_data)
{
	PddSourceRemote *self = user_data;
	PddSourceRemotePrivate *private = get_private(self);
	Job *job = data;
	g_autoptr(GError) error = NULL;
	if (!pdd_room_take(private->service->room, self, private->cancellable))
		return;
	job->log = fetch(self, job->item, &error);
	g_mutex_lock(&private->lock);
	private->n_waiting--;
	g_cond_broadcast(&private->change);
	g_mutex_unlock(&private->lock);
	if (g_cancellable_is_cancelled(private->cancellable))
		return;
	gint64 age = job->item->arrived_at != 0 ? g_get_real_time() - job->item->arrived_at : 0;
	if (job->log != NULL)
		pdd_intake_push(private->service->intake,
				PDD_SOURCE(self),
				job->item->key,
				age < FRESH);
	else
		pdd_source_taken(PDD_SOURCE(self), job->item->key, NULL, error);
}

static PerfdashLog *
pdd_source_remote_open(PddSource *source,
		       const char *key,
		       PerfdashOrigin **origin,
		       GCancellable *cancellable,
		       GError **error)
{
	PddSourceRemotePrivate *private = get_private(PDD_SOURCE_REMOTE(source));
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	Job *job = g_hash_table_lookup(private->items, key);
	*origin = g_object_ref(job->item->origin);
	return g_steal_pointer(&job->log);
}

static void
pdd_source_remote_taken(PddSource *source,
			const char *key,
			PerfdashLogRecord *record,
			const GError *error)
{
	PddSourceRemote *self = PDD_SOURCE_REMOTE(source);
	PddSourceRemotePrivate *private = get_private(self);
	g_mutex_lock(&private->lock);
	Job *job = g_hash_table_lookup(private->items, key);
	g_hash_table_steal(private->items, key);
	if (record != NULL) {
		pdd_retries_remove(private->retries, key);
		pdd_seen_add(private->seen, key, &job->item->state, record);
		pdd_delays_add(&private->delays, job->item->arrived_at);
	} else {
		pdd_retries_add(private->retries,
				key,
				&job->item->state,
				error->message,
				is_final(error));
		if (job->item->batch != NULL && !is_final(error))
			pdd_batch_break(job->item->batch);
	}
	publish(self);
	g_cond_broadcast(&private->change);
	g_mutex_unlock(&private->lock);
	job_free(job);
	pdd_room_give_back(private->service->room, self);
}

/* with the lock: as monotonic time, so that a clock that is set later does not matter */
static void
set_due(PddSourceRemotePrivate *private)
{
	private->due_at = g_get_monotonic_time() +
			  pdd_cadence_get_wait(private->cadence, g_get_real_time());
}

static void
load(PddSourceRemote *self)
{
	PddSourceRemotePrivate *private = get_private(self);
	const PddSourceConfig *config = pdd_source_get_config(PDD_SOURCE(self));
	const char *data_dir = private->service->config->data_dir;
	g_autofree char *seen = pdd_source_build_path(PDD_SOURCE(self), data_dir, ".seen");
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	private->seen = pdd_seen_load(seen, private->service->store);
	private->retries = pdd_retries_new(config->least);
	private->cadence = pdd_source_load_cadence(PDD_SOURCE(self), data_dir);
	set_due(private);
	publish(self);
}

static void
save_cadence(PddSourceRemote *self)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_mutex_lock(&private->lock);
	g_autofree char *text = pdd_cadence_to_string(private->cadence);
	g_mutex_unlock(&private->lock);
	pdd_source_save_cadence(PDD_SOURCE(self), private->service->config->data_dir, text);
}

/* with the lock: a poll offers again what is to be tried again */
static gint64
get_deadline(PddSourceRemote *self)
{
	PddSourceRemotePrivate *private = get_private(self);
	const PddSourceConfig *config = pdd_source_get_config(PDD_SOURCE(self));
	gint64 due = private->due_at;
	GTimeSpan wait = private->client != NULL ? pdd_client_get_wait(private->client) : 0;
	gint64 retry = pdd_retries_get_next(private->retries, "");
	if (private->error == NULL)
		due = MIN(due, MAX(retry, private->ended_at + config->least));
	return MAX(due, g_get_monotonic_time() + wait);
}

/* whether a log whose key begins so could be read; looks at all that are known */
gboolean
pdd_source_remote_has_read(PddSourceRemote *self, const char *prefix)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	return pdd_seen_has_read(private->seen, prefix);
}

/* takes over an array of PddRedJob, in the place of what was found before */
void
pdd_source_remote_set_red_jobs(PddSourceRemote *self, GPtrArray *red_jobs)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	g_ptr_array_unref(private->red_jobs);
	private->red_jobs = red_jobs;
}

static GPtrArray *
pdd_source_remote_ref_red_jobs(PddSource *source)
{
	PddSourceRemotePrivate *private = get_private(PDD_SOURCE_REMOTE(source));
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	return g_ptr_array_ref(private->red_jobs);
}

/* FALSE when the source is to stop */
static gboolean
wait_for_poll(PddSourceRemote *self)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	while (!private->is_asked && !g_cancellable_is_cancelled(private->cancellable)) {
		gint64 deadline = get_deadline(self);
		if (deadline <= g_get_monotonic_time())
			break;
		g_cond_wait_until(&private->change, &private->lock, deadline);
	}
	private->is_asked = FALSE;
	return !g_cancellable_is_cancelled(private->cancellable);
}

/* takes over error: why the poll failed, or a part of it; the first counts */
void
pdd_source_remote_note(PddSourceRemote *self, GError *error)
{
	PddSourceRemotePrivate *private = get_private(self);
	if (private->noted == NULL)
	private->noted = error;
	else g_error_free(error);
}

static void
poll_once(PddSourceRemote *self)
{
	PddSourceRemotePrivate *private = get_private(self);
	const PddSourceConfig *config = pdd_source_get_config(PDD_SOURCE(self));
	GError *error = NULL;
	if (private->client == NULL)
	private->client =
		pdd_client_new(private->service->hosts, private->service->metrics, config, &error);
	if (private->client != NULL)
		PDD_SOURCE_REMOTE_GET_CLASS(self)->poll(self,
							private->client,
							private->cancellable);
	else
		pdd_source_remote_note(self, error);
}

/* with the lock: an item, or the batch that it is of */
static gboolean
is_under_way(const char *item, gpointer user_data)
{
	PddSourceRemotePrivate *private = user_data;
	GHashTableIter iter;
	gpointer batch;
	if (g_hash_table_contains(private->items, item))
		return TRUE;
	g_hash_table_iter_init(&iter, private->batches);
	while (g_hash_table_iter_next(&iter, &batch, NULL)) {
		gsize length = strlen(batch);
		if (strncmp(item, batch, length) == 0 && item[length] == '/')
			return TRUE;
	}
	return FALSE;
}

static void
end_poll(PddSourceRemote *self, gint64 begun_at)
{
	PddSourceRemotePrivate *private = get_private(self);
	GTimeSpan wait = private->client != NULL ? pdd_client_get_wait(private->client) : 0;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	private->polled_at = g_get_real_time();
	private->ended_at = g_get_monotonic_time();
	g_clear_error(&private->error);
	private->error = g_steal_pointer(&private->noted);
	if (private->error == NULL) {
		pdd_cadence_add_poll(private->cadence, private->polled_at);
		pdd_retries_end_poll(private->retries, begun_at, is_under_way, private);
	} else {
		pdd_cadence_add_failure(private->cadence, private->polled_at, wait);
	}
	set_due(private);
	publish(self);
}

static gpointer
run(gpointer user_data)
{
	PddSourceRemote *self = user_data;
	load(self);
	while (wait_for_poll(self)) {
		gint64 begun_at = g_get_monotonic_time();
		poll_once(self);
		if (g_cancellable_is_cancelled(get_private(self)->cancellable))
			break;
		end_poll(self, begun_at);
		save_cadence(self);
	}
	return NULL;
}

static void
pdd_source_remote_list_problems(PddSource *source, GPtrArray *problems, guint n)
{
	PddSourceRemotePrivate *private = get_private(PDD_SOURCE_REMOTE(source));
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	if (private->retries != NULL)
		pdd_retries_list(private->retries, problems, n);
}

/* from any thread */
static void
pdd_source_remote_poll_now(PddSource *source)
{
	PddSourceRemotePrivate *private = get_private(PDD_SOURCE_REMOTE(source));
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&private->lock);
	private->is_asked = TRUE;
	g_cond_broadcast(&private->change);
}

static void
pdd_source_remote_start(PddSource *source)
{
	PddSourceRemote *self = PDD_SOURCE_REMOTE(source);
	PddSourceRemotePrivate *private = get_private(self);
	private->fetchers = g_thread_pool_new(fetch_cb,
					      self,
					      pdd_source_get_config(source)->parallel,
					      FALSE,
					      NULL);
	private->thread = g_thread_new(pdd_source_get_name(source), run, self);
}

static void
pdd_source_remote_stop(PddSource *source)
{
	PddSourceRemotePrivate *private = get_private(PDD_SOURCE_REMOTE(source));
	if (private->thread == NULL)
		return;
	g_cancellable_cancel(private->cancellable);
	g_mutex_lock(&private->lock);
	g_cond_broadcast(&private->change);
	g_mutex_unlock(&private->lock);
	g_thread_join(g_steal_pointer(&private->thread));
	g_thread_pool_free(g_steal_pointer(&private->fetchers), TRUE, TRUE);
}

static void
pdd_source_remote_finalize(GObject *object)
{
	PddSourceRemotePrivate *private = get_private(PDD_SOURCE_REMOTE(object));
	/* its last items end batches */
	g_hash_table_unref(private->items);
	g_hash_table_unref(private->batches);
	if (private->service != NULL)
		pdd_room_leave(private->service->room, object);
	g_ptr_array_unref(private->red_jobs);
	g_clear_pointer(&private->retries, pdd_retries_free);
	g_clear_pointer(&private->client, pdd_client_free);
	g_clear_pointer(&private->cadence, pdd_cadence_free);
	g_clear_pointer(&private->seen, pdd_seen_free);
	g_clear_object(&private->cancellable);
	g_clear_error(&private->error);
	g_clear_error(&private->noted);
	g_cond_clear(&private->change);
	g_mutex_clear(&private->lock);
	G_OBJECT_CLASS(pdd_source_remote_parent_class)->finalize(object);
}

static void
pdd_source_remote_class_init(PddSourceRemoteClass *klass)
{
	PddSourceClass *source_class = PDD_SOURCE_CLASS(klass);
	G_OBJECT_CLASS(klass)->finalize = pdd_source_remote_finalize;
	source_class->start = pdd_source_remote_start;
	source_class->stop = pdd_source_remote_stop;
	source_class->open = pdd_source_remote_open;
	source_class->taken = pdd_source_remote_taken;
	source_class->poll_now = pdd_source_remote_poll_now;
	source_class->list_problems = pdd_source_remote_list_problems;
	source_class->ref_red_jobs = pdd_source_remote_ref_red_jobs;
}

static void
pdd_source_remote_init(PddSourceRemote *self)
{
	PddSourceRemotePrivate *private = get_private(self);
	g_mutex_init(&private->lock);
	g_cond_init(&private->change);
	private->cancellable = g_cancellable_new();
	private->red_jobs = pdd_red_jobs_new();
	private->batches = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	private->items = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, job_free);
}

void
pdd_source_remote_set_service(PddSourceRemote *self, PddService *service)
{
	get_private(self)->service = service;
}
