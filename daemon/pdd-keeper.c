/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Holds the logs that are kept to their limits, in a thread of its own: at the start, when the
 * limits change, once a day, and soon when logs have come that may be too many. */

#include "pdd-keeper.h"

#define TICK  60 /* seconds */
#define DAILY (24 * 60 * 60 / TICK)

struct _PddKeeper {
	PerfdashStore *store;
	PerfdashArchive *archive;
	GCancellable *cancellable;
	GThreadPool *thread;
	guint timer;
	gulong handler;
	guint n_ticks;   /* since the last look; of the main context */
	gboolean is_due; /* likewise */
	GMutex lock;     /* of what follows */
	guint64 quota;
	GTimeSpan age;
	gboolean is_more; /* than one look could remove */
	PddKept kept;
};

static void
note(PddKeeper *self, const PerfdashPruning *pruning)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	self->kept.n_kept = pruning->n_logs - MIN(pruning->n_removed, pruning->n_logs);
	self->kept.kept_bytes = pruning->n_bytes - MIN(pruning->n_removed_bytes, pruning->n_bytes);
	self->kept.n_removed += pruning->n_removed;
	self->kept.removed_bytes += pruning->n_removed_bytes;
	self->is_more = pruning->is_more;
}

static void
work(gpointer data, gpointer user_data)
{
	PddKeeper *self = user_data;
	PerfdashPruning pruning;
	g_autoptr(GError) error = NULL;
	g_mutex_lock(&self->lock);
	guint64 quota = self->quota;
	GTimeSpan age = self->age;
	g_mutex_unlock(&self->lock);
	gboolean is_done = perfdash_pruning_run(self->store,
						self->archive,
						quota,
						age,
						FALSE,
						&pruning,
						self->cancellable,
						&error);
	if (is_done)
		note(self, &pruning);
	else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_warning("failed to remove old logs: %s", error->message);
	if (is_done && pruning.n_removed > 0)
		g_message("removed %" G_GUINT64_FORMAT " old logs, %" G_GUINT64_FORMAT " bytes",
			  pruning.n_removed,
			  pruning.n_removed_bytes);
}

static void
look(PddKeeper *self)
{
	self->n_ticks = 0;
	self->is_due = FALSE;
	g_thread_pool_push(self->thread, GUINT_TO_POINTER(1), NULL);
}

static gboolean
tick_cb(gpointer user_data)
{
	PddKeeper *self = user_data;
	g_mutex_lock(&self->lock);
	gboolean is_wanted = self->is_more || (self->is_due && self->quota != 0);
	g_mutex_unlock(&self->lock);
	if (++self->n_ticks >= DAILY || is_wanted)
		look(self);
	return G_SOURCE_CONTINUE;
}

/* in the main context */
static void
changed_cb(PerfdashStore *store, guint64 generation, const char *const *series, gpointer user_data)
{
	((PddKeeper *)user_data)->is_due = TRUE;
}

void
pdd_keeper_get_kept(PddKeeper *self, PddKept *kept)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	*kept = self->kept;
}

/* in the main context */
void
pdd_keeper_set_limits(PddKeeper *self, const PddConfig *config)
{
	g_mutex_lock(&self->lock);
	self->quota = config->logs_quota;
	self->age = config->logs_age;
	g_mutex_unlock(&self->lock);
	look(self);
}

PddKeeper *
pdd_keeper_new(PerfdashStore *store, PerfdashArchive *archive, const PddConfig *config)
{
	PddKeeper *self = g_new0(PddKeeper, 1);
	g_mutex_init(&self->lock);
	self->store = g_object_ref(store);
	self->archive = g_object_ref(archive);
	self->cancellable = g_cancellable_new();
	self->thread = g_thread_pool_new(work, self, 1, FALSE, NULL);
	self->handler = g_signal_connect(store, "changed", G_CALLBACK(changed_cb), self);
	self->timer = g_timeout_add_seconds(TICK, tick_cb, self);
	pdd_keeper_set_limits(self, config);
	return self;
}

/* returns when nothing is removed any more */
void
pdd_keeper_stop(PddKeeper *self)
{
	if (self->thread == NULL)
		return;
	g_cancellable_cancel(self->cancellable);
	g_signal_handler_disconnect(self->store, self->handler);
	g_clear_handle_id(&self->timer, g_source_remove);
	g_thread_pool_free(self->thread, FALSE, TRUE);
	self->thread = NULL;
}

void
pdd_keeper_free(PddKeeper *self)
{
	pdd_keeper_stop(self);
	g_object_unref(self->cancellable);
	g_object_unref(self->archive);
	g_object_unref(self->store);
	g_mutex_clear(&self->lock);
	g_free(self);
}
