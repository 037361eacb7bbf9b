/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-cache.h"
#include "perfdash-catalogue.h"
#include "perfdash-log-record.h"
#include "perfdash-summary.h"

G_BEGIN_DECLS

/* the points of a series as of now; timelines holds what series of a stream share */
PerfdashSeries *
perfdash_reader_load_series(PerfdashCatalogue *catalogue,
			    PerfdashDatabase *database,
			    PerfdashCache *timelines,
			    PerfdashSeriesEntry *entry,
			    guint64 *version,
			    GError **error);
/* known: the series when it is at hand, else NULL and version is that of what is read */
PerfdashSummary *
perfdash_reader_load_summary(PerfdashCatalogue *catalogue,
			     PerfdashDatabase *database,
			     PerfdashCache *timelines,
			     PerfdashSeriesEntry *entry,
			     PerfdashSeries *known,
			     guint64 *version,
			     GError **error);

/* heads of runs, without results; standing is NULL for all but those that are replaced */
GPtrArray *
perfdash_reader_list_runs(PerfdashCatalogue *catalogue,
			  PerfdashDatabase *database,
			  PerfdashSelector *selector,
			  PerfdashStanding *standing,
			  gint64 before,
			  guint limit,
			  GError **error);
/* likewise, those of a series that people hid */
GPtrArray *
perfdash_reader_list_hidden_runs(PerfdashCatalogue *catalogue,
				 PerfdashDatabase *database,
				 PerfdashSeriesEntry *entry,
				 GError **error);
/* ids of the runs that were read from a log, of gint64 */
GArray *
perfdash_reader_list_log_runs(PerfdashDatabase *database, gint64 log, GError **error);
/* these runs */
GPtrArray *
perfdash_reader_load_log_runs(PerfdashCatalogue *catalogue,
			      PerfdashDatabase *database,
			      gint64 log,
			      GError **error);
PerfdashRun *
perfdash_reader_load_run(PerfdashCatalogue *catalogue,
			 PerfdashDatabase *database,
			 gint64 id,
			 GError **error);
/* NULL without an error when there is none, likewise the next */
PerfdashLogRecord *
perfdash_reader_find_log(PerfdashDatabase *database,
			 const char *digest,
			 const char *origin,
			 GError **error);
/* the one that lies there, by what its source says */
PerfdashLogRecord *
perfdash_reader_find_log_at(PerfdashDatabase *database,
			    const char *source,
			    const char *place,
			    GError **error);
PerfdashLogRecord *
perfdash_reader_load_log(PerfdashDatabase *database, gint64 log, GError **error);
/* of a source, the newest first */
GPtrArray *
perfdash_reader_list_failed_logs(PerfdashDatabase *database,
				 const char *source,
				 guint limit,
				 GError **error);
GPtrArray *
perfdash_reader_list_logs(PerfdashDatabase *database,
			  const char *digest,
			  gint64 before,
			  int outcome,
			  guint limit,
			  GError **error);

/* without their runs: oldest first, those whose bytes are kept; or those removed last */
GPtrArray *
perfdash_reader_list_kept_logs(PerfdashDatabase *database,
			       gint64 after,
			       guint limit,
			       GError **error);
GPtrArray *
perfdash_reader_list_removed_logs(PerfdashDatabase *database, guint limit, GError **error);

G_END_DECLS
