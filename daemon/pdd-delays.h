/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PDD_DELAYS_MOST 21

/* how long the last logs took from where they lay to the store; all zero at first */
typedef struct {
	GTimeSpan last[PDD_DELAYS_MOST];
	guint n; /* how many there ever were */
} PddDelays;

void
pdd_delays_add(PddDelays *self, gint64 arrived_at);
GTimeSpan
pdd_delays_get_median(const PddDelays *self);

G_END_DECLS
