/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "reader-text.h"

G_BEGIN_DECLS

#define AB_NO_URL "(url not printed)" /* as benchmark, where a format does not say */

/* whether a line is the heading of what -e or -g writes */
gboolean
ab_csv_is_heading(const char *line);
gboolean
ab_tsv_is_heading(const char *line);
/* each reads the rows below its heading into a run of its own, and gives the line that follows
 * them, or NULL */
const char *
ab_csv_read(ReaderLines *lines, PerfdashRunBuilder *builder);
const char *
ab_tsv_read(ReaderLines *lines, PerfdashRunBuilder *builder);

G_END_DECLS
