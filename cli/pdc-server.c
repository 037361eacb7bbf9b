/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-server.h"

#include <perfdash.h>
#include <string.h>

#include "pdd-peer.h"
#include "pdd-token.h"

struct _PdcServer {
	char *address; /* ends with / */
	char *token;   /* nullable */
	SoupSession *session;
};

static gboolean G_GNUC_PRINTF(2, 3) refuse(GError **error, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_propagate_error(error,
			  g_error_new_valist(PERFDASH_ERROR, PERFDASH_ERROR_INVALID, format, args));
	va_end(args);
	return FALSE;
}

static GUri *
parse_server(const char *server, GError **error)
{
	g_autoptr(GUri) uri = g_uri_parse(server, SOUP_HTTP_URI_FLAGS, NULL);
	const char *scheme = uri != NULL ? g_uri_get_scheme(uri) : "";
	if ((g_str_equal(scheme, "http") || g_str_equal(scheme, "https")) &&
	    *g_uri_get_host(uri) != '\0' && g_uri_get_query(uri) == NULL &&
	    g_uri_get_fragment(uri) == NULL)
		return g_steal_pointer(&uri);
	refuse(error, "server \"%s\" is no address such as https://perfdash.example", server);
	return NULL;
}

/* of the file, else of the environment, else none */
static gboolean
read_token(PdcServer *self, const char *file, GError **error)
{
	g_autoptr(GError) local = NULL;
	const char *where = file != NULL ? file : "PERFDASH_TOKEN";
	if (file == NULL)
		self->token = g_strdup(g_getenv("PERFDASH_TOKEN"));
	else if (!g_file_get_contents(file, &self->token, NULL, &local))
		return refuse(error, "%s", local->message);
	if (self->token == NULL || *g_strstrip(self->token) == '\0') {
		g_clear_pointer(&self->token, g_free);
		return file == NULL || refuse(error, "there is no token in %s", file);
	}
	for (const char *p = self->token; *p != '\0'; p++) {
		if (!g_ascii_isgraph(*p))
			return refuse(error, "what is in %s is no token", where);
	}
	/* that of a proxy in front may be of another kind */
	if (g_str_has_prefix(self->token, "pd_") && !pdd_token_is_secret(self->token))
		return refuse(error, "the token in %s is not whole: was it cut?", where);
	return TRUE;
}

PdcServer *
pdc_server_new(const char *address,
	       const char *token_file,
	       gboolean insecure,
	       guint timeout,
	       GError **error)
{
	g_autoptr(PdcServer) self = g_new0(PdcServer, 1);
	g_autoptr(GUri) uri = parse_server(address, error);
	if (uri == NULL || !read_token(self, token_file, error))
		return NULL;
	if (self->token != NULL && !insecure && !pdd_peer_is_local(uri) &&
	    g_str_equal(g_uri_get_scheme(uri), "http")) {
		refuse(error,
		       "everybody on the way to %s would see the token: use https, or --insecure",
		       g_uri_get_host(uri));
		return NULL;
	}
	/* over HTTP/2 it would wait for a 100 Continue that many servers do not send there */
	g_setenv("SOUP_FORCE_HTTP1", "1", TRUE);
	self->session = pdd_peer_make_session(uri, timeout);
	/* the length of an answer is that of what is read */
	soup_session_remove_feature_by_type(self->session, SOUP_TYPE_CONTENT_DECODER);
	self->address = g_strconcat(address, g_str_has_suffix(address, "/") ? "" : "/", NULL);
	return g_steal_pointer(&self);
}

void
pdc_server_free(PdcServer *self)
{
	g_free(self->address);
	g_free(self->token);
	g_clear_object(&self->session);
	g_free(self);
}

SoupSession *
pdc_server_get_session(PdcServer *self)
{
	return self->session;
}

gboolean
pdc_server_has_token(PdcServer *self)
{
	return self->token != NULL;
}

SoupMessage *
pdc_server_make_message(PdcServer *self, const char *method, const char *place)
{
	g_autofree char *address = g_strconcat(self->address, place, NULL);
	SoupMessage *message = soup_message_new(method, address);
	soup_message_set_flags(message, SOUP_MESSAGE_NO_REDIRECT);
	if (self->token != NULL) {
		g_autofree char *value = g_strconcat("Bearer ", self->token, NULL);
		soup_message_headers_append(soup_message_get_request_headers(message),
					    "Authorization",
					    value);
	}
	return message;
}

/* text of a server, for a terminal */
static char *
clean(const char *text, gssize length)
{
	char *valid = g_utf8_make_valid(text, length);
	for (char *p = valid; *p != '\0'; p++) {
		if (g_ascii_iscntrl(*p))
			*p = ' ';
	}
	return valid;
}

char *
pdc_server_read_member(SoupMessage *message, const char *body, gssize size, const char *member)
{
	SoupMessageHeaders *headers = soup_message_get_response_headers(message);
	const char *type = soup_message_headers_get_content_type(headers, NULL);
	g_autoptr(JsonParser) parser = json_parser_new();
	if (type == NULL || !g_str_has_suffix(type, "json") ||
	    !json_parser_load_from_data(parser, body, size, NULL))
		return NULL;
	JsonNode *root = json_parser_get_root(parser);
	JsonNode *node = root != NULL && JSON_NODE_HOLDS_OBJECT(root)
				 ? json_object_get_member(json_node_get_object(root), member)
				 : NULL;
	return node != NULL && JSON_NODE_HOLDS_VALUE(node) ? json_node_dup_string(node) : NULL;
}

char *
pdc_server_describe(SoupMessage *message, const char *body, gssize size)
{
	SoupMessageHeaders *headers = soup_message_get_response_headers(message);
	const char *location = soup_message_headers_get_one(headers, "Location");
	const char *type = soup_message_headers_get_content_type(headers, NULL);
	g_autofree char *text = pdc_server_read_member(message, body, size, "detail");
	if (text != NULL)
		return clean(text, -1);
	if (SOUP_STATUS_IS_REDIRECTION(soup_message_get_status(message)) && location != NULL)
		text = g_strdup_printf("the server sends on to %.200s: give its --server",
				       location);
	else
		text = g_strdup_printf(
			"the answer is %u %.100s of type %.100s, which is not of perfdash",
			soup_message_get_status(message),
			soup_message_get_reason_phrase(message),
			type != NULL ? type : "unknown");
	return clean(text, -1);
}

JsonNode *
pdc_server_ask(PdcServer *self, SoupMessage *message, GError **error)
{
	g_autoptr(GBytes) body = soup_session_send_and_read(self->session, message, NULL, error);
	gsize size;
	if (body == NULL)
		return NULL;
	const char *data = g_bytes_get_data(body, &size);
	g_autofree char *text = g_strndup(data != NULL ? data : "", size);
	g_autoptr(JsonNode) node = json_from_string(text, NULL);
	if (node != NULL && JSON_NODE_HOLDS_OBJECT(node) &&
	    SOUP_STATUS_IS_SUCCESSFUL(soup_message_get_status(message)))
		return g_steal_pointer(&node);
	g_autofree char *reason = pdc_server_describe(message, text, size);
	refuse(error, "%s", reason);
	return NULL;
}
