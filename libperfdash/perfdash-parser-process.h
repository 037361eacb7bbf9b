/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* runs perfdash-worker with arguments and input (a file descriptor, or -1) until it ends, and takes
 * its answer of a type in normal form. What goes wrong in the worker is PERFDASH_ERROR_CRASHED,
 * TIMED_OUT, OVER_LIMIT or PROTOCOL; that it cannot be run at all is PERFDASH_ERROR_IO, that it was
 * cancelled G_IO_ERROR_CANCELLED. */
GVariant *
perfdash_parser_process_run(const char *const *arguments,
			    int input,
			    const char *answer_type,
			    guint timeout,
			    GCancellable *cancellable,
			    GError **error);

G_END_DECLS
