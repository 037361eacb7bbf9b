/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-delays.h"

#include <stdlib.h>
#include <string.h>

/* of a log that is stored now; arrived_at in microseconds since 1970 UTC, 0: not known. What lay
 * there for days is history */
void
pdd_delays_add(PddDelays *self, gint64 arrived_at)
{
	GTimeSpan delay = g_get_real_time() - arrived_at;
	if (arrived_at != 0 && delay >= 0 && delay < G_TIME_SPAN_DAY)
		self->last[self->n++ % PDD_DELAYS_MOST] = delay;
}

static int
compare(gconstpointer a, gconstpointer b)
{
	const GTimeSpan *one = a;
	const GTimeSpan *other = b;
	return (*one > *other) - (*one < *other);
}

/* -1: there is none */
GTimeSpan
pdd_delays_get_median(const PddDelays *self)
{
	GTimeSpan sorted[PDD_DELAYS_MOST];
	guint n = MIN(self->n, PDD_DELAYS_MOST);
	if (n == 0)
		return -1;
	memcpy(sorted, self->last, sizeof sorted);
	qsort(sorted, n, sizeof *sorted, compare);
	return sorted[n / 2];
}
