/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _PddRoom PddRoom;

PddRoom *
pdd_room_new(guint most);
void
pdd_room_free(PddRoom *self);
gboolean
pdd_room_take(PddRoom *self, gconstpointer owner, GCancellable *cancellable);
void
pdd_room_give_back(PddRoom *self, gconstpointer owner);
void
pdd_room_leave(PddRoom *self, gconstpointer owner);

G_END_DECLS
