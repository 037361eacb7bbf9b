/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A step is judged between its neighbours, and when one of them goes its window grows: so the
 * weakest goes first, and its neighbours are asked again. A tree of minima finds the weakest in
 * log n steps; of equal ones the first goes. */

#include "perfdash-elimination.h"

#define GONE G_MAXDOUBLE

typedef struct {
	PerfdashStepTest *test;
	const guint *places;
	gsize n;
	PerfdashStep *steps;
	gsize *before; /* neighbours that are left, plus one; 0 and n + 1 are the ends of the series
			*/
	gsize *after;
	gsize n_leaves;
	double *least; /* of the evidence below each node; leaves stand last */
} Elimination;

static void
set_evidence(Elimination *self, gsize i, double evidence)
{
	gsize node = self->n_leaves + i;
	self->least[node] = evidence;
	for (node /= 2; node > 0; node /= 2)
		self->least[node] = MIN(self->least[2 * node], self->least[2 * node + 1]);
}

static gsize
find_weakest(const Elimination *self)
{
	gsize node = 1;
	while (node < self->n_leaves)
		node = 2 * node + (self->least[2 * node] > self->least[node]);
	return node - self->n_leaves;
}

static void
ask(Elimination *self, gsize i)
{
	gsize before = self->before[i];
	gsize after = self->after[i];
	gsize from = before > 0 ? self->places[before - 1] : 0;
	gsize to = after <= self->n ? self->places[after - 1] : self->test->noise->n;
	perfdash_step_test_ask(self->test, from, self->places[i], to, &self->steps[i]);
}

static void
ask_again(Elimination *self, gsize neighbour)
{
	if (neighbour == 0 || neighbour > self->n)
		return;
	ask(self, neighbour - 1);
	set_evidence(self, neighbour - 1, self->steps[neighbour - 1].evidence);
}

static void
take_out(Elimination *self, gsize i)
{
	gsize before = self->before[i];
	gsize after = self->after[i];
	set_evidence(self, i, GONE);
	if (before > 0)
		self->after[before - 1] = after;
	if (after <= self->n)
		self->before[after - 1] = before;
	ask_again(self, before);
	ask_again(self, after);
}

static void
init(Elimination *self, PerfdashStepTest *test, const GArray *candidates)
{
	self->test = test;
	self->places = (const guint *)candidates->data;
	self->n = candidates->len;
	self->steps = g_new(PerfdashStep, self->n);
	self->before = g_new(gsize, self->n);
	self->after = g_new(gsize, self->n);
	for (self->n_leaves = 1; self->n_leaves < self->n; self->n_leaves *= 2)
		;
	self->least = g_new(double, 2 * self->n_leaves);
	for (gsize node = 0; node < 2 * self->n_leaves; node++)
		self->least[node] = GONE;
	for (gsize i = 0; i < self->n; i++) {
		self->before[i] = i;
		self->after[i] = i + 2;
	}
	for (gsize i = 0; i < self->n; i++) {
		ask(self, i);
		set_evidence(self, i, self->steps[i].evidence);
	}
}

GArray *
perfdash_elimination_run(PerfdashStepTest *test, const GArray *candidates)
{
	GArray *kept = g_array_new(FALSE, FALSE, sizeof(PerfdashStep));
	Elimination self;
	if (candidates->len == 0)
		return kept;
	init(&self, test, candidates);
	while (self.least[1] < 1)
		take_out(&self, find_weakest(&self));
	for (gsize i = 0; i < self.n; i++) {
		if (self.least[self.n_leaves + i] != GONE)
			g_array_append_val(kept, self.steps[i]);
	}
	g_free(self.steps);
	g_free(self.before);
	g_free(self.after);
	g_free(self.least);
	return kept;
}
