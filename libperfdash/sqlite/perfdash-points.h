/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-pack.h"

G_BEGIN_DECLS

/* points of a series in the order of arrival: which runs of the stream, and the values */
typedef struct {
	gsize n;
	gsize room;
	double *values;
	guint32 first;
	guint32 *positions; /* ascending; NULL while they are first, first + 1, first + 2 ... */
} PerfdashPoints;

void
perfdash_points_clear(PerfdashPoints *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PerfdashPoints, perfdash_points_clear)
void
perfdash_points_reserve(PerfdashPoints *self, gsize room);
void
perfdash_points_append(PerfdashPoints *self, guint32 position, double value);
/* forgets those from position end on */
void
perfdash_points_truncate(PerfdashPoints *self, guint32 end);
/* forgets those at positions, which ascend */
void
perfdash_points_remove(PerfdashPoints *self, const guint32 *positions, gsize n);

/* as a chunk: positions counted from begin, then the values as a column */
void
perfdash_points_pack(const PerfdashPoints *self, guint32 begin, GByteArray *out);
/* appends a chunk whose positions must lie between begin and end and behind those that are there */
gboolean
perfdash_points_unpack(PerfdashPoints *self,
		       guint32 begin,
		       guint32 end,
		       const guint8 *data,
		       gsize size);

G_END_DECLS
