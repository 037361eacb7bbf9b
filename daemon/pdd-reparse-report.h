/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* what parsing logs again changes, by parser and with examples; see docs/api.md */
typedef struct _PddReparseReport PddReparseReport;

PddReparseReport *
pdd_reparse_report_new(void);
void
pdd_reparse_report_free(PddReparseReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddReparseReport, pdd_reparse_report_free)
void
pdd_reparse_report_add(PddReparseReport *self, PerfdashRereading *rereading);
/* a log whose bytes are not kept any more */
void
pdd_reparse_report_add_missing(PddReparseReport *self, PerfdashLogRecord *record);
/* a log that could not be parsed again or written, and stays as it was */
void
pdd_reparse_report_add_failure(PddReparseReport *self,
			       PerfdashLogRecord *record,
			       const GError *error);
/* logs of parsers that are not there any more */
void
pdd_reparse_report_set_orphans(PddReparseReport *self, guint n_orphans);
/* its members, into an object that has begun */
void
pdd_reparse_report_write(PddReparseReport *self, PerfdashJsonWriter *writer, gboolean is_preview);

G_END_DECLS
