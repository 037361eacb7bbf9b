/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Runs are written one by one and read series by series. A run goes into the file as one row, which
 * is fast to write; when some have come together they are turned round into a segment, which has a
 * chunk for each series and is fast to read. A segment is written once, from its beginning to its
 * end, and never changed: one that is too small is replaced by a larger one (as in a log-structured
 * merge tree: O'Neil, Cheng, Gawlick, O'Neil, Acta Informatica 33, 1996). Each result is written
 * about three times in all, as part of a run, of a segment of some hundred runs and of one of some
 * thousand, and a series of 10,000 results is read from about ten places. */

#include "perfdash-change-finder.h"
#include "perfdash-segment.h"
#include "perfdash-writer.h"

#define SMALL_SEGMENT 256  /* runs; only the last segment of a stream has fewer */
#define LARGE_SEGMENT 4096 /* runs; not touched any more */
#define MAX_MEDIUM    16   /* this many segments between small and large are made one */

/* what a new segment is made from: segments that it replaces, then runs of the tail */
typedef struct {
	PerfdashDatabase *database;
	gint64 stream;
	const PerfdashSegment *old;
	guint n_old;
	PerfdashTailRun **runs;
	guint n_runs;
} Source;

static gboolean
collect_old_series(Source *source, GHashTable *ids, GError **error)
{
	for (guint i = 0; i < source->n_old; i++) {
		sqlite3_stmt *query = perfdash_database_query(source->database, "list_chunks");
		PerfdashStep step;
		sqlite3_bind_int64(query, 1, perfdash_segment_get_chunk(&source->old[i], 0));
		sqlite3_bind_int64(query,
				   2,
				   perfdash_segment_get_chunk(&source->old[i], G_MAXUINT32));
		while ((step = perfdash_database_step(source->database, query, error)) ==
		       PERFDASH_STEP_ROW)
			g_hash_table_add(ids,
					 GUINT_TO_POINTER((guint32)sqlite3_column_int64(query, 0)));
		if (step == PERFDASH_STEP_ERROR)
			return FALSE;
	}
	return TRUE;
}

static void
collect_run_series(Source *source, GHashTable *ids)
{
	PerfdashShape *shape = NULL;
	for (guint i = 0; i < source->n_runs; i++) {
		if (source->runs[i]->shape == shape)
			continue;
		shape = source->runs[i]->shape;
		for (guint j = 0; j < shape->n; j++)
			g_hash_table_add(ids, GUINT_TO_POINTER((guint32)shape->series[j]->id));
	}
}

static int
compare_ids(gconstpointer a, gconstpointer b)
{
	guint32 left = *(const guint32 *)a;
	guint32 right = *(const guint32 *)b;
	return (left > right) - (left < right);
}

/* of guint32, ascending, so that chunks are appended to the file */
static GArray *
list_series(Source *source, GError **error)
{
	g_autoptr(GHashTable) ids = g_hash_table_new(NULL, NULL);
	GHashTableIter iter;
	gpointer id;
	if (!collect_old_series(source, ids, error))
		return NULL;
	collect_run_series(source, ids);
	GArray *series = g_array_sized_new(FALSE, FALSE, sizeof(guint32), g_hash_table_size(ids));
	g_hash_table_iter_init(&iter, ids);
	while (g_hash_table_iter_next(&iter, &id, NULL))
		g_array_append_vals(series, &(guint32){GPOINTER_TO_UINT(id)}, 1);
	g_array_sort(series, compare_ids);
	return series;
}

static gboolean
collect_points(Source *source, guint32 series, PerfdashPoints *points, GError **error)
{
	PerfdashShape *shape = NULL;
	int position = -1;
	for (guint i = 0; i < source->n_old; i++) {
		if (!perfdash_segment_read_points(&source->old[i],
						  source->database,
						  series,
						  points,
						  error))
			return FALSE;
	}
	for (guint i = 0; i < source->n_runs; i++) {
		PerfdashTailRun *run = source->runs[i];
		if (run->shape != shape) {
			shape = run->shape;
			position = perfdash_shape_find(shape, series);
		}
		if (position >= 0)
			perfdash_points_append(points, run->seq, run->values[position]);
	}
	return TRUE;
}

static gboolean
write_chunks(Source *source, const PerfdashSegment *segment, GArray *series, GError **error)
{
	g_auto(PerfdashPoints) points = {0};
	g_autoptr(GByteArray) packed = g_byte_array_new();
	perfdash_points_reserve(&points, segment->n_runs);
	for (guint i = 0; i < series->len; i++) {
		guint32 id = g_array_index(series, guint32, i);
		perfdash_points_truncate(&points, 0);
		g_byte_array_set_size(packed, 0);
		if (!collect_points(source, id, &points, error))
			return FALSE;
		perfdash_points_pack(&points, segment->first, packed);
		sqlite3_stmt *query = perfdash_database_query(source->database, "add_chunk");
		sqlite3_bind_int64(query, 1, perfdash_segment_get_chunk(segment, id));
		sqlite3_bind_blob(query, 2, packed->data, packed->len, SQLITE_STATIC);
		if (!perfdash_database_run(source->database, query, NULL, error))
			return FALSE;
	}
	return TRUE;
}

