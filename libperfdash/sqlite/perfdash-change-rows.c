/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-change-rows.h"

#include <math.h>

#include "perfdash-change-event-private.h"
#include "perfdash-change-private.h"

/* columns of get_change, in order, after id and series */
#define FIRST_COLUMN 2

typedef enum {
	TYPE_INT,
	TYPE_INT64,
	TYPE_TEXT,
} Type;

static const struct {
	Type type;
	gsize offset;
} columns[] = {
#define COLUMN(type, field)                                                                        \
	{                                                                                          \
		TYPE_##type, G_STRUCT_OFFSET(PerfdashChange, field)                                \
	}
	COLUMN(INT, state),          COLUMN(INT, is_found),        COLUMN(INT, is_touched),
	COLUMN(INT, is_moved),       COLUMN(INT64, fixed_run),     COLUMN(INT64, found_run),
	COLUMN(INT64, first_run),    COLUMN(INT64, last_run),      COLUMN(INT64, run),
	COLUMN(INT64, previous_run), COLUMN(INT64, time),          COLUMN(TEXT, build),
	COLUMN(TEXT, revision),      COLUMN(TEXT, previous_build), COLUMN(TEXT, previous_revision),
	COLUMN(INT64, detected_at),  COLUMN(INT, detector),        COLUMN(TEXT, reason),
	COLUMN(TEXT, owner),         COLUMN(TEXT, note),           COLUMN(TEXT, link),
	COLUMN(INT64, from_time),    COLUMN(INT64, to_time),
#undef COLUMN
};

G_STATIC_ASSERT(sizeof(PerfdashChangeState) == sizeof(int));

static PerfdashChangePoint *
read_point(sqlite3_stmt *query, int column)
{
	PerfdashChangePoint *point = perfdash_change_point_new();
	point->index = sqlite3_column_int64(query, column++);
	point->first = sqlite3_column_int64(query, column++);
	point->last = sqlite3_column_int64(query, column++);
	int kind = sqlite3_column_int(query, column++);
	point->kind = CLAMP(kind,
			    (int)PERFDASH_CHANGE_KIND_NEITHER,
			    (int)PERFDASH_CHANGE_KIND_IMPROVEMENT);
	point->n_outliers = sqlite3_column_int(query, column++);
	for (guint i = 0; i < PERFDASH_N_ESTIMATES; i++, column++) {
		gboolean is_null = sqlite3_column_type(query, column) == SQLITE_NULL;
		*perfdash_change_point_get_nth(point, i) = is_null ? NAN
								   : sqlite3_column_double(query,
											   column);
	}
	return point;
}

static PerfdashChange *
read_change(sqlite3_stmt *query, PerfdashSeriesInfo *info)
{
	PerfdashChange *change = perfdash_change_new(info);
	int column = FIRST_COLUMN;
	change->id = sqlite3_column_int64(query, 0);
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++, column++) {
		gpointer field = G_STRUCT_MEMBER_P(change, columns[i].offset);
		if (columns[i].type == TYPE_INT)
			*(int *)field = sqlite3_column_int(query, column);
		else if (columns[i].type == TYPE_INT64)
			*(gint64 *)field = sqlite3_column_int64(query, column);
		else
			perfdash_change_set_text(field,
						 (const char *)sqlite3_column_text(query, column));
	}
	if ((guint)change->state > PERFDASH_CHANGE_STATE_WITHDRAWN)
		change->state = PERFDASH_CHANGE_STATE_NEW;
	change->point = read_point(query, column);
	return change;
}

/* NULL when the series is not known */
static PerfdashSeriesInfo *
find_info(PerfdashCatalogue *catalogue, gint64 series)
{
	g_rw_lock_reader_lock(&catalogue->lock);
	PerfdashSeriesEntry *entry = g_hash_table_lookup(catalogue->series_by_id, &series);
	PerfdashSeriesInfo *info = entry != NULL && entry->version > 0
					   ? perfdash_series_info_ref(entry->info)
					   : NULL;
	g_rw_lock_reader_unlock(&catalogue->lock);
	return info;
}

PerfdashChange *
perfdash_change_rows_get(PerfdashCatalogue *catalogue,
			 PerfdashDatabase *database,
			 gint64 id,
			 GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "get_change");
	PerfdashChange *change = NULL;
	sqlite3_bind_int64(query, 1, id);
	if (perfdash_database_step(database, query, error) != PERFDASH_STEP_ROW)
		return NULL;
	g_autoptr(PerfdashSeriesInfo) info = find_info(catalogue, sqlite3_column_int64(query, 1));
	if (info != NULL)
		change = read_change(query, info);
	sqlite3_reset(query);
	return change;
}

GPtrArray *
perfdash_change_rows_list(PerfdashCatalogue *catalogue,
			  PerfdashDatabase *database,
			  PerfdashSeriesEntry *entry,
			  GError **error)
{
	g_autoptr(GPtrArray)
		changes = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_change_unref);
	sqlite3_stmt *query;
	PerfdashStep step;
	if (entry != NULL) {
		query = perfdash_database_query(database, "list_series_changes");
		sqlite3_bind_int64(query, 1, entry->id);
	} else {
		query = perfdash_database_query(database, "list_changes");
	}
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		g_autoptr(PerfdashSeriesInfo)
			info = find_info(catalogue, sqlite3_column_int64(query, 1));
		if (info != NULL)
			g_ptr_array_add(changes, read_change(query, info));
	}
	return step == PERFDASH_STEP_DONE ? g_steal_pointer(&changes) : NULL;
}

