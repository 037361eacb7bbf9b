/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PDD_TYPE_BODY (pdd_body_get_type())

G_DECLARE_FINAL_TYPE(PddBody, pdd_body, PDD, BODY, GInputStream)

/* the body can take more; called in any thread */
typedef void (*PddBodyRoom)(gpointer user_data);

PddBody *
pdd_body_new(PddBodyRoom room, gpointer user_data);
gboolean
pdd_body_push(PddBody *self, GBytes *chunk);
void
pdd_body_end(PddBody *self);
void
pdd_body_cut(PddBody *self);
gboolean
pdd_body_has_timed_out(PddBody *self);

G_END_DECLS
