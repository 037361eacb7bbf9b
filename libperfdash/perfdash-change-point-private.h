/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-change-point.h"

G_BEGIN_DECLS

/* with the bounds that hold it in 95 of 100 cases */
typedef struct {
	double value;
	double low;
	double high;
} PerfdashEstimate;

struct _PerfdashChangePoint {
	gatomicrefcount refs;
	gsize index;
	gsize first;
	gsize last;
	PerfdashEstimate before;
	PerfdashEstimate after;
	PerfdashEstimate change;
	double effect;
	double p;
	PerfdashChangeKind kind;
	guint n_outliers;
	guint runs_needed;
};

/* all fields are the caller's to set */
PerfdashChangePoint *
perfdash_change_point_new(void);

/* the value; bounds are nullable */
double
perfdash_estimate_get(const PerfdashEstimate *self, double *low, double *high);

G_END_DECLS
