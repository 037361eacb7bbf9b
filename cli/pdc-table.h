/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* rows of named cells, printed for people or for programs */
typedef struct _PdcTable PdcTable;

/* names end with NULL; format is table, json or csv; NULL after complaining of the format */
PdcTable *
pdc_table_new(const char *format, const char *const *names);
void
pdc_table_free(PdcTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdcTable, pdc_table_free)

/* whether people will read it: then cells may be scaled and drawn */
gboolean
pdc_table_is_for_people(PdcTable *self);
/* cells fill rows from left to right */
void
pdc_table_add_text(PdcTable *self, const char *text);
/* what is no finite number is nothing */
void
pdc_table_add_double(PdcTable *self, double value);
void
pdc_table_add_int(PdcTable *self, gint64 value);
void
pdc_table_add_time(PdcTable *self, gint64 microseconds);
void
pdc_table_add_nothing(PdcTable *self);
void
pdc_table_print(PdcTable *self);

G_END_DECLS
