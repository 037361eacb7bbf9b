/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

#define SYSBENCH_N_RATES 6

/* what sysbench.report_json() or sysbench.report_csv() writes for an interval or for the whole run
 */
typedef struct {
	double time; /* seconds since the start, its end */
	double threads;
	double transactions;
	double queries;
	double latency; /* ms, a percentile that is not named */
	double errors;
	double reconnects;
	guint n_fields;
} SysbenchRow;

/* takes what a line has of a row of JSON; TRUE when the row is complete with it */
gboolean
sysbench_row_read_json(SysbenchRow *row, const char *line);
/* FALSE when the line is no row of CSV */
gboolean
sysbench_row_read_csv(SysbenchRow *row, const char *line);
/* whether it is of the whole run: the threads have ended */
gboolean
sysbench_row_is_total(const SysbenchRow *row);
void
sysbench_row_add(const SysbenchRow *row, PerfdashRunBuilder *builder, const char *benchmark);

/* the sums of what lines such as "[ 1s ] thds: 2 tps: 182.94" say */
typedef struct {
	double sums[SYSBENCH_N_RATES];
	guint n;
} SysbenchIntervals;

/* FALSE when the line is none of an interval, or has no rate */
gboolean
sysbench_intervals_read(SysbenchIntervals *self, const char *line);
/* adds the means */
void
sysbench_intervals_add(const SysbenchIntervals *self,
		       PerfdashRunBuilder *builder,
		       const char *benchmark);

G_END_DECLS
