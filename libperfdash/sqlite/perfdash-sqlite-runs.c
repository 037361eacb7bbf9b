/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-sqlite-runs.h"

#include "perfdash-error.h"
#include "perfdash-reader.h"
#include "perfdash-sqlite-store.h"
#include "perfdash-standings.h"

#define MAX_NAMED 500 /* more series than this are not worth naming */

/* what a thread with a connection is asked for */
typedef struct {
	gint64 id;
	const char *series;
	PerfdashSelector *selector; /* nullable */
	PerfdashStanding *standing; /* nullable */
	gint64 before;
	guint limit;
	gpointer found;
} Read;

static gboolean
read_run(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	g_autoptr(GError) local = NULL;
	read->found = perfdash_reader_load_run(catalogue, database, read->id, &local);
	if (read->found != NULL)
		return TRUE;
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	else
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no run %" G_GINT64_FORMAT,
			    read->id);
	return FALSE;
}

static PerfdashRun *
perfdash_sqlite_runs_load(PerfdashStore *store, gint64 run, GError **error)
{
	Read read = {.id = run};
	return perfdash_sqlite_store_read(store, read_run, &read, error) ? read.found : NULL;
}

static gboolean
read_list(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	read->found = perfdash_reader_list_runs(catalogue,
						database,
						read->selector,
						read->standing,
						read->before,
						read->limit,
						error);
	return read->found != NULL;
}

static GPtrArray *
perfdash_sqlite_runs_list(PerfdashStore *store,
			  PerfdashSelector *selector,
			  const char *standing,
			  gint64 before,
			  guint limit,
			  GError **error)
{
	PerfdashStanding wanted;
	Read read = {.selector = selector, .limit = limit};
	if (standing != NULL && !perfdash_standing_from_string(standing, &wanted)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "standing \"%.64s\" is none of shown, hidden, replaced",
			    standing);
		return NULL;
	}
	read.standing = standing != NULL ? &wanted : NULL;
	read.before = before > 0 ? before : G_MAXINT64;
	return perfdash_sqlite_store_read(store, read_list, &read, error) ? read.found : NULL;
}

static gboolean
read_hidden(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	g_rw_lock_reader_lock(&catalogue->lock);
	PerfdashSeriesEntry *entry = perfdash_catalogue_find_series(catalogue, read->series);
	g_rw_lock_reader_unlock(&catalogue->lock);
	if (entry == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no series %s",
			    read->series);
		return FALSE;
	}
	read->found = perfdash_reader_list_hidden_runs(catalogue, database, entry, error);
	return read->found != NULL;
}

static GPtrArray *
perfdash_sqlite_runs_list_hidden(PerfdashStore *store, const char *series, GError **error)
{
	Read read = {.series = series};
	return perfdash_sqlite_store_read(store, read_hidden, &read, error) ? read.found : NULL;
}

static gboolean
read_events(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	read->found = perfdash_standings_list_events(database, read->id, error);
	return read->found != NULL;
}

static GPtrArray *
perfdash_sqlite_runs_list_events(PerfdashStore *store, gint64 run, GError **error)
{
	Read read = {.id = run};
	return perfdash_sqlite_store_read(store, read_events, &read, error) ? read.found : NULL;
}

/* what the writer is asked for */
typedef struct {
	const gint64 *ids;
	gsize n_ids;
	PerfdashStanding standing;
	const char *who;
	const char *reason;
	GPtrArray *changed; /* ids of series; NULL: nothing happened */
} Change;

static gboolean
set_all(PerfdashStandings *standings,
	PerfdashDatabase *database,
	const Change *change,
	GError **error)
{
	for (gsize i = 0; i < change->n_ids; i++) {
		if (!perfdash_standings_set(standings, change->ids[i], change->standing, 0, error))
			return FALSE;
	}
	return perfdash_standings_is_empty(standings) ||
	       (perfdash_standings_end(standings, error) &&
		perfdash_database_commit(database, error));
}

static gboolean
write_change(PerfdashCatalogue *catalogue,
	     PerfdashDatabase *database,
	     gpointer data,
	     GError **error)
{
	Change *change = data;
	g_autoptr(PerfdashStandings) standings =
		perfdash_standings_new(catalogue, database, change->who, change->reason);
	if (!perfdash_database_begin(database, error))
		return FALSE;
	gboolean is_set = set_all(standings, database, change, error);
	if (!is_set || perfdash_standings_is_empty(standings)) {
		perfdash_database_rollback(database);
		return is_set;
	}
	g_rw_lock_writer_lock(&catalogue->lock);
	perfdash_standings_publish(standings);
	g_rw_lock_writer_unlock(&catalogue->lock);
	change->changed = perfdash_standings_list_series(standings);
	return TRUE;
}

static gboolean
perfdash_sqlite_runs_set_standing(PerfdashStore *store,
				  const gint64 *ids,
				  gsize n_ids,
				  PerfdashStanding standing,
				  const char *reason,
				  const char *who,
				  GError **error)
{
	Change change = {ids, n_ids, standing, who, reason, NULL};
	if (!perfdash_sqlite_store_write(store, write_change, &change, error))
		return FALSE;
	g_autoptr(GPtrArray) changed = change.changed;
	if (changed == NULL)
		return TRUE;
	gboolean is_named = changed->len <= MAX_NAMED;
	g_ptr_array_add(changed, NULL);
	perfdash_store_emit_changed(store,
				    perfdash_store_get_generation(store),
				    is_named ? (const char *const *)changed->pdata : NULL);
	return TRUE;
}

void
perfdash_sqlite_runs_init_class(PerfdashStoreClass *klass)
{
	klass->load_run = perfdash_sqlite_runs_load;
	klass->list_runs = perfdash_sqlite_runs_list;
	klass->list_hidden_runs = perfdash_sqlite_runs_list_hidden;
	klass->list_run_events = perfdash_sqlite_runs_list_events;
	klass->set_standing = perfdash_sqlite_runs_set_standing;
}
