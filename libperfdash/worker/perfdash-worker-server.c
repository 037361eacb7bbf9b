/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-worker-server.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "perfdash-worker-protocol.h"

/* the size of a request with its descriptors, 0 when there are no more */
static gsize
receive(char *request, int *fds)
{
	char control[CMSG_SPACE(PERFDASH_WORKER_FDS * sizeof(int))];
	struct iovec part = {request, PERFDASH_WORKER_REQUEST};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	gssize n;
	do {
		n = recvmsg(STDIN_FILENO, &message, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
	if (header == NULL || header->cmsg_len != CMSG_LEN(PERFDASH_WORKER_FDS * sizeof(int)) ||
	    request[n - 1] != '\0')
		return 0;
	memcpy(fds, CMSG_DATA(header), PERFDASH_WORKER_FDS * sizeof(int));
	return n;
}

static char **
split(char *request, gsize size)
{
	GPtrArray *argv = g_ptr_array_new();
	for (gsize i = 0; i < size; i += strlen(request + i) + 1)
		g_ptr_array_add(argv, request + i);
	g_ptr_array_add(argv, NULL);
	return (char **)g_ptr_array_free(argv, FALSE);
}

/* the status of a child; when the other side goes away it is ended */
static int
wait_for(pid_t child)
{
	int status = 0;
	int pidfd = pidfd_open(child, 0);
	struct pollfd fds[] = {{pidfd, POLLIN, 0}, {STDIN_FILENO, 0, 0}};
	while (pidfd >= 0 && poll(fds, G_N_ELEMENTS(fds), -1) < 0 && errno == EINTR)
		continue;
	if (pidfd < 0 || fds[1].revents != 0)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (pidfd >= 0)
		close(pidfd);
	return status;
}

static void
take_fds(const int *fds)
{
	for (int i = 0; i < PERFDASH_WORKER_FDS; i++) {
		dup2(fds[i], i);
		close(fds[i]);
	}
}

int
perfdash_worker_server_run(int (*work)(char **argv))
{
	g_autofree char *request = g_malloc(PERFDASH_WORKER_REQUEST);
	int fds[PERFDASH_WORKER_FDS];
	gsize size;
	pid_t self = getpid();
	while ((size = receive(request, fds)) > 0) {
		pid_t child = fork();
		if (child == 0) {
			/* before that nothing ends it when this process is ended */
			if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != self)
				_exit(PERFDASH_WORKER_NOT_LOCKED);
			take_fds(fds);
			return work(split(request, size));
		}
		if (child < 0)
			dprintf(fds[STDERR_FILENO], "failed to fork: %s\n", g_strerror(errno));
		for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
			close(fds[i]);
		int status = child > 0 ? wait_for(child) : PERFDASH_WORKER_NOT_LOCKED << 8;
		if (send(STDIN_FILENO, &status, sizeof(status), MSG_NOSIGNAL) < 0)
			break;
	}
	return 0;
}
