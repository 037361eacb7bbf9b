/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PERFDASH_UNPACKER_HEAD       4 /* bytes that tell whether something is compressed */
#define PERFDASH_UNPACKER_MAX_LAYERS 3 /* of a log; some keep logs compressed that already were */

/* takes some of what was unpacked; FALSE with an error when it cannot */
typedef gboolean (*PerfdashUnpackerTake)(gpointer data,
					 const guint8 *bytes,
					 gsize size,
					 GError **error);

/* whether this is the beginning of something compressed by gzip or zstd */
gboolean
perfdash_unpacker_is_packed(gconstpointer head, gsize size);
/* whether what a descriptor reads begins so */
gboolean
perfdash_unpacker_is_packed_file(int fd);
/* Unpacks one layer of such bytes, in memory that does not grow with them. When they end too early,
 * what there is of them is taken, and is_cut is set to TRUE; else it is left alone.
 * PERFDASH_ERROR_BROKEN, PERFDASH_ERROR_OVER_LIMIT when they become more than max_size, or an error
 * of take() */
gboolean
perfdash_unpacker_run(GBytes *packed,
		      guint64 max_size,
		      PerfdashUnpackerTake take,
		      gpointer data,
		      gboolean *is_cut,
		      GError **error);

G_END_DECLS
