/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <gio/gio.h>
#include <perfdash-log.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_ARCHIVE (perfdash_archive_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashArchive, perfdash_archive, PERFDASH, ARCHIVE, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashArchive *
perfdash_archive_new(GFile *directory);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_archive_add(PerfdashArchive *self,
		     PerfdashLog *log,
		     const char *identity,
		     GBytes *note,
		     GCancellable *cancellable,
		     GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_archive_settle(PerfdashArchive *self, const char *identity, GError **error);
PERFDASH_AVAILABLE_IN_0_1
char **
perfdash_archive_list_pending(PerfdashArchive *self, GError **error);
PERFDASH_AVAILABLE_IN_0_1
GBytes *
perfdash_archive_load_note(PerfdashArchive *self, const char *identity, GError **error);
PERFDASH_AVAILABLE_IN_0_1
GBytes *
perfdash_archive_load_kept_note(PerfdashArchive *self, const char *identity, GError **error);
PERFDASH_AVAILABLE_IN_0_1
GInputStream *
perfdash_archive_open(PerfdashArchive *self, const char *digest, GError **error);

PERFDASH_AVAILABLE_IN_0_1
guint64
perfdash_archive_get_size(PerfdashArchive *self, const char *digest);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_archive_measure(PerfdashArchive *self, guint64 *n_logs, guint64 *n_bytes, GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_archive_set_aside(PerfdashArchive *self, const char *digest, GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_archive_put_back(PerfdashArchive *self, const char *digest, GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_archive_remove(PerfdashArchive *self, const char *digest, GError **error);

G_END_DECLS
