/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-archive.h>
#include <perfdash-parser-runner.h>
#include <perfdash-rereading.h>
#include <perfdash-selector.h>
#include <perfdash-store.h>

G_BEGIN_DECLS

/**
 * PerfdashDue:
 * @PERFDASH_DUE_OUTDATED: logs whose parser has another version now, and those that could not be
 * read
 * @PERFDASH_DUE_FAILED: logs that could not be read
 * @PERFDASH_DUE_ALL: all logs
 *
 * Which logs to parse again.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_DUE_OUTDATED,
	PERFDASH_DUE_FAILED,
	PERFDASH_DUE_ALL,
} PerfdashDue;

#define PERFDASH_TYPE_DUE (perfdash_due_get_type())

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_due_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_due_to_string(PerfdashDue due);

#define PERFDASH_TYPE_REPARSER (perfdash_reparser_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashReparser, perfdash_reparser, PERFDASH, REPARSER, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashReparser *
perfdash_reparser_new(PerfdashStore *store, PerfdashParserRunner *runner, PerfdashArchive *archive);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_reparser_set_allowed(PerfdashReparser *self, PerfdashSelector *allowed);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_reparser_list_due(PerfdashReparser *self,
			   PerfdashDue due,
			   const char *source,
			   const char *parser,
			   gint64 since,
			   guint *n_orphans,
			   GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashRereading *
perfdash_reparser_read(PerfdashReparser *self,
		       PerfdashLogRecord *record,
		       GCancellable *cancellable,
		       GError **error);

G_END_DECLS
