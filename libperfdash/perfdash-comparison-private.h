/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-bootstrap.h"
#include "perfdash-comparison.h"

G_BEGIN_DECLS

struct _PerfdashComparison {
	gatomicrefcount refs;
	gsize n_before;
	gsize n_after;
	double before; /* median */
	double after;  /* median */
	PerfdashScale scale;
	PerfdashDirection direction;
	double margin; /* as the change: a share, or in the unit when the change is not relative */
	double low;    /* of the change on the scale; NaN when one side has one value */
	double high;
	double noise; /* standard deviation on the scale; NaN unknown */
	double p;
	double p_adjusted;
	double delta;
};

/* the comparison of the same values after with values before that are moved: each by a share when
 * the change is relative, else by a number in its unit. The interval moves with them, and need not
 * be found again. direction: as for perfdash_comparison_new(), margin: none. NULL when the values
 * are too far apart to compare */
PerfdashComparison *
perfdash_comparison_new_moved(PerfdashComparison *unmoved,
			      const double *before,
			      const double *after,
			      double moved,
			      PerfdashDirection direction);

G_END_DECLS
