/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-outcome.h>
#include <perfdash-series-info.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_SERIES (perfdash_series_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashSeries, perfdash_series, PERFDASH, SERIES, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashSeriesInfo *
perfdash_series_get_info(PerfdashSeries *self);
PERFDASH_AVAILABLE_IN_0_1
gsize
perfdash_series_get_length(PerfdashSeries *self);
PERFDASH_AVAILABLE_IN_0_1
const gint64 *
perfdash_series_get_times(PerfdashSeries *self, gsize *n_points);
PERFDASH_AVAILABLE_IN_0_1
const double *
perfdash_series_get_values(PerfdashSeries *self, gsize *n_points);
PERFDASH_AVAILABLE_IN_0_1
const gint64 *
perfdash_series_get_runs(PerfdashSeries *self, gsize *n_points);
PERFDASH_AVAILABLE_IN_0_1
gconstpointer
perfdash_series_peek_times(PerfdashSeries *self);
PERFDASH_AVAILABLE_IN_0_1
gconstpointer
perfdash_series_peek_values(PerfdashSeries *self);
PERFDASH_AVAILABLE_IN_0_1
gconstpointer
perfdash_series_peek_runs(PerfdashSeries *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_series_get_build(PerfdashSeries *self, gsize index);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_series_get_revision(PerfdashSeries *self, gsize index);
PERFDASH_AVAILABLE_IN_0_1
PerfdashOutcome
perfdash_series_get_outcome(PerfdashSeries *self, gsize index);
PERFDASH_AVAILABLE_IN_0_1
PerfdashSeries *
perfdash_series_slice(PerfdashSeries *self, gint64 from, gint64 to);
PERFDASH_AVAILABLE_IN_0_1
guint *
perfdash_series_sample(PerfdashSeries *self, guint max_points, gsize *n_indices);

G_END_DECLS
