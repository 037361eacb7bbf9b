/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-candidate.h"

G_BEGIN_DECLS

/* what a parser said of a log */
typedef struct {
	const PerfdashCandidate *candidate;
	guint score;      /* 0 to 100 */
	guint line;       /* where its document begins, or 1 */
	char *conclusion; /* for people */
} PerfdashClaim;

/* what was read from a log, and why */
typedef struct {
	GPtrArray *runs;   /* of PerfdashRun; NULL after an error */
	GPtrArray *claims; /* of PerfdashClaim */
	char *parser;      /* whose runs they are, several separated by ", "; or "" */
	char *version;     /* likewise */
} PerfdashReading;

void
perfdash_reading_free(PerfdashReading *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashReading, perfdash_reading_free)

/* Reads a log with the parsers that fit it, or with the one there is when it is forced. The reading
 * is there after an error, too. PERFDASH_ERROR_UNREADABLE, PERFDASH_ERROR_BROKEN,
 * PERFDASH_ERROR_OVER_LIMIT, PERFDASH_ERROR_BLOCKED */
PerfdashReading *
perfdash_recognizer_read(GPtrArray *candidates,
			 gboolean forced,
			 const char *log_name,
			 GBytes *log,
			 GError **error);

G_END_DECLS
