/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-run-private.h"

/* What goes between a worker and its parent.
 *
 * perfdash-worker [OPTION...] --describe MODULE...
 *     standard output takes a PERFDASH_DESCRIPTION_TYPE
 *
 * perfdash-worker [OPTION...] [--forced] --parse LOG-NAME (MODULE NAME VERSION GLOBS KIND MARKS)...
 *     standard input is the log; standard output takes a PERFDASH_ANSWER_TYPE. What modules are is
 *     said again so that only those that may read the log need be loaded
 *
 * perfdash-worker [OPTION...] --unpack MAX-SIZE
 *     standard input is a compressed log; standard output takes what one layer of it unpacks to. It
 *     loads no modules. The exit status is PERFDASH_WORKER_CUT when the log ends too early, and
 *     PERFDASH_WORKER_NOT_UNPACKED and the code of a PerfdashError when unpacking fails, and
 *     standard error says why
 *
 * A MODULE is a module or a key file; the options are --no-sandbox and --interpreter with the
 * module that reads key files.
 *
 * perfdash-worker --serve
 *     standard input is a socket. Each message is a worker with its arguments, as above, and three
 *     descriptors to be its standard ones; the reply is its status, as of waitpid()
 *
 * The worker exits with 0 when it has answered, whatever the answer, and with
 * PERFDASH_WORKER_NOT_LOCKED when the kernel gives it no sandbox. */

#define PERFDASH_WORKER_NOT_LOCKED   77
#define PERFDASH_WORKER_CUT          99
#define PERFDASH_WORKER_NOT_UNPACKED 100

#define PERFDASH_WORKER_FDS          3
#define PERFDASH_WORKER_REQUEST      (100 * 1024) /* bytes */
#define PERFDASH_MODULE_ARGUMENTS    6

/* an array of path, name, version, description, globs, kind, marks, and why it is blocked or "" */
#define PERFDASH_DESCRIPTION_TYPE    "a(sssssuss)"

/* names and versions of the parsers or "", class of error or "", its message, runs, and what was
 * claimed: name of the parser, score, line, conclusion */
#define PERFDASH_ANSWER_TYPE         "(ssssa" PERFDASH_RUN_VARIANT_TYPE "a(suus))"
