/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Most series have a result in every run of their stream, so positions are not written down before
 * there is a gap, neither in memory nor in a chunk. */

#include "perfdash-points.h"

#include "perfdash-column.h"

#define RANGE 0 /* one position, the others follow it */
#define LIST  1 /* the distance of each from the one before */

void
perfdash_points_clear(PerfdashPoints *self)
{
	g_clear_pointer(&self->values, g_free);
	g_clear_pointer(&self->positions, g_free);
	self->n = 0;
	self->room = 0;
}

void
perfdash_points_reserve(PerfdashPoints *self, gsize room)
{
	if (room <= self->room)
		return;
	self->room = MAX(room, 2 * self->room);
	self->values = g_renew(double, self->values, self->room);
	if (self->positions != NULL)
		self->positions = g_renew(guint32, self->positions, self->room);
}

static guint32
position_at(const PerfdashPoints *self, gsize i)
{
	return self->positions != NULL ? self->positions[i] : self->first + i;
}

static void
write_positions(PerfdashPoints *self)
{
	if (self->positions != NULL)
		return;
	self->positions = g_new(guint32, self->room);
	for (gsize i = 0; i < self->n; i++)
		self->positions[i] = self->first + i;
}

/* the positions of points whose values are to follow */
static void
append_range(PerfdashPoints *self, guint32 first, gsize n)
{
	perfdash_points_reserve(self, self->n + n);
	if (self->n == 0)
		self->first = first;
	else if (first != position_at(self, self->n - 1) + 1)
		write_positions(self);
	for (gsize i = 0; self->positions != NULL && i < n; i++)
		self->positions[self->n + i] = first + i;
}

void
perfdash_points_append(PerfdashPoints *self, guint32 position, double value)
{
	append_range(self, position, 1);
	self->values[self->n++] = value;
}

void
perfdash_points_truncate(PerfdashPoints *self, guint32 end)
{
	while (self->n > 0 && position_at(self, self->n - 1) >= end)
		self->n--;
	if (self->n == 0)
		g_clear_pointer(&self->positions, g_free);
}

void
perfdash_points_remove(PerfdashPoints *self, const guint32 *positions, gsize n)
{
	gsize n_kept = 0;
	gsize at = 0;
	if (n == 0 || self->n == 0)
		return;
	write_positions(self);
	for (gsize i = 0; i < self->n; i++) {
		while (at < n && positions[at] < self->positions[i])
			at++;
		if (at < n && positions[at] == self->positions[i])
			continue;
		self->positions[n_kept] = self->positions[i];
		self->values[n_kept++] = self->values[i];
	}
	self->n = n_kept;
	self->first = n_kept > 0 ? self->positions[0] : 0;
	if (n_kept == 0 || self->positions[n_kept - 1] - self->first == n_kept - 1)
		g_clear_pointer(&self->positions, g_free);
}

void
perfdash_points_pack(const PerfdashPoints *self, guint32 begin, GByteArray *out)
{
	guint32 before = position_at(self, 0);
	gboolean range = position_at(self, self->n - 1) - before == self->n - 1;
	perfdash_pack_uint(out, self->n);
	perfdash_pack_uint(out, range ? RANGE : LIST);
	perfdash_pack_uint(out, before - begin);
	for (gsize i = 1; !range && i < self->n; i++) {
		perfdash_pack_uint(out, self->positions[i] - before);
		before = self->positions[i];
	}
	perfdash_column_pack(self->values, self->n, out);
}

static gboolean
unpack_list(PerfdashPoints *self, PerfdashUnpacker *in, guint64 first, guint32 end, gsize n)
{
	guint64 position = first;
	perfdash_points_reserve(self, self->n + n);
	write_positions(self);
	for (gsize i = 0; i < n; i++) {
		guint64 gap = i > 0 ? perfdash_unpack_uint(in) : 0;
		position += gap;
		if (in->failed || gap > end || position >= end || (i > 0 && gap == 0))
			return FALSE;
		self->positions[self->n + i] = position;
	}
	return TRUE;
}

gboolean
perfdash_points_unpack(PerfdashPoints *self,
		       guint32 begin,
		       guint32 end,
		       const guint8 *data,
		       gsize size)
{
	PerfdashUnpacker in = {data, data + size, FALSE};
	guint64 n = perfdash_unpack_uint(&in);
	guint64 kind = perfdash_unpack_uint(&in);
	guint64 offset = perfdash_unpack_uint(&in);
	guint64 first = begin + offset;
	if (in.failed || n == 0 || n > end - begin || offset > end - begin - n || kind > LIST ||
	    (self->n > 0 && position_at(self, self->n - 1) >= first))
		return FALSE;
	if (kind == RANGE)
		append_range(self, first, n);
	else if (!unpack_list(self, &in, first, end, n))
		return FALSE;
	perfdash_column_unpack(&in, self->values + self->n, n);
	self->n += n;
	return !in.failed && in.p == in.end;
}
