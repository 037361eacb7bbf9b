/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* what tells one state of a file from another */
typedef struct {
	guint64 size;
	gint64 modified_at; /* nanoseconds since 1970 UTC */
	guint n_links;
} PddFileState;

typedef enum {
	PDD_FILE_WRITER_UNKNOWN,
	PDD_FILE_WRITER_NONE,
	PDD_FILE_WRITER_SOME,
} PddFileWriter;

gboolean
pdd_file_get_state(const char *root, const char *path, PddFileState *state);
gboolean
pdd_file_state_equal(const PddFileState *one, const PddFileState *other);
PddFileWriter
pdd_file_get_writer(const char *root, const char *path);
GInputStream *
pdd_file_open(const char *root, const char *path, PddFileState *state, GError **error);

G_END_DECLS
