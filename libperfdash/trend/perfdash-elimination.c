/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A step is judged between its neighbours, and when one of them goes its window grows: so the
 * weakest goes first, and its neighbours are asked again. A tree of minima finds the weakest in
 * log n steps; of equal ones the first goes.
 *
 * What went early was judged between candidates that are gone by now. So it is asked again between
 * those that are left, and the strongest that is a step then comes back: forward selection after
 * backward elimination, as in stepwise regression.
 *
 * At last stairs go that a slope explains as well: what drifts for long is cut into steps of which
 * each is steeper than a line between its neighbours, but not than one through all of them. */

#include "perfdash-elimination.h"

#define GONE       G_MAXDOUBLE
#define MAX_ROUNDS 2 /* of steps that come back */

/* Candidates are nodes 1 to n of a list; 0 and n + 1 are the ends of the series. */
typedef struct {
	PerfdashStepTest *test;
	const guint *places;
	gsize n;
	PerfdashStep *steps;
	gsize *before; /* neighbours that are left */
	gsize *after;
	gsize n_leaves;
	double *least; /* of the evidence below each node of the tree; leaves stand last */
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

/* of a candidate between two others */
static double
ask(const Elimination *self, gsize before, gsize i, gsize after)
{
	gsize from = before > 0 ? self->places[before - 1] : 0;
	gsize to = after <= self->n ? self->places[after - 1] : self->test->noise->n;
	perfdash_step_test_ask(self->test, from, self->places[i - 1], to, &self->steps[i]);
	return self->steps[i].evidence;
}

static void
ask_again(Elimination *self, gsize i)
{
	if (i == 0 || i > self->n)
		return;
	set_evidence(self, i, ask(self, self->before[i], i, self->after[i]));
}

static void
take_out(Elimination *self, gsize i)
{
	gsize before = self->before[i];
	gsize after = self->after[i];
	set_evidence(self, i, GONE);
	self->after[before] = after;
	self->before[after] = before;
	ask_again(self, before);
	ask_again(self, after);
}

static void
take_out_weak(Elimination *self)
{
	while (self->least[1] < 1)
		take_out(self, find_weakest(self));
}

/* the strongest of those that are gone between two that are left, if it is a step */
static gboolean
bring_back(Elimination *self, gsize before, gsize after)
{
	double best = 0;
	gsize found = 0;
	for (gsize i = before + 1; i < after; i++) {
		double evidence = ask(self, before, i, after);
		if (evidence > best) {
			best = evidence;
			found = i;
		}
	}
	if (best < 1)
		return FALSE;
	self->before[found] = before;
	self->after[found] = after;
	self->after[before] = found;
	self->before[after] = found;
	set_evidence(self, found, best);
	ask_again(self, before);
	ask_again(self, after);
	return TRUE;
}

static gboolean
bring_back_all(Elimination *self)
{
	gboolean is_changed = FALSE;
	gsize before = 0;
	while (before <= self->n) {
		if (bring_back(self, before, self->after[before]))
			is_changed = TRUE;
		else
			before = self->after[before];
	}
	return is_changed;
}

static gboolean
take_out_slopes(Elimination *self)
{
	gboolean is_changed = FALSE;
	gsize last = self->after[0];
	for (gsize i = self->after[last]; i <= self->n; i = self->after[i]) {
		if (perfdash_step_test_are_slope(self->test, &self->steps[last], &self->steps[i])) {
			take_out(self, last);
			take_out(self, i);
			is_changed = TRUE;
			i = self->after[i];
		}
		last = i;
	}
	return is_changed;
}

static void
init(Elimination *self, PerfdashStepTest *test, const GArray *candidates)
{
	self->test = test;
	self->places = (const guint *)candidates->data;
	self->n = candidates->len;
	self->steps = g_new0(PerfdashStep, self->n + 2);
	self->before = g_new(gsize, self->n + 2);
	self->after = g_new(gsize, self->n + 2);
	for (self->n_leaves = 1; self->n_leaves < self->n + 2; self->n_leaves *= 2)
		;
	self->least = g_new(double, 2 * self->n_leaves);
	for (gsize node = 0; node < 2 * self->n_leaves; node++)
		self->least[node] = GONE;
	for (gsize i = 0; i < self->n + 2; i++) {
		self->before[i] = i > 0 ? i - 1 : 0;
		self->after[i] = i + 1;
	}
	for (gsize i = 1; i <= self->n; i++)
		ask_again(self, i);
}

GArray *
perfdash_elimination_run(PerfdashStepTest *test, const GArray *candidates)
{
	GArray *kept = g_array_new(FALSE, FALSE, sizeof(PerfdashStep));
	Elimination self;
	if (candidates->len == 0)
		return kept;
	init(&self, test, candidates);
	take_out_weak(&self);
	for (guint round = 0; round < MAX_ROUNDS && bring_back_all(&self); round++)
		take_out_weak(&self);
	while (take_out_slopes(&self))
		take_out_weak(&self);
	for (gsize i = self.after[0]; i <= self.n; i = self.after[i])
		g_array_append_val(kept, self.steps[i]);
	g_free(self.steps);
	g_free(self.before);
	g_free(self.after);
	g_free(self.least);
	return kept;
}
