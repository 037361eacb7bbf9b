/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-database.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>

#include "perfdash-error-private.h"
#include "perfdash-sqlite-resources.h"

#define APPLICATION_ID 0x50464448 /* "PFDH" */
#define RESOURCES      "/org/perfdash/sqlite/sql/"
#define BUSY_TIMEOUT   5000 /* milliseconds */

/* step n brings a file from version n to n + 1 */
static const char *const migrations[] = {"0001-initial.sql",
					 "0002-changes.sql",
					 "0003-fleet.sql",
					 "0004-standing.sql",
					 "0005-places.sql"};

struct _PerfdashDatabase {
	sqlite3 *handle;
	char *path;
	GHashTable *queries; /* name -> sqlite3_stmt */
};

static gboolean
set_error(PerfdashDatabase *self, GError **error, const char *doing)
{
	int code = sqlite3_errcode(self->handle);
	PerfdashError class = code == SQLITE_NOTADB ? PERFDASH_ERROR_NOT_OURS
						    : PERFDASH_ERROR_STORE;
	if (class == PERFDASH_ERROR_NOT_OURS)
		g_set_error(error,
			    PERFDASH_ERROR,
			    class,
			    "%s is not a database of perfdash",
			    self->path);
	else
		g_set_error(error,
			    PERFDASH_ERROR,
			    class,
			    "failed to %s database %s: %s",
			    doing,
			    self->path,
			    sqlite3_errmsg(self->handle));
	return FALSE;
}

static void
set_damaged(PerfdashDatabase *self, GError **error, const char *what, gint64 id, const char *advice)
{
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_STORE,
		    "database %s is damaged: %s %" G_GINT64_FORMAT " cannot be read; %s",
		    self->path,
		    what,
		    id,
		    advice);
}

void
perfdash_database_set_damaged(PerfdashDatabase *self, GError **error, const char *what, gint64 id)
{
	set_damaged(self, error, what, id, "restore it from a backup");
}

void
perfdash_database_set_derived_damaged(PerfdashDatabase *self,
				      GError **error,
				      const char *what,
				      gint64 id)
{
	set_damaged(self, error, what, id, "'perfdash rebuild' derives it again from the runs");
}

