/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a transaction adds to the catalogue is there at once, for the next run of the log may need
 * it; it becomes settled with the commit, and a rollback takes it away again. */

#include "perfdash-catalogue.h"
#include "perfdash-labels-private.h"
#include "perfdash-pack.h"
#include "perfdash-result-private.h"
#include "perfdash-series-info-private.h"

static void
bind_labels(sqlite3_stmt *query, int index, PerfdashLabels *labels)
{
	gsize size;
	const char *packed = perfdash_labels_get_packed(labels, &size);
	sqlite3_bind_blob64(query, index, packed, size, SQLITE_STATIC);
}

PerfdashStream *
perfdash_catalogue_ensure_stream(PerfdashCatalogue *self,
				 PerfdashDatabase *database,
				 PerfdashLabels *labels,
				 GError **error)
{
	PerfdashStream *stream = g_hash_table_lookup(self->streams_by_labels, labels);
	gint64 id;
	if (stream != NULL)
		return stream;
	sqlite3_stmt *query = perfdash_database_query(database, "add_stream");
	bind_labels(query, 1, labels);
	if (!perfdash_database_run(database, query, &id, error))
		return NULL;
	g_rw_lock_writer_lock(&self->lock);
	stream = perfdash_catalogue_insert_stream(self, id, labels);
	g_rw_lock_writer_unlock(&self->lock);
	return stream;
}

static gboolean
add_series(PerfdashCatalogue *self,
	   PerfdashDatabase *database,
	   PerfdashSeriesEntry *entry,
	   GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "add_series");
	sqlite3_bind_int64(query, 1, entry->stream->id);
	bind_labels(query, 2, entry->labels);
	sqlite3_bind_text(query, 3, entry->stat, -1, SQLITE_STATIC);
	sqlite3_bind_text(query, 4, perfdash_series_info_get_unit(entry->info), -1, SQLITE_STATIC);
	sqlite3_bind_int(query, 5, perfdash_series_info_get_direction(entry->info));
	if (!perfdash_database_run(database, query, &entry->id, error))
		return FALSE;
	g_rw_lock_writer_lock(&self->lock);
	perfdash_catalogue_insert_series(self, entry);
	g_rw_lock_writer_unlock(&self->lock);
	return TRUE;
}

static void
set_info(PerfdashCatalogue *self, PerfdashSeriesEntry *entry, PerfdashSeriesInfo *info)
{
	g_rw_lock_writer_lock(&self->lock);
	/* the key is in the info, too */
	g_hash_table_replace(self->series_by_name,
			     (char *)perfdash_series_info_get_id(info),
			     entry);
	entry->info = info;
	g_rw_lock_writer_unlock(&self->lock);
}

/* a parser that mends the direction of a metric mends it for the whole series */
static gboolean
update_direction(PerfdashCatalogue *self,
		 PerfdashDatabase *database,
		 PerfdashSeriesEntry *entry,
		 PerfdashDirection direction,
		 GError **error)
{
	PerfdashReplacedInfo old = {entry, entry->info};
	if (perfdash_series_info_get_direction(old.info) == direction)
		return TRUE;
	sqlite3_stmt *query = perfdash_database_query(database, "set_direction");
	sqlite3_bind_int64(query, 1, entry->id);
	sqlite3_bind_int(query, 2, direction);
	if (!perfdash_database_run(database, query, NULL, error))
		return FALSE;
	set_info(self, entry, perfdash_series_info_with_direction(old.info, direction));
	g_array_append_val(self->replaced_infos, old);
	return TRUE;
}

