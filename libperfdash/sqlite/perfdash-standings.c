/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A run that is hidden or replaced stays where it is, in its row and in segments. Which ones these
 * are is few numbers a stream, kept in memory and left out when a series is read; so that a run is
 * hidden and shown again at once, however long its series are. */

#include "perfdash-standings.h"

#include "perfdash-change-private.h"
#include "perfdash-change-rows.h"
#include "perfdash-error.h"

/* what is shown of a stream */
typedef struct {
	GArray *unshown;     /* guint32, nullable */
	GHashTable *entries; /* set of PerfdashSeriesEntry that have results which are shown */
	guint32 n_replaced;
	guint64 n_replaced_results;
} Shown;

/* where a run is, and what it is */
typedef struct {
	PerfdashStream *stream;
	gint64 seq;
	PerfdashShape *shape;
	gint64 time;
	PerfdashStanding standing;
	gint64 replaced_by;
} Place;

static void
shown_free(gpointer data)
{
	Shown *shown = data;
	if (shown == NULL)
		return;
	g_clear_pointer(&shown->unshown, g_array_unref);
	g_clear_pointer(&shown->entries, g_hash_table_unref);
	g_free(shown);
}

PerfdashStandings *
perfdash_standings_new(PerfdashCatalogue *catalogue,
		       PerfdashDatabase *database,
		       const char *who,
		       const char *reason)
{
	PerfdashStandings *self = g_new0(PerfdashStandings, 1);
	self->catalogue = catalogue;
	self->database = database;
	self->who = who;
	self->reason = reason;
	self->now = g_get_real_time();
	self->streams = g_hash_table_new_full(NULL, NULL, NULL, shown_free);
	self->series = g_hash_table_new(NULL, NULL);
	self->days = g_array_new(FALSE, FALSE, sizeof(gint64));
	return self;
}

void
perfdash_standings_free(PerfdashStandings *self)
{
	g_hash_table_unref(self->streams);
	g_hash_table_unref(self->series);
	g_array_unref(self->days);
	g_free(self);
}

static PerfdashStream *
find_stream(PerfdashCatalogue *catalogue, gint64 id)
{
	g_rw_lock_reader_lock(&catalogue->lock);
	PerfdashStream *stream = perfdash_catalogue_find_stream(catalogue, id);
	g_rw_lock_reader_unlock(&catalogue->lock);
	return stream;
}

static gboolean
find_place(PerfdashStandings *self, gint64 run, Place *place, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(self->database, "get_standing");
	sqlite3_bind_int64(query, 1, run);
	PerfdashStep step = perfdash_database_step(self->database, query, error);
	if (step == PERFDASH_STEP_DONE)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no run %" G_GINT64_FORMAT,
			    run);
	if (step != PERFDASH_STEP_ROW)
		return FALSE;
	gint64 shape = sqlite3_column_int64(query, 2);
	place->stream = find_stream(self->catalogue, sqlite3_column_int64(query, 0));
	place->seq = sqlite3_column_int64(query, 1);
	place->time = sqlite3_column_int64(query, 3);
	place->standing = sqlite3_column_int(query, 4);
	place->replaced_by = sqlite3_column_int64(query, 5);
	sqlite3_reset(query);
	place->shape = perfdash_catalogue_load_shape(self->catalogue, self->database, shape, error);
	if (place->shape != NULL && place->stream == NULL)
		perfdash_database_set_damaged(self->database, error, "run", run);
	return place->shape != NULL && place->stream != NULL;
}

static gboolean
add_event(PerfdashStandings *self,
	  gint64 run,
	  PerfdashStanding standing,
	  gint64 *event,
	  GError **error)
{
	const char *const texts[] = {self->who,
				     perfdash_standing_to_string(standing),
				     self->reason};
	sqlite3_stmt *query = perfdash_database_query(self->database, "add_run_event");
	sqlite3_bind_int64(query, 1, run);
	sqlite3_bind_int64(query, 2, self->now);
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		sqlite3_bind_text(query, 3 + i, texts[i], -1, SQLITE_STATIC);
	return perfdash_database_run(self->database, query, event, error);
}

