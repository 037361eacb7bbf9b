/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-catalogue.h"
#include "perfdash-pack.h"

G_BEGIN_DECLS

/* the points of a series in one block: where in the block, and the value */
typedef struct {
	guint n;
	guint8 offsets[PERFDASH_BLOCK]; /* ascending */
	double values[PERFDASH_BLOCK];
} PerfdashChunk;

void
perfdash_chunk_pack(const PerfdashChunk *self, GByteArray *out);
gboolean
perfdash_chunk_unpack(PerfdashChunk *self, const guint8 *data, gsize size);

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
/* the runs from first on as one block */
void
perfdash_timeline_builder_pack(PerfdashTimelineBuilder *self, guint first, GByteArray *out);
gboolean
perfdash_timeline_builder_unpack(PerfdashTimelineBuilder *self, const guint8 *data, gsize size);
PerfdashTimeline *
perfdash_timeline_builder_end(PerfdashTimelineBuilder *self, gsize n_runs);

G_END_DECLS
