/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* both sorted and not empty. Returns the two-sided p; u is how many pairs have the greater value in
 * after, pairs that are equal counting half */
double
perfdash_mann_whitney(const double *before,
		      gsize n_before,
		      const double *after,
		      gsize n_after,
		      double *u);
/* the smallest p that so many values can give without ties */
double
perfdash_mann_whitney_least_p(gsize n_before, gsize n_after);
/* Cliff's delta of that u, -1..1: how much more often the greater value is in after than in before
 */
double
perfdash_cliffs_delta(double u, gsize n_before, gsize n_after);

G_END_DECLS
