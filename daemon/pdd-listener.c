/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A server that runs out of file descriptors cannot even say so, so it never comes that far: some
 * are kept for files and workers, and connections share the others.
 *
 * So connections are accepted here, and libsoup closes each after its answer, as it does when it
 * has no listener of its own. Given one it would keep them, and 3.2.3 then never closes a
 * connection that its client leaves between two requests: it reads the end, and forgets the socket.
 */

#include "pdd-listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <perfdash.h>
#include <sys/resource.h>

#define SOCKET          "pdd-socket"
#define IDLE_TIME       75 /* seconds; proxies keep connections for 60 */
#define MAX_CONNECTIONS 4096
#define OTHER_FILES     256 /* logs, workers, the store */
#define BACKLOG         1024

struct _PddListener {
	SoupServer *server;
	GSocketService *service;
	guint max_connections;
	gatomicrefcount refs; /* the listener's own and one of each connection */
};

static void
unref(PddListener *self)
{
	if (g_atomic_ref_count_dec(&self->refs))
		g_free(self);
}

static void
connection_gone(gpointer data, GObject *connection)
{
	unref(data);
}

/* libsoup does not know the sockets of streams that it was given, but their addresses */
GSocket *
pdd_listener_get_socket(SoupServerMessage *message)
{
	GSocketAddress *remote = soup_server_message_get_remote_address(message);
	return g_object_get_data(G_OBJECT(remote), SOCKET);
}

guint
pdd_listener_get_n_connections(PddListener *self)
{
	return g_atomic_int_get(&self->refs) - 1;
}

static gboolean
incoming_cb(GSocketService *service,
	    GSocketConnection *connection,
	    GObject *source,
	    gpointer user_data)
{
	PddListener *self = user_data;
	g_autoptr(GSocketAddress) local = NULL;
	g_autoptr(GSocketAddress) remote = NULL;
	g_autoptr(GError) error = NULL;
	if (pdd_listener_get_n_connections(self) >= self->max_connections)
		return TRUE;
	g_atomic_ref_count_inc(&self->refs);
	g_object_weak_ref(G_OBJECT(connection), connection_gone, self);
	GSocket *socket = g_socket_connection_get_socket(connection);
	g_socket_set_timeout(socket, IDLE_TIME);
	g_socket_set_option(socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);
	local = g_socket_connection_get_local_address(connection, NULL);
	remote = g_socket_connection_get_remote_address(connection, NULL);
	if (remote == NULL)
		return TRUE;
	g_object_set_data_full(G_OBJECT(remote), SOCKET, g_object_ref(socket), g_object_unref);
	if (!soup_server_accept_iostream(self->server,
					 G_IO_STREAM(connection),
					 local,
					 remote,
					 &error))
		g_warning("failed to take a connection: %s", error->message);
	return TRUE;
}

static guint
find_max_connections(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return OTHER_FILES;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (limit.rlim_cur >= MAX_CONNECTIONS + OTHER_FILES)
		return MAX_CONNECTIONS;
	return limit.rlim_cur > 2 * OTHER_FILES ? limit.rlim_cur - OTHER_FILES : limit.rlim_cur / 2;
}

PddListener *
pdd_listener_new(SoupServer *server)
{
	PddListener *self = g_new0(PddListener, 1);
	g_atomic_ref_count_init(&self->refs);
	self->server = server;
	self->service = g_socket_service_new();
	g_socket_listener_set_backlog(G_SOCKET_LISTENER(self->service), BACKLOG);
	self->max_connections = find_max_connections();
	g_signal_connect(self->service, "incoming", G_CALLBACK(incoming_cb), self);
	return self;
}

void
pdd_listener_free(PddListener *self)
{
	g_signal_handlers_disconnect_by_data(self->service, self);
	g_socket_service_stop(self->service);
	g_socket_listener_close(G_SOCKET_LISTENER(self->service));
	g_clear_object(&self->service);
	unref(self);
}

guint16
pdd_listener_listen(PddListener *self, const char *address, guint16 port, GError **error)
{
	g_autoptr(GSocketAddress) wanted = g_inet_socket_address_new_from_string(address, port);
	g_autoptr(GSocketAddress) effective = NULL;
	g_autoptr(GError) local = NULL;
	if (!g_socket_listener_add_address(G_SOCKET_LISTENER(self->service),
					   wanted,
					   G_SOCKET_TYPE_STREAM,
					   G_SOCKET_PROTOCOL_TCP,
					   NULL,
					   &effective,
					   &local)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_IO,
			    "failed to listen on %s port %u: %s",
			    address,
			    port,
			    local->message);
		return 0;
	}
	g_socket_service_start(self->service);
	return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(effective));
}
