/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* sorts in n log n steps whatever the order was; scratch holds n values */
void
perfdash_sorted_sort(double *values, gsize n, double *scratch);
/* both sorted; out holds all of them */
void
perfdash_sorted_merge(const double *a, gsize n_a, const double *b, gsize n_b, double *out);
/* of sorted values, the one in a place, which may be between two; 0 of none */
double
perfdash_sorted_get(const double *values, gsize n, double place);
/* of values in any order, the one that sorting would put in a place, which may be between two: the
 * quantile q has the place q (n - 1) (type 7 of Hyndman and Fan, "Sample quantiles in statistical
 * packages", The American Statistician 50, 1996). It stands there afterwards, with what is less
 * before it and what is more behind it. 0 of none; scratch holds n values */
double
perfdash_sorted_find(double *values, gsize n, double place, double *scratch);

G_END_DECLS
