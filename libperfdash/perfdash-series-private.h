/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-series.h"

G_BEGIN_DECLS

/* what all series of the same run labels share: their runs, in the order of arrival; immutable */
typedef struct {
	gatomicrefcount refs;
	gsize n_runs;
	gint64 *runs;        /* ids */
	gint64 *times;       /* microseconds since 1970 UTC */
	gboolean is_ordered; /* by time, then id */
	guint8 *outcomes;    /* PerfdashOutcome */
	guint32 *builds;     /* offsets into text */
	guint32 *revisions;  /* offsets into text */
	char *text;          /* strings ended by NUL; offset 0 is "" */
	gsize text_size;
} PerfdashTimeline;

gsize
perfdash_timeline_get_size(PerfdashTimeline *timeline);

#define PERFDASH_TYPE_TIMELINE (perfdash_timeline_get_type())

GType
perfdash_timeline_get_type(void) G_GNUC_CONST;
PerfdashTimeline *
perfdash_timeline_ref(PerfdashTimeline *self);
void
perfdash_timeline_unref(PerfdashTimeline *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashTimeline, perfdash_timeline_unref)

/* positions, or first, first + 1, first + 2 ... when that is NULL, index the timeline; both arrays
 * have n_points elements, in any order, and are taken; the series orders them by time, then run id
 */
PerfdashSeries *
perfdash_series_new_take(PerfdashSeriesInfo *info,
			 PerfdashTimeline *timeline,
			 guint32 first,
			 guint32 *positions,
			 double *values,
			 gsize n_points);
/* bytes of memory that the series keeps, those of the timeline too: it may be the last that does */
gsize
perfdash_series_get_size(PerfdashSeries *self);

G_END_DECLS
