/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which series are due for analysis stands in the store, by stream: runs are counted as they come
 * and as they are analysed. So nothing is missed when the process ends in between, and what another
 * process took in is found by the next one.
 *
 * Values go to the analysis as the series has them: a store keeps no run that failed. */

#include "perfdash-change-finder.h"

#include "perfdash-change-rows.h"
#include "perfdash-reconciliation.h"

#define MAX_KNOWN 20000 /* trends in memory, some hundred bytes each */

typedef struct {
	PerfdashTrend *trend;
	gint64 last_run;
	guint64 n_standings;
	PerfdashDirection direction;
} Known;

struct _PerfdashChangeFinder {
	GMutex lock;
	GHashTable *known; /* id of a series -> Known */
};

static void
known_free(gpointer data)
{
	Known *known = data;
	g_object_unref(known->trend);
	g_free(known);
}

PerfdashChangeFinder *
perfdash_change_finder_new(void)
{
	PerfdashChangeFinder *self = g_new0(PerfdashChangeFinder, 1);
	g_mutex_init(&self->lock);
	self->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
	return self;
}

void
perfdash_change_finder_free(PerfdashChangeFinder *self)
{
	g_hash_table_unref(self->known);
	g_mutex_clear(&self->lock);
	g_free(self);
}

void
perfdash_change_finder_lock(PerfdashChangeFinder *self)
{
	g_mutex_lock(&self->lock);
}

void
perfdash_change_finder_unlock(PerfdashChangeFinder *self)
{
	g_mutex_unlock(&self->lock);
}

void
perfdash_change_finder_forget(PerfdashChangeFinder *self)
{
	g_mutex_lock(&self->lock);
	g_hash_table_remove_all(self->known);
	g_mutex_unlock(&self->lock);
}

static void
remember(PerfdashChangeFinder *self,
	 PerfdashSeries *series,
	 guint64 n_standings,
	 PerfdashTrend *trend)
{
	PerfdashSeriesInfo *info = perfdash_series_get_info(series);
	Known *known = g_new0(Known, 1);
	gsize n;
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	known->trend = g_object_ref(trend);
	known->last_run = n > 0 ? runs[n - 1] : 0;
	known->n_standings = n_standings;
	known->direction = perfdash_series_info_get_direction(info);
	if (g_hash_table_size(self->known) >= MAX_KNOWN)
		g_hash_table_remove_all(self->known);
	g_hash_table_replace(self->known, g_strdup(perfdash_series_info_get_id(info)), known);
}

/* the trend of what the series was before, when only newer results came since, or NULL */
static PerfdashTrend *
recall(PerfdashChangeFinder *self, PerfdashSeries *series, guint64 n_standings)
{
	PerfdashSeriesInfo *info = perfdash_series_get_info(series);
	Known *known = g_hash_table_lookup(self->known, perfdash_series_info_get_id(info));
	gsize n;
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	gsize length = known != NULL ? perfdash_trend_get_length(known->trend) : 0;
	if (length == 0 || length > n || runs[length - 1] != known->last_run ||
	    known->n_standings != n_standings ||
	    known->direction != perfdash_series_info_get_direction(info))
		return NULL;
	return known->trend;
}

PerfdashTrend *
perfdash_change_finder_analyze(PerfdashChangeFinder *self,
			       PerfdashSeries *series,
			       guint64 n_standings,
			       GError **error)
{
	PerfdashTrend *before = recall(self, series, n_standings);
	PerfdashSeriesInfo *info = perfdash_series_get_info(series);
	gsize n;
	const double *values = perfdash_series_get_values(series, &n);
	const gint64 *times = perfdash_series_get_times(series, &n);
	PerfdashTrend *trend = before != NULL
				       ? perfdash_trend_extend(before, values, n, times, n, error)
				       : perfdash_trend_new(
						 values,
						 n,
						 times,
						 n,
						 perfdash_series_info_get_direction(info),
						 error);
	if (trend != NULL)
		remember(self, series, n_standings, trend);
	return trend;
}

static void
due_series_clear(gpointer data)
{
	PerfdashDueSeries *due = data;
	g_clear_object(&due->series);
	g_clear_object(&due->trend);
}

void
perfdash_due_stream_free(PerfdashDueStream *self)
{
	g_array_unref(self->series);
	g_ptr_array_unref(self->changed);
	g_free(self);
}

static PerfdashDueStream *
due_stream_new(PerfdashStream *stream)
{
	PerfdashDueStream *self = g_new0(PerfdashDueStream, 1);
	GHashTableIter iter;
	gpointer value;
	self->stream = stream;
	self->n_runs = stream->n_runs;
	self->n_standings = stream->n_standings;
	self->series = g_array_new(FALSE, FALSE, sizeof(PerfdashDueSeries));
	self->changed = g_ptr_array_new_with_free_func(g_free);
	g_array_set_clear_func(self->series, due_series_clear);
	g_hash_table_iter_init(&iter, stream->series);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		PerfdashSeriesEntry *entry = value;
		PerfdashDueSeries due = {.entry = entry, .version = entry->version};
		if (entry->version != 0 && entry->version != entry->analyzed)
			g_array_append_val(self->series, due);
	}
	return self;
}

