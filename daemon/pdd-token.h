/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* what a token may be used for; the last may do everything */
typedef enum {
	PDD_SCOPE_NONE,
	PDD_SCOPE_INGEST,
	PDD_SCOPE_TRIAGE,
	PDD_SCOPE_ADMIN,
} PddScope;

const char *
pdd_scope_to_string(PddScope scope);
/* PDD_SCOPE_NONE when there is no such scope */
PddScope
pdd_scope_from_string(const char *text);

/* what is kept of a token, which is never the secret itself; times are in microseconds since 1970
 * UTC, or 0 */
typedef struct {
	gatomicrefcount refs;
	char *id;
	char *digest; /* of the secret */
	char *name;   /* maybe "" */
	PddScope scope;
	GStrv projects; /* those it is for; none stands for any */
	GStrv labs;     /* likewise */
	gint64 created_at;
	gint64 expires_at;
	gint64 revoked_at;
	gint64 used_at;
	PerfdashSelector *allowed; /* nullable: no limits */
} PddToken;

/* what its owner keeps */
char *
pdd_token_new_secret(GError **error);
/* FALSE for what was never a secret, or was copied in part or with a mistake */
gboolean
pdd_token_is_secret(const char *text);

PddToken *
pdd_token_new(const char *secret,
	      const char *name,
	      PddScope scope,
	      const char *const *projects,
	      const char *const *labs,
	      gint64 expires_at,
	      GError **error);
PddToken *
pdd_token_ref(PddToken *self);
void
pdd_token_unref(PddToken *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddToken, pdd_token_unref)

char *
pdd_token_to_text(PddToken *self);
PddToken *
pdd_token_new_from_text(const char *text, GError **error);
/* the id of the token with this secret */
char *
pdd_token_id_of_secret(const char *secret);
gboolean
pdd_token_has_secret(PddToken *self, const char *secret);
gboolean
pdd_token_has_scope(PddToken *self, PddScope scope);
gboolean
pdd_token_is_valid(PddToken *self);
/* such as "project shop or cart in lab dfw", or NULL when there are no limits */
char *
pdd_token_describe_limits(PddToken *self);

G_END_DECLS
