/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-item.h"

struct _PddBatch {
	gatomicrefcount refs;
	char *key;
	PddFileState state;
	PddBatchEnded ended;
	gpointer owner;
	gint is_broken; /* atomic: something of it is to be tried again */
};

void
pdd_item_free(PddItem *item)
{
	g_free(item->key);
	g_free(item->url);
	g_clear_pointer(&item->bytes, g_bytes_unref);
	g_free(item->name);
	g_clear_object(&item->origin);
	g_clear_pointer(&item->batch, pdd_batch_unref);
	g_free(item);
}

/* the caller's reference is given back when the last of its items has been offered; a batch of
 * which not everything could be offered is to be broken first */
PddBatch *
pdd_batch_new(const char *key, const PddFileState *state, PddBatchEnded ended, gpointer owner)
{
	PddBatch *self = g_new0(PddBatch, 1);
	g_atomic_ref_count_init(&self->refs);
	self->key = g_strdup(key);
	self->state = *state;
	self->ended = ended;
	self->owner = owner;
	return self;
}

PddBatch *
pdd_batch_ref(PddBatch *self)
{
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

void
pdd_batch_unref(PddBatch *self)
{
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	self->ended(self->owner, self->key, &self->state, !g_atomic_int_get(&self->is_broken));
	g_free(self->key);
	g_free(self);
}

void
pdd_batch_break(PddBatch *self)
{
	g_atomic_int_set(&self->is_broken, TRUE);
}
