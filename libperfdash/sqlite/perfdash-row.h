/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-pack.h"

G_BEGIN_DECLS

#define PERFDASH_ROW_RAW 15 /* in place of a power of ten: no decimal */

/* the values of a run as whole numbers and powers of ten */
typedef struct {
	gsize n;
	gint64 *mantissas;
	guint8 *exponents;
} PerfdashRow;

PerfdashRow *
perfdash_row_new(gsize n);
void
perfdash_row_free(PerfdashRow *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashRow, perfdash_row_free)

/* a row by itself, and what it holds; usual has n powers of ten that the series had lately */
void
perfdash_row_pack(PerfdashRow *self, const double *values, guint8 *usual, GByteArray *out);
void
perfdash_row_unpack(PerfdashRow *self, PerfdashUnpacker *in, double *values);

/* a row as what differs from another one */
void
perfdash_row_pack_near(const PerfdashRow *base,
		       const double *values,
		       guint8 *usual,
		       GByteArray *out);
void
perfdash_row_unpack_near(const PerfdashRow *base, PerfdashUnpacker *in, double *values);

G_END_DECLS
