/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-log-record.h"

G_BEGIN_DECLS

struct _PerfdashLogRecord {
	GObject parent_instance;
	gint64 id;
	char *digest;
	char *origin; /* digest of what is known of it from outside, "" not kept */
	char *name;
	guint64 size;
	gint64 received_at; /* microseconds since 1970 UTC */
	char *source;
	PerfdashOutcome outcome;
	char *parser;         /* "" when no parser claimed the log */
	char *parser_version; /* likewise */
	GError *error;        /* nullable */
	GStrv warnings;
	GArray *runs;         /* of gint64 */
	gint64 removed_at;    /* microseconds since 1970 UTC, 0: its bytes are kept */
	char *removed_reason; /* nullable */
	gint64 replaced_by;   /* the log that took its place, or 0 */
};

PerfdashLogRecord *
perfdash_log_record_new_empty(void);

G_END_DECLS
