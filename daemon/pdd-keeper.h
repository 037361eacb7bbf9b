/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "pdd-config.h"

G_BEGIN_DECLS

typedef struct _PddKeeper PddKeeper;

/* what is kept, and what was removed since the start */
typedef struct {
	guint64 n_kept;
	guint64 kept_bytes;
	guint64 n_removed;
	guint64 removed_bytes;
} PddKept;

PddKeeper *
pdd_keeper_new(PerfdashStore *store, PerfdashArchive *archive, const PddConfig *config);
void
pdd_keeper_set_limits(PddKeeper *self, const PddConfig *config);
void
pdd_keeper_get_kept(PddKeeper *self, PddKept *kept);
void
pdd_keeper_stop(PddKeeper *self);
void
pdd_keeper_free(PddKeeper *self);

G_END_DECLS
