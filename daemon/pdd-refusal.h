/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

void
pdd_refusal_send(SoupServerMessage *message, GBytes *body);

G_END_DECLS
