/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PddMetrics PddMetrics;

PddMetrics *
pdd_metrics_new(void);
void
pdd_metrics_free(PddMetrics *self);
void
pdd_metrics_count_request(PddMetrics *self, const char *route, guint status, double seconds);
void
pdd_metrics_count_log(PddMetrics *self, const char *source, const char *outcome);
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
