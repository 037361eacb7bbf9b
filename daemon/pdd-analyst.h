/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

typedef struct _PddAnalyst PddAnalyst;

PddAnalyst *
pdd_analyst_new(PerfdashStore *store, GTimeSpan new_for);
void
pdd_analyst_hold(PddAnalyst *self);
void
pdd_analyst_release(PddAnalyst *self);
void
pdd_analyst_stop(PddAnalyst *self);
void
pdd_analyst_free(PddAnalyst *self);

G_END_DECLS
