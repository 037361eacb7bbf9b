/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-pack.h"

G_BEGIN_DECLS

/* values of one series */
void
perfdash_column_pack(const double *values, gsize n, GByteArray *out);
void
perfdash_column_unpack(PerfdashUnpacker *in, double *values, gsize n);

G_END_DECLS
