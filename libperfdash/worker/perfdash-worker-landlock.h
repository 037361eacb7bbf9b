/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* what this kernel can restrict, 0 when it has no Landlock */
guint
perfdash_worker_landlock_get_version(void);
/* from now on this process reads files of the system's libraries and time zones and of the given
 * folders and files, and reaches no other file, no TCP port, no abstract socket and no process
 * outside by a signal, as far as the kernel's version goes. PERFDASH_ERROR_IO */
gboolean
perfdash_worker_landlock_apply(const char *const *places, GError **error);

G_END_DECLS
