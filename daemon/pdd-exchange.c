/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-exchange.h"

#include <string.h>

#include "pdd-download.h"
#include "pdd-refusal.h"

#define POLICY                                                                                     \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "          \
	"connect-src 'self'; font-src 'self'; base-uri 'self'; form-action 'none'; "               \
	"frame-ancestors 'none'; require-trusted-types-for 'script'"

static const char *
get_header(PddExchange *self, const char *name)
{
	SoupMessageHeaders *headers = soup_server_message_get_request_headers(self->message);
	return soup_message_headers_get_list(headers, name);
}

gboolean
pdd_exchange_accepts_gzip(PddExchange *self)
{
	const char *accepted = get_header(self, "Accept-Encoding");
	if (accepted == NULL)
		return FALSE;
	GSList *unacceptable = NULL;
	GSList *codings = soup_header_parse_quality_list(accepted, &unacceptable);
	gboolean accepts = g_slist_find_custom(codings, "gzip", (GCompareFunc)g_ascii_strcasecmp) !=
			   NULL;
	soup_header_free_list(codings);
	soup_header_free_list(unacceptable);
	return accepts;
}

gboolean
pdd_exchange_accepts_html(PddExchange *self)
{
	const char *accepted = get_header(self, "Accept");
	return accepted != NULL && strstr(accepted, "text/html") != NULL;
}

gboolean
pdd_exchange_has_body(PddExchange *self)
{
	SoupMessageHeaders *headers = soup_server_message_get_request_headers(self->message);
	return soup_message_headers_get_encoding(headers) == SOUP_ENCODING_CHUNKED ||
	       soup_message_headers_get_content_length(headers) > 0;
}

/* whether the client has this answer already, in either encoding */
gboolean
pdd_exchange_is_known(PddExchange *self, const char *etag)
{
	const char *known = get_header(self, "If-None-Match");
	if (known == NULL || etag == NULL)
		return FALSE;
	g_autofree char *opaque = g_strndup(etag + 1, strlen(etag) - 2);
	g_autofree char *packed = g_strdup_printf("\"%s-gz\"", opaque);
	return strstr(known, etag) != NULL || strstr(known, packed) != NULL;
}

static void
finished_cb(SoupServerMessage *message, gpointer user_data)
{
	PddExchange *self = user_data;
	const PddRoute *route = pdd_request_get_route(self->request);
	double seconds = (g_get_monotonic_time() - self->started_at) / (double)G_USEC_PER_SEC;
	if (self->is_over)
		return;
	self->is_over = TRUE;
	pdd_metrics_count_request(self->service->metrics,
				  route != NULL ? route->path : "other",
				  soup_server_message_get_status(message),
				  seconds);
	/* the message holds this */
	g_clear_object(&self->message);
}

PddExchange *
pdd_exchange_new(PddService *service, SoupServerMessage *message)
{
	PddExchange *self = g_new0(PddExchange, 1);
	GUri *uri = soup_server_message_get_uri(message);
	g_atomic_ref_count_init(&self->refs);
	self->service = service;
	self->message = g_object_ref(message);
	self->request = pdd_request_new(soup_server_message_get_method(message),
					g_uri_get_path(uri),
					g_uri_get_query(uri));
	self->started_at = g_get_monotonic_time();
	g_signal_connect_data(message,
			      "finished",
			      G_CALLBACK(finished_cb),
			      pdd_exchange_ref(self),
			      (GClosureNotify)(void (*)(void))pdd_exchange_unref,
			      0);
	/* a server that stops cuts its connections, and does not finish what is on them */
	g_signal_connect_data(message,
			      "disconnected",
			      G_CALLBACK(finished_cb),
			      pdd_exchange_ref(self),
			      (GClosureNotify)(void (*)(void))pdd_exchange_unref,
			      0);
	return self;
}

PddExchange *
pdd_exchange_ref(PddExchange *self)
{
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

void
pdd_exchange_unref(PddExchange *self)
{
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_clear_object(&self->message);
	pdd_request_free(self->request);
	g_free(self);
}

/* those of every answer, also of those that libsoup gives itself */
void
pdd_exchange_add_standard_headers(SoupMessageHeaders *headers)
{
	soup_message_headers_replace(headers, "Content-Security-Policy", POLICY);
	soup_message_headers_replace(headers, "X-Content-Type-Options", "nosniff");
	soup_message_headers_replace(headers, "Referrer-Policy", "same-origin");
	soup_message_headers_replace(headers, "Cross-Origin-Resource-Policy", "same-origin");
	/* see pdd-listener.c */
	soup_message_headers_replace(headers, "Connection", "close");
}

void
pdd_exchange_prepare_headers(PddExchange *self)
{
	SoupMessageHeaders *headers = soup_server_message_get_response_headers(self->message);
	pdd_exchange_add_standard_headers(headers);
	soup_message_headers_replace(headers, "X-Request-Id", pdd_request_get_id(self->request));
	soup_message_headers_replace(headers, "Cache-Control", "no-cache");
	/* parts of an answer would need If-Range to be of the same generation */
	soup_message_headers_remove(soup_server_message_get_request_headers(self->message),
				    "Range");
}

static void
set_headers(PddExchange *self, PddAnswer *answer)
{
	SoupMessageHeaders *headers = soup_server_message_get_response_headers(self->message);
	pdd_exchange_prepare_headers(self);
	soup_message_headers_replace(headers, "Content-Type", answer->content_type);
	soup_message_headers_replace(headers, "Vary", "Accept-Encoding");
	if (answer->is_gzip)
		soup_message_headers_replace(headers, "Content-Encoding", "gzip");
	if (answer->etag != NULL)
		soup_message_headers_replace(headers, "ETag", answer->etag);
	for (guint i = 0; i < answer->headers->len; i += 2)
		soup_message_headers_replace(headers,
					     g_ptr_array_index(answer->headers, i),
					     g_ptr_array_index(answer->headers, i + 1));
}

void
pdd_exchange_answer_not_modified(PddExchange *self, const char *etag)
{
	SoupMessageHeaders *headers = soup_server_message_get_response_headers(self->message);
	pdd_exchange_prepare_headers(self);
	soup_message_headers_replace(headers, "ETag", etag);
	soup_message_headers_replace(headers, "Vary", "Accept-Encoding");
	/* no Content-Length: it would have to be that of the answer which is not sent */
	soup_message_headers_set_encoding(headers, SOUP_ENCODING_NONE);
	soup_server_message_set_status(self->message, SOUP_STATUS_NOT_MODIFIED, NULL);
}

/* the caller unpauses the message if it had paused it */
void
pdd_exchange_answer(PddExchange *self, PddAnswer *answer)
{
	SoupMessageBody *body = soup_server_message_get_response_body(self->message);
	if (answer->status == SOUP_STATUS_OK && pdd_exchange_is_known(self, answer->etag)) {
		pdd_exchange_answer_not_modified(self, answer->etag);
		return;
	}
	set_headers(self, answer);
	soup_server_message_set_status(self->message, answer->status, NULL);
	if (answer->stream != NULL)
		pdd_download_start(self->message, answer->stream, answer->size);
	else
		soup_message_body_append_bytes(body, answer->body);
}

/* answers before the body of the request was read, and closes the connection */
void
pdd_exchange_refuse(PddExchange *self, PddAnswer *answer)
{
	g_autoptr(SoupServerMessage) message = g_object_ref(self->message);
	set_headers(self, answer);
	soup_server_message_set_status(message, answer->status, NULL);
	finished_cb(message, self);
	pdd_refusal_send(message, answer->body);
}
