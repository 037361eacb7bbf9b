/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A series is what the segments of its stream hold of it, then what the tail holds. The tail is
 * noted first, and segments are read in one transaction afterwards: runs may have gone from the
 * tail into segments meanwhile, but none can be missing from both. Runs that are not shown are in
 * both like all others, and left out here. */

#include "perfdash-change-rows.h"
#include "perfdash-reader.h"
#include "perfdash-segment.h"

/* a stream at one moment: segments hold the runs before n_derived, tail the others */
typedef struct {
	gint64 stream;
	guint32 n_runs;
	guint64 timeline; /* version of what the runs share */
	guint32 n_derived;
	GPtrArray *tail;
	GArray *unshown; /* nullable */
	/* of the series that is read */
	PerfdashSeriesInfo *info;
	guint64 version;
} Snapshot;

static void
snapshot_clear(Snapshot *snapshot)
{
	g_clear_pointer(&snapshot->tail, g_ptr_array_unref);
	g_clear_pointer(&snapshot->unshown, g_array_unref);
	g_clear_pointer(&snapshot->info, perfdash_series_info_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Snapshot, snapshot_clear)

static void
take_snapshot(PerfdashCatalogue *catalogue, PerfdashSeriesEntry *entry, Snapshot *snapshot)
{
	PerfdashStream *stream = entry->stream;
	g_rw_lock_reader_lock(&catalogue->lock);
	snapshot->stream = stream->id;
	snapshot->n_runs = stream->n_runs;
	snapshot->timeline = stream->n_runs + stream->n_standings;
	snapshot->n_derived = stream->n_derived;
	snapshot->unshown = stream->unshown != NULL ? g_array_ref(stream->unshown) : NULL;
	snapshot->info = perfdash_series_info_ref(entry->info);
	snapshot->version = entry->version;
	snapshot->tail = g_ptr_array_new_full(stream->tail->len,
					      (GDestroyNotify)perfdash_tail_run_unref);
	for (guint i = 0; i < stream->tail->len; i++)
		g_ptr_array_add(snapshot->tail,
				perfdash_tail_run_ref(g_ptr_array_index(stream->tail, i)));
	g_rw_lock_reader_unlock(&catalogue->lock);
}

static gboolean
read_timeline(PerfdashDatabase *database,
	      GArray *segments,
	      Snapshot *snapshot,
	      PerfdashTimelineBuilder *builder,
	      GError **error)
{
	for (guint i = 0; i < segments->len && builder->runs->len < snapshot->n_derived; i++) {
		PerfdashSegment *segment = &g_array_index(segments, PerfdashSegment, i);
		if (!perfdash_segment_read_timeline(segment, database, builder, error))
			return FALSE;
	}
	return TRUE;
}

static void
append_tail_runs(PerfdashTimelineBuilder *builder, Snapshot *snapshot)
{
	for (guint i = 0; i < snapshot->tail->len; i++) {
		PerfdashTailRun *run = g_ptr_array_index(snapshot->tail, i);
		/* the last segment may hold runs that were derived after the snapshot */
		if (run->seq < builder->runs->len)
			continue;
		perfdash_timeline_builder_add(builder,
					      run->run,
					      run->time,
					      run->outcome,
					      run->build,
					      run->revision);
	}
}

static PerfdashTimeline *
load_timeline(PerfdashDatabase *database,
	      PerfdashCache *timelines,
	      GArray *segments,
	      Snapshot *snapshot,
	      GError **error)
{
	g_autofree char *key = g_strdup_printf("%" G_GINT64_FORMAT, snapshot->stream);
	PerfdashTimeline *timeline = perfdash_cache_lookup(timelines, key, snapshot->timeline);
	if (timeline != NULL)
		return timeline;
	g_autoptr(PerfdashTimelineBuilder)
		builder = perfdash_timeline_builder_new(snapshot->n_runs);
	if (!read_timeline(database, segments, snapshot, builder, error))
		return NULL;
	append_tail_runs(builder, snapshot);
	timeline = perfdash_timeline_builder_end(builder, snapshot->n_runs);
	perfdash_cache_insert(timelines,
			      key,
			      snapshot->timeline,
			      timeline,
			      perfdash_timeline_get_size(timeline));
	return timeline;
}

static gboolean
read_points(PerfdashDatabase *database,
	    PerfdashSeriesEntry *entry,
	    GArray *segments,
	    Snapshot *snapshot,
	    PerfdashPoints *points,
	    GError **error)
{
	for (guint i = 0; i < segments->len; i++) {
		PerfdashSegment *segment = &g_array_index(segments, PerfdashSegment, i);
		if (segment->first < snapshot->n_derived &&
		    !perfdash_segment_read_points(segment, database, entry->id, points, error))
			return FALSE;
	}
	perfdash_points_truncate(points, snapshot->n_derived);
	return TRUE;
}

static void
append_tail_points(PerfdashPoints *points, PerfdashSeriesEntry *entry, Snapshot *snapshot)
{
	PerfdashShape *shape = NULL;
	int position = -1;
	for (guint i = 0; i < snapshot->tail->len; i++) {
		PerfdashTailRun *run = g_ptr_array_index(snapshot->tail, i);
		if (run->shape != shape) {
			shape = run->shape;
			position = perfdash_shape_find(shape, entry->id);
		}
		if (position >= 0)
			perfdash_points_append(points, run->seq, run->values[position]);
	}
}

static GArray *
list_segments(PerfdashDatabase *database, Snapshot *snapshot, GError **error)
{
	if (snapshot->n_derived == 0)
		return g_array_new(FALSE, FALSE, sizeof(PerfdashSegment));
	g_autoptr(GArray) segments = perfdash_segment_list(database, snapshot->stream, error);
	if (segments == NULL)
		return NULL;
	guint32 end = 0;
	for (guint i = 0; i < segments->len; i++)
		end += g_array_index(segments, PerfdashSegment, i).n_runs;
	if (end < snapshot->n_derived) {
		perfdash_database_set_derived_damaged(database,
						      error,
						      "segments of stream",
						      snapshot->stream);
		return NULL;
	}
	return g_steal_pointer(&segments);
}

static PerfdashTimeline *
read_snapshot(PerfdashDatabase *database,
	      PerfdashCache *timelines,
	      PerfdashSeriesEntry *entry,
	      Snapshot *snapshot,
	      PerfdashPoints *points,
	      GError **error)
{
	g_autoptr(GArray) segments = list_segments(database, snapshot, error);
	perfdash_points_reserve(points, snapshot->n_runs);
	if (segments == NULL || !read_points(database, entry, segments, snapshot, points, error))
		return NULL;
	append_tail_points(points, entry, snapshot);
	if (snapshot->unshown != NULL)
		perfdash_points_remove(points,
				       (const guint32 *)snapshot->unshown->data,
				       snapshot->unshown->len);
	return load_timeline(database, timelines, segments, snapshot, error);
}

PerfdashSeries *
perfdash_reader_load_series(PerfdashCatalogue *catalogue,
			    PerfdashDatabase *database,
			    PerfdashCache *timelines,
			    PerfdashSeriesEntry *entry,
			    guint64 *version,
			    GError **error)
{
	g_auto(Snapshot) snapshot = {0};
	g_auto(PerfdashPoints) points = {0};
	take_snapshot(catalogue, entry, &snapshot);
	if (!perfdash_database_begin_read(database, error))
		return NULL;
	g_autoptr(PerfdashTimeline)
		timeline = read_snapshot(database, timelines, entry, &snapshot, &points, error);
	perfdash_database_rollback(database);
	if (timeline == NULL)
		return NULL;
	*version = snapshot.version;
	return perfdash_series_new_take(snapshot.info,
					timeline,
					points.first,
					g_steal_pointer(&points.positions),
					g_renew(double, g_steal_pointer(&points.values), points.n),
					points.n);
}

PerfdashSummary *
perfdash_reader_load_summary(PerfdashCatalogue *catalogue,
			     PerfdashDatabase *database,
			     PerfdashCache *timelines,
			     PerfdashSeriesEntry *entry,
			     PerfdashSeries *known,
			     guint64 *version,
			     GError **error)
{
	g_autoptr(PerfdashSeries) series = NULL;
	if (known != NULL)
		series = g_object_ref(known);
	else
		series = perfdash_reader_load_series(catalogue,
						     database,
						     timelines,
						     entry,
						     version,
						     error);
	if (series == NULL)
		return NULL;
	g_autoptr(GPtrArray) changes = perfdash_change_rows_list(catalogue, database, entry, error);
	return changes != NULL ? perfdash_summary_new(series, changes) : NULL;
}
