/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PddCadence PddCadence;

PddCadence *
pdd_cadence_new(GTimeSpan least, GTimeSpan most, guint32 seed);
PddCadence *
pdd_cadence_new_from_string(const char *text, GTimeSpan least, GTimeSpan most, guint32 seed);
void
pdd_cadence_free(PddCadence *self);
char *
pdd_cadence_to_string(PddCadence *self);

void
pdd_cadence_add_arrival(PddCadence *self, gint64 time);
void
pdd_cadence_add_poll(PddCadence *self, gint64 now);
void
pdd_cadence_add_failure(PddCadence *self, gint64 now, GTimeSpan retry_after);

gint64
pdd_cadence_get_next(PddCadence *self);
GTimeSpan
pdd_cadence_get_wait(PddCadence *self, gint64 now);

guint
pdd_cadence_get_n_failures(PddCadence *self);
GTimeSpan
pdd_cadence_get_usual(PddCadence *self);
gint64
pdd_cadence_get_due(PddCadence *self);
gint64
pdd_cadence_get_last(PddCadence *self);
gint64
pdd_cadence_get_answered(PddCadence *self);
double
pdd_cadence_count_intervals(PddCadence *self, gint64 now);
gboolean
pdd_cadence_is_silent(PddCadence *self, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddCadence, pdd_cadence_free)

G_END_DECLS
