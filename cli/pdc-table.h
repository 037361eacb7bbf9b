/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* rows of named cells, printed for people or for programs */
typedef struct _PdcTable PdcTable;

/* names of columns end with NULL; format is table (or NULL) or markdown for people, json or csv for
 * programs; NULL after complaining of it */
PdcTable *
pdc_table_new(const char *format,
	      const char *const *names_for_people,
	      const char *const *names_for_programs);
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
gboolean
pdc_table_is_markdown(PdcTable *self);
gboolean
pdc_table_is_json(PdcTable *self);
void
pdc_table_print(PdcTable *self);
/* an array of an object for each row */
void
pdc_table_write(PdcTable *self, PerfdashJsonWriter *writer);

G_END_DECLS
