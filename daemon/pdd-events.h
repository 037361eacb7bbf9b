/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-exchange.h"

G_BEGIN_DECLS

typedef struct _PddEvents PddEvents;

PddEvents *
pdd_events_new(PddService *service);
void
pdd_events_free(PddEvents *self);
void
pdd_events_add(PddEvents *self, PddExchange *exchange);
void
pdd_events_close(PddEvents *self);

G_END_DECLS
