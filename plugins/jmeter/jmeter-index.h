/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define JMETER_INDEX_BLOCKS 128 /* that an index has at most; a block is 64 bytes of a text */

/* where the fields and rows of a text end: bit i of a mask is byte i of its block */
typedef struct {
	gsize n_blocks;
	/* separators and line ends, but those in quotes; none in two blocks behind the last one */
	guint64 ends[JMETER_INDEX_BLOCKS + 2];
	guint64 newlines[JMETER_INDEX_BLOCKS + 2];
} JmeterIndex;

/* Makes an index of whole blocks of a text that begins with a row. It has fewer blocks when one has
 * a quote that cannot be read this way, for it stands within a field that is not quoted. */
typedef void (*JmeterIndexer)(const char *text, gsize n_blocks, char separator, JmeterIndex *index);

/* one of the ways to do so, from the fastest on; NULL behind the last one that runs here. All give
 * the same */
JmeterIndexer
jmeter_index_get(guint i);

/* the mask of the 64 bytes from a position on, which lies in the index or at its end */
static inline guint64
jmeter_index_look(const guint64 *masks, gsize position)
{
	gsize block = position / 64;
	guint shift = position % 64;
	return masks[block] >> shift | masks[block + 1] << 1 << (63 - shift);
}

G_END_DECLS
