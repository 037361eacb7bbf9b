/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-sqlite-logs.h"

#include "perfdash-change.h"
#include "perfdash-error.h"
#include "perfdash-reader.h"
#include "perfdash-sqlite-store.h"

/* what a thread with a connection is asked for */
typedef struct {
	const char *digest; /* nullable */
	const char *origin; /* nullable */
	gint64 id;
	gint64 before;
	int outcome;
	gint64 after;
	guint limit;
	gpointer found;
} Read;

/* an error says that there is none */
static gpointer
require(gpointer record, GError *error, const char *what, GError **propagated)
{
	if (record == NULL && error == NULL)
		g_set_error(propagated,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no log %s",
			    what);
	else if (record == NULL)
		g_propagate_error(propagated, error);
	return record;
}

static gboolean
find(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	GError *local = NULL;
	PerfdashLogRecord *record =
		perfdash_reader_find_log(database, read->digest, read->origin, &local);
	read->found = require(record, local, read->digest, error);
	return read->found != NULL;
}

static gboolean
load(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	GError *local = NULL;
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, read->id);
	PerfdashLogRecord *record = perfdash_reader_load_log(database, read->id, &local);
	read->found = require(record, local, id, error);
	return read->found != NULL;
}

static gboolean
list(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	read->found = perfdash_reader_list_logs(database,
						read->digest,
						read->before,
						read->outcome,
						read->limit,
						error);
	return read->found != NULL;
}

static PerfdashLogRecord *
perfdash_sqlite_logs_find(PerfdashStore *store,
			  const char *digest,
			  const char *origin,
			  GError **error)
{
	Read read = {.digest = digest, .origin = origin};
	return perfdash_sqlite_store_read(store, find, &read, error) ? read.found : NULL;
}

static PerfdashLogRecord *
perfdash_sqlite_logs_load(PerfdashStore *store, gint64 id, GError **error)
{
	Read read = {.id = id};
	return perfdash_sqlite_store_read(store, load, &read, error) ? read.found : NULL;
}

static GPtrArray *
perfdash_sqlite_logs_list(PerfdashStore *store,
			  const char *outcome,
			  const char *digest,
			  gint64 before,
			  guint limit,
			  GError **error)
{
	Read read = {.digest = digest,
		     .before = before > 0 ? before : G_MAXINT64,
		     .outcome = -1,
		     .limit = limit};
	PerfdashOutcome wanted;
	if (outcome != NULL && !perfdash_outcome_from_string(outcome, &wanted)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "outcome \"%s\" is none of ok, partial, failed, no-result",
			    outcome);
		return NULL;
	}
	if (outcome != NULL)
		read.outcome = wanted;
	return perfdash_sqlite_store_read(store, list, &read, error) ? read.found : NULL;
}

static gboolean
read_kept(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	read->found = perfdash_reader_list_kept_logs(database, read->after, read->limit, error);
	return read->found != NULL;
}

static GPtrArray *
perfdash_sqlite_logs_list_kept(PerfdashStore *store, gint64 after, guint limit, GError **error)
{
	Read read = {.after = after, .limit = limit};
	return perfdash_sqlite_store_read(store, read_kept, &read, error) ? read.found : NULL;
}

static gboolean
read_removed(PerfdashCatalogue *catalogue,
	     PerfdashDatabase *database,
	     gpointer data,
	     GError **error)
{
	Read *read = data;
	read->found = perfdash_reader_list_removed_logs(database, read->limit, error);
	return read->found != NULL;
}

static GPtrArray *
perfdash_sqlite_logs_list_removed(PerfdashStore *store, guint limit, GError **error)
{
	Read read = {.limit = limit};
	return perfdash_sqlite_store_read(store, read_removed, &read, error) ? read.found : NULL;
}

/* those that may be chance are new in the file */
static gboolean
read_held(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	g_autoptr(GHashTable)
		held = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	sqlite3_stmt *query = perfdash_database_query(database, "list_held_logs");
	PerfdashStep step;
	sqlite3_bind_int(query, 1, PERFDASH_CHANGE_STATE_NEW);
	sqlite3_bind_int(query, 2, PERFDASH_CHANGE_STATE_ACKNOWLEDGED);
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		gint64 id = sqlite3_column_int64(query, 0);
		g_hash_table_add(held, g_memdup2(&id, sizeof id));
	}
	if (step == PERFDASH_STEP_DONE)
		read->found = g_steal_pointer(&held);
	return step == PERFDASH_STEP_DONE;
}

static GHashTable *
perfdash_sqlite_logs_list_held(PerfdashStore *store, GError **error)
{
	Read read = {0};
	return perfdash_sqlite_store_read(store, read_held, &read, error) ? read.found : NULL;
}

typedef struct {
	GPtrArray *logs;
	const char *reason;
} Removal;

static gboolean
write_removal(PerfdashCatalogue *catalogue,
	      PerfdashDatabase *database,
	      gpointer data,
	      GError **error)
{
	Removal *removal = data;
	gint64 now = g_get_real_time();
	gboolean is_written = perfdash_database_begin(database, error);
	for (guint i = 0; is_written && i < removal->logs->len; i++) {
		PerfdashLogRecord *log = g_ptr_array_index(removal->logs, i);
		sqlite3_stmt *query = perfdash_database_query(database, "remove_log");
		sqlite3_bind_int64(query, 1, perfdash_log_record_get_id(log));
		sqlite3_bind_int64(query, 2, now);
		sqlite3_bind_text(query, 3, removal->reason, -1, SQLITE_STATIC);
		is_written = perfdash_database_run(database, query, NULL, error);
	}
	if (is_written && perfdash_database_commit(database, error))
		return TRUE;
	perfdash_database_rollback(database);
	return FALSE;
}

static gboolean
perfdash_sqlite_logs_mark_removed(PerfdashStore *store,
				  GPtrArray *logs,
				  const char *reason,
				  GError **error)
{
	Removal removal = {logs, reason};
	return perfdash_sqlite_store_write(store, write_removal, &removal, error);
}

void
perfdash_sqlite_logs_init_class(PerfdashStoreClass *klass)
{
	klass->find_log = perfdash_sqlite_logs_find;
	klass->load_log = perfdash_sqlite_logs_load;
	klass->list_logs = perfdash_sqlite_logs_list;
	klass->list_kept_logs = perfdash_sqlite_logs_list_kept;
	klass->list_removed_logs = perfdash_sqlite_logs_list_removed;
	klass->list_held_logs = perfdash_sqlite_logs_list_held;
	klass->mark_logs_removed = perfdash_sqlite_logs_mark_removed;
}
