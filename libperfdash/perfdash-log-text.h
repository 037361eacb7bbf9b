/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* what one stage of a job printed, as its tools wrote it */
typedef struct {
	char *stage;   /* of a pipeline that runs several side by side, else "" */
	GBytes *bytes; /* UTF-8 if the log was text; lines end with LF, or all with CRLF */
	GArray *lines; /* guint32, the line of the log that each line was; NULL when the same */
} PerfdashLogText;

void
perfdash_log_text_free(PerfdashLogText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashLogText, perfdash_log_text_free)

/* of PerfdashLogText, at least one. Undoes what was done to a log after tools wrote it: gzip and
 * zstd, UTF-16 and byte order marks, the prefixes of Jenkins, colours, lines that were redrawn. A
 * log to which nothing was done is not copied. PERFDASH_ERROR_BROKEN, PERFDASH_ERROR_OVER_LIMIT */
GPtrArray *
perfdash_log_text_split(GBytes *log, gboolean *is_cut, GError **error);
/* from 1 */
guint
perfdash_log_text_get_line(const PerfdashLogText *self, guint line);

G_END_DECLS
