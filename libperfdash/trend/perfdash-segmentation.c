/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The levels that explain a series best: least sum of min((value - level)^2, MAX_DISTANCE^2), in
 * units of the noise around each result, plus a price for each level. What is farther from its
 * level than MAX_DISTANCE costs no more than that, so an outlier is never worth a level of its own.
 *
 * Functional pruning (R-FPOP: Fearnhead and Rigaill, "Changepoint detection in the presence of
 * outliers", JASA 114, 2019): for each result the least cost of all before it is kept as a function
 * of the level that it is on, in pieces a (level - center)^2 + c, and what can no longer win is
 * dropped. A handful of pieces stay, whatever the length, so time is near to linear. */

#include "perfdash-segmentation.h"

#include <math.h>
#include <string.h>

#define MAX_DISTANCE 3
#define PRICE        2 /* times the logarithm of the number of results */

/* the least cost for levels up to high, from where the piece before ends */
typedef struct {
	double high;
	double weight; /* a; 0: the same for all of them */
	double center;
	double cost; /* c */
	guint start; /* of the level */
} Piece;

typedef struct {
	Piece *pieces;
	gsize n;
	gsize size;
	double low; /* where the first one begins */
} Pieces;

/* no piece is added in loops without room for it */
static void
clear(Pieces *self, gsize n_most)
{
	self->n = 0;
	if (n_most <= self->size)
		return;
	self->size = 2 * n_most;
	g_free(self->pieces);
	self->pieces = g_new(Piece, self->size);
}

static inline Piece *
add_piece(Pieces *self, const Piece *piece, double high)
{
	Piece *added = &self->pieces[self->n++];
	*added = *piece;
	added->high = high;
	return added;
}

/* the cost of a value that is near enough to the levels of a piece */
static inline void
add_near(Piece *piece, double value, double weight)
{
	double sum = piece->weight + weight;
	if (piece->weight == 0) {
		piece->center = value;
	} else {
		double distance = value - piece->center;
		piece->cost += weight * piece->weight / sum * distance * distance;
		piece->center += weight / sum * distance;
	}
	piece->weight = sum;
}

/* adds the cost of a value to all levels: pieces are cut where it is MAX_DISTANCE away */
static void
add_value(const Pieces *from, Pieces *to, double value, double scale)
{
	const double far = MAX_DISTANCE * MAX_DISTANCE;
	double weight = 1 / (scale * scale);
	double left = value - MAX_DISTANCE * scale;
	double right = value + MAX_DISTANCE * scale;
	double low = from->low;
	clear(to, from->n + 2);
	for (gsize i = 0; i < from->n; i++) {
		const Piece *piece = &from->pieces[i];
		double high = piece->high;
		if (high <= left || low >= right) {
			add_piece(to, piece, high)->cost += far;
		} else {
			if (low < left)
				add_piece(to, piece, left)->cost += far;
			add_near(add_piece(to, piece, MIN(high, right)), value, weight);
			if (high > right)
				add_piece(to, piece, high)->cost += far;
		}
		low = high;
	}
}

static double
get_least(const Pieces *self, guint *start)
{
	double least = G_MAXDOUBLE;
	double low = self->low;
	for (gsize i = 0; i < self->n; i++) {
		const Piece *piece = &self->pieces[i];
		double level = CLAMP(piece->center, low, piece->high);
		double distance = level - piece->center;
		double cost = piece->cost + piece->weight * distance * distance;
		if (cost < least) {
			least = cost;
			*start = piece->start;
		}
		low = piece->high;
	}
	return least;
}

static inline void
add_new(Pieces *to, const Piece *new)
{
	Piece *last = to->n > 0 ? &to->pieces[to->n - 1] : NULL;
	if (last != NULL && last->weight == 0 && last->start == new->start)
		last->high = new->high;
	else
		to->pieces[to->n++] = *new;
}

/* the levels of a piece where going on is no dearer than a limit */
static inline void
cut(const Piece *piece, double limit, double *left, double *right)
{
	double farthest = MAX(piece->center - *left, *right - piece->center);
	if (piece->cost > limit) {
		*right = *left;
	} else if (piece->cost + piece->weight * farthest * farthest > limit) {
		double reach = sqrt((limit - piece->cost) / piece->weight);
		*left = MAX(*left, piece->center - reach);
		*right = MIN(*right, piece->center + reach);
	}
}

/* where a new level is cheaper than going on, it begins */
static void
prune(const Pieces *from, Pieces *to, double limit, guint start)
{
	Piece new = {.cost = limit, .start = start};
	double low = from->low;
	clear(to, 3 * from->n);
	for (gsize i = 0; i < from->n; i++) {
		const Piece *piece = &from->pieces[i];
		double left = low;
		double right = piece->high;
		cut(piece, limit, &left, &right);
		if (left < right) {
			new.high = left;
			if (low < left)
				add_new(to, &new);
			add_piece(to, piece, right);
		}
		new.high = piece->high;
		if (left >= right || right < piece->high)
			add_new(to, &new);
		low = piece->high;
	}
}

/* the start of the level that each result is on, at best */
static guint *
find_starts(const double *values, const PerfdashNoise *noise)
{
	guint *starts = g_new0(guint, noise->n);
	double price = MAX(PRICE * log(noise->n), MAX_DISTANCE * MAX_DISTANCE);
	double low = values[0];
	double high = values[0];
	for (gsize i = 1; i < noise->n; i++) {
		low = MIN(low, values[i]);
		high = MAX(high, values[i]);
	}
	if (low == high)
		return starts;
	Pieces before = {g_new(Piece, 64), 1, 64, low};
	Pieces after = {g_new(Piece, 64), 0, 64, low};
	before.pieces[0] = (Piece){.high = high};
	for (gsize i = 0; i < noise->n; i++) {
		add_value(&before, &after, values[i], noise->scale[i]);
		double least = get_least(&after, &starts[i]);
		prune(&after, &before, least + price, i + 1);
	}
	g_free(before.pieces);
	g_free(after.pieces);
	return starts;
}

GArray *
perfdash_segmentation_find(const double *values, const PerfdashNoise *noise)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));
	if (noise->n == 0 || noise->all <= 0)
		return found;
	g_autofree guint *starts = find_starts(values, noise);
	for (gsize end = noise->n; end > 0 && starts[end - 1] > 0; end = starts[end - 1])
		g_array_append_val(found, starts[end - 1]);
	for (gsize i = 0; i < found->len / 2; i++) {
		guint *left = &g_array_index(found, guint, i);
		guint *right = &g_array_index(found, guint, found->len - 1 - i);
		guint swap = *left;
		*left = *right;
		*right = swap;
	}
	return found;
}
