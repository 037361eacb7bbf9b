/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* stamps of time, in the order in which they are looked for */
typedef enum {
	PERFDASH_LOG_STAMP_ISO,       /* [2024-05-01T10:00:00.123Z] */
	PERFDASH_LOG_STAMP_BARE,      /* 2024-05-01T10:00:00.1234567Z */
	PERFDASH_LOG_STAMP_MONTH,     /* Nov 23 10:00:00 */
	PERFDASH_LOG_STAMP_DATE,      /* 2024-05-01 10:00:00,123 */
	PERFDASH_LOG_STAMP_BRACKETED, /* [10:00:00] */
	PERFDASH_LOG_STAMP_CLOCK,     /* 10:00:00 */
	PERFDASH_LOG_N_STAMPS,
} PerfdashLogStamp;

/* what the lines of a log begin with */
typedef struct {
	guint stamps;       /* bits of PerfdashLogStamp */
	guint clock_blanks; /* behind a clock stamp: 1 or 2 */
	gboolean stages;
	gboolean containers;
	const char *attached; /* names of the containers, NULL when it is not said; of the log */
	gsize n_attached;     /* bytes */
	gboolean has_stretches;
	const char *stretch_end; /* of lines that have another stamp, NULL when not known */
	PerfdashLogStamp stretch_stamp;
	guint stretch_blanks;
} PerfdashLogPrefixes;

PerfdashLogPrefixes
perfdash_log_prefixes_find(const char *data, gsize size);
gboolean
perfdash_log_prefixes_has_any(const PerfdashLogPrefixes *self);
/* says that the line at p is the next one, for a stamp may stand before some lines only */
void
perfdash_log_prefixes_enter(PerfdashLogPrefixes *self, const char *p, const char *end);
/* behind the prefixes of a line; stage and length: the branch or container that it is of, or 0 */
const char *
perfdash_log_prefixes_skip(const PerfdashLogPrefixes *self,
			   const char *p,
			   const char *end,
			   const char **stage,
			   gsize *length);
/* behind a sequence of a terminal such as a colour, or p when there is none */
const char *
perfdash_log_prefix_skip_escape(const char *p, const char *end);

G_END_DECLS
