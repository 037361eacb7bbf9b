/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A file may be several compressed ones, one behind the other, as those who append to it or
 * compress it in parallel write it: they are one text. What else stands behind is no part of it for
 * gzip, and is damage for zstd, as for gzip(1) and zstd(1). */

#include "perfdash-unpacker.h"

#include <string.h>
#include <unistd.h>

#include "perfdash-error.h"
#include "perfdash-zstd-decompressor.h"

#define PIECE (256 * 1024) /* bytes */

static gboolean
is_gzip(const guint8 *head, gsize size)
{
	return size >= 3 && memcmp(head, "\x1f\x8b\x08", 3) == 0;
}

static gboolean
is_zstd(const guint8 *head, gsize size)
{
	return size >= 4 && memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0;
}

gboolean
perfdash_unpacker_is_packed(gconstpointer head, gsize size)
{
	return is_gzip(head, size) || is_zstd(head, size);
}

gboolean
perfdash_unpacker_is_packed_file(int fd)
{
	guint8 head[PERFDASH_UNPACKER_HEAD];
	gssize n = pread(fd, head, sizeof(head), 0);
	return n > 0 && perfdash_unpacker_is_packed(head, n);
}

static GConverter *
find_decompressor(const guint8 *data, gsize size)
{
	if (is_gzip(data, size))
		return G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
	return perfdash_zstd_decompressor_new();
}

static gboolean
set_over_limit(guint64 max_size, GError **error)
{
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_OVER_LIMIT,
		    "the log has more than %" G_GUINT64_FORMAT
		    " bytes when it is unpacked, which is the limit (max-log-size)",
		    max_size);
	return FALSE;
}

/* zstd gives whole blocks of up to 128 KiB only */
static gboolean
set_empty(GError **error)
{
	g_set_error_literal(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "the compressed log is cut off before anything in it is whole");
	return FALSE;
}

static gboolean
set_broken(const GError *cause, GError **error)
{
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_BROKEN,
		    "the compressed log cannot be unpacked: %s",
		    cause->message);
	return FALSE;
}

gboolean
perfdash_unpacker_run(GBytes *packed,
		      guint64 max_size,
		      PerfdashUnpackerTake take,
		      gpointer data,
		      gboolean *is_cut,
		      GError **error)
{
	gsize size;
	const guint8 *p = g_bytes_get_data(packed, &size);
	const guint8 *end = p + size;
	g_autoptr(GConverter) decompressor = find_decompressor(p, size);
	g_autofree guint8 *piece = g_malloc(PIECE);
	guint64 total = 0;
	for (;;) {
		g_autoptr(GError) local = NULL;
		gsize n = MIN(end - p, PIECE);
		gsize n_read = 0;
		gsize n_written = 0;
		GConverterResult result = g_converter_convert(
			decompressor,
			p,
			n,
			piece,
			PIECE,
			p + n == end ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS,
			&n_read,
			&n_written,
			&local);
		if (g_error_matches(local, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT)) {
			*is_cut = total > 0;
			return total > 0 || set_empty(error);
		}
		if (result == G_CONVERTER_ERROR)
			return set_broken(local, error);
		p += n_read;
		total += n_written;
		if (total > max_size)
			return set_over_limit(max_size, error);
		if (n_written > 0 && !take(data, piece, n_written, error))
			return FALSE;
		if (result != G_CONVERTER_FINISHED)
			continue;
		if (!is_gzip(p, end - p))
			return TRUE;
		g_converter_reset(decompressor);
	}
}
