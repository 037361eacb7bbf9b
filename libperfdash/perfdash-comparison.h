/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-unit.h>
#include <perfdash-verdict.h>

G_BEGIN_DECLS

/**
 * PERFDASH_COMPARISON_MARGIN:
 *
 * The relative change that is taken for none when nobody says otherwise.
 */
#define PERFDASH_COMPARISON_MARGIN 0.02

#define PERFDASH_TYPE_COMPARISON   (perfdash_comparison_get_type())

typedef struct _PerfdashComparison PerfdashComparison;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_comparison_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashComparison *
perfdash_comparison_new(const double *before,
			gsize n_before,
			const double *after,
			gsize n_after,
			PerfdashDirection direction,
			double margin,
			GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashComparison *
perfdash_comparison_new_packed(GBytes *before,
			       GBytes *after,
			       PerfdashDirection direction,
			       double margin,
			       GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashComparison *
perfdash_comparison_ref(PerfdashComparison *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_comparison_unref(PerfdashComparison *self);

PERFDASH_AVAILABLE_IN_0_1
gsize
perfdash_comparison_get_n_before(PerfdashComparison *self);
PERFDASH_AVAILABLE_IN_0_1
gsize
perfdash_comparison_get_n_after(PerfdashComparison *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_comparison_get_before(PerfdashComparison *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_comparison_get_after(PerfdashComparison *self);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_comparison_is_relative(PerfdashComparison *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_comparison_get_change(PerfdashComparison *self);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_comparison_get_interval(PerfdashComparison *self, double *low, double *high);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_comparison_get_p(PerfdashComparison *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_comparison_get_p_adjusted(PerfdashComparison *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_comparison_get_delta(PerfdashComparison *self);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_comparison_is_testable(PerfdashComparison *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashVerdict
perfdash_comparison_get_verdict(PerfdashComparison *self);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_comparison_get_runs_needed(PerfdashComparison *self);

PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_comparison_adjust(GPtrArray *comparisons);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_comparison_get_mean_ratio(GPtrArray *comparisons,
				   double *ratio,
				   double *low,
				   double *high);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashComparison, perfdash_comparison_unref)

G_END_DECLS
