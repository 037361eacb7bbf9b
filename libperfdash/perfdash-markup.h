/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PERFDASH_MARKUP_TAB     4  /* columns */
#define PERFDASH_MARKUP_N_KINDS 24 /* of delimiters */

/* a line, without the blanks around it */
typedef struct {
	const char *begin;
	const char *end;
	const char *next; /* the line behind it */
	guint columns;    /* that it is indented */
} PerfdashMarkupLine;

/* the blocks of a text */
typedef struct {
	const char *begin;
	const char *end;
	gboolean has_text;    /* more than blank lines and what XML declares */
	gboolean is_asciidoc; /* it had a heading of AsciiDoc */
	gboolean is_unclosed[PERFDASH_MARKUP_N_KINDS]; /* what nothing closes any more */
} PerfdashMarkup;

guint
perfdash_markup_count_columns(const char *p, const char *end, const char **behind);
PerfdashMarkupLine
perfdash_markup_read_line(const char *p, const char *end);
/* behind the block that a line opens, NULL when it opens none. is_in_block: only a tag can, as the
 * line may be in another block; is_below_gap: a blank line, or nothing, is above */
const char *
perfdash_markup_skip(PerfdashMarkup *self,
		     const PerfdashMarkupLine *line,
		     gboolean is_in_block,
		     gboolean is_below_gap);

G_END_DECLS
