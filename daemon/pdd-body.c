/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The body of a request as a stream: the main context puts in what arrives, a thread takes it out.
 * What lies between is bounded: whoever puts in is told to stop, and told when there is room. */

#include "pdd-body.h"

#include <string.h>

#define HIGH         (1024 * 1024)
#define LOW          (256 * 1024)
#define WAIT_SECONDS 60

struct _PddBody {
	GInputStream parent_instance;
	PddBodyRoom room;
	gpointer user_data;
	GMutex lock;  /* of all that follows */
	GCond change; /* there is a chunk, or another state */
	GQueue chunks;
	gsize size;  /* of chunks, less what was taken of the first */
	gsize taken; /* of the first chunk */
	gboolean is_full;
	PddBodyState state;
};

G_DEFINE_FINAL_TYPE(PddBody, pdd_body, G_TYPE_INPUT_STREAM)

/* whether there is room for more; if not, room will be called */
gboolean
pdd_body_push(PddBody *self, GBytes *chunk)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	g_queue_push_tail(&self->chunks, g_bytes_ref(chunk));
	self->size += g_bytes_get_size(chunk);
	self->is_full = self->size >= HIGH;
	g_cond_signal(&self->change);
	return !self->is_full;
}

/* nothing more will come; the first reason counts */
void
pdd_body_close(PddBody *self, PddBodyState state)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	if (self->state == PDD_BODY_OPEN)
		self->state = state;
	g_cond_signal(&self->change);
}

PddBodyState
pdd_body_get_state(PddBody *self)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->lock);
	return self->state;
}

static void
wait_for_chunk(PddBody *self)
{
	gint64 end = g_get_monotonic_time() + WAIT_SECONDS * G_TIME_SPAN_SECOND;
	while (g_queue_is_empty(&self->chunks) && self->state == PDD_BODY_OPEN) {
		if (!g_cond_wait_until(&self->change, &self->lock, end))
			self->state = PDD_BODY_TIMED_OUT;
	}
}

static gsize
take(PddBody *self, void *buffer, gsize count)
{
	GBytes *chunk = g_queue_peek_head(&self->chunks);
	gsize size;
	const char *data = g_bytes_get_data(chunk, &size);
	gsize n = MIN(count, size - self->taken);
	memcpy(buffer, data + self->taken, n);
	self->taken += n;
	self->size -= n;
	if (self->taken == size) {
		g_bytes_unref(g_queue_pop_head(&self->chunks));
		self->taken = 0;
	}
	return n;
}

static gssize
pdd_body_read(GInputStream *stream,
	      void *buffer,
	      gsize count,
	      GCancellable *cancellable,
	      GError **error)
{
	PddBody *self = PDD_BODY(stream);
	gsize n = 0;
	gboolean has_room = FALSE;
	g_mutex_lock(&self->lock);
	wait_for_chunk(self);
	while (n < count && !g_queue_is_empty(&self->chunks))
		n += take(self, (char *)buffer + n, count - n);
	if (self->is_full && self->size <= LOW) {
		self->is_full = FALSE;
		has_room = TRUE;
	}
	PddBodyState state = self->state;
	g_mutex_unlock(&self->lock);
	if (has_room)
		self->room(self->user_data);
	if (n == 0 && state != PDD_BODY_ENDED) {
		g_set_error_literal(error,
				    G_IO_ERROR,
				    state == PDD_BODY_CUT ? G_IO_ERROR_PARTIAL_INPUT
							  : G_IO_ERROR_TIMED_OUT,
				    "the body of the request did not come to its end");
		return -1;
	}
	return n;
}

static void
pdd_body_finalize(GObject *object)
{
	PddBody *self = PDD_BODY(object);
	g_queue_clear_full(&self->chunks, (GDestroyNotify)g_bytes_unref);
	g_mutex_clear(&self->lock);
	g_cond_clear(&self->change);
	G_OBJECT_CLASS(pdd_body_parent_class)->finalize(object);
}

static void
pdd_body_class_init(PddBodyClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = pdd_body_finalize;
	G_INPUT_STREAM_CLASS(klass)->read_fn = pdd_body_read;
}

static void
pdd_body_init(PddBody *self)
{
	g_queue_init(&self->chunks);
	g_mutex_init(&self->lock);
	g_cond_init(&self->change);
}

PddBody *
pdd_body_new(PddBodyRoom room, gpointer user_data)
{
	PddBody *self = g_object_new(PDD_TYPE_BODY, NULL);
	self->room = room;
	self->user_data = user_data;
	return self;
}
