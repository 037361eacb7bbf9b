/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* runs perfdash-worker with arguments and input (a file descriptor, or -1) until it ends, and takes
 * its answer of a type in normal form. With an output (or -1) the answer is what is written there:
 * there is no type, and an empty tuple is given. What goes wrong in the worker is
 * PERFDASH_ERROR_CRASHED, TIMED_OUT, OVER_LIMIT, FORBIDDEN or PROTOCOL; that it cannot be run at
 * all is PERFDASH_ERROR_IO, that it was cancelled G_IO_ERROR_CANCELLED. */
GVariant *
perfdash_parser_process_run(const char *const *arguments,
			    int input,
			    int output,
			    const char *answer_type,
			    guint timeout,
			    GCancellable *cancellable,
			    GError **error);

/* the worker and its arguments, with what the environment says of them */
GStrv
perfdash_parser_process_build_argv(const char *const *arguments);
/* starts a worker with arguments and three standard descriptors, -1 for none. PERFDASH_ERROR_IO */
gboolean
perfdash_parser_process_spawn(const char *const *arguments,
			      const int *fds,
			      pid_t *pid,
			      int *pidfd,
			      GError **error);
/* waits for the end, which a signal may bring, 0 for none; the status is that of waitpid() */
int
perfdash_parser_process_end(pid_t pid, int signal);
/* the error of a worker that had to be stopped */
gboolean
perfdash_parser_process_set_stopped(guint timeout, GCancellable *cancellable, GError **error);

G_END_DECLS
