/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <gio/gio.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_LOG (perfdash_log_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashLog, perfdash_log, PERFDASH, LOG, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashLog *
perfdash_log_new_from_bytes(const char *name, GBytes *bytes, GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLog *
perfdash_log_new_from_stream(const char *name,
			     GInputStream *stream,
			     guint64 max_size,
			     GCancellable *cancellable,
			     GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLog *
perfdash_log_new_from_file(GFile *file,
			   guint64 max_size,
			   GCancellable *cancellable,
			   GError **error);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_log_get_name(PerfdashLog *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_log_get_digest(PerfdashLog *self);
PERFDASH_AVAILABLE_IN_0_1
guint64
perfdash_log_get_size(PerfdashLog *self);
PERFDASH_AVAILABLE_IN_0_1
int
perfdash_log_get_fd(PerfdashLog *self);
PERFDASH_AVAILABLE_IN_0_1
GBytes *
perfdash_log_map(PerfdashLog *self, GError **error);

G_END_DECLS
