/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-request.h"

G_BEGIN_DECLS

/* what bodies that edit changes or runs have in common; a body is as pdd_json_body_parse() gives it
 */

/* FALSE, and what is wrong with a member */
gboolean
pdd_edit_body_refuse(GError **error, const char *name, const char *what);
/* owned by the body; "somebody" when it does not say */
const char *
pdd_edit_body_get_who(GVariant *body, GError **error);
/* of gint64 */
GArray *
pdd_edit_body_read_ids(GVariant *body, GError **error);
/* when that many are edited */
PddAnswer *
pdd_edit_body_answer(PddService *service, guint n_changed);

G_END_DECLS
