/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* what one run of YCSB says; it is written down when all of it is known */
typedef struct {
	GPtrArray *sections; /* of YcsbSection */
	double n_operations; /* of the last line of progress, -1 unknown */
	guint line;          /* with that */
	gboolean is_cut;
	gboolean has_failed; /* it says that it could not begin */
} YcsbRun;

YcsbRun *
ycsb_run_new(void);
void
ycsb_run_free(YcsbRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(YcsbRun, ycsb_run_free)

/* "READ", "AverageLatency(us)" and "7030.92"; the value may be NaN */
void
ycsb_run_take(YcsbRun *self,
	      const char *section,
	      const char *measurement,
	      const char *value,
	      guint line);
gboolean
ycsb_run_has_results(YcsbRun *self);
/* results and outcome */
void
ycsb_run_write(YcsbRun *self, PerfdashRunBuilder *builder);

G_END_DECLS
