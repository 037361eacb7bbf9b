/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean
pdd_io_error_set(GError **error, const char *doing, const char *path);

G_END_DECLS
