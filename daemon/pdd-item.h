/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "pdd-file.h"

G_BEGIN_DECLS

/* several items that belong together, such as those of a build: known as a whole when every one of
 * them has been taken in */
typedef struct _PddBatch PddBatch;

/* a log that lies at a source */
typedef struct {
	char *key; /* what it is known by, for as long as the source exists */
	char *url; /* nullable, when there is bytes; relative to that of the source or absolute */
	GBytes *bytes;
	char *name;         /* of the file */
	PddFileState state; /* another one: it was written anew; 0 where the source does not say */
	gint64 arrived_at;  /* microseconds since 1970 UTC, 0: not known */
	PerfdashOrigin *origin; /* what the source knows of it */
	PddBatch *batch;        /* nullable */
} PddItem;

void
pdd_item_free(PddItem *item);

/* nothing of a batch is on its way any more; is_whole: everything of it has been taken in */
typedef void (*PddBatchEnded)(gpointer owner,
			      const char *key,
			      const PddFileState *state,
			      gboolean is_whole);

PddBatch *
pdd_batch_new(const char *key, const PddFileState *state, PddBatchEnded ended, gpointer owner);
PddBatch *
pdd_batch_ref(PddBatch *self);
void
pdd_batch_unref(PddBatch *self);
void
pdd_batch_break(PddBatch *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddItem, pdd_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddBatch, pdd_batch_unref)

G_END_DECLS
