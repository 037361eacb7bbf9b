/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-budget-row.h"
#include "perfdash-change-point-private.h"
#include "perfdash-trend.h"

G_BEGIN_DECLS

struct _PerfdashBudgetRow {
	gatomicrefcount refs;
	double limit;
	PerfdashLabels *labels;
	char *series;     /* of now; NULL when there is none or several */
	const char *unit; /* interned */
	PerfdashDirection direction;
	PerfdashComparison *comparison; /* now with the baseline; nullable */
	guint n_limits;                 /* 2 when neither direction is better */
	PerfdashBudgetState state;
	double p; /* NaN without a comparison */
	guint runs_needed;
	gboolean has_drift;
	gboolean is_drift_relative;
	PerfdashEstimate drift;
	gint64 used_up_first; /* microseconds since 1970 UTC, 0 when there is no telling */
	gint64 used_up_last;
};

/* takes the series */
PerfdashBudgetRow *
perfdash_budget_row_new(PerfdashLabels *labels,
			char *series,
			const char *unit,
			PerfdashDirection direction,
			double limit);
/* adds to against_limits what is to be adjusted to all other rows */
void
perfdash_budget_row_compare(PerfdashBudgetRow *self,
			    const GArray *before,
			    const GArray *after,
			    GPtrArray *against_limits);
/* adjusted: what it added, from *next on, which moves behind it */
void
perfdash_budget_row_judge(PerfdashBudgetRow *self, GPtrArray *adjusted, guint *next);
/* the results of now lie about middle and end at last */
void
perfdash_budget_row_extrapolate(PerfdashBudgetRow *self,
				PerfdashTrend *trend,
				gint64 middle,
				gint64 last);
/* for g_ptr_array_sort(): the worst first, then what has used most of it */
int
perfdash_budget_row_compare_worst(gconstpointer a, gconstpointer b);

G_END_DECLS
