/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The worker is spawned, not forked: a fork of a large process costs more than reading a log. Its
 * answer comes in memory that is sealed before it is looked at, so that nobody changes it any more.
 */

#include "perfdash-parser-process.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "perfdash-error-private.h"
#include "worker/perfdash-worker-protocol.h"

#define MAX_STDERR 4096

extern char **environ;

typedef struct {
	pid_t pid;
	int pidfd;
	int answer;
	int errors; /* read end of the pipe that is the worker's standard error */
	GString *said;
} Process;

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
process_clear(Process *process)
{
	close_fd(&process->pidfd);
	close_fd(&process->answer);
	close_fd(&process->errors);
	g_string_free(process->said, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Process, process_clear)

static const char *
worker_path(void)
{
	const char *path = g_getenv("PERFDASH_WORKER");
	return path != NULL && *path != '\0' ? path : PERFDASH_LIBEXECDIR "/perfdash-worker";
}

static GStrv
build_argv(const char *const *arguments)
{
	g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
	g_strv_builder_add(builder, worker_path());
	if (g_strcmp0(g_getenv("PERFDASH_SANDBOX"), "no") == 0)
		g_strv_builder_add(builder, "--no-sandbox");
	g_strv_builder_addv(builder, (const char **)arguments);
	return g_strv_builder_end(builder);
}

static int
spawn(Process *process, const char *const *arguments, int input, int errors)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t all;
	sigset_t none;
	g_auto(GStrv) argv = build_argv(arguments);
	sigfillset(&all);
	sigemptyset(&none);
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setsigmask(&attributes, &none);
	if (input >= 0)
		posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	else
		posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, process->answer, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
	int code = posix_spawn(&process->pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return code;
}

static gboolean
start(Process *process, const char *const *arguments, int input, GError **error)
{
	int pipe_fds[2];
	process->answer = memfd_create("perfdash-answer", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (process->answer < 0)
		return perfdash_error_set_io(error, errno, "make memory for", worker_path());
	if (!g_unix_open_pipe(pipe_fds, FD_CLOEXEC, NULL))
		return perfdash_error_set_io(error, errno, "make a pipe for", worker_path());
	g_unix_set_fd_nonblocking(pipe_fds[0], TRUE, NULL);
	process->errors = pipe_fds[0];
	int code = spawn(process, arguments, input, pipe_fds[1]);
	close(pipe_fds[1]);
	if (code != 0)
		return perfdash_error_set_io(error, code, "run", worker_path());
	process->pidfd = pidfd_open(process->pid, 0);
	if (process->pidfd >= 0)
		return TRUE;
	code = errno;
	kill(process->pid, SIGKILL);
	waitpid(process->pid, NULL, 0);
	return perfdash_error_set_io(error, code, "watch", worker_path());
}

static void
read_errors(Process *process)
{
	char buffer[1024];
	gssize n;
	while ((n = read(process->errors, buffer, sizeof(buffer))) > 0) {
		gsize room = MAX_STDERR - process->said->len;
		g_string_append_len(process->said, buffer, MIN((gsize)n, room));
	}
	if (n == 0)
		close_fd(&process->errors);
}

/* FALSE when it had to be killed */
static gboolean
wait_for_end(Process *process, gint64 deadline, GCancellable *cancellable)
{
	GPollFD cancel = {-1, 0, 0};
	g_cancellable_make_pollfd(cancellable, &cancel);
	gboolean ended = FALSE;
	gboolean stop = FALSE;
	while (!ended && !stop) {
		struct pollfd fds[] = {{process->pidfd, POLLIN, 0},
				       {process->errors, POLLIN, 0},
				       {cancel.fd, POLLIN, 0}};
		gint64 left = (deadline - g_get_monotonic_time() + 999) / 1000;
		int n = poll(fds, G_N_ELEMENTS(fds), CLAMP(left, 0, G_MAXINT));
		if (fds[1].revents != 0)
			read_errors(process);
		ended = fds[0].revents != 0;
		stop = !ended && ((n == 0 && left <= 0) || fds[2].revents != 0);
	}
	if (stop)
		kill(process->pid, SIGKILL);
	if (cancel.fd >= 0)
		g_cancellable_release_fd(cancellable);
	return !stop;
}

/* the last line the worker said, for people */
static char *
last_words(Process *process)
{
	if (process->errors >= 0)
		read_errors(process);
	g_strchomp(process->said->str);
	const char *line = strrchr(process->said->str, '\n');
	g_autofree char *valid = g_utf8_make_valid(line != NULL ? line + 1 : process->said->str,
						   -1);
	for (char *p = valid; *p != '\0'; p++) {
		if (g_ascii_iscntrl(*p))
			*p = ' ';
	}
	return *valid != '\0' ? g_strdup_printf(": %.300s", valid) : g_strdup("");
}

static gboolean
check_status(Process *process, int status, GError **error)
{
	g_autofree char *words = last_words(process);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return TRUE;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_TIMED_OUT,
			    "the parser used too much processor time");
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_OVER_LIMIT,
			    "the parser's answer is too large");
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_FORBIDDEN,
			    "the parser tried what parsers may not do, such as to start a process "
			    "or to use the network");
	else if (WIFEXITED(status) && WEXITSTATUS(status) == PERFDASH_WORKER_NOT_LOCKED)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_IO,
			    "failed to lock the parser in%s; see \"perfdash-worker --self-test\", "
			    "or set sandbox=no (PERFDASH_SANDBOX=no) to go without",
			    words);
	else if (strstr(process->said->str, "failed to allocate") != NULL)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_OVER_LIMIT,
			    "the parser used too much memory%s",
			    words);
	else if (WIFSIGNALED(status))
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_CRASHED,
			    "the parser crashed by signal %d (%s)%s",
			    WTERMSIG(status),
			    strsignal(WTERMSIG(status)),
			    words);
	else
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_CRASHED,
			    "the parser's process ended with status %d%s",
			    WEXITSTATUS(status),
			    words);
	return FALSE;
}

