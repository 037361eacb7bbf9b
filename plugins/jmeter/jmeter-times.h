/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define JMETER_TIME_BITS 11 /* of a time that its bucket tells, behind the first one */
#define JMETER_PAGE_BITS 8
#define JMETER_PAGE_SIZE (1 << JMETER_PAGE_BITS) /* buckets */

/* how long samples took, in whole milliseconds */
typedef struct {
	guint64 n;
	guint64 sum;
	guint64 squares[2]; /* their sum, 128 bits, lower half first */
	guint32 min;
	guint32 max;
	GArray *values;  /* guint32, all of them while they are few, nullable */
	guint32 **pages; /* how many have which length, once they are many */
} JmeterTimes;

void
jmeter_times_init(JmeterTimes *self);
void
jmeter_times_clear(JmeterTimes *self);
/* what jmeter_times_add() does with a time that is one of the few, or the first in its page */
void
jmeter_times_keep(JmeterTimes *self, guint32 milliseconds);

/* times below 2^(JMETER_TIME_BITS + 1) are their own bucket. Without a branch, for it cannot be
 * foreseen */
G_ALWAYS_INLINE static inline guint
jmeter_times_find_bucket(guint32 time)
{
	guint shift = 31 - JMETER_TIME_BITS - __builtin_clz(time | 1 << JMETER_TIME_BITS);
	return (shift << JMETER_TIME_BITS) + (time >> shift);
}

G_ALWAYS_INLINE static inline void
jmeter_times_add_squares(JmeterTimes *self, guint64 low, guint64 high)
{
	self->squares[0] += low;
	self->squares[1] += high + (self->squares[0] < low);
}

G_ALWAYS_INLINE static inline void
jmeter_times_add(JmeterTimes *self, guint32 milliseconds)
{
	guint bucket = jmeter_times_find_bucket(milliseconds);
	guint32 *page = self->pages != NULL ? self->pages[bucket >> JMETER_PAGE_BITS] : NULL;
	self->n++;
	self->sum += milliseconds;
	jmeter_times_add_squares(self, (guint64)milliseconds * milliseconds, 0);
	if (G_UNLIKELY(milliseconds < self->min))
		self->min = milliseconds;
	if (G_UNLIKELY(milliseconds > self->max))
		self->max = milliseconds;
	if (G_LIKELY(page != NULL))
		page[bucket % JMETER_PAGE_SIZE]++;
	else
		jmeter_times_keep(self, milliseconds);
}

/* adds all that another has */
void
jmeter_times_merge(JmeterTimes *self, const JmeterTimes *other);
double
jmeter_times_get_mean(const JmeterTimes *self);
/* of the sample */
double
jmeter_times_get_sd(const JmeterTimes *self);
/* by nearest rank; percents rise, and there must be something */
void
jmeter_times_get_percentiles(JmeterTimes *self, const double *percents, guint n, double *values);

G_END_DECLS
