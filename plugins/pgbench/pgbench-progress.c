/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Lines of progress are of intervals of the same length, so that the mean of their rates is the
 * rate of all of them, and their latencies weigh as much as transactions were done. They count only
 * when there is no report. */

#include "pgbench-progress.h"

#include <string.h>

#include "reader-text.h"

/* "progress: 1.0 s, 2853.9 tps, lat 0.672 ms stddev 1.405, 0 failed" */
gboolean
pgbench_progress_read(PgbenchProgress *self, const char *line)
{
	double seconds;
	double rate;
	double latency;
	const char *rest = reader_after(line, "progress:");
	if (rest == NULL || !reader_number(rest, &seconds, &rest) ||
	    !g_str_has_prefix(rest, " s, ") || !reader_number_after(rest, " s,", &rate))
		return FALSE;
	if (strstr(rest, " tps, lat ") == NULL)
		return FALSE;
	self->n++;
	self->rate_sum += rate;
	if (!reader_number_after(rest, " tps, lat ", &latency))
		return TRUE;
	self->weighted_latency_sum += rate * latency;
	self->weight_sum += rate;
	return TRUE;
}

void
pgbench_progress_add(const PgbenchProgress *self,
		     PerfdashRunBuilder *builder,
		     const char *benchmark)
{
	if (self->rate_sum <= 0)
		return;
	perfdash_run_builder_add_result(builder,
					benchmark,
					"throughput",
					"1/s",
					PERFDASH_DIRECTION_HIGHER,
					self->rate_sum / self->n);
	if (self->weight_sum > 0)
		perfdash_run_builder_add_result(builder,
						benchmark,
						"latency",
						"ms",
						PERFDASH_DIRECTION_LOWER,
						self->weighted_latency_sum / self->weight_sum);
}
