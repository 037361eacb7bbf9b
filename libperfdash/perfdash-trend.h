/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-change-point.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_TREND (perfdash_trend_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashTrend, perfdash_trend, PERFDASH, TREND, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashTrend *
perfdash_trend_new(const double *values,
		   gsize n_values,
		   const gint64 *times,
		   gsize n_times,
		   PerfdashDirection direction,
		   GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashTrend *
perfdash_trend_new_packed(GBytes *values,
			  GBytes *times,
			  PerfdashDirection direction,
			  GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashTrend *
perfdash_trend_extend_packed(PerfdashTrend *self, GBytes *values, GBytes *times, GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashTrend *
perfdash_trend_extend(PerfdashTrend *self,
		      const double *values,
		      gsize n_values,
		      const gint64 *times,
		      gsize n_times,
		      GError **error);

PERFDASH_AVAILABLE_IN_0_1
gsize
perfdash_trend_get_length(PerfdashTrend *self);
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_trend_get_changes(PerfdashTrend *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashChangePoint *
perfdash_trend_get_undecided(PerfdashTrend *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_trend_get_noise(PerfdashTrend *self, gboolean *is_relative);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_trend_get_correlation(PerfdashTrend *self);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_trend_get_n_modes(PerfdashTrend *self);
PERFDASH_AVAILABLE_IN_0_1
const guint *
perfdash_trend_get_outliers(PerfdashTrend *self, gsize *n_outliers);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_trend_get_level(PerfdashTrend *self, double *low, double *high);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_trend_get_drift(PerfdashTrend *self, double *drift, double *low, double *high);

G_END_DECLS
