/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

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
void
jmeter_times_add(JmeterTimes *self, guint32 milliseconds);
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
