/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int
pdd_data_dir_lock(const char *path, GError **error);
gboolean
pdd_data_dir_prepare(const char *path, GError **error);

G_END_DECLS
