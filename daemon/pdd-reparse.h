/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-reparse-report.h"

G_BEGIN_DECLS

/* how many logs are through, and the name of the next; called in the thread of the caller */
typedef void (*PddReparseProgress)(guint n_done, const char *next, gpointer user_data);

/* what to do with logs that are parsed again */
typedef struct {
	PerfdashStore *store;
	PerfdashReparser *reparser;
	PddReparseReport *report;
	guint n_threads;
	gboolean is_preview;       /* nothing is written */
	GCancellable *cancellable; /* nullable */
	PddReparseProgress progress;
	gpointer user_data;
} PddReparse;

/* whether the store says already all that was read */
gboolean
pdd_reparse_is_known(PerfdashRereading *rereading);
/* of PerfdashLogRecord; what is wrong with one of them stands in the report. Returns when all are
 * through, or it is cancelled: then some logs are as they are now and the others as they were */
void
pdd_reparse_run(const PddReparse *reparse, GPtrArray *logs);

G_END_DECLS
