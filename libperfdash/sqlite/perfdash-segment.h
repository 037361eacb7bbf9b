/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-database.h"
#include "perfdash-points.h"
#include "perfdash-timeline-builder.h"

G_BEGIN_DECLS

/* runs first to first + n_runs - 1 of a stream, turned round into a chunk for each series */
typedef struct {
	gint64 id;
	guint32 first;
	guint32 n_runs;
} PerfdashSegment;

/* those of a stream, in order and without gaps; of PerfdashSegment */
GArray *
perfdash_segment_list(PerfdashDatabase *database, gint64 stream, GError **error);
/* appends the points of a series; most often one chunk, or none */
gboolean
perfdash_segment_read_points(const PerfdashSegment *self,
			     PerfdashDatabase *database,
			     gint64 series,
			     PerfdashPoints *points,
			     GError **error);
gboolean
perfdash_segment_read_timeline(const PerfdashSegment *self,
			       PerfdashDatabase *database,
			       PerfdashTimelineBuilder *builder,
			       GError **error);
/* the rowid of a chunk */
gint64
perfdash_segment_get_chunk(const PerfdashSegment *self, gint64 series);

G_END_DECLS
