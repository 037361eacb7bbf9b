/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-change-finder.h"
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

/* for what the store does in other files: calls work in the writer's thread, one after the other,
 * or in this one with a connection for reading */
typedef gboolean (*PerfdashSqliteWork)(PerfdashCatalogue *catalogue,
				       PerfdashDatabase *database,
				       gpointer data,
				       GError **error);
gboolean
perfdash_sqlite_store_write(PerfdashStore *store,
			    PerfdashSqliteWork work,
			    gpointer data,
			    GError **error);
gboolean
perfdash_sqlite_store_read(PerfdashStore *store,
			   PerfdashSqliteWork work,
			   gpointer data,
			   GError **error);
/* says that series have changed, by their public ids, of which it makes a list that ends with NULL
 */
void
perfdash_sqlite_store_announce(PerfdashStore *store, GPtrArray *ids);
PerfdashCatalogue *
perfdash_sqlite_store_get_catalogue(PerfdashStore *store);
PerfdashChangeFinder *
perfdash_sqlite_store_get_finder(PerfdashStore *store);

G_END_DECLS
