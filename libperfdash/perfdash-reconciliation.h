/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-change-private.h"
#include "perfdash-series.h"
#include "perfdash-trend.h"

G_BEGIN_DECLS

/* what an analysis did to the changes that were known of a series */
typedef enum {
	PERFDASH_FATE_SAME,
	PERFDASH_FATE_ADDED,
	PERFDASH_FATE_UPDATED,
	PERFDASH_FATE_REMOVED,
} PerfdashFate;

typedef struct {
	PerfdashChange *change;
	PerfdashFate fate;
	GPtrArray *events; /* of PerfdashChangeEvent */
} PerfdashOutturn;

/* known is of PerfdashChange, all that is known of the series, and is brought up to what the trend
 * of the same series found; gives an array of PerfdashOutturn */
GPtrArray *
perfdash_reconciliation_run(GPtrArray *known,
			    PerfdashSeries *series,
			    PerfdashTrend *trend,
			    gint64 new_since,
			    gint64 now);

G_END_DECLS