static GByteArray *
pack_timeline(Source *source, gsize n_runs, GError **error)
{
	g_autoptr(PerfdashTimelineBuilder) builder = perfdash_timeline_builder_new(n_runs);
	for (guint i = 0; i < source->n_old; i++) {
		if (!perfdash_segment_read_timeline(&source->old[i],
						    source->database,
						    builder,
						    error))
			return NULL;
	}
	for (guint i = 0; i < source->n_runs; i++) {
		PerfdashTailRun *run = source->runs[i];
		perfdash_timeline_builder_add(builder,
					      run->run,
					      run->time,
					      run->outcome,
					      run->build,
					      run->revision);
	}
	GByteArray *packed = g_byte_array_new();
	perfdash_timeline_builder_pack(builder, packed);
	return packed;
}

static gboolean
add_segment(Source *source, PerfdashSegment *segment, GError **error)
{
	g_autoptr(GByteArray) timeline = pack_timeline(source, segment->n_runs, error);
	if (timeline == NULL)
		return FALSE;
	sqlite3_stmt *query = perfdash_database_query(source->database, "add_segment");
	sqlite3_bind_int64(query, 1, source->stream);
	sqlite3_bind_int64(query, 2, segment->first);
	sqlite3_bind_int64(query, 3, segment->n_runs);
	sqlite3_bind_blob(query, 4, timeline->data, timeline->len, SQLITE_STATIC);
	return perfdash_database_run(source->database, query, &segment->id, error);
}

static gboolean
delete_segment(PerfdashDatabase *database, const PerfdashSegment *segment, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "delete_segment");
	sqlite3_bind_int64(query, 1, segment->id);
	if (!perfdash_database_run(database, query, NULL, error))
		return FALSE;
	query = perfdash_database_query(database, "delete_chunks");
	sqlite3_bind_int64(query, 1, perfdash_segment_get_chunk(segment, 0));
	sqlite3_bind_int64(query, 2, perfdash_segment_get_chunk(segment, G_MAXUINT32));
	return perfdash_database_run(database, query, NULL, error);
}

static gboolean
write_segment(Source *source, PerfdashSegment *segment, GError **error)
{
	segment->first = source->n_old > 0 ? source->old[0].first : source->runs[0]->seq;
	segment->n_runs = source->n_runs;
	for (guint i = 0; i < source->n_old; i++)
		segment->n_runs += source->old[i].n_runs;
	g_autoptr(GArray) series = list_series(source, error);
	if (series == NULL || !add_segment(source, segment, error) ||
	    !write_chunks(source, segment, series, error))
		return FALSE;
	for (guint i = 0; i < source->n_old; i++) {
		if (!delete_segment(source->database, &source->old[i], error))
			return FALSE;
	}
	return TRUE;
}

/* puts one segment in the place of the last n_old and some runs */
static gboolean
replace_last(PerfdashDatabase *database,
	     gint64 stream,
	     GArray *segments,
	     guint n_old,
	     PerfdashTailRun **runs,
	     guint n_runs,
	     GError **error)
{
	guint n_kept = segments->len - n_old;
	Source source = {
		.database = database,
		.stream = stream,
		.old = n_old > 0 ? &g_array_index(segments, PerfdashSegment, n_kept) : NULL,
		.n_old = n_old,
		.runs = runs,
		.n_runs = n_runs,
	};
	PerfdashSegment segment = {0};
	if (!write_segment(&source, &segment, error))
		return FALSE;
	g_array_set_size(segments, n_kept);
	g_array_append_val(segments, segment);
	return TRUE;
}

static guint
count_last_below(GArray *segments, guint32 n_runs)
{
	guint n = 0;
	while (n < segments->len &&
	       g_array_index(segments, PerfdashSegment, segments->len - 1 - n).n_runs < n_runs)
		n++;
	return n;
}

