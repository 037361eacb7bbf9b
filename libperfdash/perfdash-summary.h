/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-baseline.h>
#include <perfdash-series.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_SUMMARY  (perfdash_summary_get_type())

/**
 * PERFDASH_SUMMARY_SPARK:
 *
 * How many of the newest values a summary holds at most.
 */
#define PERFDASH_SUMMARY_SPARK 32

typedef struct _PerfdashSummary PerfdashSummary;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_summary_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashSummary *
perfdash_summary_new(PerfdashSeries *series, GPtrArray *changes);
PERFDASH_AVAILABLE_IN_0_1
PerfdashSummary *
perfdash_summary_ref(PerfdashSummary *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_summary_unref(PerfdashSummary *self);

PERFDASH_AVAILABLE_IN_0_1
PerfdashSeriesInfo *
perfdash_summary_get_info(PerfdashSummary *self);
PERFDASH_AVAILABLE_IN_0_1
gsize
perfdash_summary_get_length(PerfdashSummary *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_summary_get_last_value(PerfdashSummary *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_summary_get_last_time(PerfdashSummary *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_summary_get_last_run(PerfdashSummary *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_summary_get_last_build(PerfdashSummary *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_summary_get_last_revision(PerfdashSummary *self);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_summary_get_week(PerfdashSummary *self, double *before, double *after, double *change);
PERFDASH_AVAILABLE_IN_0_1
PerfdashBaseline *
perfdash_summary_get_baseline(PerfdashSummary *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashChange *
perfdash_summary_get_open_change(PerfdashSummary *self);
PERFDASH_AVAILABLE_IN_0_1
const double *
perfdash_summary_get_spark(PerfdashSummary *self, gsize *n_values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashSummary, perfdash_summary_unref)

G_END_DECLS
