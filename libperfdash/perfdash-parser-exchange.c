/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-parser-exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "perfdash-error-private.h"
#include "worker/perfdash-worker-protocol.h"

#define MAX_STDERR 4096 /* bytes */
#define MAX_WORDS  300  /* bytes, of an error */

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void
perfdash_parser_exchange_clear(PerfdashParserExchange *self)
{
	close_fd(&self->answer);
	close_fd(&self->errors);
	close_fd(&self->errors_of_worker);
	if (self->said != NULL)
		g_string_free(self->said, TRUE);
}

gboolean
perfdash_parser_exchange_open(PerfdashParserExchange *self, GError **error)
{
	int pipe_fds[2];
	self->said = g_string_new(NULL);
	self->answer = memfd_create("perfdash-answer", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (self->answer < 0)
		return perfdash_error_set_io(error, errno, "make memory for", "a parser");
	if (!g_unix_open_pipe(pipe_fds, FD_CLOEXEC, NULL))
		return perfdash_error_set_io(error, errno, "make a pipe for", "a parser");
	g_unix_set_fd_nonblocking(pipe_fds[0], TRUE, NULL);
	self->errors = pipe_fds[0];
	self->errors_of_worker = pipe_fds[1];
	return TRUE;
}

void
perfdash_parser_exchange_begin(PerfdashParserExchange *self)
{
	close_fd(&self->errors_of_worker);
}

/* some of what the worker says, for it may say more for ever; its end is kept. FALSE when there is
 * nothing now */
static gboolean
read_errors(PerfdashParserExchange *self)
{
	char buffer[MAX_STDERR];
	gssize n = read(self->errors, buffer, sizeof(buffer));
	if (n == 0)
		close_fd(&self->errors);
	if (n <= 0)
		return FALSE;
	g_string_append_len(self->said, buffer, n);
	if (self->said->len > MAX_STDERR)
		g_string_erase(self->said, 0, self->said->len - MAX_STDERR);
	return TRUE;
}

gboolean
perfdash_parser_exchange_wait(PerfdashParserExchange *self,
			      int end,
			      gint64 deadline,
			      GCancellable *cancellable)
{
	GPollFD cancel = {-1, 0, 0};
	g_cancellable_make_pollfd(cancellable, &cancel);
	gboolean ended = FALSE;
	gboolean stop = FALSE;
	while (!ended && !stop) {
		struct pollfd fds[] = {{end, POLLIN, 0},
				       {self->errors, POLLIN, 0},
				       {cancel.fd, POLLIN, 0}};
		gint64 left = (deadline - g_get_monotonic_time() + 999) / 1000;
		poll(fds, G_N_ELEMENTS(fds), CLAMP(left, 0, G_MAXINT));
		if (fds[1].revents != 0)
			read_errors(self);
		ended = fds[0].revents != 0;
		stop = !ended && (left <= 0 || fds[2].revents != 0);
	}
	if (cancel.fd >= 0)
		g_cancellable_release_fd(cancellable);
	return ended;
}

/* the last line the worker said, for people */
static char *
last_words(PerfdashParserExchange *self)
{
	while (self->errors >= 0 && read_errors(self))
		continue;
	g_strchomp(self->said->str);
	const char *newline = strrchr(self->said->str, '\n');
	const char *line = newline != NULL ? newline + 1 : self->said->str;
	g_autofree char *valid = g_utf8_make_valid(line, strnlen(line, MAX_WORDS));
	for (char *p = valid; *p != '\0'; p++) {
		if (g_ascii_iscntrl(*p))
			*p = ' ';
	}
	return *valid != '\0' ? g_strconcat(": ", valid, NULL) : g_strdup("");
}

static gboolean
check_status(PerfdashParserExchange *self, int status, GError **error)
{
	g_autofree char *words = last_words(self);
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
	else if (strstr(self->said->str, "failed to allocate") != NULL)
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

/* of a worker that unpacks a log and loads no modules: FALSE, with what it says, when it cannot */
static gboolean
check_unpacking(PerfdashParserExchange *self, int status, GError **error)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == PERFDASH_WORKER_CUT)
		return TRUE;
	int code = WIFEXITED(status) ? WEXITSTATUS(status) - PERFDASH_WORKER_NOT_UNPACKED : -1;
	if (code != PERFDASH_ERROR_BROKEN && code != PERFDASH_ERROR_OVER_LIMIT &&
	    code != PERFDASH_ERROR_IO)
		return check_status(self, status, error);
	g_autofree char *words = last_words(self);
	g_set_error(error, PERFDASH_ERROR, code, "failed to unpack the log%s", words);
	return FALSE;
}

static GVariant *
read_answer(PerfdashParserExchange *self, const char *answer_type, GError **error)
{
	int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	g_autoptr(GMappedFile) file = NULL;
	if (fcntl(self->answer, F_ADD_SEALS, seals) == 0)
		file = g_mapped_file_new_from_fd(self->answer, FALSE, NULL);
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
perfdash_parser_exchange_take(PerfdashParserExchange *self,
			      int status,
			      const char *answer_type,
			      GError **error)
{
	if (answer_type == NULL)
		return check_unpacking(self, status, error)
			       ? g_variant_ref_sink(g_variant_new_boolean(status != 0))
			       : NULL;
	return check_status(self, status, error) ? read_answer(self, answer_type, error) : NULL;
}
