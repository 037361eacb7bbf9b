/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-json.h"

G_BEGIN_DECLS

/* a percentile that a table has a column for; milliseconds */
typedef struct {
	double percent;
	double value;
} LocustPercentile;

/* what a row says of one name; what it does not say is NAN. Times are milliseconds */
typedef struct {
	char *benchmark;
	guint line;
	double requests;
	double failures;
	double average;
	double minimum;
	double maximum;
	double median;
	double content_size;
	double rate;
	double failure_rate;
	GArray *percentiles; /* of LocustPercentile */
} LocustRow;

LocustRow *
locust_row_new(const char *type, const char *name);
void
locust_row_free(LocustRow *row);
/* whether the row is the sum over all names */
gboolean
locust_row_is_total(const LocustRow *row);
void
locust_row_add_percentile(LocustRow *row, double percent, double value);

/* the rows of a table, of LocustRow, become results; FALSE when everything failed, and with it the
 * run */
gboolean
locust_add_rows(PerfdashRunBuilder *builder, GPtrArray *rows);

/* every table of a log that is CSV */
void
locust_csv_read(GBytes *log, PerfdashRunBuilder *builder);
/* every run of a log that was printed for people */
void
locust_text_read(GBytes *log, PerfdashRunBuilder *builder);
/* what --json prints */
gboolean
locust_json_read(JsonArray *entries, PerfdashRunBuilder *builder, GError **error);

G_END_DECLS
