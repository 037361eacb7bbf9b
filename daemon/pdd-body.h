/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PDD_TYPE_BODY (pdd_body_get_type())

G_DECLARE_FINAL_TYPE(PddBody, pdd_body, PDD, BODY, GInputStream)

typedef enum {
	PDD_BODY_OPEN,
	PDD_BODY_ENDED,
	PDD_BODY_CUT,       /* nothing more will come, and it is not whole */
	PDD_BODY_TIMED_OUT, /* the reader waited too long for a chunk */
} PddBodyState;

/* the body can take more; called in any thread */
typedef void (*PddBodyRoom)(gpointer user_data);

PddBody *
pdd_body_new(PddBodyRoom room, gpointer user_data);
gboolean
pdd_body_push(PddBody *self, GBytes *chunk);
void
pdd_body_close(PddBody *self, PddBodyState state);
PddBodyState
pdd_body_get_state(PddBody *self);

G_END_DECLS
