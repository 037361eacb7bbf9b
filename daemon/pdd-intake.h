/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-metrics.h"
#include "pdd-source.h"

G_BEGIN_DECLS

typedef struct _PddIntake PddIntake;

PddIntake *
pdd_intake_new(PerfdashPipeline *pipeline, PddMetrics *metrics);
void
pdd_intake_free(PddIntake *self);
void
pdd_intake_push(PddIntake *self, PddSource *source, const char *item, gboolean is_fresh);
void
pdd_intake_resume(PddIntake *self, PerfdashArchive *archive);
void
pdd_intake_stop(PddIntake *self);

G_END_DECLS
