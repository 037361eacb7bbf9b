/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-change-group-private.h"
#include "perfdash-grouping.h"

G_BEGIN_DECLS

/* says what made changes, by what else changed at the time and what did not */
typedef struct _PerfdashSuspicion PerfdashSuspicion;

PerfdashSuspicion *
perfdash_suspicion_new(GPtrArray *changes, const PerfdashFleet *fleet);
void
perfdash_suspicion_free(PerfdashSuspicion *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashSuspicion, perfdash_suspicion_free)

/* group: those changes of a lab and time that are one event of the lab, or NULL; others: the rest
 */
gboolean
perfdash_suspicion_find_lab_event(PerfdashSuspicion *self,
				  GPtrArray *changes,
				  PerfdashChangeGroup **group,
				  GPtrArray **others,
				  GError **error);
/* sets suspect and evidence */
gboolean
perfdash_suspicion_judge(PerfdashSuspicion *self, PerfdashChangeGroup *group, GError **error);

/* "" when the series has none */
const char *
perfdash_suspicion_get_label(PerfdashChange *change, const char *key);

G_END_DECLS
