/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-database.h"
#include "perfdash-store-private.h"

G_BEGIN_DECLS

/* the functions of a store that are about where logs and runs come from */
/* what a log adds to its day: sign is -1 before it is written again and 1 afterwards */
gboolean
perfdash_sqlite_sources_recount(PerfdashDatabase *database, gint64 log, int sign, GError **error);
void
perfdash_sqlite_sources_init_class(PerfdashStoreClass *klass);

G_END_DECLS
