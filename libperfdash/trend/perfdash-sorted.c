/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Windows of some hundred results are sorted again and again: qsort(), which calls a function for
 * each comparison, would take most of the time of an analysis. Merge sort over short sorted runs.
 */

#include "perfdash-sorted.h"

#include <string.h>

#define RUN 12

static void
insert(double *values, gsize n)
{
	for (gsize i = 1; i < n; i++) {
		double value = values[i];
		gsize k = i;
		for (; k > 0 && values[k - 1] > value; k--)
			values[k] = values[k - 1];
		values[k] = value;
	}
}

void
perfdash_sorted_merge(const double *a, gsize n_a, const double *b, gsize n_b, double *out)
{
	gsize i = 0;
	gsize j = 0;
	while (i < n_a && j < n_b) {
		gboolean second = b[j] < a[i];
		*out++ = second ? b[j] : a[i];
		j += second;
		i += !second;
	}
	memcpy(out, a + i, (n_a - i) * sizeof(double));
	memcpy(out + (n_a - i), b + j, (n_b - j) * sizeof(double));
}

void
perfdash_sorted_sort(double *values, gsize n, double *scratch)
{
	double *from = values;
	double *to = scratch;
	for (gsize i = 0; i < n; i += RUN)
		insert(values + i, MIN(RUN, n - i));
	for (gsize length = RUN; length < n; length *= 2) {
		for (gsize i = 0; i < n; i += 2 * length) {
			gsize left = MIN(length, n - i);
			gsize right = MIN(length, n - i - left);
			perfdash_sorted_merge(from + i, left, from + i + left, right, to + i);
		}
		double *swap = from;
		from = to;
		to = swap;
	}
	if (from != values)
		memcpy(values, from, n * sizeof(double));
}

double
perfdash_sorted_quantile(const double *sorted, gsize n, double q)
{
	if (n == 0)
		return 0;
	double place = q * (n - 1);
	gsize i = place;
	if (i + 1 >= n)
		return sorted[n - 1];
	return sorted[i] + (place - i) * (sorted[i + 1] - sorted[i]);
}
