/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* reads packed bytes; after the first byte too few it fails and gives zeros */
typedef struct {
	const guint8 *p;
	const guint8 *end;
	gboolean failed;
} PerfdashUnpacker;

void
perfdash_pack_uint(GByteArray *out, guint64 value);
void
perfdash_pack_int(GByteArray *out, gint64 value);
void
perfdash_pack_text(GByteArray *out, const char *text);
guint64
perfdash_unpack_uint(PerfdashUnpacker *in);
gint64
perfdash_unpack_int(PerfdashUnpacker *in);
const char *
perfdash_unpack_text(PerfdashUnpacker *in);

/* the values of one run, each of another series; exponents holds n hints and takes what was found
 */
void
perfdash_pack_row(GByteArray *out, const double *values, guint8 *exponents, gsize n);
void
perfdash_unpack_row(PerfdashUnpacker *in, double *values, gsize n);

/* values of one series */
void
perfdash_pack_column(GByteArray *out, const double *values, gsize n);
void
perfdash_unpack_column(PerfdashUnpacker *in, double *values, gsize n);

G_END_DECLS
