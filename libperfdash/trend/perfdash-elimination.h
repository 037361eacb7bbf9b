/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-step.h"

G_BEGIN_DECLS

/* the steps (PerfdashStep) that stay when the weakest of the candidates (sorted guint) is taken out
 * again and again, until all that are left are changes. */
GArray *
perfdash_elimination_run(PerfdashStepTest *test, const GArray *candidates);

G_END_DECLS