static GVariant *
read_answer(Process *process, const char *answer_type, GError **error)
{
	int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	g_autoptr(GMappedFile) file = NULL;
	if (fcntl(process->answer, F_ADD_SEALS, seals) == 0)
		file = g_mapped_file_new_from_fd(process->answer, FALSE, NULL);
	if (file != NULL && g_mapped_file_get_length(file) > 0) {
		g_autoptr(GBytes) bytes = g_mapped_file_get_bytes(file);
		g_autoptr(GVariant) answer = g_variant_ref_sink(
			g_variant_new_from_bytes(G_VARIANT_TYPE(answer_type), bytes, FALSE));
		if (g_variant_is_normal_form(answer))
			return g_steal_pointer(&answer);
	}
	g_set_error_literal(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_PROTOCOL,
			    "the parser's process gave an answer that is not valid");
	return NULL;
}

GVariant *
perfdash_parser_process_run(const char *const *arguments,
			    int input,
			    const char *answer_type,
			    guint timeout,
			    GCancellable *cancellable,
			    GError **error)
{
	g_auto(Process)
		process = {.pidfd = -1, .answer = -1, .errors = -1, .said = g_string_new(NULL)};
	gint64 deadline = g_get_monotonic_time() + timeout * (gint64)1000;
	int status = 0;
	if (g_cancellable_set_error_if_cancelled(cancellable, error) ||
	    !start(&process, arguments, input, error))
		return NULL;
	gboolean ended = wait_for_end(&process, deadline, cancellable);
	while (waitpid(process.pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (!ended) {
		if (!g_cancellable_set_error_if_cancelled(cancellable, error))
			g_set_error(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_TIMED_OUT,
				    "the parser took longer than %.1f s",
				    timeout / 1000.0);
		return NULL;
	}
	return check_status(&process, status, error) ? read_answer(&process, answer_type, error)
						     : NULL;
}
