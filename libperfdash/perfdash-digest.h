/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* the SHA-256 of what it is fed with */
typedef struct _PerfdashDigest PerfdashDigest;

PerfdashDigest *
perfdash_digest_new(void);
void
perfdash_digest_free(PerfdashDigest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashDigest, perfdash_digest_free)
void
perfdash_digest_update(PerfdashDigest *self, const guint8 *data, gsize size);
/* in hexadecimal; nothing may follow */
char *
perfdash_digest_end(PerfdashDigest *self);

G_END_DECLS
