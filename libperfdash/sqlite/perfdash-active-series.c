/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Most runs of a stream have one shape, so the few shapes of the runs of a time tell its series,
 * and no points are read. */

#include "perfdash-active-series.h"

/* of PerfdashSeriesEntry, or NULL */
static GHashTable *
find_entries(PerfdashCatalogue *catalogue,
	     PerfdashDatabase *database,
	     gint64 from,
	     gint64 to,
	     GError **error)
{
	g_autoptr(GHashTable) entries = g_hash_table_new(NULL, NULL);
	g_autoptr(GArray) shapes = g_array_new(FALSE, FALSE, sizeof(gint64));
	sqlite3_stmt *query = perfdash_database_query(database, "list_active_shapes");
	PerfdashStep step;
	sqlite3_bind_int64(query, 1, from);
	sqlite3_bind_int64(query, 2, to);
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		gint64 id = sqlite3_column_int64(query, 0);
		g_array_append_val(shapes, id);
	}
	if (step != PERFDASH_STEP_DONE)
		return NULL;
	for (guint i = 0; i < shapes->len; i++) {
		gint64 id = g_array_index(shapes, gint64, i);
		PerfdashShape *shape =
			perfdash_catalogue_load_shape(catalogue, database, id, error);
		if (shape == NULL)
			return NULL;
		for (guint j = 0; j < shape->n; j++)
			g_hash_table_add(entries, shape->series[j]);
	}
	return g_steal_pointer(&entries);
}

GPtrArray *
perfdash_active_series_list(PerfdashCatalogue *catalogue,
			    PerfdashDatabase *database,
			    gint64 from,
			    gint64 to,
			    GError **error)
{
	g_autoptr(GHashTable) entries = find_entries(catalogue, database, from, to, error);
	if (entries == NULL)
		return NULL;
	GPtrArray *infos = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_series_info_unref);
	GHashTableIter iter;
	gpointer entry;
	g_rw_lock_reader_lock(&catalogue->lock);
	g_hash_table_iter_init(&iter, entries);
	while (g_hash_table_iter_next(&iter, &entry, NULL))
		g_ptr_array_add(infos,
				perfdash_series_info_ref(((PerfdashSeriesEntry *)entry)->info));
	g_rw_lock_reader_unlock(&catalogue->lock);
	return infos;
}

static gboolean
recall(PerfdashCatalogue *catalogue, gint64 day, guint *n, guint64 *generation)
{
	gpointer value;
	g_rw_lock_reader_lock(&catalogue->lock);
	gboolean is_known = g_hash_table_lookup_extended(catalogue->n_active, &day, NULL, &value);
	*generation = catalogue->generation;
	g_rw_lock_reader_unlock(&catalogue->lock);
	if (is_known)
		*n = GPOINTER_TO_UINT(value);
	return is_known;
}

gboolean
perfdash_active_series_count(PerfdashCatalogue *catalogue,
			     PerfdashDatabase *database,
			     gint64 day,
			     guint *n,
			     GError **error)
{
	guint64 generation;
	if (recall(catalogue, day, n, &generation))
		return TRUE;
	g_autoptr(GHashTable)
		entries = find_entries(catalogue, database, day, day + G_TIME_SPAN_DAY, error);
	if (entries == NULL)
		return FALSE;
	*n = g_hash_table_size(entries);
	g_rw_lock_writer_lock(&catalogue->lock);
	if (catalogue->generation == generation)
		g_hash_table_insert(catalogue->n_active,
				    g_memdup2(&day, sizeof(day)),
				    GUINT_TO_POINTER(*n));
	g_rw_lock_writer_unlock(&catalogue->lock);
	return TRUE;
}
