/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Windows of some hundred results are sorted again and again: qsort(), which calls a function for
 * each comparison, would take most of the time of an analysis. Merge sort over short sorted runs,
 * of which 8, 16 or 32 make the usual windows of 100, 200 and 400; and Hoare's selection
 * ("Algorithm 65: find", Communications of the ACM 4, 1961) where two quantiles are all that is
 * wanted. */

#include "perfdash-sorted.h"

#include <string.h>

#define RUN        13
#define SAMPLE     9
#define MAX_ROUNDS 50 /* of a selection, before it is sorted rather */

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

/* near the value in a place: the one that stands there among some */
static double
get_pivot(const double *values, gsize n, gsize place)
{
	double some[SAMPLE];
	for (gsize i = 0; i < SAMPLE; i++)
		some[i] = values[i * (n - 1) / (SAMPLE - 1)];
	insert(some, SAMPLE);
	return some[place * SAMPLE / n];
}

/* the number of values that are less than a pivot, or as much when it counts; they are put first.
 * No branch depends on a value, for half of them would be guessed wrong */
static inline gsize
partition(double *values, gsize n, double pivot, gboolean is_counted)
{
	gsize n_less = 0;
	for (gsize i = 0; i < n; i++) {
		double value = values[i];
		values[i] = values[n_less];
		values[n_less] = value;
		n_less += is_counted ? value <= pivot : value < pivot;
	}
	return n_less;
}

/* puts the value in a place that sorting would put there, what is less before it and what is more
 * behind it */
static void
select_place(double *values, gsize n, gsize place, double *scratch)
{
	for (guint round = 0; n > RUN && round < MAX_ROUNDS; round++) {
		double pivot = get_pivot(values, n, place);
		gsize n_less = partition(values, n, pivot, FALSE);
		gboolean is_least = n_less == 0;
		if (is_least)
			n_less = partition(values, n, pivot, TRUE);
		if (place >= n_less) {
			values += n_less;
			place -= n_less;
			n -= n_less;
		} else if (is_least) {
			return;
		} else {
			n = n_less;
		}
	}
	perfdash_sorted_sort(values, n, scratch);
}

double
perfdash_sorted_get(const double *values, gsize n, double place)
{
	gsize i = place;
	if (n == 0)
		return 0;
	return i + 1 < n ? values[i] + (place - i) * (values[i + 1] - values[i]) : values[i];
}

double
perfdash_sorted_find(double *values, gsize n, double place, double *scratch)
{
	if (n == 0)
		return 0;
	gsize i = place;
	select_place(values, n, i, scratch);
	if (i + 1 == n)
		return values[i];
	double next = values[i + 1];
	for (gsize k = i + 2; k < n; k++)
		next = MIN(next, values[k]);
	return values[i] + (place - i) * (next - values[i]);
}
