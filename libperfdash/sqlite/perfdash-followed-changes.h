/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-catalogue.h"

G_BEGIN_DECLS

/* changes whose run is read anew from its log, and is in another series or another run now */
typedef struct _PerfdashFollowedChanges PerfdashFollowedChanges;

PerfdashFollowedChanges *
perfdash_followed_changes_new(PerfdashDatabase *database);
void
perfdash_followed_changes_free(PerfdashFollowedChanges *self);
/* brings the changes that are at a run to what it is now: tail, whose id may be another */
gboolean
perfdash_followed_changes_move(PerfdashFollowedChanges *self,
			       PerfdashRun *before,
			       PerfdashShape *shape_before,
			       PerfdashRun *after,
			       PerfdashTailRun *tail,
			       GError **error);

G_END_DECLS
