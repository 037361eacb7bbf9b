/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Places for logs that are being fetched, or were and wait to be taken in; so many for all sources
 * together, for what waits takes memory and disk. A place that comes free goes to the source that
 * has the fewest of those that wait for one, and a source that has none gets one always, so that
 * slow sources hold up no other. */

#include "pdd-room.h"

/* of one source */
typedef struct {
	guint n_taken;
	guint n_waiting; /* that want one */
} Share;

struct _PddRoom {
	guint most;
	GMutex lock;
	GCond change;
	guint n_taken;
	GHashTable *shares; /* owner -> Share, of those that have or want something */
};

PddRoom *
pdd_room_new(guint most)
{
	PddRoom *self = g_new0(PddRoom, 1);
	self->most = most;
	g_mutex_init(&self->lock);
	g_cond_init(&self->change);
	self->shares = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	return self;
}

void
pdd_room_free(PddRoom *self)
{
	g_hash_table_unref(self->shares);
	g_cond_clear(&self->change);
	g_mutex_clear(&self->lock);
	g_free(self);
}

static Share *
get_share(PddRoom *self, gconstpointer owner)
{
	Share *share = g_hash_table_lookup(self->shares, owner);
	if (share != NULL)
		return share;
	share = g_new0(Share, 1);
	g_hash_table_insert(self->shares, (gpointer)owner, share);
	return share;
}

static gboolean
is_next(PddRoom *self, const Share *share)
{
	GHashTableIter iter;
	gpointer value;
	if (share->n_taken == 0)
		return TRUE;
	if (self->n_taken >= self->most)
		return FALSE;
	g_hash_table_iter_init(&iter, self->shares);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const Share *other = value;
		if (other->n_waiting > 0 && other->n_taken < share->n_taken)
			return FALSE;
	}
	return TRUE;
}

static void
cancelled_cb(GCancellable *cancellable, gpointer user_data)
{
	PddRoom *self = user_data;
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	g_cond_broadcast(&self->change);
}

static gboolean
take(PddRoom *self, gconstpointer owner, GCancellable *cancellable)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	Share *share = get_share(self, owner);
	share->n_waiting++;
	while (!is_next(self, share) && !g_cancellable_is_cancelled(cancellable))
		g_cond_wait(&self->change, &self->lock);
	share->n_waiting--;
	/* others may have waited for this one */
	g_cond_broadcast(&self->change);
	if (g_cancellable_is_cancelled(cancellable))
		return FALSE;
	share->n_taken++;
	self->n_taken++;
	return TRUE;
}

/* waits until there is a place for owner; FALSE when cancelled */
gboolean
pdd_room_take(PddRoom *self, gconstpointer owner, GCancellable *cancellable)
{
	gulong handler = g_cancellable_connect(cancellable, G_CALLBACK(cancelled_cb), self, NULL);
	gboolean is_taken = take(self, owner, cancellable);
	g_cancellable_disconnect(cancellable, handler);
	return is_taken;
}

void
pdd_room_give_back(PddRoom *self, gconstpointer owner)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	get_share(self, owner)->n_taken--;
	self->n_taken--;
	g_cond_broadcast(&self->change);
}

/* gives back all that owner has, which waits for nothing any more */
void
pdd_room_leave(PddRoom *self, gconstpointer owner)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	self->n_taken -= get_share(self, owner)->n_taken;
	g_hash_table_remove(self->shares, owner);
	g_cond_broadcast(&self->change);
}
