/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-database.h"

G_BEGIN_DECLS

/* connections that read, each for one thread at a time; opened as they are needed */
typedef struct {
	char *path;
	GMutex lock;
	GCond returned;
	GQueue idle; /* of PerfdashDatabase */
	guint n_open;
} PerfdashReaderPool;

PerfdashReaderPool *
perfdash_reader_pool_new(const char *path);
/* all readers must be back */
void
perfdash_reader_pool_free(PerfdashReaderPool *self);
/* waits when too many are out */
PerfdashDatabase *
perfdash_reader_pool_take(PerfdashReaderPool *self, GError **error);
void
perfdash_reader_pool_return(PerfdashReaderPool *self, PerfdashDatabase *reader);

G_END_DECLS
