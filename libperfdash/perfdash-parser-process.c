/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The worker is spawned, not forked: a fork of a large process costs more than reading a log. */

#include "perfdash-parser-process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "perfdash-error-private.h"
#include "perfdash-parser-exchange.h"

extern char **environ;

static const char *
worker_path(void)
{
	const char *path = g_getenv("PERFDASH_WORKER");
	return path != NULL && *path != '\0' ? path : PERFDASH_LIBEXECDIR "/perfdash-worker";
}

GStrv
perfdash_parser_process_build_argv(const char *const *arguments)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	g_strv_builder_add(builder, worker_path());
	if (g_strcmp0(g_getenv("PERFDASH_SANDBOX"), "no") == 0)
		g_strv_builder_add(builder, "--no-sandbox");
	g_strv_builder_addv(builder, (const char **)arguments);
	return g_strv_builder_end(builder);
}

gboolean
perfdash_parser_process_spawn(const char *const *arguments,
			      const int *fds,
			      pid_t *pid,
			      int *pidfd,
			      GError **error)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all;
	sigset_t none;
	g_auto(GStrv) argv = perfdash_parser_process_build_argv(arguments);
	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
		if (fds[i] >= 0)
			posix_spawn_file_actions_adddup2(&actions, fds[i], i);
		else
			posix_spawn_file_actions_addopen(&actions, i, "/dev/null", O_RDWR, 0);
	}
	/* a parser may read what is open */
	posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
	int code = posix_spawn(pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	if (code != 0)
		return perfdash_error_set_io(error, code, "run", worker_path());
	*pidfd = pidfd_open(*pid, 0);
	if (*pidfd >= 0)
		return TRUE;
	code = errno;
	perfdash_parser_process_end(*pid, SIGKILL);
	return perfdash_error_set_io(error, code, "watch", worker_path());
}

int
perfdash_parser_process_end(pid_t pid, int signal)
{
	int status = 0;
	if (signal != 0)
		kill(pid, signal);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

gboolean
perfdash_parser_process_set_stopped(guint timeout, GCancellable *cancellable, GError **error)
{
	if (!g_cancellable_set_error_if_cancelled(cancellable, error))
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_TIMED_OUT,
			    "the parser took longer than %.1f s",
			    timeout / 1000.0);
	return FALSE;
}

GVariant *
perfdash_parser_process_run(const char *const *arguments,
			    int input,
			    int output,
			    const char *answer_type,
			    guint timeout,
			    GCancellable *cancellable,
			    GError **error)
{
	g_auto(PerfdashParserExchange) exchange = PERFDASH_PARSER_EXCHANGE_CLOSED;
	gint64 deadline = g_get_monotonic_time() + timeout * (gint64)1000;
	pid_t pid;
	int pidfd;
	if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
	    !perfdash_parser_exchange_open(&exchange, error))
		return NULL;
	const int fds[] = {input,
			   output >= 0 ? output : exchange.answer,
			   exchange.errors_of_worker};
	if (!perfdash_parser_process_spawn(arguments, fds, &pid, &pidfd, error))
		return NULL;
	perfdash_parser_exchange_begin(&exchange);
	gboolean ended = perfdash_parser_exchange_wait(&exchange, pidfd, deadline, cancellable);
	int status = perfdash_parser_process_end(pid, ended ? 0 : SIGKILL);
	close(pidfd);
	if (!ended) {
		perfdash_parser_process_set_stopped(timeout, cancellable, error);
		return NULL;
	}
	return perfdash_parser_exchange_take(&exchange, status, answer_type, error);
}
