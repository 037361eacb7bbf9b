/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "key-file-text.h"

G_BEGIN_DECLS

/* the longest line that expressions are tried on */
#define KEY_FILE_MAX_LINE 8192

/* a regular expression of a key file, which cannot take for ever */
typedef struct {
	GRegex *regex;
	KeyFilePlace place;
	gint64 spent; /* microseconds, on all logs */
} KeyFileRegex;

/* NULL with PERFDASH_ERROR_BLOCKED */
KeyFileRegex *
key_file_regex_new(const KeyFileEntry *entry, GError **error);
void
key_file_regex_free(KeyFileRegex *self);
/* whether the expression has a group of that name */
gboolean
key_file_regex_has_group(KeyFileRegex *self, const char *name);
/* the names of its groups */
GStrv
key_file_regex_list_groups(KeyFileRegex *self);
/* the text that whatever matches begins with, as far as that is plain to see; NULL when it is not
 */
char *
key_file_regex_get_beginning(const KeyFileRegex *self);
/* match, when it is not NULL, is set in any case. line is that of the log, for the error:
 * PERFDASH_ERROR_BROKEN when the expression takes too long; then FALSE */
gboolean
key_file_regex_match(KeyFileRegex *self,
		     const char *text,
		     guint line,
		     GMatchInfo **match,
		     GError **error);

G_END_DECLS
