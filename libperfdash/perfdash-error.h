/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

/**
 * PerfdashError:
 * @PERFDASH_ERROR_INVALID: an argument, label, unit, query or configuration value is not valid
 * @PERFDASH_ERROR_NOT_FOUND: no such series, run, log, parser or file
 * @PERFDASH_ERROR_UNREADABLE: no parser recognises the log
 * @PERFDASH_ERROR_BROKEN: a parser recognised the log and found it broken
 * @PERFDASH_ERROR_CRASHED: the process that parsed the log died
 * @PERFDASH_ERROR_TIMED_OUT: the process that parsed the log took too long
 * @PERFDASH_ERROR_OVER_LIMIT: a limit on size, depth, memory or number was reached
 * @PERFDASH_ERROR_PROTOCOL: the process that parsed the log gave an answer that is not valid
 * @PERFDASH_ERROR_BLOCKED: a parser module cannot be used
 * @PERFDASH_ERROR_STORE: the database could not be read or written
 * @PERFDASH_ERROR_NOT_OURS: the database belongs to another program
 * @PERFDASH_ERROR_TOO_NEW: the database was written by a newer version
 * @PERFDASH_ERROR_IO: a file could not be read or written
 * @PERFDASH_ERROR_FORBIDDEN: the process that parsed the log tried what parsers may not do
 * @PERFDASH_ERROR_DENIED: the log says what its sender may not say
 *
 * What can go wrong.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_ERROR_INVALID,
	PERFDASH_ERROR_NOT_FOUND,
	PERFDASH_ERROR_UNREADABLE,
	PERFDASH_ERROR_BROKEN,
	PERFDASH_ERROR_CRASHED,
	PERFDASH_ERROR_TIMED_OUT,
	PERFDASH_ERROR_OVER_LIMIT,
	PERFDASH_ERROR_PROTOCOL,
	PERFDASH_ERROR_BLOCKED,
	PERFDASH_ERROR_STORE,
	PERFDASH_ERROR_NOT_OURS,
	PERFDASH_ERROR_TOO_NEW,
	PERFDASH_ERROR_IO,
	PERFDASH_ERROR_FORBIDDEN,
	PERFDASH_ERROR_DENIED,
} PerfdashError;

#define PERFDASH_ERROR      (perfdash_error_quark())
#define PERFDASH_TYPE_ERROR (perfdash_error_get_type())

PERFDASH_AVAILABLE_IN_0_1
GQuark
perfdash_error_quark(void);
PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_error_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_error_to_string(PerfdashError code);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_error_from_string(const char *text, PerfdashError *code);

G_END_DECLS
