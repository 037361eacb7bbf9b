/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* a perfdash that a command asks; a token goes to it and to no other: redirections are reported,
 * not followed */
typedef struct _PdcServer PdcServer;

/* token_file: nullable, then $PERFDASH_TOKEN counts; timeout is in seconds; NULL after an error of
 * usage */
PdcServer *
pdc_server_new(const char *address,
	       const char *token_file,
	       gboolean insecure,
	       guint timeout,
	       GError **error);
void
pdc_server_free(PdcServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdcServer, pdc_server_free)
SoupSession *
pdc_server_get_session(PdcServer *self);
gboolean
pdc_server_has_token(PdcServer *self);
/* place is below the address, escaped */
SoupMessage *
pdc_server_make_message(PdcServer *self, const char *method, const char *place);
/* the object that is answered; else PERFDASH_ERROR_INVALID and what the server says against it, or
 * why it cannot be asked */
JsonNode *
pdc_server_ask(PdcServer *self, SoupMessage *message, GError **error);
/* the text of a member of the object that was answered, or NULL */
char *
pdc_server_read_member(SoupMessage *message, const char *body, gssize size, const char *member);
/* what a problem document says, or the status, for a terminal */
char *
pdc_server_describe(SoupMessage *message, const char *body, gssize size);

G_END_DECLS
