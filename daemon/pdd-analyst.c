/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Finds changes when results have come, in a thread of its own. It waits a moment first: of what
 * comes in quick succession each series is analysed once. Who changes history bit by bit can hold
 * it: half of a series in another unit is no step. */

#include "pdd-analyst.h"

#define DELAY 500 /* milliseconds */

struct _PddAnalyst {
	PerfdashStore *store;
	GTimeSpan new_for;
	GCancellable *cancellable;
	GThreadPool *thread;
	GMutex lock; /* held while it analyses, or must not */
	guint timer; /* 0 when nothing is to be analysed */
	gulong handler;
};

static void
work(gpointer data, gpointer user_data)
{
	PddAnalyst *self = user_data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	gint64 new_since = g_get_real_time() - self->new_for;
	if (!perfdash_store_find_changes(self->store, new_since, self->cancellable, &error) &&
	    !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		g_warning("failed to find changes: %s", error->message);
}

static gboolean
timer_cb(gpointer user_data)
{
	PddAnalyst *self = user_data;
	self->timer = 0;
	g_thread_pool_push(self->thread, GUINT_TO_POINTER(1), NULL);
	return G_SOURCE_REMOVE;
}

/* in the main context, also when this found changes; then nothing is due */
static void
changed_cb(PerfdashStore *store, guint64 generation, const char *const *series, gpointer user_data)
{
	PddAnalyst *self = user_data;
	if (self->timer == 0)
		self->timer = g_timeout_add(DELAY, timer_cb, self);
}

/* begins with what came when nobody analysed */
PddAnalyst *
pdd_analyst_new(PerfdashStore *store, GTimeSpan new_for)
{
	PddAnalyst *self = g_new0(PddAnalyst, 1);
	self->store = g_object_ref(store);
	self->new_for = new_for;
	g_mutex_init(&self->lock);
	self->cancellable = g_cancellable_new();
	self->thread = g_thread_pool_new(work, self, 1, FALSE, NULL);
	self->handler = g_signal_connect(store, "changed", G_CALLBACK(changed_cb), self);
	self->timer = g_timeout_add(DELAY, timer_cb, self);
	return self;
}

/* returns when nothing is analysed, and nothing will be until the same thread releases it */
void
pdd_analyst_hold(PddAnalyst *self)
{
	g_mutex_lock(&self->lock);
}

void
pdd_analyst_release(PddAnalyst *self)
{
	g_mutex_unlock(&self->lock);
}

/* returns when nothing is analysed any more */
void
pdd_analyst_stop(PddAnalyst *self)
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
pdd_analyst_free(PddAnalyst *self)
{
	pdd_analyst_stop(self);
	g_object_unref(self->cancellable);
	g_object_unref(self->store);
	g_mutex_clear(&self->lock);
	g_free(self);
}
