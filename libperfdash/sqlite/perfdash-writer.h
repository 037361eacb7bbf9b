/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-catalogue.h"
#include "perfdash-log-record.h"
#include "perfdash-log.h"
#include "perfdash-origin.h"
#include "perfdash-parse-result.h"
#include "perfdash-succession.h"

G_BEGIN_DECLS

/* a run that is in the transaction under way, to be shown to readers when it is committed */
typedef struct {
	PerfdashStream *stream;
	PerfdashTailRun *run;
} PerfdashStagedRun;

/* behind the runs of its stream; staged takes it, record its id */
gboolean
perfdash_writer_stage_run(PerfdashCatalogue *catalogue,
			  PerfdashDatabase *database,
			  PerfdashLogRecord *record,
			  PerfdashRun *run,
			  GArray *staged,
			  GError **error);
/* undoes the transaction, and what it did to the catalogue */
void
perfdash_writer_give_up(PerfdashCatalogue *catalogue, PerfdashDatabase *database, GArray *staged);

/* a log that is to be added */
typedef struct {
	PerfdashLog *log;
	PerfdashOrigin *origin;
	PerfdashParseResult *parsed;
	PerfdashLogRecord *successor;  /* nullable: stays at its place */
	PerfdashSuccession succession; /* what that is to it */
	PerfdashLogRecord *known;      /* nullable: it is there, and comes at another place */
	PerfdashLogRecord *record;     /* nullable: what is in the file of it, which may be older */
} PerfdashNewLog;

/* NULL without an error when it is not there */
PerfdashLogRecord *
perfdash_writer_find_log(PerfdashDatabase *database, const PerfdashNewLog *new, GError **error);
/* its row and its place, without runs; n_results is how many came with it */
PerfdashLogRecord *
perfdash_writer_insert_log(PerfdashDatabase *database,
			   const PerfdashNewLog *new,
			   guint64 n_results,
			   GError **error);
/* what is read from a log that is there, without its runs */
gboolean
perfdash_writer_update_log(PerfdashDatabase *database,
			   gint64 log,
			   PerfdashParseResult *parsed,
			   GError **error);
/* where it lies now; does nothing when its source has no places */
gboolean
perfdash_writer_put_place(PerfdashDatabase *database,
			  PerfdashLogRecord *record,
			  PerfdashOrigin *origin,
			  GError **error);

/* all logs in one transaction, or none; touched takes the series that have new results. Gives how
 * many were not there, or -1 */
int
perfdash_writer_add_logs(PerfdashCatalogue *catalogue,
			 PerfdashDatabase *database,
			 PerfdashNewLog *logs,
			 guint n_logs,
			 GPtrArray *touched,
			 GError **error);

/* moves the tail of a stream into segments, in one transaction */
gboolean
perfdash_writer_derive(PerfdashCatalogue *catalogue,
		       PerfdashDatabase *database,
		       PerfdashStream *stream,
		       GError **error);
/* makes the segments of a stream anew that hold runs with these numbers, guint32 and ascending;
 * within a transaction */
gboolean
perfdash_writer_derive_again(PerfdashCatalogue *catalogue,
			     PerfdashDatabase *database,
			     PerfdashStream *stream,
			     GArray *seqs,
			     GError **error);
/* makes all segments anew from the runs, in one transaction; readers find the old ones until then
 */
gboolean
perfdash_writer_rebuild(PerfdashCatalogue *catalogue, PerfdashDatabase *database, GError **error);

G_END_DECLS
