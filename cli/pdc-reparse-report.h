/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdc-table.h"

G_BEGIN_DECLS

/* what parsing logs again changes, by parser and with examples */
typedef struct _PdcReparseReport PdcReparseReport;

PdcReparseReport *
pdc_reparse_report_new(void);
void
pdc_reparse_report_free(PdcReparseReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdcReparseReport, pdc_reparse_report_free)
void
pdc_reparse_report_add(PdcReparseReport *self, PerfdashRereading *rereading);
/* a log whose bytes are not kept any more */
void
pdc_reparse_report_add_missing(PdcReparseReport *self, PerfdashLogRecord *record);
void
pdc_reparse_report_set_orphans(PdcReparseReport *self, guint n_orphans);
/* FALSE after complaining of the format */
gboolean
pdc_reparse_report_print(PdcReparseReport *self, const char *format, gboolean is_preview);

G_END_DECLS
