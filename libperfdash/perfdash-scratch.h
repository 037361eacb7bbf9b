/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A temporary file without a name, for what is too large for memory: in TMPDIR, else in /var/tmp,
 * which lies on a disk where /tmp may be memory. Gives a descriptor, or -1 with PERFDASH_ERROR_IO
 */
int
perfdash_scratch_open(GError **error);
/* from now on nobody changes the bytes, not even who is given the descriptor. Takes it and gives
 * another one, or -1 with PERFDASH_ERROR_IO */
int
perfdash_scratch_seal(int fd, GError **error);

G_END_DECLS