static char *
load_text(const char *name)
{
	g_autofree char *path = g_strconcat(RESOURCES, name, NULL);
	g_autoptr(GBytes)
		bytes = g_resource_lookup_data(perfdash_sqlite_get_resource(), path, 0, NULL);
	g_assert(bytes != NULL);
	return g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static GHashTable *
load_queries(void)
{
	GHashTable *queries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_autofree char *text = load_text("queries.sql");
	g_auto(GStrv) parts = g_strsplit(text, "-- name: ", -1);
	for (guint i = 1; parts[i] != NULL; i++) {
		char *line_end = strchr(parts[i], '\n');
		g_hash_table_insert(queries,
				    g_strndup(parts[i], line_end - parts[i]),
				    g_strdup(line_end + 1));
	}
	return queries;
}

static const char *
lookup_query(const char *name)
{
	static GHashTable *queries = NULL;
	if (g_once_init_enter(&queries)) {
		GHashTable *loaded = load_queries();
		g_once_init_leave(&queries, loaded);
	}
	const char *sql = g_hash_table_lookup(queries, name);
	g_assert(sql != NULL);
	return sql;
}

sqlite3_stmt *
perfdash_database_query(PerfdashDatabase *self, const char *name)
{
	sqlite3_stmt *query = g_hash_table_lookup(self->queries, name);
	if (query == NULL) {
		int code = sqlite3_prepare_v3(self->handle,
					      lookup_query(name),
					      -1,
					      SQLITE_PREPARE_PERSISTENT,
					      &query,
					      NULL);
		/* NULL makes every later call on the statement fail with the connection's error */
		if (code != SQLITE_OK)
			return NULL;
		g_hash_table_insert(self->queries, (char *)name, query);
	}
	sqlite3_reset(query);
	return query;
}

PerfdashStep
perfdash_database_step(PerfdashDatabase *self, sqlite3_stmt *query, GError **error)
{
	int code = query != NULL ? sqlite3_step(query) : SQLITE_MISUSE;
	if (code == SQLITE_ROW)
		return PERFDASH_STEP_ROW;
	if (code != SQLITE_DONE)
		set_error(self, error, "use");
	if (query != NULL)
		sqlite3_reset(query);
	return code == SQLITE_DONE ? PERFDASH_STEP_DONE : PERFDASH_STEP_ERROR;
}

gboolean
perfdash_database_run(PerfdashDatabase *self, sqlite3_stmt *query, gint64 *id, GError **error)
{
	if (perfdash_database_step(self, query, error) == PERFDASH_STEP_ERROR)
		return FALSE;
	if (id != NULL)
		*id = sqlite3_last_insert_rowid(self->handle);
	return TRUE;
}

static gboolean
execute(PerfdashDatabase *self, const char *sql, const char *doing, GError **error)
{
	if (sqlite3_exec(self->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return set_error(self, error, doing);
	return TRUE;
}

gboolean
perfdash_database_begin(PerfdashDatabase *self, GError **error)
{
	return perfdash_database_run(self,
				     perfdash_database_query(self, "begin_write"),
				     NULL,
				     error);
}

gboolean
perfdash_database_begin_read(PerfdashDatabase *self, GError **error)
{
	return perfdash_database_run(self, perfdash_database_query(self, "begin"), NULL, error);
}

gboolean
perfdash_database_commit(PerfdashDatabase *self, GError **error)
{
	return perfdash_database_run(self, perfdash_database_query(self, "commit"), NULL, error);
}

void
perfdash_database_rollback(PerfdashDatabase *self)
{
	if (!sqlite3_get_autocommit(self->handle))
		perfdash_database_run(self, perfdash_database_query(self, "rollback"), NULL, NULL);
}

static gboolean
get_number(PerfdashDatabase *self, const char *sql, gint64 *number, GError **error)
{
	sqlite3_stmt *query = NULL;
	gboolean found = sqlite3_prepare_v2(self->handle, sql, -1, &query, NULL) == SQLITE_OK &&
			 sqlite3_step(query) == SQLITE_ROW;
	if (found)
		*number = sqlite3_column_int64(query, 0);
	else
		set_error(self, error, "read");
	sqlite3_finalize(query);
	return found;
}

static gboolean
apply_migration(PerfdashDatabase *self, guint step, GError **error)
{
	g_autofree char *sql = load_text(migrations[step]);
	g_autofree char *stamp = g_strdup_printf(
		"PRAGMA application_id = %d; PRAGMA user_version = %u;",
		APPLICATION_ID,
		step + 1);
	if (perfdash_database_begin(self, error) && execute(self, sql, "upgrade", error) &&
	    execute(self, stamp, "upgrade", error) && perfdash_database_commit(self, error))
		return TRUE;
	perfdash_database_rollback(self);
	return FALSE;
}

static gboolean
check_ours(PerfdashDatabase *self, gint64 *version, GError **error)
{
	gint64 application_id;
	gint64 n_tables;
	if (!get_number(self, "PRAGMA application_id", &application_id, error) ||
	    !get_number(self, "PRAGMA user_version", version, error) ||
	    !get_number(self, "SELECT count(*) FROM sqlite_schema", &n_tables, error))
		return FALSE;
	gboolean fresh = application_id == 0 && *version == 0 && n_tables == 0;
	if (application_id != APPLICATION_ID && !fresh) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_OURS,
			    "%s is a database of another program",
			    self->path);
		return FALSE;
	}
	if (*version > (gint64)G_N_ELEMENTS(migrations)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_TOO_NEW,
			    "%s has version %" G_GINT64_FORMAT
			    ", this program knows versions up to %u: use a newer perfdash",
			    self->path,
			    *version,
			    (guint)G_N_ELEMENTS(migrations));
		return FALSE;
	}
	return TRUE;
}