GArray *
perfdash_change_rows_list_day(PerfdashDatabase *database, gint64 day, GError **error)
{
	g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(PerfdashDayChange));
	sqlite3_stmt *query = perfdash_database_query(database, "list_day_changes");
	PerfdashStep step;
	sqlite3_bind_int64(query, 1, day);
	sqlite3_bind_int64(query, 2, day + G_TIME_SPAN_DAY);
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		gboolean is_null = sqlite3_column_type(query, 1) == SQLITE_NULL;
		PerfdashDayChange change = {sqlite3_column_int64(query, 0),
					    is_null ? 1 : sqlite3_column_double(query, 1)};
		g_array_append_val(changes, change);
	}
	return step == PERFDASH_STEP_DONE ? g_steal_pointer(&changes) : NULL;
}

GPtrArray *
perfdash_change_rows_read_events(PerfdashDatabase *database, sqlite3_stmt *query, GError **error)
{
	g_autoptr(GPtrArray) events = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_change_event_unref);
	PerfdashStep step;
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW)
		g_ptr_array_add(
			events,
			perfdash_change_event_new(sqlite3_column_int64(query, 0),
						  (const char *)sqlite3_column_text(query, 1),
						  (const char *)sqlite3_column_text(query, 2),
						  (const char *)sqlite3_column_text(query, 3)));
	return step == PERFDASH_STEP_DONE ? g_steal_pointer(&events) : NULL;
}

GPtrArray *
perfdash_change_rows_list_events(PerfdashDatabase *database, gint64 change, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "list_change_events");
	sqlite3_bind_int64(query, 1, change);
	return perfdash_change_rows_read_events(database, query, error);
}

static void
bind_point(sqlite3_stmt *query, int index, PerfdashChangePoint *point)
{
	sqlite3_bind_int64(query, index++, point->index);
	sqlite3_bind_int64(query, index++, point->first);
	sqlite3_bind_int64(query, index++, point->last);
	sqlite3_bind_int(query, index++, point->kind);
	sqlite3_bind_int64(query, index++, point->n_outliers);
	/* what is not a number is bound as NULL */
	for (guint i = 0; i < PERFDASH_N_ESTIMATES; i++)
		sqlite3_bind_double(query, index++, *perfdash_change_point_get_nth(point, i));
}

static gboolean
put_row(PerfdashDatabase *database, PerfdashChange *change, gint64 series, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "put_change");
	int index = FIRST_COLUMN + 1;
	if (change->id != 0)
		sqlite3_bind_int64(query, 1, change->id);
	else
		sqlite3_bind_null(query, 1);
	sqlite3_bind_int64(query, 2, series);
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++, index++) {
		gpointer field = G_STRUCT_MEMBER_P(change, columns[i].offset);
		if (columns[i].type == TYPE_INT)
			sqlite3_bind_int(query, index, *(int *)field);
		else if (columns[i].type == TYPE_INT64)
			sqlite3_bind_int64(query, index, *(gint64 *)field);
		else
			sqlite3_bind_text(query, index, *(char **)field, -1, SQLITE_STATIC);
	}
	bind_point(query, index, change->point);
	return perfdash_database_run(database, query, &change->id, error);
}

static gboolean
add_event(PerfdashDatabase *database, gint64 change, PerfdashChangeEvent *event, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "add_change_event");
	const char *const texts[] = {perfdash_change_event_get_who(event),
				     perfdash_change_event_get_what(event),
				     perfdash_change_event_get_value(event)};
	sqlite3_bind_int64(query, 1, change);
	sqlite3_bind_int64(query, 2, perfdash_change_event_get_time(event));
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		sqlite3_bind_text(query, 3 + i, texts[i], -1, SQLITE_STATIC);
	return perfdash_database_run(database, query, NULL, error);
}

gboolean
perfdash_change_rows_put(PerfdashDatabase *database,
			 PerfdashChange *change,
			 gint64 series,
			 GPtrArray *events,
			 GError **error)
{
	if (!put_row(database, change, series, error))
		return FALSE;
	for (guint i = 0; i < events->len; i++) {
		if (!add_event(database, change->id, g_ptr_array_index(events, i), error))
			return FALSE;
	}
	return TRUE;
}

gboolean
perfdash_change_rows_delete(PerfdashDatabase *database, gint64 id, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "delete_change_events");
	sqlite3_bind_int64(query, 1, id);
	if (!perfdash_database_run(database, query, NULL, error))
		return FALSE;
	query = perfdash_database_query(database, "delete_change");
	sqlite3_bind_int64(query, 1, id);
	return perfdash_database_run(database, query, NULL, error);
}

gboolean
perfdash_change_rows_count_generation(PerfdashDatabase *database, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "count_change_generation");
	return perfdash_database_run(database, query, NULL, error);
}
