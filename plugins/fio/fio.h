/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-json.h"
#include "reader-text.h"

G_BEGIN_DECLS

/* a document as one run */
gboolean
fio_json_read(JsonObject *root, PerfdashRunBuilder *builder, GError **error);
/* whether a document is a later report of the run that another is of (--status-interval) */
gboolean
fio_json_continues(JsonObject *before, JsonObject *after);

/* the jobs of the text for people, a run for each time that fio was run */
void
fio_text_read(GBytes *text, PerfdashRunBuilder *builder);

G_END_DECLS
