/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-run.h"

G_BEGIN_DECLS

/* which of two lists belong together; an index of the other list, or -1 */
typedef struct {
	guint n_before;
	guint n_after;
	int *after;  /* of each before */
	int *before; /* of each after */
} PerfdashPairing;

void
perfdash_pairing_free(PerfdashPairing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashPairing, perfdash_pairing_free)

/* the runs of two readings of one log; of PerfdashRun */
PerfdashPairing *
perfdash_pairing_new_for_runs(GPtrArray *before, GPtrArray *after);

/* takes away the runs of a log that are replaced, by an earlier reading of it or another log */
void
perfdash_pairing_drop_leftovers(GPtrArray *runs);
/* whether they say the same, but for what a store does not keep; the order of statistics does not
 * matter */
gboolean
perfdash_pairing_is_same_run(PerfdashRun *before, PerfdashRun *after);

/* what is a result of its own in a series: the value of a result, or one of its percentiles */
typedef struct {
	PerfdashResult *result;
	const char *stat; /* interned; "" of the value itself */
	double value;
} PerfdashRunPoint;

/* of PerfdashRunPoint, the value and the percentiles of each result, in order */
GArray *
perfdash_pairing_list_points(PerfdashRun *run);
/* those of two readings of one run, by what they are, whatever their values */
PerfdashPairing *
perfdash_pairing_new_for_points(GArray *before, GArray *after);

G_END_DECLS
