/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Sends what a stream gives, piece by piece: the next one is read, in a thread, when the last one
 * is sent, so that a log of any size takes the memory of one piece. */

#include "pdd-download.h"

#include "pdd-listener.h"

#define PIECE (128 * 1024)

typedef struct {
	gatomicrefcount refs;
	SoupServerMessage *message; /* nullable: it is over */
	GInputStream *stream;
	GCancellable *cancellable;
	guint64 left;
} Download;

static void
download_unref(Download *self)
{
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_object_unref(self->stream);
	g_object_unref(self->cancellable);
	g_free(self);
}

static Download *
download_ref(Download *self)
{
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/* the size was promised: a connection that is cut is the only way to say that it fails */
static void
cut(Download *self, const char *reason)
{
	g_warning("failed to send a log: %s", reason);
	g_socket_shutdown(pdd_listener_get_socket(self->message), TRUE, TRUE, NULL);
}

static void
read_cb(GObject *source, GAsyncResult *result, gpointer user_data)
{
	Download *self = user_data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes)
		piece = g_input_stream_read_bytes_finish(G_INPUT_STREAM(source), result, &error);
	if (self->message != NULL) {
		SoupMessageBody *body = soup_server_message_get_response_body(self->message);
		gsize size = piece != NULL ? g_bytes_get_size(piece) : 0;
		if (size == 0)
			cut(self, error != NULL ? error->message : "it is shorter than its record");
		else
			soup_message_body_append_bytes(body, piece);
		self->left -= MIN(size, self->left);
		soup_server_message_unpause(self->message);
	}
	download_unref(self);
}

static void
read_piece(Download *self)
{
	g_input_stream_read_bytes_async(self->stream,
					MIN(PIECE, self->left),
					G_PRIORITY_DEFAULT,
					self->cancellable,
					read_cb,
					download_ref(self));
}

static void
wrote_chunk_cb(SoupServerMessage *message, gpointer user_data)
{
	Download *self = user_data;
	if (self->left > 0)
		read_piece(self);
}

static void
finished_cb(SoupServerMessage *message, gpointer user_data)
{
	Download *self = user_data;
	self->message = NULL;
	g_cancellable_cancel(self->cancellable);
}

static void
closure_unref(gpointer data, GClosure *closure)
{
	download_unref(data);
}

/* status and headers of the message are the caller's business */
void
pdd_download_start(SoupServerMessage *message, GInputStream *stream, guint64 size)
{
	g_autoptr(GCancellable) cancellable = g_cancellable_new();
	Download *self = g_new0(Download, 1);
	SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
	soup_message_headers_set_content_length(headers, size);
	soup_message_body_set_accumulate(soup_server_message_get_response_body(message), FALSE);
	if (size == 0 || g_str_equal(soup_server_message_get_method(message), "HEAD")) {
		g_free(self);
		return;
	}
	g_atomic_ref_count_init(&self->refs);
	self->message = message;
	self->stream = g_object_ref(stream);
	self->cancellable = g_steal_pointer(&cancellable);
	self->left = size;
	g_signal_connect_data(message,
			      "wrote-chunk",
			      G_CALLBACK(wrote_chunk_cb),
			      download_ref(self),
			      closure_unref,
			      0);
	g_signal_connect_data(message,
			      "disconnected",
			      G_CALLBACK(finished_cb),
			      download_ref(self),
			      closure_unref,
			      0);
	g_signal_connect_data(message, "finished", G_CALLBACK(finished_cb), self, closure_unref, 0);
	read_piece(self);
}
