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
} Pieces;

/* of a value to the costs of all levels */
typedef struct {
	Piece *next; /* to be put */
	double low;  /* where it begins */
	double value;
	double weight;
	double left; /* MAX_DISTANCE away */
	double right;
	double least; /* cost so far */
	guint start;  /* of the level that has it */
} Addition;

/* no piece is put in loops without room for it */
static Piece *
clear(Pieces *self, gsize n_most)
{
	if (n_most > self->size) {
		self->size = 2 * n_most;
		g_free(self->pieces);
		self->pieces = g_new(Piece, self->size);
	}
	return self->pieces;
}

static inline void
put(Addition *self, const Piece *piece, double high)
{
	if (piece->cost < self->least) {
		double level = CLAMP(piece->center, self->low, high);
		double distance = level - piece->center;
		double cost = piece->cost + piece->weight * distance * distance;
		if (cost < self->least) {
			self->least = cost;
			self->start = piece->start;
		}
	}
	*self->next = *piece;
	self->next->high = high;
	self->next++;
	self->low = high;
}

static inline void
put_far(Addition *self, const Piece *piece, double high)
{
	Piece far = *piece;
	far.cost += MAX_DISTANCE * MAX_DISTANCE;
	put(self, &far, high);
}

static inline void
put_near(Addition *self, const Piece *piece, double high)
{
	Piece near = {.weight = piece->weight + self->weight,
		      .center = self->value,
		      .cost = piece->cost,
		      .start = piece->start};
	if (piece->weight > 0) {
		double distance = self->value - piece->center;
		near.cost += self->weight * piece->weight / near.weight * distance * distance;
		near.center = piece->center + self->weight / near.weight * distance;
	}
	put(self, &near, high);
}

/* pieces are cut where the value is MAX_DISTANCE away */
static inline void
add_to(Addition *self, const Piece *piece, double high)
{
	if (high <= self->left || self->low >= self->right) {
		put_far(self, piece, high);
		return;
	}
	if (self->low < self->left)
		put_far(self, piece, self->left);
	put_near(self, piece, MIN(high, self->right));
	if (self->low < high)
		put_far(self, piece, high);
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

/* adds a value; where a new level from it on is cheaper than going on, it begins */
static void
add_value(const Pieces *from, Pieces *to, double limit, guint index, Addition *self)
{
	const Piece *end = from->pieces + from->n;
	Piece new = {.cost = limit, .start = index};
	double low = self->low;
	self->next = clear(to, 2 * from->n + 3);
	for (const Piece *piece = from->pieces; piece < end; piece++) {
		double left = low;
		double right = piece->high;
		low = right;
		cut(piece, limit, &left, &right);
		if (left < right) {
			if (self->low < left)
				add_to(self, &new, left);
			add_to(self, piece, right);
		}
	}
	if (self->low < low)
		add_to(self, &new, low);
	to->n = self->next - to->pieces;
}

/* the start of the level that each result is on, at best; levels are from low to high */
static void
find_starts(const double *values,
	    const PerfdashNoise *noise,
	    double low,
	    double high,
	    guint *starts)
{
	double price = MAX(PRICE * log(noise->n), MAX_DISTANCE * MAX_DISTANCE);
	Pieces pieces[] = {{g_new(Piece, 64), 1, 64}, {g_new(Piece, 64), 0, 64}};
	double limit = G_MAXDOUBLE;
	pieces[0].pieces[0] = (Piece){.high = high};
	for (gsize i = 0; i < noise->n; i++) {
		double reach = MAX_DISTANCE * noise->scale[i];
		Addition addition = {.low = low,
				     .value = values[i],
				     .weight = 1 / (noise->scale[i] * noise->scale[i]),
				     .left = values[i] - reach,
				     .right = values[i] + reach,
				     .least = G_MAXDOUBLE};
		add_value(&pieces[i % 2], &pieces[(i + 1) % 2], limit, i, &addition);
		limit = addition.least + price;
		starts[i] = addition.start;
	}
	g_free(pieces[0].pieces);
	g_free(pieces[1].pieces);
}

GArray *
perfdash_segmentation_find(const double *values, const PerfdashNoise *noise)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(guint));
	if (noise->n == 0 || noise->all <= 0)
		return found;
	double low = values[0];
	double high = values[0];
	for (gsize i = 1; i < noise->n; i++) {
		low = MIN(low, values[i]);
		high = MAX(high, values[i]);
	}
	if (low == high)
		return found;
	g_autofree guint *starts = g_new(guint, noise->n);
	find_starts(values, noise, low, high, starts);
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