/* puts runs behind the segments of a stream, and keeps those few */
static gboolean
append_runs(PerfdashDatabase *database,
	    gint64 stream,
	    GArray *segments,
	    GPtrArray *runs,
	    GError **error)
{
	for (guint i = 0; i < runs->len; i += SMALL_SEGMENT) {
		guint n_small = MIN(1, count_last_below(segments, SMALL_SEGMENT));
		if (!replace_last(database,
				  stream,
				  segments,
				  n_small,
				  (PerfdashTailRun **)runs->pdata + i,
				  MIN(SMALL_SEGMENT, runs->len - i),
				  error))
			return FALSE;
		guint n_medium = count_last_below(segments, LARGE_SEGMENT);
		if (n_medium >= MAX_MEDIUM &&
		    !replace_last(database, stream, segments, n_medium, NULL, 0, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
derive_tail(PerfdashDatabase *database, PerfdashStream *stream, GError **error)
{
	g_autoptr(GArray) segments = perfdash_segment_list(database, stream->id, error);
	return segments != NULL &&
	       append_runs(database, stream->id, segments, stream->tail, error) &&
	       perfdash_database_commit(database, error);
}

gboolean
perfdash_writer_derive(PerfdashCatalogue *catalogue,
		       PerfdashDatabase *database,
		       PerfdashStream *stream,
		       GError **error)
{
	if (!perfdash_database_begin(database, error))
		return FALSE;
	if (!derive_tail(database, stream, error)) {
		perfdash_database_rollback(database);
		return FALSE;
	}
	perfdash_catalogue_set_derived(catalogue, stream, stream->n_derived + stream->tail->len);
	return TRUE;
}

/* those that the segments in its place hold, a large one at a time */
static gboolean
replace_segment(PerfdashCatalogue *catalogue,
		PerfdashDatabase *database,
		PerfdashStream *stream,
		const PerfdashSegment *segment,
		GError **error)
{
	guint32 end = segment->first + segment->n_runs;
	for (guint32 first = segment->first; first < end; first += LARGE_SEGMENT) {
		PerfdashSegment replacement = {0};
		g_autoptr(GPtrArray)
			runs = perfdash_catalogue_load_runs(catalogue,
							    database,
							    stream,
							    first,
							    MIN(first + LARGE_SEGMENT, end),
							    error);
		if (runs == NULL)
			return FALSE;
		Source source = {
			.database = database,
			.stream = stream->id,
			.runs = (PerfdashTailRun **)runs->pdata,
			.n_runs = runs->len,
		};
		if (!write_segment(&source, &replacement, error))
			return FALSE;
	}
	return delete_segment(database, segment, error);
}

gboolean
perfdash_writer_derive_again(PerfdashCatalogue *catalogue,
			     PerfdashDatabase *database,
			     PerfdashStream *stream,
			     GArray *seqs,
			     GError **error)
{
	g_autoptr(GArray) segments = perfdash_segment_list(database, stream->id, error);
	guint next = 0;
	if (segments == NULL)
		return FALSE;
	for (guint i = 0; i < segments->len; i++) {
		PerfdashSegment *segment = &g_array_index(segments, PerfdashSegment, i);
		guint first = next;
		while (next < seqs->len &&
		       g_array_index(seqs, guint32, next) < segment->first + segment->n_runs)
			next++;
		if (next > first && !replace_segment(catalogue, database, stream, segment, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
rebuild_stream(PerfdashCatalogue *catalogue,
	       PerfdashDatabase *database,
	       PerfdashStream *stream,
	       GError **error)
{
	g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(PerfdashSegment));
	for (guint32 first = 0; first < stream->n_derived; first += SMALL_SEGMENT) {
		guint32 end = MIN(first + SMALL_SEGMENT, stream->n_derived);
		g_autoptr(GPtrArray) runs = perfdash_catalogue_load_runs(catalogue,
									 database,
									 stream,
									 first,
									 end,
									 error);
		if (runs == NULL || !append_runs(database, stream->id, segments, runs, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
rebuild_all(PerfdashCatalogue *catalogue, PerfdashDatabase *database, GError **error)
{
	if (!perfdash_database_run(database,
				   perfdash_database_query(database, "delete_all_chunks"),
				   NULL,
				   error) ||
	    !perfdash_database_run(database,
				   perfdash_database_query(database, "delete_all_segments"),
				   NULL,
				   error))
		return FALSE;
	for (guint i = 0; i < catalogue->streams->len; i++) {
		if (!rebuild_stream(catalogue,
				    database,
				    g_ptr_array_index(catalogue->streams, i),
				    error))
			return FALSE;
	}
	return perfdash_due_stream_forget(catalogue, database, error) &&
	       perfdash_database_commit(database, error);
}

gboolean
perfdash_writer_rebuild(PerfdashCatalogue *catalogue, PerfdashDatabase *database, GError **error)
{
	if (!perfdash_database_begin(database, error))
		return FALSE;
	if (!rebuild_all(catalogue, database, error)) {
		perfdash_database_rollback(database);
		return FALSE;
	}
	for (guint i = 0; i < catalogue->streams->len; i++)
		((PerfdashStream *)g_ptr_array_index(catalogue->streams, i))->cannot_derive = FALSE;
	return TRUE;
}
