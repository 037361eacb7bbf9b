/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-service.h"

G_BEGIN_DECLS

typedef struct _PddServer PddServer;

PddServer *
pdd_server_new(PddService *service);
void
pdd_server_free(PddServer *self);
char *
pdd_server_listen(PddServer *self, GError **error);
void
pdd_server_stop(PddServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddServer, pdd_server_free)

G_END_DECLS
