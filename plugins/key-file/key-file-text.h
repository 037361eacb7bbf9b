/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* where something stands in a key file, for errors */
typedef struct {
	const char *path;
	guint line;
	const char *key; /* nullable: then the line is a group */
} KeyFilePlace;

/* key=value */
typedef struct {
	char *key;
	char *value; /* as it stands there: nothing is an escape */
	KeyFilePlace place;
} KeyFileEntry;

/* [name] and what follows */
typedef struct {
	char *name;
	KeyFilePlace place;
	GPtrArray *entries; /* of KeyFileEntry */
} KeyFileGroup;

typedef struct {
	char *path;
	char *digest;      /* of its bytes */
	GPtrArray *groups; /* of KeyFileGroup, in their order */
} KeyFileText;

/* NULL with PERFDASH_ERROR_BLOCKED */
KeyFileText *
key_file_text_load(const char *path, GError **error);
void
key_file_text_free(KeyFileText *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeyFileText, key_file_text_free)

/* "FILE:LINE: key KEY" with the name of the file alone, for what is said of a log */
char *
key_file_place_to_string(const KeyFilePlace *place);
/* sets PERFDASH_ERROR_BLOCKED, "FILE:LINE: key KEY: what is wrong"; FALSE, always */
gboolean
key_file_block(GError **error, const KeyFilePlace *place, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

G_END_DECLS
