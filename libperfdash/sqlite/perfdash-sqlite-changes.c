/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-sqlite-changes.h"

#include "perfdash-active-series.h"
#include "perfdash-change-edit-private.h"
#include "perfdash-change-finder.h"
#include "perfdash-change-private.h"
#include "perfdash-change-rows.h"
#include "perfdash-error.h"
#include "perfdash-sqlite-store.h"

/* what a thread with a connection is asked for */
typedef struct {
	const char *series; /* nullable */
	gint64 id;
	gint64 from;
	gint64 to;
	guint n_series;
	gpointer found;
} Read;

static gboolean
read_list(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	PerfdashSeriesEntry *entry = NULL;
	g_rw_lock_reader_lock(&catalogue->lock);
	if (read->series != NULL)
		entry = perfdash_catalogue_find_series(catalogue, read->series);
	g_rw_lock_reader_unlock(&catalogue->lock);
	if (read->series != NULL && entry == NULL) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no series %s",
			    read->series);
		return FALSE;
	}
	read->found = perfdash_change_rows_list(catalogue, database, entry, error);
	return read->found != NULL;
}

static GPtrArray *
perfdash_sqlite_changes_list(PerfdashStore *store, const char *series, GError **error)
{
	Read read = {.series = series};
	return perfdash_sqlite_store_read(store, read_list, &read, error) ? read.found : NULL;
}

static PerfdashChange *
get_change(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gint64 id, GError **error)
{
	g_autoptr(GError) local = NULL;
	PerfdashChange *change = perfdash_change_rows_get(catalogue, database, id, &local);
	if (change != NULL)
		return change;
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	else
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no change %" G_GINT64_FORMAT,
			    id);
	return NULL;
}

static gboolean
read_change(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	read->found = get_change(catalogue, database, read->id, error);
	return read->found != NULL;
}

static PerfdashChange *
perfdash_sqlite_changes_load(PerfdashStore *store, gint64 id, GError **error)
{
	Read read = {.id = id};
	return perfdash_sqlite_store_read(store, read_change, &read, error) ? read.found : NULL;
}

static gboolean
read_events(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	read->found = perfdash_change_rows_list_events(database, read->id, error);
	return read->found != NULL;
}

static GPtrArray *
perfdash_sqlite_changes_list_events(PerfdashStore *store, gint64 id, GError **error)
{
	Read read = {.id = id};
	return perfdash_sqlite_store_read(store, read_events, &read, error) ? read.found : NULL;
}

static gboolean
read_day(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	if (!perfdash_active_series_count(catalogue, database, read->from, &read->n_series, error))
		return FALSE;
	read->found = perfdash_change_rows_list_day(database, read->from, error);
	return read->found != NULL;
}

static GArray *
perfdash_sqlite_changes_list_day(PerfdashStore *store, gint64 day, guint *n_series, GError **error)
{
	Read read = {.from = day};
	if (!perfdash_sqlite_store_read(store, read_day, &read, error))
		return NULL;
	*n_series = read.n_series;
	return read.found;
}

static gboolean
read_active(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	read->found = perfdash_active_series_list(catalogue, database, read->from, read->to, error);
	return read->found != NULL;
}

static GPtrArray *
perfdash_sqlite_changes_list_active_series(PerfdashStore *store,
					   gint64 from,
					   gint64 to,
					   GError **error)
{
	Read read = {.from = from, .to = to};
	return perfdash_sqlite_store_read(store, read_active, &read, error) ? read.found : NULL;
}

/* what the writer is asked for */
typedef struct {
	const gint64 *ids;
	gsize n_ids;
	PerfdashChangeEdit *edit;
	PerfdashSeries *series; /* nullable */
	GPtrArray *changed;     /* ids of series */
	guint64 generation;
} Update;

static gboolean
update_one(Update *update,
	   PerfdashCatalogue *catalogue,
	   PerfdashDatabase *database,
	   gint64 id,
	   GError **error)
{
	g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_change_event_unref);
	g_autoptr(PerfdashChange) change = get_change(catalogue, database, id, error);
	if (change == NULL || !perfdash_change_edit_apply(update->edit,
							  change,
							  update->series,
							  g_get_real_time(),
							  events,
							  error))
		return FALSE;
	const char *name = perfdash_series_info_get_id(change->info);
	g_rw_lock_reader_lock(&catalogue->lock);
	gint64 series = perfdash_catalogue_find_series(catalogue, name)->id;
	g_rw_lock_reader_unlock(&catalogue->lock);
	g_ptr_array_add(update->changed, g_strdup(name));
	return perfdash_change_rows_put(database, change, series, events, error);
}

static gboolean
update_all(Update *update, PerfdashCatalogue *catalogue, PerfdashDatabase *database, GError **error)
{
	for (gsize i = 0; i < update->n_ids; i++) {
		if (!update_one(update, catalogue, database, update->ids[i], error))
			return FALSE;
	}
	return perfdash_change_rows_count_generation(database, error) &&
	       perfdash_database_commit(database, error);
}

