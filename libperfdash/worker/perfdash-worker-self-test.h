/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* tries in children of its own what a sandboxed parser must not be able to do, and prints what
 * came of it. TRUE when this kernel stops all of it */
gboolean
perfdash_worker_self_test(void);

G_END_DECLS
