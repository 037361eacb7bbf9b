/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-token.h"

G_BEGIN_DECLS

/* all of these may be called by several processes at once, data_dir is that of the daemon */
gboolean
pdd_token_folder_add(const char *data_dir, PddToken *token, GError **error);
/* of PddToken, the oldest first */
GPtrArray *
pdd_token_folder_list(const char *data_dir, GError **error);
/* NULL with PERFDASH_ERROR_NOT_FOUND when there is no token with this secret */
PddToken *
pdd_token_folder_find(const char *data_dir, const char *secret, GError **error);
/* the token that was revoked; what does not name one token is PERFDASH_ERROR_NOT_FOUND */
PddToken *
pdd_token_folder_revoke(const char *data_dir, const char *id_or_name, GError **error);
/* remembers, at most once a minute, that a token was used now */
void
pdd_token_folder_touch(const char *data_dir, PddToken *token);
/* whether there is, or ever was, a token with this scope */
gboolean
pdd_token_folder_has_scope(const char *data_dir, PddScope scope, GError **error);

G_END_DECLS
