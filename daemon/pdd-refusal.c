/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* libsoup reads a request to its end before it answers. A body that is not wanted is not read: the
 * connection is taken from libsoup, answered and closed. What the client has under way is read and
 * dropped for a moment, for a connection closed before that is reset, and the client may lose the
 * answer. */

#include "pdd-refusal.h"

#include "pdd-listener.h"

#include <string.h>

#define LINGER_SECONDS 2
#define LINGER_BYTES   (16 * 1024 * 1024)

typedef struct {
	GIOStream *stream;
	GSocket *socket;
	GString *text;
	GCancellable *cancellable;
	guint timeout;
	gsize drained;
	char scratch[65536];
} Refusal;

static void
refusal_free(Refusal *self)
{
	g_clear_handle_id(&self->timeout, g_source_remove);
	g_socket_close(self->socket, NULL);
	g_object_unref(self->stream);
	g_object_unref(self->socket);
	g_object_unref(self->cancellable);
	g_string_free(self->text, TRUE);
	g_free(self);
}

static gboolean
timeout_cb(gpointer user_data)
{
	Refusal *self = user_data;
	self->timeout = 0;
	g_cancellable_cancel(self->cancellable);
	return G_SOURCE_REMOVE;
}

static void
drain(Refusal *self);

static void
drained_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Refusal *self = user_data;
	gssize n = g_input_stream_read_finish(G_INPUT_STREAM(source), result, NULL);
	self->drained += MAX(n, 0);
	if (n > 0 && self->drained < LINGER_BYTES)
		drain(self);
	else
		refusal_free(self);
}

static void
drain(Refusal *self)
{
	g_input_stream_read_async(g_io_stream_get_input_stream(self->stream),
				  self->scratch,
				  sizeof(self->scratch),
				  G_PRIORITY_LOW,
				  self->cancellable,
				  drained_cb,
				  self);
}

static void
written_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Refusal *self = user_data;
	gboolean written =
		g_output_stream_write_all_finish(G_OUTPUT_STREAM(source), result, NULL, NULL);
	if (!written || !g_socket_shutdown(self->socket, FALSE, TRUE, NULL))
		refusal_free(self);
	else
		drain(self);
}

static GString *
format(SoupServerMessage *message, GBytes *body)
{
	GString *text = g_string_new(NULL);
	SoupMessageHeadersIter iter;
	const char *name;
	const char *value;
	g_string_append_printf(text,
			       "HTTP/1.1 %u %s\r\nConnection: close\r\n",
			       soup_server_message_get_status(message),
			       soup_server_message_get_reason_phrase(message));
	g_string_append_printf(text,
			       "Content-Length: %" G_GSIZE_FORMAT "\r\n",
			       g_bytes_get_size(body));
	soup_message_headers_iter_init(&iter, soup_server_message_get_response_headers(message));
	while (soup_message_headers_iter_next(&iter, &name, &value)) {
		if (g_ascii_strcasecmp(name, "Content-Length") != 0)
			g_string_append_printf(text, "%s: %s\r\n", name, value);
	}
	g_string_append(text, "\r\n");
	if (!g_str_equal(soup_server_message_get_method(message), "HEAD"))
		g_string_append_len(text, g_bytes_get_data(body, NULL), g_bytes_get_size(body));
	return text;
}

/* status and headers of the message are set already; it is of no use afterwards */
void
pdd_refusal_send(SoupServerMessage *message, GBytes *body)
{
	Refusal *self = g_new0(Refusal, 1);
	self->text = format(message, body);
	self->socket = g_object_ref(pdd_listener_get_socket(message));
	self->stream = soup_server_message_steal_connection(message);
	self->cancellable = g_cancellable_new();
	self->timeout = g_timeout_add_seconds(LINGER_SECONDS, timeout_cb, self);
	g_output_stream_write_all_async(g_io_stream_get_output_stream(self->stream),
					self->text->str,
					self->text->len,
					G_PRIORITY_DEFAULT,
					self->cancellable,
					written_cb,
					self);
}
