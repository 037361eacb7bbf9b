/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-log-record.h"
#include "perfdash-log.h"
#include "perfdash-origin.h"

G_BEGIN_DECLS

/* what a log that comes at the place of another one is to it */
typedef enum {
	PERFDASH_SUCCESSION_NONE,      /* other runs: both count */
	PERFDASH_SUCCESSION_SAME_RUNS, /* some of its runs, which it takes over */
	PERFDASH_SUCCESSION_WHOLE,     /* it, written again: no run of it is left */
} PerfdashSuccession;

/* by the file and what the source says of it alone; size and digest are of the former log, log is
 * nullable: its bytes are not kept */
PerfdashSuccession
perfdash_succession_judge_file(guint64 size,
			       const char *digest,
			       PerfdashLog *log,
			       PerfdashOrigin *origin);
/* by the runs of both; read is the new ones as the log says them, completed as they are stored */
PerfdashSuccession
perfdash_succession_judge_runs(GPtrArray *former, GPtrArray *read, GPtrArray *completed);
/* whether a run is one of those, by its labels and when it started */
gboolean
perfdash_succession_has_run(GPtrArray *runs, PerfdashRun *run);

G_END_DECLS
