/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A worker whose libraries are loaded and that waits on its standard input, a socket, for work: it
 * forks a child for each log, which locks itself in as any worker does, and says how the child
 * ended. So a log costs a fork of a small process instead of the start of a program, and is as
 * apart from other logs as before. It ends, and its child with it, when the other side is gone.
 *
 * work() is called in the child, with the arguments of a worker that reads one log. */
int
perfdash_worker_server_run(int (*work)(char **argv));

G_END_DECLS
