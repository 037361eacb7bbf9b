/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* locks this process in before it loads a module: limits, then Landlock, then seccomp. Modules and
 * what stands beside them can be read, and key files. All of it or an error: PERFDASH_ERROR_IO */
gboolean
perfdash_worker_sandbox_apply(char **modules,
			      int output,
			      guint64 log_size,
			      guint64 output_size,
			      GError **error);

G_END_DECLS
