/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* the benchmark that is all requests together */
#define TAURUS_ALL "TOTAL"

typedef struct {
	double percent;
	double seconds;
} TaurusPercentile;

/* the numbers of a label; what is not known is NAN. Times are seconds */
typedef struct {
	char *label;
	guint line;
	double samples, succeeded, failed;
	double success; /* share of the samples */
	double response_time, deviation, latency, connect_time;
	double bytes, concurrency;
	double duration;     /* of the test */
	GArray *percentiles; /* of TaurusPercentile */
} TaurusKpi;

TaurusKpi *
taurus_kpi_new(const char *label, guint line);
void
taurus_kpi_free(TaurusKpi *self);
/* a number, as Taurus calls it: avg_rt, succ, perc (with a parameter) ... */
void
taurus_kpi_set(TaurusKpi *self, const char *name, const char *parameter, double value);
/* the numbers of a run, of TaurusKpi, become results; FALSE when every request failed */
gboolean
taurus_write(GPtrArray *kpis, PerfdashRunBuilder *builder);

gboolean
taurus_xml_read(GBytes *log, PerfdashRunBuilder *builder, GError **error);
/* every table of a log that is CSV */
void
taurus_csv_read(GBytes *log, PerfdashRunBuilder *builder);
/* every run of a log that was printed for people */
void
taurus_text_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
