/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* when a run began, microseconds since 1970; what no run can have is left out */
void
reader_set_start(PerfdashRunBuilder *builder, double microseconds);
/* likewise, from ISO 8601 with a zone; text may be NULL */
void
reader_set_start_text(PerfdashRunBuilder *builder, const char *text);
/* microseconds since 1970, or 0 */
gint64
reader_parse_time(const char *text);

G_END_DECLS
