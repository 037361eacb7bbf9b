/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "pdd-router.h"

G_BEGIN_DECLS

typedef struct _PddRequest PddRequest;

PddRequest *
pdd_request_new(const char *method, const char *path, const char *query);
void
pdd_request_free(PddRequest *self);

const char *
pdd_request_get_id(PddRequest *self);
const char *
pdd_request_get_path(PddRequest *self);
const PddRoute *
pdd_request_get_route(PddRequest *self);
const char *
pdd_request_get_allow(PddRequest *self);
const char *
pdd_request_get_capture(PddRequest *self, guint index);
/* what a token must have for it; PDD_SCOPE_NONE when it changes nothing */
PddScope
pdd_request_get_scope(PddRequest *self);
void
pdd_request_set_token(PddRequest *self, PddToken *token);
PddToken *
pdd_request_get_token(PddRequest *self);
void
pdd_request_set_body(PddRequest *self, GBytes *body);
GBytes *
pdd_request_get_body(PddRequest *self);
const char *
pdd_request_get_cache_key(PddRequest *self);
gint64
pdd_request_get_window(PddRequest *self);

gboolean
pdd_request_check(PddRequest *self, GError **error);
const char *
pdd_request_get(PddRequest *self, const char *name);
gboolean
pdd_request_get_number(PddRequest *self,
		       const char *name,
		       guint64 min,
		       guint64 max,
		       guint64 *number,
		       GError **error);
gboolean
pdd_request_get_page(PddRequest *self, guint64 *begin, guint64 *limit, GError **error);
gboolean
pdd_request_get_time(PddRequest *self,
		     const char *name,
		     gint64 *time,
		     gboolean *is_relative,
		     GError **error);
gboolean
pdd_request_get_choice(PddRequest *self,
		       const char *name,
		       const char *const *choices,
		       guint *choice,
		       GError **error);
PerfdashSelector *
pdd_request_get_selector(PddRequest *self, GError **error);
GStrv
pdd_request_dup_matches(PddRequest *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddRequest, pdd_request_free)

G_END_DECLS
