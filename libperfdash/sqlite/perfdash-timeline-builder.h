/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-outcome.h"
#include "perfdash-pack.h"
#include "perfdash-series-private.h"

G_BEGIN_DECLS

/* the runs of a stream as they are read: a timeline that grows */
typedef struct {
	GArray *runs;  /* gint64 */
	GArray *times; /* gint64 */
	GByteArray *outcomes;
	GArray *builds;    /* guint32, offsets into text */
	GArray *revisions; /* guint32 */
	GString *text;
} PerfdashTimelineBuilder;

PerfdashTimelineBuilder *
perfdash_timeline_builder_new(gsize n_runs);
void
perfdash_timeline_builder_free(PerfdashTimelineBuilder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashTimelineBuilder, perfdash_timeline_builder_free)
void
perfdash_timeline_builder_add(PerfdashTimelineBuilder *self,
			      gint64 run,
			      gint64 time,
			      PerfdashOutcome outcome,
			      const char *build,
			      const char *revision);
void
perfdash_timeline_builder_pack(PerfdashTimelineBuilder *self, GByteArray *out);
/* appends n_runs runs */
gboolean
perfdash_timeline_builder_unpack(PerfdashTimelineBuilder *self,
				 gsize n_runs,
				 const guint8 *data,
				 gsize size);
/* the first n_runs; the builder is of no use afterwards */
PerfdashTimeline *
perfdash_timeline_builder_end(PerfdashTimelineBuilder *self, gsize n_runs);

G_END_DECLS
