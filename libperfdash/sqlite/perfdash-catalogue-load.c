/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-catalogue.h"
#include "perfdash-labels-private.h"
#include "perfdash-row-reader.h"
#include "perfdash-standings.h"

static const char *
column_text(sqlite3_stmt *query, int column)
{
	const char *text = (const char *)sqlite3_column_text(query, column);
	return text != NULL ? text : "";
}

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
		gint64 n_runs = sqlite3_column_int64(query, 2);
		gint64 n_derived = sqlite3_column_int64(query, 4);
		if (labels == NULL || n_runs < 0 || n_runs > G_MAXUINT32 || n_derived < 0 ||
		    n_derived > n_runs) {
			sqlite3_reset(query);
			perfdash_database_set_damaged(database, error, "stream", id);
			return FALSE;
		}
		PerfdashStream *stream = perfdash_catalogue_insert_stream(self, id, labels);
		stream->n_runs = n_runs;
		stream->n_derived = n_derived;
		stream->n_results = sqlite3_column_int64(query, 3);
		stream->last_time = sqlite3_column_int64(query, 5);
		stream->n_analyzed = sqlite3_column_int64(query, 6);
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
		if (labels == NULL || stream == NULL || id > G_MAXUINT32) {
			sqlite3_reset(query);
			perfdash_database_set_damaged(database, error, "series", id);
			return FALSE;
		}
		PerfdashSeriesEntry *entry = perfdash_series_entry_new(
			stream,
			labels,
			column_text(query, 3),
			column_text(query, 4),
			sqlite3_column_int(query, 5));
		entry->id = id;
		entry->version = 1;
		perfdash_catalogue_insert_series(self, entry);
	}
	return step == PERFDASH_STEP_DONE;
}

static gboolean
read_run(PerfdashTailRun *run, PerfdashRowReader *rows, sqlite3_stmt *query, GError **error)
{
	PerfdashStoredRow stored = {
		.run = run->run,
		.shape = run->shape->id,
		.base = sqlite3_column_int64(query, 7),
		.points = sqlite3_column_blob(query, 8),
		.size = sqlite3_column_bytes(query, 8),
	};
	int outcome = sqlite3_column_int(query, 4);
	run->seq = sqlite3_column_int64(query, 1);
	run->time = sqlite3_column_int64(query, 3);
	run->outcome = outcome;
	run->build = g_strdup(column_text(query, 5));
	run->revision = g_strdup(column_text(query, 6));
	if (outcome < 0 || outcome > PERFDASH_OUTCOME_NO_RESULT) {
		perfdash_database_set_damaged(rows->database, error, "run", run->run);
		return FALSE;
	}
	return perfdash_row_reader_read(rows, &stored, run->values, run->shape->n, error);
}

static PerfdashTailRun *
load_run(PerfdashCatalogue *self, PerfdashRowReader *rows, sqlite3_stmt *query, GError **error)
{
	PerfdashShape *shape = perfdash_catalogue_load_shape(self,
							     rows->database,
							     sqlite3_column_int64(query, 2),
							     error);
	if (shape == NULL)
		return NULL;
	PerfdashTailRun *run = perfdash_tail_run_new(shape);
	run->run = sqlite3_column_int64(query, 0);
	if (read_run(run, rows, query, error))
		return run;
	perfdash_tail_run_unref(run);
	return NULL;
}

static gboolean
are_in_sequence(GPtrArray *runs, guint32 begin, guint32 end)
{
	for (guint i = 0; i < runs->len; i++) {
		PerfdashTailRun *run = g_ptr_array_index(runs, i);
		if (run->seq != begin + i)
			return FALSE;
	}
	return runs->len == end - begin;
}

GPtrArray *
perfdash_catalogue_load_runs(PerfdashCatalogue *self,
			     PerfdashDatabase *database,
			     PerfdashStream *stream,
			     guint32 begin,
			     guint32 end,
			     GError **error)
{
	g_autoptr(GPtrArray)
		runs = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_tail_run_unref);
	g_auto(PerfdashRowReader) rows = {.database = database};
	sqlite3_stmt *query = perfdash_database_query(database, "list_stream_runs");
	PerfdashStep step;
	sqlite3_bind_int64(query, 1, stream->id);
	sqlite3_bind_int64(query, 2, begin);
	sqlite3_bind_int64(query, 3, end);
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		PerfdashTailRun *run = load_run(self, &rows, query, error);
		if (run == NULL) {
			sqlite3_reset(query);
			return NULL;
		}
		g_ptr_array_add(runs, run);
	}
	if (step == PERFDASH_STEP_ERROR)
		return NULL;
	if (!are_in_sequence(runs, begin, end)) {
		perfdash_database_set_damaged(database, error, "stream", stream->id);
		return NULL;
	}
	return g_steal_pointer(&runs);
}

static gboolean
load_tail(PerfdashCatalogue *self,
	  PerfdashDatabase *database,
	  PerfdashStream *stream,
	  GError **error)
{
	g_autoptr(GPtrArray) runs = perfdash_catalogue_load_runs(self,
								 database,
								 stream,
								 stream->n_derived,
								 stream->n_runs,
								 error);
	for (guint i = 0; runs != NULL && i < runs->len; i++)
		perfdash_catalogue_append_tail(self,
					       stream,
					       perfdash_tail_run_ref(g_ptr_array_index(runs, i)));
	return runs != NULL;
}

static gboolean
load_generation(PerfdashCatalogue *self, PerfdashDatabase *database, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "get_generation");
	if (perfdash_database_step(database, query, error) != PERFDASH_STEP_ROW)
		return FALSE;
	self->generation = sqlite3_column_int64(query, 0) + sqlite3_column_int64(query, 1);
	sqlite3_reset(query);
	return TRUE;
}

/* of the others only those that get new results are due */
static void
set_analyzed(PerfdashCatalogue *self)
{
	for (guint i = 0; i < self->series->len; i++) {
		PerfdashSeriesEntry *entry = g_ptr_array_index(self->series, i);
		if (entry->stream->n_analyzed >= entry->stream->n_runs)
			entry->analyzed = entry->version;
	}
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
	set_analyzed(self);
	return perfdash_standings_load(self, database, error);
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
