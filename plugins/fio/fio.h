/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-json.h"
#include "reader-text.h"

G_BEGIN_DECLS

/* the percentiles that become series: every one of the tail, and few of the rest */
gboolean
fio_keeps_percentile(double percent);
/* adds one, in the unit that the result was given in */
void
fio_add_percentile(PerfdashRunBuilder *builder, double percent, double value);

/* a document as one run */
gboolean
fio_json_read(JsonObject *root, PerfdashRunBuilder *builder, GError **error);
/* whether a document is a later report of the run that another is of (--status-interval) */
gboolean
fio_json_continues(JsonObject *before, JsonObject *after);
/* adds the names of its jobs, alone and in front of a line end and the time, as far as it has one
 */
void
fio_json_add_names(JsonObject *root, GHashTable *names);

/* a job, as --output-format=terse has it: a line of fields */
typedef struct _FioTerse FioTerse;

/* NULL when the line is none */
FioTerse *
fio_terse_new(const char *line, guint number);
void
fio_terse_free(FioTerse *self);
const char *
fio_terse_get_name(FioTerse *self);
gboolean
fio_terse_continues(FioTerse *before, FioTerse *after);
void
fio_terse_write(FioTerse *self, PerfdashRunBuilder *builder);

/* the jobs of the text for people and of terse lines, a run for each time that fio was run; without
 * those that a JSON document has told of. n_runs are there already */
void
fio_text_read(GBytes *text, PerfdashRunBuilder *builder, GHashTable *json_names, guint n_runs);

G_END_DECLS
