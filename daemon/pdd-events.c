/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Tells pages what has changed. Changes that come in quick succession become one event, so that an
 * import of thousands of logs does not make every page ask thousands of times. */

#include "pdd-events.h"

#include <errno.h>
#include <sys/socket.h>

#include "pdd-json.h"
#include "pdd-listener.h"
#include "pdd-problem.h"

#define MAX_CLIENTS       256
#define MAX_SERIES        500
#define MAX_UNSENT        (256 * 1024)
#define HEARTBEAT_SECONDS 15
#define DELAY             50
#define INTERVAL          (G_USEC_PER_SEC / 2)

typedef struct {
	PddEvents *events;
	PddExchange *exchange;
	GSource *hangup; /* nullable; libsoup does not look at a connection it only writes to */
	gsize unsent;
} Client;

struct _PddEvents {
	PddService *service;
	GPtrArray *clients; /* of Client */
	guint heartbeat;
	guint flush;       /* 0 when there is nothing to tell */
	gint64 flushed_at; /* monotonic */
	gulong handler;
	GHashTable *series;   /* set of ids that have changed */
	gboolean is_overfull; /* more than MAX_SERIES */
	guint64 generation;   /* the newest */
};

static void
append_text(Client *client, GBytes *text)
{
	SoupServerMessage *message = client->exchange->message;
	SoupMessageBody *body = soup_server_message_get_response_body(message);
	client->unsent += g_bytes_get_size(text);
	soup_message_body_append_bytes(body, text);
	soup_server_message_unpause(message);
}

/* libsoup finds out when it writes, and finishes the message */
static void
drop(Client *client)
{
	g_autoptr(GBytes) anything = g_bytes_new_static(":\n\n", 3);
	GSocket *socket = pdd_listener_get_socket(client->exchange->message);
	g_socket_shutdown(socket, TRUE, TRUE, NULL);
	append_text(client, anything);
}

static void
send_text(Client *client, GBytes *text)
{
	if (client->unsent + g_bytes_get_size(text) > MAX_UNSENT)
		drop(client);
	else
		append_text(client, text);
}

static gboolean
hangup_cb(GSocket *socket, GIOCondition condition, gpointer user_data)
{
	Client *client = user_data;
	char byte;
	gssize n = recv(g_socket_get_fd(socket), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	/* who sends something more is not gone, and not looked at any more */
	if (n <= 0)
		drop(client);
	g_clear_pointer(&client->hangup, g_source_unref);
	return G_SOURCE_REMOVE;
}

static void
watch(Client *client)
{
	GSocket *socket = pdd_listener_get_socket(client->exchange->message);
	client->hangup = g_socket_create_source(socket, G_IO_IN, NULL);
	g_source_set_callback(client->hangup, G_SOURCE_FUNC(hangup_cb), client, NULL);
	g_source_attach(client->hangup, NULL);
}

static void
send_all(PddEvents *self, GBytes *text)
{
	for (guint i = 0; i < self->clients->len; i++)
		send_text(g_ptr_array_index(self->clients, i), text);
}

static gboolean
heartbeat_cb(gpointer user_data)
{
	g_autoptr(GBytes) text = g_bytes_new_static(":\n\n", 3);
	send_all(user_data, text);
	return G_SOURCE_CONTINUE;
}

/* series is NULL when anything may have changed */
static GBytes *
format_change(guint64 generation, GHashTable *series)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	GHashTableIter iter;
	gpointer id;
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	perfdash_json_writer_name(writer, "series");
	if (series == NULL) {
		perfdash_json_writer_null(writer);
	} else {
		perfdash_json_writer_begin_array(writer);
		g_hash_table_iter_init(&iter, series);
		while (g_hash_table_iter_next(&iter, &id, NULL))
			perfdash_json_writer_string(writer, id);
		perfdash_json_writer_end_array(writer);
	}
	perfdash_json_writer_end_object(writer);
	g_autoptr(GBytes) data = perfdash_json_writer_end(writer);
	GString *text = g_string_new("event: change\n");
	g_string_append_printf(text, "id: %" G_GUINT64_FORMAT "\ndata: ", generation);
	g_string_append_len(text, g_bytes_get_data(data, NULL), g_bytes_get_size(data));
	g_string_append(text, "\n\n");
	return g_string_free_to_bytes(text);
}

static gboolean
flush_cb(gpointer user_data)
{
	PddEvents *self = user_data;
	g_autoptr(GBytes)
		text = format_change(self->generation, self->is_overfull ? NULL : self->series);
	g_hash_table_remove_all(self->series);
	self->is_overfull = FALSE;
	self->flush = 0;
	self->flushed_at = g_get_monotonic_time();
	send_all(self, text);
	return G_SOURCE_REMOVE;
}

