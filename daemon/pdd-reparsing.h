/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "pdd-analyst.h"

G_BEGIN_DECLS

/* the one who parses logs again, one job at a time; may be used from any thread */
typedef struct _PddReparsing PddReparsing;

/* which logs, and whether to write what they say now; texts are nullable */
typedef struct {
	PerfdashDue due;
	const char *source;
	const char *parser;
	gint64 since;
	gboolean is_preview;
} PddReparseChoice;

PddReparsing *
pdd_reparsing_new(PerfdashStore *store,
		  PerfdashParserRunner *runner,
		  PerfdashArchive *archive,
		  PddAnalyst *analyst);
/* FALSE when a job is under way */
gboolean
pdd_reparsing_begin(PddReparsing *self, const PddReparseChoice *choice);
/* of one log, while others wait; allowed is nullable. Gives its report as a JSON object: NULL with
 * an error, or without one when a job is under way */
GBytes *
pdd_reparsing_read_log(PddReparsing *self,
		       PerfdashLogRecord *log,
		       PerfdashSelector *allowed,
		       gboolean is_preview,
		       GError **error);
/* how often logs were parsed again, previews left out */
guint
pdd_reparsing_count(PddReparsing *self);
/* the job that is under way or was the last one, as a JSON object */
GBytes *
pdd_reparsing_describe(PddReparsing *self);
/* what is written stays */
void
pdd_reparsing_cancel(PddReparsing *self);
/* what is under way is cancelled, and nothing else begins */
void
pdd_reparsing_refuse(PddReparsing *self);
/* and returns when the job is at its end */
void
pdd_reparsing_stop(PddReparsing *self);
void
pdd_reparsing_free(PddReparsing *self);

G_END_DECLS
