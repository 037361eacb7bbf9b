/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* an object that a request brings: a{sv} of texts s, whole numbers x, other numbers d, truth b,
 * null mv, lists av and objects a{sv} */
GVariant *
pdd_json_body_parse(GBytes *body, GError **error);

G_END_DECLS
