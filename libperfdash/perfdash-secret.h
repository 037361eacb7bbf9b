/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* a text without what only its writer should know: users and passwords in addresses, values of
 * parameters and headers such as token= and Authorization:. NULL when there is nothing to hide */
char *
perfdash_secret_hide(const char *text);

G_END_DECLS
