/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

#include "pdd-request.h"

G_BEGIN_DECLS

/* a request, the message it came by, and how it is answered; lives in the main context, only the
 * request may be looked at in other threads */
typedef struct {
	gatomicrefcount refs;
	PddService *service;
	SoupServerMessage *message; /* NULL when it is over */
	PddRequest *request;
	gint64 started_at; /* monotonic */
	gboolean is_over;  /* answered, or the client is gone */
} PddExchange;

PddExchange *
pdd_exchange_new(PddService *service, SoupServerMessage *message);
PddExchange *
pdd_exchange_ref(PddExchange *self);
void
pdd_exchange_unref(PddExchange *self);
gboolean
pdd_exchange_accepts_gzip(PddExchange *self);
gboolean
pdd_exchange_accepts_html(PddExchange *self);
gboolean
pdd_exchange_has_body(PddExchange *self);
gboolean
pdd_exchange_is_known(PddExchange *self, const char *etag);
void
pdd_exchange_answer(PddExchange *self, PddAnswer *answer);
void
pdd_exchange_answer_not_modified(PddExchange *self, const char *etag);
void
pdd_exchange_refuse(PddExchange *self, PddAnswer *answer);
void
pdd_exchange_add_standard_headers(SoupMessageHeaders *headers);
void
pdd_exchange_prepare_headers(PddExchange *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddExchange, pdd_exchange_unref)

G_END_DECLS