static gboolean
write_standing(PerfdashStandings *self,
	       gint64 run,
	       const Place *place,
	       gint64 event,
	       GError **error)
{
	sqlite3_stmt *query;
	if (place->standing == PERFDASH_STANDING_SHOWN) {
		query = perfdash_database_query(self->database, "delete_standing");
		sqlite3_bind_int64(query, 1, run);
		return perfdash_database_run(self->database, query, NULL, error);
	}
	query = perfdash_database_query(self->database, "put_standing");
	sqlite3_bind_int64(query, 1, run);
	sqlite3_bind_int64(query, 2, place->stream->id);
	sqlite3_bind_int64(query, 3, place->seq);
	sqlite3_bind_int(query, 4, place->standing);
	sqlite3_bind_int64(query, 5, place->replaced_by);
	sqlite3_bind_int64(query, 6, event);
	return perfdash_database_run(self->database, query, NULL, error);
}

void
perfdash_standings_touch(PerfdashStandings *self,
			 PerfdashStream *stream,
			 PerfdashShape *shape,
			 gint64 time)
{
	gint64 day = perfdash_change_find_day(time);
	g_array_append_val(self->days, day);
	for (guint i = 0; i < shape->n; i++)
		g_hash_table_add(self->series, shape->series[i]);
	if (!g_hash_table_contains(self->streams, stream))
		g_hash_table_insert(self->streams, stream, NULL);
}

gboolean
perfdash_standings_set(PerfdashStandings *self,
		       gint64 run,
		       PerfdashStanding standing,
		       gint64 replaced_by,
		       GError **error)
{
	Place place;
	gint64 event;
	if (!find_place(self, run, &place, error))
		return FALSE;
	if (place.standing == PERFDASH_STANDING_REPLACED && standing != place.standing) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "run %" G_GINT64_FORMAT " was replaced by run %" G_GINT64_FORMAT
			    ", which can be hidden",
			    run,
			    place.replaced_by);
		return FALSE;
	}
	if (place.standing == standing && place.replaced_by == replaced_by)
		return TRUE;
	place.standing = standing;
	place.replaced_by = replaced_by;
	perfdash_standings_touch(self, place.stream, place.shape, place.time);
	return add_event(self, run, standing, &event, error) &&
	       write_standing(self, run, &place, event, error);
}

gboolean
perfdash_standings_is_empty(PerfdashStandings *self)
{
	return g_hash_table_size(self->streams) == 0;
}

static gboolean
list_ids(PerfdashDatabase *database,
	 sqlite3_stmt *query,
	 gint64 stream,
	 GArray **ids,
	 GError **error)
{
	PerfdashStep step;
	*ids = g_array_new(FALSE, FALSE, sizeof(gint64));
	if (stream != 0)
		sqlite3_bind_int64(query, 1, stream);
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		gint64 id = sqlite3_column_int64(query, 0);
		g_array_append_val(*ids, id);
	}
	return step == PERFDASH_STEP_DONE;
}

static gboolean
read_unshown(Shown *shown, PerfdashDatabase *database, gint64 stream, GError **error)
{
	g_autoptr(GArray) all = NULL;
	sqlite3_stmt *query = perfdash_database_query(database, "list_unshown");
	if (!list_ids(database, query, stream, &all, error))
		return FALSE;
	if (all->len > 0)
		shown->unshown = g_array_sized_new(FALSE, FALSE, sizeof(guint32), all->len);
	for (guint i = 0; i < all->len; i++) {
		guint32 seq = g_array_index(all, gint64, i);
		g_array_append_val(shown->unshown, seq);
	}
	return TRUE;
}

static gboolean
count_replaced(Shown *shown, PerfdashDatabase *database, gint64 stream, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "count_replaced");
	sqlite3_bind_int64(query, 1, stream);
	if (perfdash_database_step(database, query, error) != PERFDASH_STEP_ROW)
		return FALSE;
	shown->n_replaced = sqlite3_column_int64(query, 0);
	shown->n_replaced_results = sqlite3_column_int64(query, 1);
	sqlite3_reset(query);
	return TRUE;
}

/* most often the shapes of a stream are few */
static gboolean
read_entries(Shown *shown,
	     PerfdashCatalogue *catalogue,
	     PerfdashDatabase *database,
	     gint64 stream,
	     GError **error)
{
	g_autoptr(GArray) ids = NULL;
	sqlite3_stmt *query = perfdash_database_query(database, "list_shown_shapes");
	if (!list_ids(database, query, stream, &ids, error))
		return FALSE;
	shown->entries = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < ids->len; i++) {
		PerfdashShape *shape = perfdash_catalogue_load_shape(catalogue,
								     database,
								     g_array_index(ids, gint64, i),
								     error);
		if (shape == NULL)
			return FALSE;
		for (guint j = 0; j < shape->n; j++)
			g_hash_table_add(shown->entries, shape->series[j]);
	}
	return TRUE;
}

