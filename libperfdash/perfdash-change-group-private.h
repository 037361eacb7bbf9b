/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-change-group.h"
#include "perfdash-change-private.h"

G_BEGIN_DECLS

struct _PerfdashChangeGroup {
	gatomicrefcount refs;
	GPtrArray *changes; /* of PerfdashChange, at least one */
	gint64 from;        /* what their ranges of time have in common: after this */
	gint64 to;          /* and up to this */
	PerfdashSuspect suspect;
	GPtrArray *evidence; /* of char *, ends with NULL */
};

/* takes over an array of changes whose ranges of time have a common part */
PerfdashChangeGroup *
perfdash_change_group_new(GPtrArray *changes);
/* takes over the sentence */
void
perfdash_change_group_add_evidence(PerfdashChangeGroup *self, char *sentence);

G_END_DECLS
