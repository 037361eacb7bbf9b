/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-run-private.h"

/* What goes between a worker and its parent.
 *
 *   perfdash-worker --describe MODULE...		standard output takes a
 * PERFDASH_DESCRIPTION_TYPE
 *   perfdash-worker --parse [--forced] LOG-NAME MODULE...	standard input is the log, standard
 * output takes a PERFDASH_ANSWER_TYPE
 *
 * The worker exits with 0 when it has answered, whatever the answer. */

/* an array of path, name, version, description, globs, and why it is blocked or "" */
#define PERFDASH_DESCRIPTION_TYPE "a(ssssss)"

/* name and version of the parser or "", class of error or "", its message, runs */
#define PERFDASH_ANSWER_TYPE      "(ssssa" PERFDASH_RUN_VARIANT_TYPE ")"
