/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-archive.h"

G_BEGIN_DECLS

#define PERFDASH_ARCHIVE_SUFFIX ".zst"

struct _PerfdashArchive {
	GObject parent_instance;
	char *directory;
	gsize is_swept;
};

/* of the bytes of a log with this digest or identity */
char *
perfdash_archive_build_path(PerfdashArchive *self, const char *digest);
gboolean
perfdash_archive_is_digest(const char *text);
/* when a log was added that is pending, in microseconds since 1970 UTC; 0: it is not */
gint64
perfdash_archive_find_added_at(PerfdashArchive *self, const char *identity);

G_END_DECLS
