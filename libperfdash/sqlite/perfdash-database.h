/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* one connection; used by one thread at a time */
typedef struct _PerfdashDatabase PerfdashDatabase;

typedef enum {
	PERFDASH_STEP_ERROR,
	PERFDASH_STEP_ROW,
	PERFDASH_STEP_DONE,
} PerfdashStep;

PerfdashDatabase *
perfdash_database_open(const char *path, gboolean read_only, GError **error);
void
perfdash_database_close(PerfdashDatabase *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashDatabase, perfdash_database_close)

/* a file descriptor that says this process writes, or -1 */
int
perfdash_database_lock(const char *path, GError **error);

/* checks that the file is ours and brings it to this version; a failed step leaves it as it was */
gboolean
perfdash_database_migrate(PerfdashDatabase *self, GError **error);

gboolean
perfdash_database_begin(PerfdashDatabase *self, GError **error);
gboolean
perfdash_database_begin_read(PerfdashDatabase *self, GError **error);
gboolean
perfdash_database_commit(PerfdashDatabase *self, GError **error);
void
perfdash_database_rollback(PerfdashDatabase *self);

/* a statement of queries.sql, ready to be bound; owned by the connection */
sqlite3_stmt *
perfdash_database_query(PerfdashDatabase *self, const char *name);
PerfdashStep
perfdash_database_step(PerfdashDatabase *self, sqlite3_stmt *query, GError **error);
/* for a statement that gives no rows; id takes the rowid that was inserted */
gboolean
perfdash_database_run(PerfdashDatabase *self, sqlite3_stmt *query, gint64 *id, GError **error);
char *
perfdash_database_load_meta(PerfdashDatabase *self, const char *key, GError **error);
void
perfdash_database_set_damaged(PerfdashDatabase *self, GError **error, const char *what, gint64 id);
/* likewise, of what is derived from runs */
void
perfdash_database_set_derived_damaged(PerfdashDatabase *self,
				      GError **error,
				      const char *what,
				      gint64 id);

G_END_DECLS
