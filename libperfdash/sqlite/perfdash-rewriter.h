/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-catalogue.h"
#include "perfdash-log-record.h"

G_BEGIN_DECLS

/* puts runs in the place of others, within a transaction of the caller */
typedef struct _PerfdashRewriter PerfdashRewriter;

PerfdashRewriter *
perfdash_rewriter_new(PerfdashCatalogue *catalogue, PerfdashDatabase *database, const char *why);
void
perfdash_rewriter_free(PerfdashRewriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashRewriter, perfdash_rewriter_free)

/* the runs of a log, without those that are replaced */
GPtrArray *
perfdash_rewriter_load_runs(PerfdashRewriter *self, PerfdashLogRecord *record, GError **error);
/* what becomes of the runs that were; those that are belong to the log of record. Nothing is
 * written yet */
gboolean
perfdash_rewriter_compare(PerfdashRewriter *self,
			  PerfdashLogRecord *record,
			  GPtrArray *before,
			  GPtrArray *after,
			  GError **error);
/* when all are compared, before the commit */
gboolean
perfdash_rewriter_write(PerfdashRewriter *self, GError **error);
/* after the commit; n_new is of logs */
void
perfdash_rewriter_publish(PerfdashRewriter *self, guint n_new);
/* undoes the transaction, and what it did to the catalogue */
void
perfdash_rewriter_give_up(PerfdashRewriter *self);
/* public ids of the series whose results come or go */
GPtrArray *
perfdash_rewriter_list_series(PerfdashRewriter *self);

G_END_DECLS
