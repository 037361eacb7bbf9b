/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* what was printed every few seconds of a run */
typedef struct {
	guint n;
	double rate_sum;
	double weighted_latency_sum; /* ms, by rate */
	double weight_sum;
} PgbenchProgress;

/* FALSE when the line is none of progress */
gboolean
pgbench_progress_read(PgbenchProgress *self, const char *line);
/* adds the means */
void
pgbench_progress_add(const PgbenchProgress *self,
		     PerfdashRunBuilder *builder,
		     const char *benchmark);

G_END_DECLS