static Shown *
read_shown(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gint64 stream, GError **error)
{
	Shown *shown = g_new0(Shown, 1);
	if (read_unshown(shown, database, stream, error) &&
	    count_replaced(shown, database, stream, error) &&
	    read_entries(shown, catalogue, database, stream, error))
		return shown;
	shown_free(shown);
	return NULL;
}

/* the stream takes what is shown of it */
static void
show(PerfdashCatalogue *catalogue, PerfdashStream *stream, Shown *shown)
{
	GHashTableIter iter;
	gpointer entry;
	g_clear_pointer(&stream->unshown, g_array_unref);
	stream->unshown = g_steal_pointer(&shown->unshown);
	catalogue->n_replaced += (guint64)shown->n_replaced - stream->n_replaced;
	catalogue->n_replaced_results += shown->n_replaced_results - stream->n_replaced_results;
	stream->n_replaced = shown->n_replaced;
	stream->n_replaced_results = shown->n_replaced_results;
	g_hash_table_iter_init(&iter, stream->series);
	while (g_hash_table_iter_next(&iter, NULL, &entry))
		perfdash_catalogue_set_empty(catalogue,
					     entry,
					     !g_hash_table_contains(shown->entries, entry));
}

static gboolean
forget_analysis(PerfdashDatabase *database, gint64 stream, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "forget_analysis");
	sqlite3_bind_int64(query, 1, stream);
	return perfdash_database_run(database, query, NULL, error);
}

gboolean
perfdash_standings_end(PerfdashStandings *self, GError **error)
{
	GHashTableIter iter;
	gpointer key;
	g_hash_table_iter_init(&iter, self->streams);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		PerfdashStream *stream = key;
		Shown *shown = read_shown(self->catalogue, self->database, stream->id, error);
		if (shown == NULL)
			return FALSE;
		g_hash_table_iter_replace(&iter, shown);
		if (!forget_analysis(self->database, stream->id, error))
			return FALSE;
	}
	return perfdash_change_rows_count_generation(self->database, error);
}

void
perfdash_standings_publish(PerfdashStandings *self)
{
	GHashTableIter iter;
	gpointer key;
	gpointer value;
	g_hash_table_iter_init(&iter, self->streams);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		PerfdashStream *stream = key;
		show(self->catalogue, stream, value);
		stream->n_standings++;
		stream->n_analyzed = 0;
	}
	g_hash_table_iter_init(&iter, self->series);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		((PerfdashSeriesEntry *)key)->version++;
	for (guint i = 0; i < self->days->len; i++)
		g_hash_table_remove(self->catalogue->n_active,
				    &g_array_index(self->days, gint64, i));
	self->catalogue->generation++;
}

GPtrArray *
perfdash_standings_list_series(PerfdashStandings *self)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter iter;
	gpointer key;
	g_hash_table_iter_init(&iter, self->series);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		PerfdashSeriesEntry *entry = key;
		g_ptr_array_add(ids, g_strdup(perfdash_series_info_get_id(entry->info)));
	}
	return ids;
}

gboolean
perfdash_standings_load(PerfdashCatalogue *catalogue, PerfdashDatabase *database, GError **error)
{
	g_autoptr(GArray) ids = NULL;
	sqlite3_stmt *query = perfdash_database_query(database, "list_standing_streams");
	if (!list_ids(database, query, 0, &ids, error))
		return FALSE;
	for (guint i = 0; i < ids->len; i++) {
		gint64 id = g_array_index(ids, gint64, i);
		PerfdashStream *stream = find_stream(catalogue, id);
		if (stream == NULL) {
			perfdash_database_set_damaged(database, error, "standings of stream", id);
			return FALSE;
		}
		Shown *shown = read_shown(catalogue, database, id, error);
		if (shown == NULL)
			return FALSE;
		show(catalogue, stream, shown);
		shown_free(shown);
	}
	return TRUE;
}

GPtrArray *
perfdash_standings_list_events(PerfdashDatabase *database, gint64 run, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "list_run_events");
	sqlite3_bind_int64(query, 1, run);
	return perfdash_change_rows_read_events(database, query, error);
}