gboolean
perfdash_database_migrate(PerfdashDatabase *self, GError **error)
{
	gint64 version;
	if (!check_ours(self, &version, error))
		return FALSE;
	if (sqlite3_db_readonly(self->handle, "main") == 1) {
		if (version == (gint64)G_N_ELEMENTS(migrations))
			return TRUE;
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_STORE,
			    "%s cannot be upgraded because it is read-only",
			    self->path);
		return FALSE;
	}
	if (!execute(self, "PRAGMA journal_mode = WAL", "write", error))
		return FALSE;
	for (; version < (gint64)G_N_ELEMENTS(migrations); version++) {
		if (!apply_migration(self, version, error))
			return FALSE;
	}
	return TRUE;
}

char *
perfdash_database_load_meta(PerfdashDatabase *self, const char *key, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(self, "get_meta");
	sqlite3_bind_text(query, 1, key, -1, SQLITE_STATIC);
	PerfdashStep step = perfdash_database_step(self, query, error);
	if (step == PERFDASH_STEP_DONE)
		perfdash_database_set_damaged(self, error, "meta", 0);
	if (step != PERFDASH_STEP_ROW)
		return NULL;
	char *value = g_strdup((const char *)sqlite3_column_text(query, 0));
	sqlite3_reset(query);
	return value;
}

static void
finalize_query(gpointer query)
{
	sqlite3_finalize(query);
}

void
perfdash_database_close(PerfdashDatabase *self)
{
	g_hash_table_unref(self->queries);
	sqlite3_close(self->handle);
	g_free(self->path);
	g_free(self);
}

/* one process writes; it says so by a lock that ends with it */
int
perfdash_database_lock(const char *path, GError **error)
{
	g_autofree char *lock = g_strconcat(path, "-writer", NULL);
	int fd = g_open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	int saved_errno = errno;
	if (saved_errno == EWOULDBLOCK)
		g_set_error(
			error,
			PERFDASH_ERROR,
			PERFDASH_ERROR_STORE,
			"database %s is being written by another process: stop it, or send to it",
			path);
	else
		perfdash_error_set_io(error, saved_errno, "write", lock);
	if (fd >= 0)
		g_close(fd, NULL);
	return -1;
}

/* In a directory that cannot be written to no other process writes either: then SQLite need not
 * make files of its own beside the database. NULL when that is not so. */
static char *
make_read_only_uri(const char *path)
{
	g_autofree char *directory = g_path_get_dirname(path);
	g_autofree char *log = g_strconcat(path, "-wal", NULL);
	g_autofree char *absolute = g_canonicalize_filename(path, NULL);
	if (g_access(directory, W_OK) == 0 || g_file_test(log, G_FILE_TEST_EXISTS))
		return NULL;
	g_autofree char *uri = g_filename_to_uri(absolute, NULL, NULL);
	return uri != NULL ? g_strconcat(uri, "?immutable=1", NULL) : NULL;
}

PerfdashDatabase *
perfdash_database_open(const char *path, gboolean read_only, GError **error)
{
	g_autoptr(PerfdashDatabase) self = g_new0(PerfdashDatabase, 1);
	int flags = SQLITE_OPEN_NOMUTEX |
		    (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	self->path = g_strdup(path);
	self->queries = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, finalize_query);
	g_autofree char *uri = read_only ? make_read_only_uri(path) : NULL;
	if (uri != NULL)
		flags |= SQLITE_OPEN_URI;
	if (sqlite3_open_v2(uri != NULL ? uri : path, &self->handle, flags, NULL) != SQLITE_OK) {
		set_error(self, error, "open");
		return NULL;
	}
	sqlite3_extended_result_codes(self->handle, 0);
	sqlite3_busy_timeout(self->handle, BUSY_TIMEOUT);
	/* page_size counts for a new file only: a run of some hundred results fits in a page. What
	 * is committed survives a failure of power, too */
	if (!execute(self,
		     "PRAGMA page_size = 8192; PRAGMA synchronous = FULL; "
		     "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -2048;",
		     "open",
		     error))
		return NULL;
	return g_steal_pointer(&self);
}
