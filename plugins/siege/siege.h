/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "reader-report.h"
#include "reader-text.h"

G_BEGIN_DECLS

#define SIEGE_NO_URL "(url not printed)" /* as benchmark: no format says what was tested */

/* ends the run: its results, and what they are worth; why it is not whole, or NULL */
void
siege_end_run(ReaderReport *report, PerfdashRunBuilder *builder, const char *why_partial);

/* whether a line is the heading of siege.log */
gboolean
siege_log_is_heading(const char *line);
/* reads the rows below the heading, each a run, and gives the line that follows them, or NULL */
const char *
siege_log_read(ReaderLines *lines, PerfdashRunBuilder *builder);

/* whether a document looks like one of siege's */
gboolean
siege_json_is_own(const char *text);
gboolean
siege_json_read(GBytes *document, PerfdashRunBuilder *builder);

G_END_DECLS
