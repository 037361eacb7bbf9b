/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PERFDASH_WORKER_ANSWER (G_GUINT64_CONSTANT(256) << 20) /* bytes at most */

/* takes from the process what it does not need; to be called before any module is loaded. What it
 * writes has output_size bytes at most */
gboolean
perfdash_worker_limits_apply(guint64 log_size, guint64 output_size, GError **error);

G_END_DECLS