static PerfdashSeriesEntry *
ensure_series(PerfdashCatalogue *self,
	      PerfdashDatabase *database,
	      PerfdashStream *stream,
	      PerfdashResult *result,
	      const char *stat,
	      GError **error)
{
	PerfdashSeriesEntry *wanted = perfdash_series_entry_new(stream,
								result->labels,
								stat,
								result->unit,
								result->direction);
	PerfdashSeriesEntry *found = g_hash_table_lookup(stream->series, wanted);
	if (found == NULL && add_series(self, database, wanted, error))
		return wanted;
	perfdash_series_entry_free(wanted);
	if (found == NULL || !update_direction(self, database, found, result->direction, error))
		return NULL;
	return found;
}

static gboolean
is_same_point(PerfdashSeriesEntry *entry, PerfdashResult *result, const char *stat)
{
	return entry->stat == stat &&
	       g_str_equal(perfdash_series_info_get_unit(entry->info), result->unit) &&
	       perfdash_series_info_get_direction(entry->info) == result->direction &&
	       perfdash_labels_equal(entry->labels, result->labels);
}

static gboolean
shape_fits(PerfdashShape *shape, PerfdashRun *run)
{
	const char *value = g_intern_static_string("");
	guint n = 0;
	for (guint i = 0; i < perfdash_run_get_n_results(run); i++) {
		PerfdashResult *result = perfdash_run_get_result(run, i);
		if (n == shape->n || !is_same_point(shape->series[n++], result, value))
			return FALSE;
		for (guint j = 0; j < perfdash_result_get_n_stats(result); j++) {
			const char *stat = perfdash_result_get_nth_stat(result, j, NULL);
			if (!perfdash_stat_is_percentile(stat))
				continue;
			if (n == shape->n || !is_same_point(shape->series[n++], result, stat))
				return FALSE;
		}
	}
	return n == shape->n;
}

static GPtrArray *
collect_series(PerfdashCatalogue *self,
	       PerfdashDatabase *database,
	       PerfdashStream *stream,
	       PerfdashRun *run,
	       GError **error)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new();
	for (guint i = 0; i < perfdash_run_get_n_results(run); i++) {
		PerfdashResult *result = perfdash_run_get_result(run, i);
		for (int j = -1; j < (int)perfdash_result_get_n_stats(result); j++) {
			const char *stat = j >= 0 ? perfdash_result_get_nth_stat(result, j, NULL)
						  : "";
			if (j >= 0 && !perfdash_stat_is_percentile(stat))
				continue;
			PerfdashSeriesEntry *entry =
				ensure_series(self, database, stream, result, stat, error);
			if (entry == NULL)
				return NULL;
			g_ptr_array_add(entries, entry);
		}
	}
	return g_steal_pointer(&entries);
}

static GByteArray *
pack_series(GPtrArray *entries)
{
	GByteArray *packed = g_byte_array_new();
	gint64 before = 0;
	for (guint i = 0; i < entries->len; i++) {
		PerfdashSeriesEntry *entry = g_ptr_array_index(entries, i);
		perfdash_pack_int(packed, entry->id - before);
		before = entry->id;
	}
	return packed;
}

static gboolean
find_or_add_shape(PerfdashDatabase *database,
		  PerfdashStream *stream,
		  GByteArray *packed,
		  gint64 *id,
		  GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "find_shape");
	sqlite3_bind_int64(query, 1, stream->id);
	sqlite3_bind_blob(query, 2, packed->data, packed->len, SQLITE_STATIC);
	PerfdashStep step = perfdash_database_step(database, query, error);
	if (step == PERFDASH_STEP_ERROR)
		return FALSE;
	if (step == PERFDASH_STEP_ROW) {
		*id = sqlite3_column_int64(query, 0);
		sqlite3_reset(query);
		return TRUE;
	}
	query = perfdash_database_query(database, "add_shape");
	sqlite3_bind_int64(query, 1, stream->id);
	sqlite3_bind_blob(query, 2, packed->data, packed->len, SQLITE_STATIC);
	return perfdash_database_run(database, query, id, error);
}

