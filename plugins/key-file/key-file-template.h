/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "key-file-path.h"
#include "key-file-text.h"

G_BEGIN_DECLS

/* what {...} in a value of a key file stands for */
typedef struct {
	char *name;
	KeyFilePath *path; /* the same read as a path, in key files for JSON; else NULL */
} KeyFileReference;

/* text with {references} */
typedef struct {
	GPtrArray *parts;      /* of char *: text, or NULL for the next reference */
	GPtrArray *references; /* of KeyFileReference */
	KeyFilePlace place;
} KeyFileTemplate;

/* where the values of references come from; NULL when there is none */
typedef char *(*KeyFileLookup)(gpointer data, const KeyFileReference *reference);
typedef struct {
	KeyFileLookup lookup;
	gpointer data;
} KeyFileSource;

/* NULL with PERFDASH_ERROR_BLOCKED */
KeyFileTemplate *
key_file_template_new(const KeyFileEntry *entry, gboolean are_paths, GError **error);
/* of one reference, for what stands there when nobody says otherwise */
KeyFileTemplate *
key_file_template_new_reference(const KeyFilePlace *place, const char *name);
KeyFileTemplate *
key_file_template_new_text(const KeyFilePlace *place, const char *text);
void
key_file_template_free(KeyFileTemplate *self);
/* the text when it has no reference, else NULL */
const char *
key_file_template_get_constant(const KeyFileTemplate *self);
/* NULL when a reference has no value */
char *
key_file_template_fill(const KeyFileTemplate *self, const KeyFileSource *source);

KeyFileReference *
key_file_reference_new(const char *name,
		       gboolean is_path,
		       const KeyFilePlace *place,
		       GError **error);
void
key_file_reference_free(KeyFileReference *self);

G_END_DECLS
