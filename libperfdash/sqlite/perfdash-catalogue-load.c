/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-catalogue.h"
#include "perfdash-labels-private.h"
#include "perfdash-pack.h"

static gboolean
load_streams(PerfdashCatalogue *self, PerfdashDatabase *database, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "list_streams");
	PerfdashStep step;
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		gint64 id = sqlite3_column_int64(query, 0);
		g_autoptr(PerfdashLabels)
			labels = perfdash_labels_new_from_packed(sqlite3_column_blob(query, 1),
								 sqlite3_column_bytes(query, 1),
								 NULL);
		if (labels == NULL) {
			perfdash_database_set_damaged(database, error, "stream", id);
			return FALSE;
		}
		PerfdashStream *stream = perfdash_catalogue_insert_stream(self, id, labels);
		stream->n_runs = sqlite3_column_int64(query, 2);
		stream->n_results = sqlite3_column_int64(query, 3);
		stream->n_derived = sqlite3_column_int64(query, 4);
		stream->last_time = sqlite3_column_int64(query, 5);
		self->n_runs += stream->n_runs;
		self->n_results += stream->n_results;
		self->last_time = MAX(self->last_time, stream->last_time);
	}
	return step == PERFDASH_STEP_DONE;
}

static gboolean
load_series(PerfdashCatalogue *self, PerfdashDatabase *database, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "list_series");
	PerfdashStep step;
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		gint64 id = sqlite3_column_int64(query, 0);
		gint64 stream_id = sqlite3_column_int64(query, 1);
		PerfdashStream *stream = g_hash_table_lookup(self->streams_by_id, &stream_id);
		g_autoptr(PerfdashLabels)
			labels = perfdash_labels_new_from_packed(sqlite3_column_blob(query, 2),
								 sqlite3_column_bytes(query, 2),
								 NULL);
		if (labels == NULL || stream == NULL) {
			perfdash_database_set_damaged(database, error, "series", id);
			return FALSE;
		}
		PerfdashSeriesEntry *entry = perfdash_series_entry_new(
			stream,
			labels,
			(const char *)sqlite3_column_text(query, 3),
			(const char *)sqlite3_column_text(query, 4),
			sqlite3_column_int(query, 5));
		entry->id = id;
		entry->version = 1;
		perfdash_catalogue_insert_series(self, entry);
	}
	return step == PERFDASH_STEP_DONE;
}

static PerfdashTailRun *
load_tail_run(PerfdashCatalogue *self,
	      PerfdashDatabase *database,
	      sqlite3_stmt *query,
	      GError **error)
{
	gint64 id = sqlite3_column_int64(query, 0);
	PerfdashShape *shape = perfdash_catalogue_load_shape(self,
							     database,
							     sqlite3_column_int64(query, 2),
							     error);
	if (shape == NULL)
		return NULL;
	PerfdashTailRun *run = perfdash_tail_run_new(shape);
	const guint8 *points = sqlite3_column_blob(query, 7);
	PerfdashUnpacker in = {points, points + sqlite3_column_bytes(query, 7), FALSE};
	run->run = id;
	run->seq = sqlite3_column_int64(query, 1);
	run->time = sqlite3_column_int64(query, 3);
	run->outcome = sqlite3_column_int(query, 4);
	run->build = g_strdup((const char *)sqlite3_column_text(query, 5));
	run->revision = g_strdup((const char *)sqlite3_column_text(query, 6));
	perfdash_unpack_row(&in, run->values, shape->n);
	if (in.failed) {
		perfdash_database_set_damaged(database, error, "run", id);
		perfdash_tail_run_unref(run);
		return NULL;
	}
	return run;
}

static gboolean
load_tail(PerfdashCatalogue *self,
	  PerfdashDatabase *database,
	  PerfdashStream *stream,
	  GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "list_tail");
	PerfdashStep step;
	sqlite3_bind_int64(query, 1, stream->id);
	sqlite3_bind_int64(query, 2, stream->n_derived);
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		PerfdashTailRun *run = load_tail_run(self, database, query, error);
		if (run == NULL)
			return FALSE;
		perfdash_catalogue_append_tail(self, stream, run);
	}
	if (step == PERFDASH_STEP_DONE && stream->tail->len != stream->n_runs - stream->n_derived) {
		perfdash_database_set_damaged(database, error, "stream", stream->id);
		return FALSE;
	}
	return step == PERFDASH_STEP_DONE;
}

static gboolean
load_generation(PerfdashCatalogue *self, PerfdashDatabase *database, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "get_generation");
	if (perfdash_database_step(database, query, error) != PERFDASH_STEP_ROW)
		return FALSE;
	self->generation = sqlite3_column_int64(query, 0);
	sqlite3_reset(query);
	return TRUE;
}

static gboolean
load_all(PerfdashCatalogue *self, PerfdashDatabase *database, GError **error)
{
	if (!load_generation(self, database, error) || !load_streams(self, database, error) ||
	    !load_series(self, database, error))
		return FALSE;
	perfdash_catalogue_settle(self);
	for (guint i = 0; i < self->streams->len; i++) {
		PerfdashStream *stream = g_ptr_array_index(self->streams, i);
		if (stream->n_derived < stream->n_runs && !load_tail(self, database, stream, error))
			return FALSE;
	}
	return TRUE;
}

/* into a catalogue that is new and that nobody else has yet; another process may be writing
 * meanwhile */
gboolean
perfdash_catalogue_load(PerfdashCatalogue *self, PerfdashDatabase *database, GError **error)
{
	gboolean loaded = perfdash_database_begin_read(database, error) &&
			  load_all(self, database, error);
	perfdash_database_rollback(database);
	return loaded;
}
