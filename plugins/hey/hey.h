/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "reader-text.h"

G_BEGIN_DECLS

#define HEY_NO_URL "(url not printed)" /* as benchmark: no format says what was tested */

/* whether a line is the heading of what -o csv prints */
gboolean
hey_csv_is_heading(const char *line);
/* reads the requests below the heading into a run of its own, and gives the line that follows them,
 * or NULL */
const char *
hey_csv_read(ReaderLines *lines, PerfdashRunBuilder *builder);

G_END_DECLS
