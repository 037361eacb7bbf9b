/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-noise.h"

G_BEGIN_DECLS

/* sorted indices (guint) of results with which a new level may begin: too many rather than too few
 */
GArray *
perfdash_segmentation_find(const double *values, const PerfdashNoise *noise);

G_END_DECLS
