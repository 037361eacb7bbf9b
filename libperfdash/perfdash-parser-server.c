/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-parser-server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "perfdash-error-private.h"
#include "perfdash-parser-exchange.h"
#include "perfdash-parser-process.h"
#include "worker/perfdash-worker-protocol.h"

struct _PerfdashParserServer {
	pid_t pid;
	int pidfd;
	int socket;
	gsize most; /* bytes of a request */
};

static void
stop(PerfdashParserServer *self)
{
	if (self->socket < 0)
		return;
	close(self->socket);
	close(self->pidfd);
	self->socket = -1;
	perfdash_parser_process_end(self->pid, SIGKILL);
}

void
perfdash_parser_server_free(PerfdashParserServer *self)
{
	stop(self);
	g_free(self);
}

gboolean
perfdash_parser_server_is_alive(PerfdashParserServer *self)
{
	struct pollfd end = {self->pidfd, POLLIN, 0};
	return self->socket >= 0 && poll(&end, 1, 0) == 0;
}

/* a message has to fit the socket, of which some systems have small ones */
static gsize
find_most(int fd)
{
	int size = 0;
	socklen_t length = sizeof(size);
	if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, &length) != 0)
		return 0;
	return MIN(PERFDASH_WORKER_REQUEST, size / 2);
}

PerfdashParserServer *
perfdash_parser_server_new(GError **error)
{
	static const char *const arguments[] = {"--serve", NULL};
	PerfdashParserServer *self = g_new0(PerfdashParserServer, 1);
	int ends[2] = {-1, -1};
	self->socket = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
		perfdash_error_set_io(error, errno, "make a socket for", "a parser");
		g_free(self);
		return NULL;
	}
	/* a daemon may have closed it */
	int errors = fcntl(STDERR_FILENO, F_GETFD) >= 0 ? STDERR_FILENO : -1;
	const int fds[] = {ends[1], -1, errors};
	gboolean started =
		perfdash_parser_process_spawn(arguments, fds, &self->pid, &self->pidfd, error);
	close(ends[1]);
	if (!started) {
		close(ends[0]);
		g_free(self);
		return NULL;
	}
	self->socket = ends[0];
	self->most = find_most(self->socket);
	return self;
}

/* arguments, each with its end, and what the worker reads from and writes to */
static gboolean
send_request(PerfdashParserServer *self, GString *request, const int *fds)
{
	char control[CMSG_SPACE(PERFDASH_WORKER_FDS * sizeof(int))] = {0};
	struct iovec part = {request->str, request->len};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(PERFDASH_WORKER_FDS * sizeof(int));
	memcpy(CMSG_DATA(header), fds, PERFDASH_WORKER_FDS * sizeof(int));
	gssize n;
	do {
		n = sendmsg(self->socket, &message, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n >= 0;
}

static GString *
join(const char *const *arguments)
{
	g_auto(GStrv) argv = perfdash_parser_process_build_argv(arguments);
	GString *request = g_string_new(NULL);
	for (guint i = 0; argv[i] != NULL; i++)
		g_string_append_len(request, argv[i], strlen(argv[i]) + 1);
	return request;
}

static GVariant *
exchange(PerfdashParserServer *self,
	 GString *request,
	 int input,
	 int output,
	 const char *answer_type,
	 guint timeout,
	 GCancellable *cancellable,
	 GError **error)
{
	g_auto(PerfdashParserExchange) exchange = PERFDASH_PARSER_EXCHANGE_CLOSED;
	gint64 deadline = g_get_monotonic_time() + timeout * (gint64)1000;
	int status;
	if (!perfdash_parser_exchange_open(&exchange, error))
		return NULL;
	const int fds[] = {input,
			   output >= 0 ? output : exchange.answer,
			   exchange.errors_of_worker};
	if (!send_request(self, request, fds)) {
		perfdash_error_set_io(error, errno, "ask", "a parser's process");
		stop(self);
		return NULL;
	}
	perfdash_parser_exchange_begin(&exchange);
	if (!perfdash_parser_exchange_wait(&exchange, self->socket, deadline, cancellable)) {
		perfdash_parser_process_set_stopped(timeout, cancellable, error);
		stop(self);
		return NULL;
	}
	if (recv(self->socket, &status, sizeof(status), 0) != sizeof(status)) {
		perfdash_error_set_io(error, ECHILD, "hear from", "a parser's process");
		stop(self);
		return NULL;
	}
	return perfdash_parser_exchange_take(&exchange, status, answer_type, error);
}

GVariant *
perfdash_parser_server_run(PerfdashParserServer *self,
			   const char *const *arguments,
			   int input,
			   int output,
			   const char *answer_type,
			   guint timeout,
			   GCancellable *cancellable,
			   GError **error)
{
	if (g_cancellable_set_error_if_cancelled(cancellable, error))
		return NULL;
	GString *request = join(arguments);
	GVariant *answer = request->len <= self->most ? exchange(self,
								 request,
								 input,
								 output,
								 answer_type,
								 timeout,
								 cancellable,
								 error)
						      : perfdash_parser_process_run(arguments,
										    input,
										    output,
										    answer_type,
										    timeout,
										    cancellable,
										    error);
	g_string_free(request, TRUE);
	return answer;
}
