/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-catalogue.h"
#include "perfdash-series.h"
#include "perfdash-trend.h"

G_BEGIN_DECLS

/* remembers what was found in series, so that new results cost little */
typedef struct _PerfdashChangeFinder PerfdashChangeFinder;

PerfdashChangeFinder *
perfdash_change_finder_new(void);
void
perfdash_change_finder_free(PerfdashChangeFinder *self);
/* one thread at a time finds changes */
void
perfdash_change_finder_lock(PerfdashChangeFinder *self);
void
perfdash_change_finder_unlock(PerfdashChangeFinder *self);
/* takes the lock */
void
perfdash_change_finder_forget(PerfdashChangeFinder *self);
/* n_standings is that of its stream: when older results came or went, all is analysed anew */
PerfdashTrend *
perfdash_change_finder_analyze(PerfdashChangeFinder *self,
			       PerfdashSeries *series,
			       guint64 n_standings,
			       GError **error);

/* a series that has results the analysis has not seen */
typedef struct {
	PerfdashSeriesEntry *entry;
	guint64 version;
	PerfdashSeries *series; /* nullable: it cannot be read, or */
	PerfdashTrend *trend;   /* analysed */
} PerfdashDueSeries;

/* those of one stream */
typedef struct {
	PerfdashStream *stream;
	guint32 n_runs;
	guint64 n_standings;
	GArray *series; /* of PerfdashDueSeries */
	gint64 new_since;
	GPtrArray *changed; /* ids of series whose changes changed */
} PerfdashDueStream;

/* NULL when nothing is due */
PerfdashDueStream *
perfdash_due_stream_next(PerfdashCatalogue *catalogue);
void
perfdash_due_stream_free(PerfdashDueStream *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashDueStream, perfdash_due_stream_free)

/* for the writer: brings what is stored to what was found, in one transaction; when runs were
 * hidden or shown since, nothing is written and the stream stays due */
gboolean
perfdash_due_stream_write(PerfdashCatalogue *catalogue,
			  PerfdashDatabase *database,
			  gpointer due_stream,
			  GError **error);
/* when the store is opened: every series is due when another version of the analysis was here last
 */
gboolean
perfdash_due_stream_prepare(PerfdashDatabase *database, GError **error);
/* for the writer: every series is due */
gboolean
perfdash_due_stream_forget(PerfdashCatalogue *catalogue,
			   PerfdashDatabase *database,
			   GError **error);

G_END_DECLS
