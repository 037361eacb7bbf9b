/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* whole lines that a text may show from elsewhere */
typedef struct {
	gsize begin;
	gsize end;
	guint line;  /* the first one, from 1 */
	guint moved; /* columns that a mark of a parser must be, 0 when it is quoted whatever they
			are */
} PerfdashQuotation;

/* of PerfdashQuotation, in their order */
GArray *
perfdash_quotation_find(const char *text, gsize size);
/* the one in which an offset is, or NULL */
const PerfdashQuotation *
perfdash_quotation_at(GArray *quotations, gsize offset);
/* the text for a parser with these marks: a copy with blanks in place of what is quoted of its
 * tool, or itself when nothing is. first: the first line that was hidden, or 0; nullable */
GBytes *
perfdash_quotation_hide(GArray *quotations, GBytes *text, const char *marks, guint *first);

G_END_DECLS
