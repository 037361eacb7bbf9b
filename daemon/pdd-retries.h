/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-file.h"

G_BEGIN_DECLS

typedef struct _PddRetries PddRetries;

PddRetries *
pdd_retries_new(GTimeSpan first);
void
pdd_retries_free(PddRetries *self);
void
pdd_retries_add(PddRetries *self,
		const char *item,
		const PddFileState *state,
		const char *message,
		gboolean is_final);
void
pdd_retries_remove(PddRetries *self, const char *item);
void
pdd_retries_retain(PddRetries *self, GHashTable *items);
void
pdd_retries_end_poll(PddRetries *self,
		     gint64 begun_at,
		     gboolean (*is_under_way)(const char *item, gpointer user_data),
		     gpointer user_data);
gboolean
pdd_retries_contains(PddRetries *self, const char *item, const PddFileState *state);
gboolean
pdd_retries_is_due(PddRetries *self, const char *item, const PddFileState *state);
gboolean
pdd_retries_is_final(PddRetries *self, const char *item, const PddFileState *state);
gint64
pdd_retries_get_next(PddRetries *self, const char *prefix);
guint
pdd_retries_get_length(PddRetries *self);
char *
pdd_retries_describe(PddRetries *self);
void
pdd_retries_list(PddRetries *self, GPtrArray *problems, guint n);

G_END_DECLS
