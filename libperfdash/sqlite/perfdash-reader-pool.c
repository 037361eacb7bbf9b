/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-reader-pool.h"

#define MAX_READERS 4

PerfdashReaderPool *
perfdash_reader_pool_new(const char *path)
{
	PerfdashReaderPool *self = g_new0(PerfdashReaderPool, 1);
	self->path = g_strdup(path);
	g_mutex_init(&self->lock);
	g_cond_init(&self->returned);
	g_queue_init(&self->idle);
	return self;
}

void
perfdash_reader_pool_free(PerfdashReaderPool *self)
{
	g_queue_clear_full(&self->idle, (GDestroyNotify)perfdash_database_close);
	g_mutex_clear(&self->lock);
	g_cond_clear(&self->returned);
	g_free(self->path);
	g_free(self);
}

static PerfdashDatabase *
open_reader(PerfdashReaderPool *self, GError **error)
{
	PerfdashDatabase *reader = perfdash_database_open(self->path, TRUE, error);
	if (reader != NULL)
		return reader;
	g_mutex_lock(&self->lock);
	self->n_open--;
	g_cond_signal(&self->returned);
	g_mutex_unlock(&self->lock);
	return NULL;
}

PerfdashDatabase *
perfdash_reader_pool_take(PerfdashReaderPool *self, GError **error)
{
	g_mutex_lock(&self->lock);
	while (g_queue_is_empty(&self->idle) && self->n_open == MAX_READERS)
		g_cond_wait(&self->returned, &self->lock);
	PerfdashDatabase *reader = g_queue_pop_head(&self->idle);
	if (reader == NULL)
		self->n_open++;
	g_mutex_unlock(&self->lock);
	return reader != NULL ? reader : open_reader(self, error);
}

void
perfdash_reader_pool_return(PerfdashReaderPool *self, PerfdashDatabase *reader)
{
	g_mutex_lock(&self->lock);
	g_queue_push_head(&self->idle, reader);
	g_cond_signal(&self->returned);
	g_mutex_unlock(&self->lock);
}
