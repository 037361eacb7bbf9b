/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

#define JMETER_INDEX_BLOCKS 128 /* that an index has at most; a block is 64 bytes of a text */
#define JMETER_INDEX_LOOK   57  /* bytes */
#define JMETER_INDEX_NEAR   8   /* fields */

/* where the fields and rows of a text end, but in quotes */
typedef struct {
	gsize n_blocks;
	/* bit i is byte i of a block, the last byte of a word its highest 8 bits: set for
	 * separators and line ends, and in the two blocks behind the last one */
	guint64 ends[JMETER_INDEX_BLOCKS + 2];
	gsize n_rows;
	guint16 row_ends[JMETER_INDEX_BLOCKS * 64 + 2]; /* positions of line ends */
} JmeterIndex;

/* Makes an index of whole blocks of a text that begins with a row. It has fewer blocks when one has
 * a quote that cannot be read this way, for it stands within a field that is not quoted. */
typedef void (*JmeterIndexer)(const char *text, gsize n_blocks, char separator, JmeterIndex *index);

/* one of the ways to do so, from the fastest on; NULL behind the last one that runs here. All give
 * the same */
JmeterIndexer
jmeter_index_get(guint i);

/* the ends from a position on, which lies in the index or in the block behind it; at least those
 * among the next JMETER_INDEX_LOOK bytes */
static inline guint64
jmeter_index_look(const JmeterIndex *index, gsize position)
{
	guint64 ends;
	memcpy(&ends, (const char *)index->ends + position / 8, sizeof(ends));
	return GUINT64_FROM_LE(ends) >> position % 8;
}

/* where the next n fields end. Behind the index every byte is an end, so that there are enough */
void
jmeter_index_find_ends(const JmeterIndex *index, gsize begin, guint n, gsize *ends);

/* the same for up to JMETER_INDEX_NEAR that are probably near, with one branch */
G_ALWAYS_INLINE static inline void
jmeter_index_find_near_ends(const JmeterIndex *index, gsize begin, guint n, gsize *ends)
{
	guint64 left = jmeter_index_look(index, begin);
	guint64 rest = left;
#pragma GCC unroll 8
	for (guint i = 1; i < n; i++)
		rest &= rest - 1;
	if (G_UNLIKELY(rest == 0)) {
		/* so that what is found stays in registers otherwise */
		gsize far[JMETER_INDEX_NEAR];
		jmeter_index_find_ends(index, begin, n, far);
#pragma GCC unroll 8
		for (guint i = 0; i < n; i++)
			ends[i] = far[i];
		return;
	}
#pragma GCC unroll 8
	for (guint i = 0; i < n; i++, left &= left - 1)
		ends[i] = begin + __builtin_ctzll(left);
}

G_END_DECLS
