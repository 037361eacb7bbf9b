/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Takes connections for a server, as many as there is room for: one more is closed at once, and one
 * on which nothing happens for a while, too. */
typedef struct _PddListener PddListener;

PddListener *
pdd_listener_new(SoupServer *server);
/* connections that are open stay so */
void
pdd_listener_free(PddListener *self);
/* the port; 0 after an error. port may be 0 for one that the system picks */
guint16
pdd_listener_listen(PddListener *self, const char *address, guint16 port, GError **error);
/* the socket that a message came by */
GSocket *
pdd_listener_get_socket(SoupServerMessage *message);
guint
pdd_listener_get_n_connections(PddListener *self);

G_END_DECLS
