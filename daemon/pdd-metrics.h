/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PddMetrics PddMetrics;

/* what sources do to have logs */
typedef enum {
	PDD_STEP_INDEX, /* an index was read, or what Jenkins says of its jobs */
	PDD_STEP_FETCH, /* a log was fetched */
	PDD_N_STEPS,
} PddStep;

PddMetrics *
pdd_metrics_new(void);
void
pdd_metrics_free(PddMetrics *self);
void
pdd_metrics_count_request(PddMetrics *self, const char *route, guint status, double seconds);
void
pdd_metrics_count_log(PddMetrics *self, const char *source, const char *outcome);
/* time is in microseconds */
void
pdd_metrics_spend(PddMetrics *self, PddStep step, gint64 time);
guint64
pdd_metrics_get_spent(PddMetrics *self, PddStep step, gint64 *time);
void
pdd_metrics_set_clients(PddMetrics *self, guint n_clients);
void
pdd_metrics_write(PddMetrics *self, GString *text);
void
pdd_metrics_add_family(GString *text, const char *name, const char *type, const char *help);
void
pdd_metrics_add_value(GString *text, const char *name, double value);
void
pdd_metrics_add_label(GString *text, const char *prefix, const char *key, const char *value);

G_END_DECLS
