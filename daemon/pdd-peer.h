/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* a server that somebody asks */
gboolean
pdd_peer_is_local(GUri *uri);
SoupSession *
pdd_peer_make_session(GUri *uri, guint timeout);
GTimeSpan
pdd_peer_get_retry_after(SoupMessage *message, GTimeSpan longest);

G_END_DECLS
