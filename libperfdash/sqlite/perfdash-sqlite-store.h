/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-store-private.h"

G_BEGIN_DECLS

#define PERFDASH_TYPE_SQLITE_STORE (perfdash_sqlite_store_get_type())

G_DECLARE_FINAL_TYPE(PerfdashSqliteStore,
		     perfdash_sqlite_store,
		     PERFDASH,
		     SQLITE_STORE,
		     PerfdashStore)

PerfdashStore *
perfdash_sqlite_store_open(const char *path, gboolean read_only, GError **error);

G_END_DECLS
