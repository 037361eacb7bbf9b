/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-client.h"
#include "pdd-file.h"
#include "pdd-service.h"
#include "pdd-source.h"

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
	PerfdashRun *defaults; /* what the source knows of its run; nullable */
	PddBatch *batch;       /* nullable */
} PddItem;

void
pdd_item_free(PddItem *item);

#define PDD_TYPE_SOURCE_REMOTE (pdd_source_remote_get_type())

G_DECLARE_DERIVABLE_TYPE(PddSourceRemote, pdd_source_remote, PDD, SOURCE_REMOTE, PddSource)

struct _PddSourceRemoteClass {
	PddSourceClass parent_class;

	/* looks for items and offers them; in the thread of the source, which does nothing else
	 * meanwhile. What goes wrong is noted; what was offered is taken in all the same */
	void (*poll)(PddSourceRemote *self, PddClient *client, GCancellable *cancellable);
};

/* for the kinds of source, in poll() */
gboolean
pdd_source_remote_is_known(PddSourceRemote *self, const char *key, const PddFileState *state);
gboolean
pdd_source_remote_is_settled(PddSourceRemote *self);
gboolean
pdd_source_remote_offer(PddSourceRemote *self, PddItem *item);
gboolean
pdd_source_remote_get_whole(PddSourceRemote *self, const char *key, PddFileState *state);
void
pdd_source_remote_note(PddSourceRemote *self, GError *error);
PddBatch *
pdd_batch_new(PddSourceRemote *source,
	      const char *key,
	      const PddFileState *state,
	      PddBatch *parent);
void
pdd_batch_set_time(PddBatch *self, gint64 modified_at);
PddBatch *
pdd_batch_ref(PddBatch *self);
void
pdd_batch_unref(PddBatch *self);
void
pdd_batch_break(PddBatch *self);
PerfdashRunBuilder *
pdd_source_remote_begin_run(PddSourceRemote *self);

void
pdd_source_remote_set_service(PddSourceRemote *self, PddService *service);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddItem, pdd_item_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddBatch, pdd_batch_unref)

G_END_DECLS
