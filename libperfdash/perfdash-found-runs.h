/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-candidate.h"
#include "perfdash-run.h"

G_BEGIN_DECLS

/* a run that a console parser found */
typedef struct {
	PerfdashCandidate *candidate;
	PerfdashRun *run;
	guint first;         /* line with a result, 0 unknown */
	gboolean is_dropped; /* another parser reads more from the same lines */
} PerfdashFoundRun;

/* of PerfdashFoundRun */
GArray *
perfdash_found_runs_new(void);
void
perfdash_found_runs_add(GArray *self, PerfdashCandidate *candidate, PerfdashRun *run);
/* drops those whose lines are another's, and sorts all by line */
void
perfdash_found_runs_settle(GArray *self);
/* two PerfdashRun in an array, by line */
int
perfdash_found_runs_compare(gconstpointer a, gconstpointer b);

#define PERFDASH_FOUND_RUNS_CUT "the compressed log was cut off: what was behind is lost"
/* of at least one run, in the order of the log: something is missing behind the last */
void
perfdash_found_runs_set_partial(GPtrArray *runs, const char *warning);

G_END_DECLS
