/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-exchange.h"

G_BEGIN_DECLS

typedef struct _PddUploads PddUploads;

PddUploads *
pdd_uploads_new(PddService *service);
void
pdd_uploads_free(PddUploads *self);
void
pdd_uploads_accept(PddUploads *self, PddExchange *exchange);
void
pdd_uploads_stop(PddUploads *self);

G_END_DECLS
