/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PERFDASH_STAIRS_MAX 2 /* steps */

/* levels one after another */
typedef struct {
	gsize from;
	gsize at[PERFDASH_STAIRS_MAX]; /* first results of the levels but the first */
	gsize to;
	double level[PERFDASH_STAIRS_MAX + 1];
	gsize n_steps;
} PerfdashStairs;

/* whether a straight line costs less than they do, or hardly more: by less than a limit. The cost
 * of a result is the square of its distance, of those that are far away that of distance */
gboolean
perfdash_stairs_are_slope(const PerfdashStairs *self,
			  const double *values,
			  double distance,
			  double limit);

G_END_DECLS
