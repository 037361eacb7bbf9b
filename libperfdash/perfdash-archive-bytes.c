/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the bytes of logs take, and how they go. */

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "perfdash-archive-private.h"
#include "perfdash-error-private.h"

#define ASIDE ".old" /* bytes that may go */

/**
 * perfdash_archive_get_size:
 * @self: a #PerfdashArchive
 * @digest: the SHA-256 of a log in hexadecimal
 *
 * Returns: the bytes that a log that is settled takes on disk, or 0 when there is none
 *
 * Since: 0.1
 */
guint64
perfdash_archive_get_size(PerfdashArchive *self, const char *digest)
{
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(self) && perfdash_archive_is_digest(digest), 0);
	g_autofree char *path = perfdash_archive_build_path(self, digest);
	GStatBuf status;
	return g_stat(path, &status) == 0 ? status.st_size : 0;
}

static void
measure_directory(const char *path, guint64 *n_logs, guint64 *n_bytes)
{
	g_autoptr(GDir) files = g_dir_open(path, 0, NULL);
	const char *name;
	while (files != NULL && (name = g_dir_read_name(files)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		GStatBuf status;
		if (!g_str_has_suffix(name, PERFDASH_ARCHIVE_SUFFIX) || g_stat(file, &status) != 0)
			continue;
		(*n_logs)++;
		*n_bytes += status.st_size;
	}
}

/**
 * perfdash_archive_measure:
 * @self: a #PerfdashArchive
 * @n_logs: (out): how many logs are settled
 * @n_bytes: (out): what they take on disk
 * @error: return location for an error, or %NULL
 *
 * Looks at every log. Blocks.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
gboolean
perfdash_archive_measure(PerfdashArchive *self, guint64 *n_logs, guint64 *n_bytes, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(self), FALSE);
	*n_logs = *n_bytes = 0;
	g_autoptr(GError) local = NULL;
	g_autoptr(GDir) directories = g_dir_open(self->directory, 0, &local);
	const char *name;
	if (directories == NULL && !g_error_matches(local, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
		g_set_error_literal(error, PERFDASH_ERROR, PERFDASH_ERROR_IO, local->message);
		return FALSE;
	}
	while (directories != NULL && (name = g_dir_read_name(directories)) != NULL) {
		g_autofree char *path = g_build_filename(self->directory, name, NULL);
		if (strlen(name) == 2)
			measure_directory(path, n_logs, n_bytes);
	}
	return TRUE;
}

/* a name that no digest has */
static gboolean
move_aside(PerfdashArchive *self, const char *digest, gboolean is_back, GError **error)
{
	g_autofree char *path = perfdash_archive_build_path(self, digest);
	g_autofree char *aside = g_strconcat(path, ASIDE, NULL);
	const char *from = is_back ? aside : path;
	if (g_rename(from, is_back ? path : aside) == 0 || errno == ENOENT)
		return TRUE;
	return perfdash_error_set_io(error, errno, "rename", from);
}

/**
 * perfdash_archive_set_aside:
 * @self: a #PerfdashArchive
 * @digest: the SHA-256 of a log in hexadecimal
 * @error: return location for an error, or %NULL
 *
 * Puts the bytes of logs that are settled where nobody finds them. What is settled from now on
 * comes with bytes of its own; so whoever then finds that no log needs them any more may call
 * perfdash_archive_remove(), and else perfdash_archive_put_back().
 *
 * Returns: %TRUE, also when there is none, or %FALSE with %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
gboolean
perfdash_archive_set_aside(PerfdashArchive *self, const char *digest, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(self) && perfdash_archive_is_digest(digest),
			     FALSE);
	return move_aside(self, digest, FALSE, error);
}

/**
 * perfdash_archive_put_back:
 * @self: a #PerfdashArchive
 * @digest: the SHA-256 of a log in hexadecimal
 * @error: return location for an error, or %NULL
 *
 * Undoes perfdash_archive_set_aside().
 *
 * Returns: %TRUE, also when there is none, or %FALSE with %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
gboolean
perfdash_archive_put_back(PerfdashArchive *self, const char *digest, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(self) && perfdash_archive_is_digest(digest),
			     FALSE);
	return move_aside(self, digest, TRUE, error);
}

/**
 * perfdash_archive_remove:
 * @self: a #PerfdashArchive
 * @digest: the SHA-256 of a log in hexadecimal
 * @error: return location for an error, or %NULL
 *
 * Removes what perfdash_archive_set_aside() did set aside.
 *
 * Returns: %TRUE, also when there is none, or %FALSE with %PERFDASH_ERROR_IO
 *
 * Since: 0.1
 */
gboolean
perfdash_archive_remove(PerfdashArchive *self, const char *digest, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_ARCHIVE(self) && perfdash_archive_is_digest(digest),
			     FALSE);
	g_autofree char *path = perfdash_archive_build_path(self, digest);
	g_autofree char *aside = g_strconcat(path, ASIDE, NULL);
	if (g_unlink(aside) == 0 || errno == ENOENT)
		return TRUE;
	return perfdash_error_set_io(error, errno, "remove", aside);
}
