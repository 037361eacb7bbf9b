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
/* of sorted values, between the two nearest ones in proportion (type 7 of Hyndman and Fan, "Sample
 * quantiles in statistical packages", The American Statistician 50, 1996); 0 of none */
double
perfdash_sorted_quantile(const double *sorted, gsize n, double q);

G_END_DECLS
