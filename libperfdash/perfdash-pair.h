/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-side.h"
#include "perfdash-store.h"

G_BEGIN_DECLS

/* the results on one side */
typedef struct {
	GArray *values; /* of double */
	GArray *times;  /* of gint64, microseconds since 1970 UTC, of each value */
	char *series;   /* the identity of the only series they are of; NULL when of none or several
			 */
	guint n_series;
} PerfdashPairSide;

/* results before and after, of series that have the same labels but for those that choose a side */
typedef struct {
	PerfdashLabels *labels;
	const char *unit; /* interned */
	PerfdashDirection direction;
	PerfdashPairSide before;
	PerfdashPairSide after;
} PerfdashPair;

/* PerfdashPair in the order of the store; a side of them may be empty. What both sides choose is on
 * both, and the ids of these runs, each a gint64, are added to shared; without it, it is before
 * only
 */
GPtrArray *
perfdash_pair_load(PerfdashStore *store,
		   PerfdashSelector *selector,
		   PerfdashSide *before,
		   PerfdashSide *after,
		   GArray *shared,
		   GError **error);

G_END_DECLS
