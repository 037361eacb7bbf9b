/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "pdd-file.h"

G_BEGIN_DECLS

typedef struct _PddSeen PddSeen;

PddSeen *
pdd_seen_load(const char *path, PerfdashStore *store);
void
pdd_seen_free(PddSeen *self);
gboolean
pdd_seen_contains(PddSeen *self, const char *file, const PddFileState *state);
void
pdd_seen_add(PddSeen *self, const char *file, const PddFileState *state, PerfdashLogRecord *record);
gboolean
pdd_seen_get_whole(PddSeen *self, const char *batch, PddFileState *state);
void
pdd_seen_add_whole(PddSeen *self, const char *batch, const PddFileState *state);
gboolean
pdd_seen_has_read(PddSeen *self, const char *prefix);
gboolean
pdd_seen_is_unread(PddSeen *self);
guint
pdd_seen_get_length(PddSeen *self, guint *n_failed, gint64 *last_read);
void
pdd_seen_look_again(PddSeen *self, guint n_reparsed);
void
pdd_seen_retain(PddSeen *self, GHashTable *files);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddSeen, pdd_seen_free)

G_END_DECLS
