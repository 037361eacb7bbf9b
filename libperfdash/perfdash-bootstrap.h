/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
	PERFDASH_SCALE_LINEAR, /* after - before */
	PERFDASH_SCALE_LOG,    /* log(after / before), of positive values */
} PerfdashScale;

double
perfdash_scale(PerfdashScale scale, double value);

/* the interval that holds the change of the median in 95 of 100 cases; both sorted, at least one
 * value each */
void
perfdash_bootstrap_medians(PerfdashScale scale,
			   const double *before,
			   gsize n_before,
			   const double *after,
			   gsize n_after,
			   double *low,
			   double *high);

G_END_DECLS
