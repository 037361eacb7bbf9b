/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-segment.h"

GArray *
perfdash_segment_list(PerfdashDatabase *database, gint64 stream, GError **error)
{
	g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(PerfdashSegment));
	sqlite3_stmt *query = perfdash_database_query(database, "list_segments");
	PerfdashStep step;
	gint64 end = 0;
	sqlite3_bind_int64(query, 1, stream);
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		PerfdashSegment segment = {.id = sqlite3_column_int64(query, 0)};
		gint64 first = sqlite3_column_int64(query, 1);
		gint64 n_runs = sqlite3_column_int64(query, 2);
		if (first != end || n_runs < 1 || n_runs > G_MAXUINT32 - end) {
			sqlite3_reset(query);
			perfdash_database_set_derived_damaged(database,
							      error,
							      "segment",
							      segment.id);
			return NULL;
		}
		segment.first = first;
		segment.n_runs = n_runs;
		end += n_runs;
		g_array_append_val(segments, segment);
	}
	return step == PERFDASH_STEP_DONE ? g_steal_pointer(&segments) : NULL;
}

/* chunks of a segment lie together, in the order of series: they are written one after the other */
gint64
perfdash_segment_get_chunk(const PerfdashSegment *self, gint64 series)
{
	return (gint64)((guint64)self->id << 32 | (guint32)series);
}

gboolean
perfdash_segment_read_points(const PerfdashSegment *self,
			     PerfdashDatabase *database,
			     gint64 series,
			     PerfdashPoints *points,
			     GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "get_chunk");
	sqlite3_bind_int64(query, 1, perfdash_segment_get_chunk(self, series));
	PerfdashStep step = perfdash_database_step(database, query, error);
	if (step != PERFDASH_STEP_ROW)
		return step == PERFDASH_STEP_DONE;
	gboolean valid = perfdash_points_unpack(points,
						self->first,
						self->first + self->n_runs,
						sqlite3_column_blob(query, 0),
						sqlite3_column_bytes(query, 0));
	sqlite3_reset(query);
	if (!valid)
		perfdash_database_set_derived_damaged(database, error, "chunk of series", series);
	return valid;
}

gboolean
perfdash_segment_read_timeline(const PerfdashSegment *self,
			       PerfdashDatabase *database,
			       PerfdashTimelineBuilder *builder,
			       GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "get_timeline");
	sqlite3_bind_int64(query, 1, self->id);
	PerfdashStep step = perfdash_database_step(database, query, error);
	if (step == PERFDASH_STEP_ERROR)
		return FALSE;
	gboolean valid = step == PERFDASH_STEP_ROW &&
			 perfdash_timeline_builder_unpack(builder,
							  self->n_runs,
							  sqlite3_column_blob(query, 0),
							  sqlite3_column_bytes(query, 0));
	sqlite3_reset(query);
	if (!valid)
		perfdash_database_set_derived_damaged(database,
						      error,
						      "timeline of segment",
						      self->id);
	return valid;
}
