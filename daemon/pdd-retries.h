/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PddRetries PddRetries;

PddRetries *
pdd_retries_new(GTimeSpan first);
void
pdd_retries_free(PddRetries *self);
void
pdd_retries_add(PddRetries *self, const char *item, const char *message, gboolean is_final);
void
pdd_retries_remove(PddRetries *self, const char *item);
gboolean
pdd_retries_contains(PddRetries *self, const char *item);
gboolean
pdd_retries_is_due(PddRetries *self, const char *item);
gboolean
pdd_retries_has_any(PddRetries *self);
guint
pdd_retries_get_length(PddRetries *self);
char *
pdd_retries_describe(PddRetries *self);
void
pdd_retries_list(PddRetries *self, GPtrArray *problems, guint n);

G_END_DECLS
