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

/* the least cost for levels from low to high */
typedef struct {
	double low;
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
} Pieces;

static void
reserve(Pieces *self, gsize n)
{
	if (n <= self->size)
		return;
	self->size = 2 * n;
	self->pieces = g_renew(Piece, self->pieces, self->size);
}

/* the cost of a value that is near enough to the levels of a piece */
static void
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

static void
add_part(Pieces *to,
	 const Piece *piece,
	 double low,
	 double high,
	 double value,
	 double weight,
	 gboolean is_near)
{
	Piece *part = &to->pieces[to->n++];
	*part = *piece;
	part->low = low;
	part->high = high;
	if (is_near)
		add_near(part, value, weight);
	else
		part->cost += MAX_DISTANCE * MAX_DISTANCE;
}

/* adds the cost of a value to all levels: pieces are cut where it is MAX_DISTANCE away */
static void
add_value(const Pieces *from, Pieces *to, double value, double scale)
{
	double weight = 1 / (scale * scale);
	double low = value - MAX_DISTANCE * scale;
	double high = value + MAX_DISTANCE * scale;
	to->n = 0;
	reserve(to, from->n + 2);
	for (gsize i = 0; i < from->n; i++) {
		const Piece *piece = &from->pieces[i];
		double left = CLAMP(low, piece->low, piece->high);
		double right = CLAMP(high, piece->low, piece->high);
		if (left > piece->low)
			add_part(to, piece, piece->low, left, value, weight, FALSE);
		if (right > left ||
		    (left == right && piece->low == piece->high && low <= left && left <= high))
			add_part(to, piece, left, right, value, weight, TRUE);
		if (piece->high > right ||
		    (piece->low == piece->high && (left < low || left > high)))
			add_part(to, piece, right, piece->high, value, weight, FALSE);
	}
}

static double
get_least(const Pieces *self, guint *start)
{
	double least = G_MAXDOUBLE;
	for (gsize i = 0; i < self->n; i++) {
		const Piece *piece = &self->pieces[i];
		double level = CLAMP(piece->center, piece->low, piece->high);
		double distance = piece->weight > 0 ? level - piece->center : 0;
		double cost = piece->cost + piece->weight * distance * distance;
		if (cost < least) {
			least = cost;
			*start = piece->start;
		}
	}
	return least;
}

static void
add_new(Pieces *to, double low, double high, double cost, guint start)
{
	Piece *last = to->n > 0 ? &to->pieces[to->n - 1] : NULL;
	if (last != NULL && last->weight == 0 && last->start == start)
		last->high = high;
	else
		to->pieces[to->n++] = (Piece){low, high, 0, 0, cost, start};
}

static void
add_kept(Pieces *to, const Piece *piece, double low, double high)
{
	Piece *last = to->n > 0 ? &to->pieces[to->n - 1] : NULL;
	if (last != NULL && last->start == piece->start && last->weight == piece->weight &&
	    last->center == piece->center && last->cost == piece->cost) {
		last->high = high;
		return;
	}
	Piece *kept = &to->pieces[to->n++];
	*kept = *piece;
	kept->low = low;
	kept->high = high;
}

/* where a new level is cheaper than going on, it begins */
static void
prune(const Pieces *from, Pieces *to, double limit, guint start)
{
	to->n = 0;
	reserve(to, 3 * from->n);
	for (gsize i = 0; i < from->n; i++) {
		const Piece *piece = &from->pieces[i];
		double low = piece->low;
		double high = piece->high;
		if (piece->cost > limit) {
			add_new(to, low, high, limit, start);
			continue;
		}
		if (piece->weight > 0) {
			double reach = sqrt((limit - piece->cost) / piece->weight);
			low = MAX(low, piece->center - reach);
			high = MIN(high, piece->center + reach);
		}
		if (low > high || (low == high && piece->low < piece->high)) {
			add_new(to, piece->low, piece->high, limit, start);
			continue;
		}
		if (low > piece->low)
			add_new(to, piece->low, low, limit, start);
		add_kept(to, piece, low, high);
		if (high < piece->high)
			add_new(to, high, piece->high, limit, start);
	}
}

/* the start of the level that each result is on, at best */
static guint *
find_starts(const double *values, const PerfdashNoise *noise)
{
	guint *starts = g_new(guint, noise->n);
	double price = MAX(PRICE * log(noise->n), MAX_DISTANCE * MAX_DISTANCE);
	double low = values[0];
	double high = values[0];
	for (gsize i = 1; i < noise->n; i++) {
		low = MIN(low, values[i]);
		high = MAX(high, values[i]);
	}
	Pieces before = {g_new(Piece, 64), 1, 64};
	Pieces after = {g_new(Piece, 64), 0, 64};
	before.pieces[0] = (Piece){low, high, 0, 0, 0, 0};
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
