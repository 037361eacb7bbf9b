/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-analysis.h"
#include "perfdash-change-point-private.h"

G_BEGIN_DECLS

/* what the levels of a series leave of its values */
typedef struct {
	const PerfdashAnalysis *analysis;
	double *distances; /* from the median of their level, as it is near them */
	double unit;       /* standard deviations of one scale */
} PerfdashResiduals;

void
perfdash_residuals_init(PerfdashResiduals *self, const PerfdashAnalysis *analysis);
void
perfdash_residuals_clear(PerfdashResiduals *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PerfdashResiduals, perfdash_residuals_clear)

gboolean
perfdash_residuals_is_outlier(const PerfdashResiduals *self, gsize i);
guint
perfdash_residuals_count_modes(const PerfdashResiduals *self);
/* times: nullable; FALSE when there are not enough values */
gboolean
perfdash_residuals_get_drift(const PerfdashResiduals *self,
			     const gint64 *times,
			     PerfdashEstimate *drift);

G_END_DECLS
