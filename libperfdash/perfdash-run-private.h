/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-run.h"

G_BEGIN_DECLS

/* labels, build, revision, url, started_at, outcome, parser, environment, parameters, warnings,
 * results (labels, unit, direction, value, stats, replicates, line) */
#define PERFDASH_RESULT_VARIANT_TYPE "(a{ss}syda(sd)adu)"
#define PERFDASH_RUN_VARIANT_TYPE    "(a{ss}sssxysa{ss}a{ss}asa" PERFDASH_RESULT_VARIANT_TYPE ")"

struct _PerfdashRun {
	GObject parent_instance;
	gint64 id;        /* 0 until stored */
	gint64 log;       /* 0 until stored */
	char *log_name;   /* "" until stored */
	char *log_digest; /* "" until stored */
	PerfdashLabels *labels;
	char *build;
	char *revision;
	char *url;
	gint64 started_at; /* microseconds since 1970 UTC, 0 unknown */
	PerfdashOutcome outcome;
	char *parser;
	PerfdashLabels *environment;
	PerfdashLabels *parameters;
	GStrv warnings;
	GPtrArray *results; /* of PerfdashResult */
	guint n_unread;     /* results that are in the store only */
	PerfdashStanding standing;
	gint64 replaced_by;               /* 0 unless it is replaced */
	PerfdashChangeEvent *standing_by; /* nullable: what made it so */
};

PerfdashRun *
perfdash_run_new_empty(void);
/* the n-th result with the same labels and unit becomes instance=n */
void
perfdash_run_number_instances(PerfdashRun *run);
void
perfdash_run_set_stored(PerfdashRun *self,
			gint64 id,
			gint64 log,
			const char *digest,
			const char *name);

G_END_DECLS
