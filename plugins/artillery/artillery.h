/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-json.h"

G_BEGIN_DECLS

/* how Artillery calls the benchmark that is all of a test */
#define ARTILLERY_BENCHMARK "aggregate"

/* a distribution; what a report does not say is NAN */
typedef struct {
	double n, min, max, mean, p50, p75, p90, p95, p99, p999;
} ArtillerySummary;

/* what a report says: the values of counters and rates, and distributions, by name */
typedef struct {
	GPtrArray *names; /* of char *, in the order of the log */
	GArray *values;   /* of ArtilleryValue, as many */
	GHashTable *indexes;
} ArtilleryReport;

typedef struct {
	enum { ARTILLERY_COUNTER, ARTILLERY_RATE, ARTILLERY_SUMMARY } kind;
	guint line;
	double number;
	ArtillerySummary summary;
} ArtilleryValue;

ArtilleryReport *
artillery_report_new(void);
void
artillery_report_free(ArtilleryReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ArtilleryReport, artillery_report_free)
/* the value of a name, as it was or a new one */
ArtilleryValue *
artillery_report_ensure(ArtilleryReport *self, const char *name);
/* everything becomes results; FALSE when every request failed, and with it the run */
gboolean
artillery_report_write(ArtilleryReport *self, PerfdashRunBuilder *builder);
/* a distribution in which nothing is known */
void
artillery_summary_clear(ArtillerySummary *self);
/* the number of a distribution that a report calls so, or NULL */
double *
artillery_summary_get(ArtillerySummary *self, const char *name);

/* reads a document, or its first part when it was cut off */
gboolean
artillery_json_read(const char *text, gsize size, PerfdashRunBuilder *builder, GError **error);
/* every run of a log that was printed for people */
void
artillery_text_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
