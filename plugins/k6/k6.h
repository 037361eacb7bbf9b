/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-json.h"
#include "reader-samples.h"

G_BEGIN_DECLS

typedef enum {
	K6_TREND,
	K6_COUNTER,
	K6_RATE,
	K6_GAUGE,
} K6Type;

/* a percentile of a trend */
typedef struct {
	double percent;
	double value;
} K6Percentile;

/* what is known of a metric; what is not is NAN */
typedef struct {
	char *name; /* with the tags of a part of it in braces */
	K6Type type;
	const char *unit; /* of trend, counter and gauge, nullable: told by the name */
	guint line;
	double average, min, median, max, count; /* trend */
	GArray *percentiles;                     /* of K6Percentile */
	double per_second;                       /* counter */
	double value;                            /* gauge; rate: share of passes */
	double passes, fails;                    /* rate */
} K6Metric;

/* the metrics of a run */
typedef struct {
	GPtrArray *metrics; /* of K6Metric */
	GHashTable *by_name;
} K6Run;

K6Run *
k6_run_new(void);
void
k6_run_free(K6Run *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(K6Run, k6_run_free)
/* a metric that is not there yet */
K6Metric *
k6_run_add(K6Run *self, const char *name, K6Type type);
K6Metric *
k6_run_find(K6Run *self, const char *name);
/* since 1.0 "checks" has three names, of which one is enough: what a metric is called here, or NULL
 */
const char *
k6_rename(const char *name);
/* whether its name says that a trend is of times, which are milliseconds */
gboolean
k6_is_time(const char *name);
/* a statistic of a trend, as the summary calls it: avg, min, med, max, count, p(95) */
void
k6_metric_set(K6Metric *self, const char *stat, double value);
/* everything becomes results; FALSE when every request failed, and with it the run */
gboolean
k6_run_write(K6Run *self, PerfdashRunBuilder *builder);

void
k6_json_read(JsonObject *root, PerfdashRunBuilder *builder);
/* what --out json writes, a line each */
void
k6_points_read(GBytes *log, PerfdashRunBuilder *builder);
/* likewise, --out csv */
void
k6_csv_read(GBytes *log, PerfdashRunBuilder *builder);
/* every summary on a console */
void
k6_text_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