/* in the main context, where the store was opened */
static void
changed_cb(PerfdashStore *store, guint64 generation, const char *const *series, gpointer user_data)
{
	PddEvents *self = user_data;
	gint64 due = self->flushed_at + INTERVAL - g_get_monotonic_time();
	self->generation = MAX(self->generation, generation);
	for (guint i = 0; series != NULL && series[i] != NULL && !self->is_overfull; i++)
		g_hash_table_add(self->series, g_strdup(series[i]));
	self->is_overfull |= series == NULL || g_hash_table_size(self->series) > MAX_SERIES;
	if (self->flush == 0)
		self->flush = g_timeout_add(MAX(DELAY, due / 1000), flush_cb, self);
}

static void
wrote_cb(SoupServerMessage *message, guint size, gpointer user_data)
{
	Client *client = user_data;
	client->unsent -= MIN(size, client->unsent);
}

static void
finished_cb(SoupServerMessage *message, gpointer user_data)
{
	Client *client = user_data;
	PddEvents *self = client->events;
	if (client->hangup != NULL)
		g_source_destroy(client->hangup);
	g_clear_pointer(&client->hangup, g_source_unref);
	g_ptr_array_remove_fast(self->clients, client);
	pdd_metrics_set_clients(self->service->metrics, self->clients->len);
}

static void
client_free(gpointer data, GClosure *closure)
{
	Client *client = data;
	pdd_exchange_unref(client->exchange);
	g_free(client);
}

static void
set_headers(PddExchange *exchange)
{
	SoupServerMessage *message = exchange->message;
	SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
	gboolean is_old = soup_server_message_get_http_version(message) == SOUP_HTTP_1_0;
	pdd_exchange_prepare_headers(exchange);
	soup_message_headers_set_encoding(headers,
					  is_old ? SOUP_ENCODING_EOF : SOUP_ENCODING_CHUNKED);
	soup_message_headers_replace(headers, "Content-Type", "text/event-stream");
	/* for proxies that gather what they pass on */
	soup_message_headers_replace(headers, "X-Accel-Buffering", "no");
	soup_server_message_set_status(message, SOUP_STATUS_OK, NULL);
	soup_message_body_set_accumulate(soup_server_message_get_response_body(message), FALSE);
}

/* what happened while the client was away is not known */
static void
greet(PddEvents *self, Client *client)
{
	SoupServerMessage *message = client->exchange->message;
	SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
	const char *last = soup_message_headers_get_one(headers, "Last-Event-ID");
	guint64 generation = perfdash_store_get_generation(self->service->store);
	g_autofree char *current = g_strdup_printf("%" G_GUINT64_FORMAT, generation);
	g_autoptr(GBytes) hello = g_bytes_new_static("retry: 2000\n\n", 13);
	send_text(client, hello);
	if (last == NULL || g_str_equal(last, current))
		return;
	g_autoptr(GBytes) change = format_change(generation, NULL);
	send_text(client, change);
}

void
pdd_events_add(PddEvents *self, PddExchange *exchange)
{
	SoupServerMessage *message = exchange->message;
	if (self->clients->len >= MAX_CLIENTS) {
		g_autoptr(PddAnswer) busy = pdd_problem_new(PDD_PROBLEM_BUSY,
							    pdd_request_get_id(exchange->request),
							    "%d clients listen already",
							    MAX_CLIENTS);
		pdd_answer_add_header(busy, "Retry-After", "10");
		pdd_exchange_answer(exchange, busy);
		return;
	}
	set_headers(exchange);
	if (g_str_equal(soup_server_message_get_method(message), "HEAD"))
		return;
	Client *client = g_new0(Client, 1);
	client->events = self;
	client->exchange = pdd_exchange_ref(exchange);
	g_ptr_array_add(self->clients, client);
	pdd_metrics_set_clients(self->service->metrics, self->clients->len);
	g_signal_connect(message, "wrote-body-data", G_CALLBACK(wrote_cb), client);
	g_signal_connect_data(message, "finished", G_CALLBACK(finished_cb), client, client_free, 0);
	g_signal_connect(message, "disconnected", G_CALLBACK(finished_cb), client);
	watch(client);
	greet(self, client);
}

/* ends all streams */
void
pdd_events_close(PddEvents *self)
{
	for (guint i = 0; i < self->clients->len; i++) {
		Client *client = g_ptr_array_index(self->clients, i);
		SoupServerMessage *message = client->exchange->message;
		soup_message_body_complete(soup_server_message_get_response_body(message));
		soup_server_message_unpause(message);
	}
}

PddEvents *
pdd_events_new(PddService *service)
{
	PddEvents *self = g_new0(PddEvents, 1);
	self->service = service;
	self->clients = g_ptr_array_new();
	self->series = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	self->heartbeat = g_timeout_add_seconds(HEARTBEAT_SECONDS, heartbeat_cb, self);
	self->handler = g_signal_connect(service->store, "changed", G_CALLBACK(changed_cb), self);
	return self;
}

/* when nothing writes to the store any more */
void
pdd_events_free(PddEvents *self)
{
	g_signal_handler_disconnect(self->service->store, self->handler);
	g_source_remove(self->heartbeat);
	g_clear_handle_id(&self->flush, g_source_remove);
	g_ptr_array_unref(self->clients);
	g_hash_table_unref(self->series);
	g_free(self);
}