static gboolean
write_update(PerfdashCatalogue *catalogue,
	     PerfdashDatabase *database,
	     gpointer data,
	     GError **error)
{
	Update *update = data;
	if (!perfdash_database_begin(database, error) ||
	    !update_all(update, catalogue, database, error)) {
		perfdash_database_rollback(database);
		return FALSE;
	}
	g_rw_lock_writer_lock(&catalogue->lock);
	perfdash_catalogue_settle_changes(catalogue, update->changed);
	g_rw_lock_writer_unlock(&catalogue->lock);
	return TRUE;
}

static void
announce(PerfdashStore *store, GPtrArray *changed)
{
	g_ptr_array_add(changed, NULL);
	perfdash_store_emit_changed(store,
				    perfdash_store_get_generation(store),
				    (const char *const *)changed->pdata);
}

/* the series of the change that shall be moved; NULL without an error when none shall */
static PerfdashSeries *
load_series_to_move(PerfdashStore *store, Update *update, GError **error)
{
	gboolean is_set;
	perfdash_change_edit_get_run(update->edit, &is_set);
	if (!is_set)
		return NULL;
	if (update->n_ids != 1) {
		g_set_error_literal(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_INVALID,
				    "run: changes are moved one by one");
		return NULL;
	}
	g_autoptr(PerfdashChange)
		change = perfdash_sqlite_changes_load(store, update->ids[0], error);
	if (change == NULL)
		return NULL;
	return perfdash_store_load_series(store, perfdash_series_info_get_id(change->info), error);
}

static gboolean
perfdash_sqlite_changes_update(PerfdashStore *store,
			       const gint64 *ids,
			       gsize n_ids,
			       PerfdashChangeEdit *edit,
			       GError **error)
{
	Update update = {.ids = ids, .n_ids = n_ids, .edit = edit};
	g_autoptr(GPtrArray) changed = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) local = NULL;
	g_autoptr(PerfdashSeries) series = load_series_to_move(store, &update, &local);
	update.series = series;
	update.changed = changed;
	if (local != NULL) {
		g_propagate_error(error, g_steal_pointer(&local));
		return FALSE;
	}
	if (n_ids == 0)
		return TRUE;
	if (!perfdash_sqlite_store_write(store, write_update, &update, error))
		return FALSE;
	announce(store, changed);
	return TRUE;
}

/* what cannot be read is not asked for again before new results come */
static void
analyze(PerfdashStore *store,
	PerfdashChangeFinder *finder,
	guint64 n_standings,
	PerfdashDueSeries *due)
{
	g_autoptr(GError) error = NULL;
	const char *id = perfdash_series_info_get_id(due->entry->info);
	due->series = perfdash_store_load_series(store, id, &error);
	if (due->series != NULL)
		due->trend =
			perfdash_change_finder_analyze(finder, due->series, n_standings, &error);
	if (due->trend == NULL)
		g_warning("failed to analyse series %s: %s", id, error->message);
}

static gboolean
perfdash_sqlite_changes_find(PerfdashStore *store,
			     gint64 new_since,
			     GCancellable *cancellable,
			     GError **error)
{
	PerfdashCatalogue *catalogue = perfdash_sqlite_store_get_catalogue(store);
	PerfdashChangeFinder *finder = perfdash_sqlite_store_get_finder(store);
	g_autoptr(PerfdashDueStream) due = NULL;
	gboolean is_fine = TRUE;
	perfdash_change_finder_lock(finder);
	while (is_fine && (due = perfdash_due_stream_next(catalogue)) != NULL) {
		due->new_since = new_since;
		for (guint i = 0; i < due->series->len && is_fine; i++) {
			is_fine = !g_cancellable_set_error_if_cancelled(cancellable, error);
			if (is_fine)
				analyze(store,
					finder,
					due->n_standings,
					&g_array_index(due->series, PerfdashDueSeries, i));
		}
		is_fine = is_fine &&
			  perfdash_sqlite_store_write(store, perfdash_due_stream_write, due, error);
		if (is_fine && due->changed->len > 0)
			announce(store, due->changed);
		g_clear_pointer(&due, perfdash_due_stream_free);
	}
	perfdash_change_finder_unlock(finder);
	return is_fine;
}

void
perfdash_sqlite_changes_init_class(PerfdashStoreClass *klass)
{
	klass->list_changes = perfdash_sqlite_changes_list;
	klass->list_day_changes = perfdash_sqlite_changes_list_day;
	klass->list_active_series = perfdash_sqlite_changes_list_active_series;
	klass->load_change = perfdash_sqlite_changes_load;
	klass->list_change_events = perfdash_sqlite_changes_list_events;
	klass->update_changes = perfdash_sqlite_changes_update;
	klass->find_changes = perfdash_sqlite_changes_find;
}