PerfdashDueStream *
perfdash_due_stream_next(PerfdashCatalogue *catalogue)
{
	PerfdashDueStream *due = NULL;
	g_rw_lock_reader_lock(&catalogue->lock);
	for (guint i = 0; i < catalogue->streams->len && due == NULL; i++) {
		PerfdashStream *stream = g_ptr_array_index(catalogue->streams, i);
		if (stream->n_analyzed < stream->n_runs)
			due = due_stream_new(stream);
	}
	g_rw_lock_reader_unlock(&catalogue->lock);
	return due;
}

static gboolean
write_outturn(PerfdashDatabase *database, PerfdashOutturn *outturn, gint64 series, GError **error)
{
	if (outturn->fate == PERFDASH_FATE_SAME)
		return TRUE;
	if (outturn->fate == PERFDASH_FATE_REMOVED)
		return perfdash_change_rows_delete(database, outturn->change->id, error);
	return perfdash_change_rows_put(database, outturn->change, series, outturn->events, error);
}

static gboolean
write_series(PerfdashCatalogue *catalogue,
	     PerfdashDatabase *database,
	     PerfdashDueStream *stream,
	     PerfdashDueSeries *due,
	     GError **error)
{
	g_autoptr(GPtrArray)
		known = perfdash_change_rows_list(catalogue, database, due->entry, error);
	gboolean is_changed = FALSE;
	if (known == NULL)
		return FALSE;
	if (known->len == 0 && perfdash_trend_get_changes(due->trend)->len == 0)
		return TRUE;
	g_autoptr(GPtrArray) outturns = perfdash_reconciliation_run(known,
								    due->series,
								    due->trend,
								    stream->new_since,
								    g_get_real_time());
	for (guint i = 0; i < outturns->len; i++) {
		PerfdashOutturn *outturn = g_ptr_array_index(outturns, i);
		is_changed |= outturn->fate != PERFDASH_FATE_SAME;
		if (!write_outturn(database, outturn, due->entry->id, error))
			return FALSE;
	}
	if (is_changed)
		g_ptr_array_add(stream->changed,
				g_strdup(perfdash_series_info_get_id(due->entry->info)));
	return TRUE;
}

static gboolean
write_all(PerfdashCatalogue *catalogue,
	  PerfdashDatabase *database,
	  PerfdashDueStream *self,
	  GError **error)
{
	for (guint i = 0; i < self->series->len; i++) {
		PerfdashDueSeries *due = &g_array_index(self->series, PerfdashDueSeries, i);
		if (due->trend != NULL && !write_series(catalogue, database, self, due, error))
			return FALSE;
	}
	sqlite3_stmt *query = perfdash_database_query(database, "set_n_analyzed");
	sqlite3_bind_int64(query, 1, self->stream->id);
	sqlite3_bind_int64(query, 2, self->n_runs);
	return perfdash_database_run(database, query, NULL, error) &&
	       (self->changed->len == 0 ||
		perfdash_change_rows_count_generation(database, error)) &&
	       perfdash_database_commit(database, error);
}

gboolean
perfdash_due_stream_write(PerfdashCatalogue *catalogue,
			  PerfdashDatabase *database,
			  gpointer due_stream,
			  GError **error)
{
	PerfdashDueStream *self = due_stream;
	if (self->stream->n_standings != self->n_standings)
		return TRUE;
	if (!perfdash_database_begin(database, error) ||
	    !write_all(catalogue, database, self, error)) {
		perfdash_database_rollback(database);
		return FALSE;
	}
	g_rw_lock_writer_lock(&catalogue->lock);
	for (guint i = 0; i < self->series->len; i++) {
		PerfdashDueSeries *due = &g_array_index(self->series, PerfdashDueSeries, i);
		due->entry->analyzed = due->version;
	}
	self->stream->n_analyzed = self->n_runs;
	if (self->changed->len > 0)
		perfdash_catalogue_settle_changes(catalogue, self->changed);
	g_rw_lock_writer_unlock(&catalogue->lock);
	return TRUE;
}

gboolean
perfdash_due_stream_prepare(PerfdashDatabase *database, GError **error)
{
	g_autofree char *now = g_strdup_printf("%d", PERFDASH_DETECTOR_VERSION);
	g_autofree char *before = perfdash_database_load_meta(database, "detector", error);
	if (before == NULL || g_str_equal(before, now))
		return before != NULL;
	sqlite3_stmt *query = perfdash_database_query(database, "set_meta");
	sqlite3_bind_text(query, 1, "detector", -1, SQLITE_STATIC);
	sqlite3_bind_text(query, 2, now, -1, SQLITE_STATIC);
	return perfdash_database_run(database,
				     perfdash_database_query(database, "forget_analyses"),
				     NULL,
				     error) &&
	       perfdash_database_run(database, query, NULL, error);
}

gboolean
perfdash_due_stream_forget(PerfdashCatalogue *catalogue, PerfdashDatabase *database, GError **error)
{
	if (!perfdash_database_run(database,
				   perfdash_database_query(database, "forget_analyses"),
				   NULL,
				   error))
		return FALSE;
	g_rw_lock_writer_lock(&catalogue->lock);
	for (guint i = 0; i < catalogue->streams->len; i++)
		((PerfdashStream *)g_ptr_array_index(catalogue->streams, i))->n_analyzed = 0;
	for (guint i = 0; i < catalogue->series->len; i++)
		((PerfdashSeriesEntry *)g_ptr_array_index(catalogue->series, i))->analyzed = 0;
	g_rw_lock_writer_unlock(&catalogue->lock);
	return TRUE;
}
