/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-quantity.h"
#include "sysbench.h"

G_BEGIN_DECLS

/* the report of a run that is being read */
typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	gboolean is_running;
	gboolean has_options; /* the command was run, and not prepare or cleanup */
	gboolean is_bare;     /* the log says that sysbench began, and nothing more yet */
	gboolean in_checkpoint;
	gboolean in_latency;
	gboolean has_throughput;
	gboolean has_events;
	gboolean ends_with_sum; /* 1.1 on files */
	gboolean is_ended;
	char *benchmark;
	char *command; /* the test that a shell was told to run, nullable */
	char *fatal;   /* what it says, nullable */
	double n_unfinished;
	double n_events;
	ReaderQuantity latency[4]; /* avg, min, max and a percentile */
	double percent;
	SysbenchIntervals intervals;
	SysbenchRow row;   /* that is being read */
	SysbenchRow total; /* the last one of the whole run */
} SysbenchReport;

/* what ran, as far as it is known */
const char *
sysbench_report_get_benchmark(SysbenchReport *report);
/* what is measured of events says nothing when there were none */
gboolean
sysbench_report_has_none(SysbenchReport *report);
/* adds what was read of it, once */
void
sysbench_report_add_latency(SysbenchReport *report);
/* takes what a line without its indentation says of the test or its results */
void
sysbench_report_read(SysbenchReport *report, const char *text);

G_END_DECLS
