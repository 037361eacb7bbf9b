/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Percentiles of any number of times in little memory: buckets whose width grows with the time, as
 * in HdrHistogram (Tene, hdrhistogram.org; the bound is that of "log-linear" buckets: Hartmann,
 * "Circllhist", arXiv:2001.06561, section 2). Up to 4095 ms each millisecond has a bucket of its
 * own; beyond, each doubling of the time is cut into 2048 buckets, of which the middle is told: the
 * error is at most 1/4096 of the time, 0.025 %, whatever the distribution, and that in one pass and
 * a nanosecond or two for each time. A t-digest or KLL sketch takes fifty times as long and bounds
 * the error of the rank, not of the time. Buckets live in pages that exist once something falls
 * into them: 176 KB at most, mostly under 20. Count, sum, squares, least and greatest are exact,
 * and so are percentiles while there are so few times that all are kept.
 *
 * A percentile is the least time that at least p percent of the times do not exceed (Hyndman and
 * Fan, "Sample quantiles in statistical packages", The American Statistician 1996, definition 1). A
 * count in a bucket holds 4 * 10^9 times. */

#include "jmeter-times.h"

#include <math.h>
#include <stdlib.h>

#define MAX_VALUES 4096 /* that are kept one by one */
#define N_BUCKETS  ((32 - JMETER_TIME_BITS + 1) << JMETER_TIME_BITS)
#define N_PAGES    (N_BUCKETS >> JMETER_PAGE_BITS)

/* the middle of a bucket */
static double
get_middle(guint bucket)
{
	guint shift = bucket >> (JMETER_TIME_BITS + 1) == 0 ? 0 : (bucket >> JMETER_TIME_BITS) - 1;
	guint64 first = (guint64)(bucket - (shift << JMETER_TIME_BITS)) << shift;
	return first + ((G_GUINT64_CONSTANT(1) << shift) - 1) / 2.0;
}

void
jmeter_times_init(JmeterTimes *self)
{
	*self = (JmeterTimes){.min = G_MAXUINT32};
}

void
jmeter_times_clear(JmeterTimes *self)
{
	g_clear_pointer(&self->values, g_array_unref);
	for (guint i = 0; self->pages != NULL && i < N_PAGES; i++)
		g_free(self->pages[i]);
	g_clear_pointer(&self->pages, g_free);
}

static void
count(JmeterTimes *self, guint bucket, guint32 n)
{
	guint32 **page = &self->pages[bucket >> JMETER_PAGE_BITS];
	if (*page == NULL)
		*page = g_new0(guint32, JMETER_PAGE_SIZE);
	(*page)[bucket % JMETER_PAGE_SIZE] += n;
}

static void
begin_counting(JmeterTimes *self)
{
	self->pages = g_new0(guint32 *, N_PAGES);
	for (guint i = 0; self->values != NULL && i < self->values->len; i++)
		count(self, jmeter_times_find_bucket(g_array_index(self->values, guint32, i)), 1);
	g_clear_pointer(&self->values, g_array_unref);
}

void
jmeter_times_keep(JmeterTimes *self, guint32 milliseconds)
{
	if (self->pages != NULL) {
		count(self, jmeter_times_find_bucket(milliseconds), 1);
		return;
	}
	if (self->values == NULL)
		self->values = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_array_append_val(self->values, milliseconds);
	if (self->values->len == MAX_VALUES)
		begin_counting(self);
}

static void
merge_pages(JmeterTimes *self, guint32 *const *pages)
{
	for (guint i = 0; i < N_PAGES; i++) {
		for (guint j = 0; pages[i] != NULL && j < JMETER_PAGE_SIZE; j++) {
			if (pages[i][j] > 0)
				count(self, i * JMETER_PAGE_SIZE + j, pages[i][j]);
		}
	}
}

void
jmeter_times_merge(JmeterTimes *self, const JmeterTimes *other)
{
	self->n += other->n;
	self->sum += other->sum;
	jmeter_times_add_squares(self, other->squares[0], other->squares[1]);
	self->min = MIN(self->min, other->min);
	self->max = MAX(self->max, other->max);
	if (self->pages == NULL && (other->pages != NULL || self->n >= MAX_VALUES))
		begin_counting(self);
	if (other->pages != NULL)
		merge_pages(self, other->pages);
	for (guint i = 0; other->values != NULL && i < other->values->len; i++)
		jmeter_times_keep(self, g_array_index(other->values, guint32, i));
}

double
jmeter_times_get_mean(const JmeterTimes *self)
{
	return (double)self->sum / self->n;
}

double
jmeter_times_get_sd(const JmeterTimes *self)
{
	double mean = jmeter_times_get_mean(self);
	double sum = 0;
	if (self->n < 2)
		return 0;
	if (self->pages != NULL) {
		/* squares of whole numbers lose nothing until here */
		long double squares = ldexpl(self->squares[1], 64) + self->squares[0];
		long double total = self->sum;
		return sqrt(MAX(squares - total * total / self->n, 0) / (self->n - 1));
	}
	for (guint i = 0; i < self->values->len; i++) {
		double distance = g_array_index(self->values, guint32, i) - mean;
		sum += distance * distance;
	}
	return sqrt(sum / (self->n - 1));
}

static int
compare_times(gconstpointer a, gconstpointer b)
{
	guint32 left = *(const guint32 *)a;
	guint32 right = *(const guint32 *)b;
	return (left > right) - (left < right);
}

static guint64
get_rank(const JmeterTimes *self, double percent)
{
	return CLAMP(ceil(percent * self->n / 100), 1, self->n);
}

static void
read_values(JmeterTimes *self, const double *percents, guint n, double *values)
{
	qsort(self->values->data, self->values->len, sizeof(guint32), compare_times);
	for (guint i = 0; i < n; i++)
		values[i] = g_array_index(self->values, guint32, get_rank(self, percents[i]) - 1);
}

static void
read_pages(JmeterTimes *self, const double *percents, guint n, double *values)
{
	guint64 seen = 0;
	guint next = 0;
	for (guint i = 0; i < N_BUCKETS && next < n; i++) {
		const guint32 *page = self->pages[i >> JMETER_PAGE_BITS];
		seen += page != NULL ? page[i % JMETER_PAGE_SIZE] : 0;
		while (next < n && seen >= get_rank(self, percents[next]))
			values[next++] = CLAMP(get_middle(i), self->min, self->max);
	}
}

void
jmeter_times_get_percentiles(JmeterTimes *self, const double *percents, guint n, double *values)
{
	if (self->pages != NULL)
		read_pages(self, percents, n, values);
	else
		read_values(self, percents, n, values);
}
