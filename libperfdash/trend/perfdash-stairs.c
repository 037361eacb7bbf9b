/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Steps, or a slope? A line is fitted by least squares to the results that are near to the levels,
 * then again and again to those that are near to the line, as long as its cost falls. */

#include "perfdash-stairs.h"

#include <math.h>

#define N_FITS 8

/* y = center + slope (x - middle), with x from the first step and y from the first level */
typedef struct {
	double center;
	double slope;
	double middle;
} Line;

/* sums over the results that are near */
typedef struct {
	double n;
	double x1;
	double x2;
	double y1;
	double xy;
	double cost; /* of all of them */
} Fit;

static inline void
add(Fit *self, double x, double y, double away, double distance)
{
	if (fabs(away) >= distance) {
		self->cost += distance * distance;
		return;
	}
	self->cost += away * away;
	self->n++;
	self->x1 += x;
	self->x2 += x * x;
	self->y1 += y;
	self->xy += x * y;
}

/* FALSE: there is none */
static gboolean
get_line(const Fit *self, Line *line)
{
	double spread = self->n * self->x2 - self->x1 * self->x1;
	if (self->n == 0 || spread <= 0)
		return FALSE;
	line->center = self->y1 / self->n;
	line->slope = (self->n * self->xy - self->x1 * self->y1) / spread;
	line->middle = self->x1 / self->n;
	return TRUE;
}

static Fit
fit_levels(const PerfdashStairs *self, const double *values, double distance)
{
	Fit fit = {0};
	double x = -(double)(self->at[0] - self->from);
	gsize i = self->from;
	for (gsize step = 0; step <= self->n_steps; step++) {
		gsize to = step < self->n_steps ? self->at[step] : self->to;
		for (; i < to; i++, x++)
			add(&fit,
			    x,
			    values[i] - self->level[0],
			    values[i] - self->level[step],
			    distance);
	}
	return fit;
}

static Fit
fit_line(const PerfdashStairs *self, const double *values, double distance, const Line *line)
{
	Fit fit = {0};
	double x = -(double)(self->at[0] - self->from);
	for (gsize i = self->from; i < self->to; i++, x++) {
		double y = values[i] - self->level[0];
		add(&fit, x, y, y - line->center - line->slope * (x - line->middle), distance);
	}
	return fit;
}

/* they have one line */
static gboolean
are_same(const Fit *a, const Fit *b)
{
	return a->n == b->n && a->x1 == b->x1 && a->x2 == b->x2 && a->y1 == b->y1 && a->xy == b->xy;
}

gboolean
perfdash_stairs_are_slope(const PerfdashStairs *self,
			  const double *values,
			  double distance,
			  double limit)
{
	Fit fit = fit_levels(self, values, distance);
	double least = G_MAXDOUBLE;
	Line line;
	limit += fit.cost;
	for (guint round = 0; round < N_FITS && least >= limit && get_line(&fit, &line); round++) {
		Fit next = fit_line(self, values, distance, &line);
		gboolean is_last = next.cost >= least || are_same(&next, &fit);
		least = MIN(least, next.cost);
		if (is_last)
			break;
		fit = next;
	}
	return least < limit;
}
