/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-error.h"

G_BEGIN_DECLS

/* of an errno: "failed to read x.log: No such file or directory", with PERFDASH_ERROR_IO; always
 * FALSE */
gboolean
perfdash_error_set_io(GError **error, int code, const char *doing, const char *what);

G_END_DECLS
