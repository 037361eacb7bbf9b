/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* from now on this process maps files, computes, and writes to output and to its standard error. A
 * call that only harm needs ends it by SIGSYS, every other is refused. PERFDASH_ERROR_IO */
gboolean
perfdash_worker_seccomp_apply(int output, GError **error);
/* makes a filter and does not apply it */
void
perfdash_worker_seccomp_warm_up(void);

G_END_DECLS
