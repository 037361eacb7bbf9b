/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-client.h"
#include "pdd-item.h"
#include "pdd-service.h"
#include "pdd-source.h"

G_BEGIN_DECLS

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
pdd_source_remote_may_begin(PddSourceRemote *self, const char *key, const PddFileState *state);
void
pdd_source_remote_forgive(PddSourceRemote *self, const char *key);
void
pdd_source_remote_fail(PddSourceRemote *self,
		       const char *key,
		       const PddFileState *state,
		       GError *error);
gboolean
pdd_source_remote_offer(PddSourceRemote *self, PddItem *item);
gboolean
pdd_source_remote_get_whole(PddSourceRemote *self, const char *key, PddFileState *state);
void
pdd_source_remote_note(PddSourceRemote *self, GError *error);
gboolean
pdd_source_remote_has_read(PddSourceRemote *self, const char *prefix);
void
pdd_source_remote_set_red_jobs(PddSourceRemote *self, GPtrArray *red_jobs);
PddBatch *
pdd_source_remote_begin_batch(PddSourceRemote *self, const char *key, const PddFileState *state);
void
pdd_source_remote_add_whole(PddSourceRemote *self, const char *key, const PddFileState *state);

void
pdd_source_remote_set_service(PddSourceRemote *self, PddService *service);

G_END_DECLS
