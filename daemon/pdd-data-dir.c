/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The directory that holds all that the daemon keeps:
 *
 *   lock           held while a daemon uses the directory
 *   perfdash.db    the store
 *   logs/          the archive
 *   sources/       what sources have read, to be forgotten at will
 *   tokens/        who may write, see pdd-token-folder.c
 *   spool/         logs on their way; files without names, gone with the process */

#include "pdd-data-dir.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <perfdash.h>
#include <sys/file.h>

#include "pdd-io-error.h"

#define LOCK_WAIT (2 * G_TIME_SPAN_SECOND)

static gboolean
make_directory(const char *path, const char *name, GError **error)
{
	g_autofree char *directory = g_build_filename(path, name, NULL);
	if (g_mkdir_with_parents(directory, 0750) != 0)
		return pdd_io_error_set(error, "make directory", directory);
	if (g_access(directory, W_OK | X_OK) != 0)
		return pdd_io_error_set(error, "write to directory", directory);
	return TRUE;
}

/* a worker that was just being started when a daemon was killed has its lock until it begins */
static gboolean
take_lock(int fd)
{
	gint64 end = g_get_monotonic_time() + LOCK_WAIT;
	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK || g_get_monotonic_time() > end)
			return FALSE;
		g_usleep(20 * G_TIME_SPAN_MILLISECOND);
	}
	return TRUE;
}

/* a file descriptor that keeps other daemons away until it is closed, or -1 */
int
pdd_data_dir_lock(const char *path, GError **error)
{
	g_autofree char *lock = g_build_filename(path, "lock", NULL);
	if (!make_directory(path, NULL, error))
		return -1;
	int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd < 0) {
		pdd_io_error_set(error, "open", lock);
		return -1;
	}
	if (take_lock(fd))
		return fd;
	if (errno == EWOULDBLOCK)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_IO,
			    "data directory %s is in use by another perfdashd",
			    path);
	else
		pdd_io_error_set(error, "lock", lock);
	g_close(fd, NULL);
	return -1;
}

/* makes what is missing, and lets logs on their way lie in the spool instead of in /tmp; to be
 * called before there are other threads */
gboolean
pdd_data_dir_prepare(const char *path, GError **error)
{
	g_autofree char *spool = g_build_filename(path, "spool", NULL);
	g_setenv("TMPDIR", spool, TRUE);
	return make_directory(path, "spool", error) && make_directory(path, "sources", error) &&
	       make_directory(path, "logs", error);
}
