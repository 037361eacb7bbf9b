/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void
pdd_download_start(SoupServerMessage *message, GInputStream *stream, guint64 size);

G_END_DECLS
