/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* takes from the process what it does not need; to be called before any module is loaded */
gboolean
perfdash_worker_limits_apply(guint64 log_size, GError **error);

G_END_DECLS