PerfdashShape *
perfdash_catalogue_ensure_shape(PerfdashCatalogue *self,
				PerfdashDatabase *database,
				PerfdashStream *stream,
				PerfdashRun *run,
				GError **error)
{
	gint64 id;
	if (stream->last_shape != NULL && shape_fits(stream->last_shape, run))
		return stream->last_shape;
	g_autoptr(GPtrArray) entries = collect_series(self, database, stream, run, error);
	if (entries == NULL)
		return NULL;
	g_autoptr(GByteArray) packed = pack_series(entries);
	if (!find_or_add_shape(database, stream, packed, &id, error))
		return NULL;
	g_rw_lock_writer_lock(&self->lock);
	PerfdashShape *shape = g_hash_table_lookup(self->shapes, &id);
	if (shape == NULL) {
		shape = perfdash_catalogue_insert_shape(self, id, entries);
		g_ptr_array_add(self->unsettled_shapes, shape);
	}
	stream->last_shape = shape;
	g_rw_lock_writer_unlock(&self->lock);
	return shape;
}

/* what was added is in the database for good; the lock is held for writing, or nobody else has the
 * catalogue yet */
void
perfdash_catalogue_settle(PerfdashCatalogue *self)
{
	for (guint i = 0; i < self->replaced_infos->len; i++) {
		PerfdashReplacedInfo *old = &g_array_index(self->replaced_infos,
							   PerfdashReplacedInfo,
							   i);
		perfdash_series_info_unref(old->info);
	}
	g_array_set_size(self->replaced_infos, 0);
	g_ptr_array_set_size(self->unsettled_shapes, 0);
	self->n_settled_streams = self->streams->len;
	self->n_settled_series = self->series->len;
}

static void
restore_infos(PerfdashCatalogue *self)
{
	for (guint i = self->replaced_infos->len; i > 0; i--) {
		PerfdashReplacedInfo *old = &g_array_index(self->replaced_infos,
							   PerfdashReplacedInfo,
							   i - 1);
		g_autoptr(PerfdashSeriesInfo) wrong = old->series->info;
		set_info(self, old->series, old->info);
	}
	g_array_set_size(self->replaced_infos, 0);
}

static void
forget_series(PerfdashCatalogue *self, PerfdashSeriesEntry *entry)
{
	g_hash_table_remove(entry->stream->series, entry);
	g_hash_table_remove(self->series_by_id, &entry->id);
	g_hash_table_remove(self->series_by_name, perfdash_series_info_get_id(entry->info));
}

static void
forget_stream(PerfdashCatalogue *self, PerfdashStream *stream)
{
	g_hash_table_remove(self->streams_by_id, &stream->id);
	g_hash_table_remove(self->streams_by_labels, stream->labels);
}

/* the transaction failed: forgets what was added since the last one, which no reader has seen */
void
perfdash_catalogue_unsettle(PerfdashCatalogue *self)
{
	restore_infos(self);
	g_rw_lock_writer_lock(&self->lock);
	for (guint i = 0; i < self->streams->len; i++)
		((PerfdashStream *)g_ptr_array_index(self->streams, i))->last_shape = NULL;
	for (guint i = 0; i < self->unsettled_shapes->len; i++) {
		PerfdashShape *shape = g_ptr_array_index(self->unsettled_shapes, i);
		g_hash_table_remove(self->shapes, &shape->id);
		perfdash_shape_free(shape);
	}
	while (self->series->len > self->n_settled_series) {
		PerfdashSeriesEntry *entry = g_ptr_array_steal_index(self->series,
								     self->series->len - 1);
		forget_series(self, entry);
		perfdash_series_entry_free(entry);
	}
	while (self->streams->len > self->n_settled_streams) {
		PerfdashStream *stream = g_ptr_array_steal_index(self->streams,
								 self->streams->len - 1);
		forget_stream(self, stream);
		perfdash_stream_free(stream);
	}
	g_ptr_array_set_size(self->unsettled_shapes, 0);
	g_rw_lock_writer_unlock(&self->lock);
}
