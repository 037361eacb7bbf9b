/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files below a directory that others write to. Links are not followed: whoever may write there
 * must not make the daemon read what they may not read themselves. */

#include "pdd-file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <linux/openat2.h>
#include <perfdash.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void
state_from_stat(PddFileState *state, const struct stat *st)
{
	state->size = st->st_size;
	state->modified_at = st->st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) +
			     st->st_mtim.tv_nsec;
	state->n_links = st->st_nlink;
}

/* FALSE when there is no regular file */
gboolean
pdd_file_get_state(const char *root, const char *path, PddFileState *state)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	struct stat st;
	if (lstat(full, &st) != 0 || !S_ISREG(st.st_mode))
		return FALSE;
	state_from_stat(state, &st);
	return TRUE;
}

gboolean
pdd_file_state_equal(const PddFileState *one, const PddFileState *other)
{
	return one->size == other->size && one->modified_at == other->modified_at;
}

/* a descriptor of a regular file below root, or -1 with errno */
static int
open_beneath(const char *root, const char *path, struct stat *st)
{
	struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	int directory = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (directory < 0)
		return -1;
	int fd = syscall(SYS_openat2, directory, path, &how, sizeof(how));
	int saved_errno = errno;
	close(directory);
	if (fd >= 0 && (fstat(fd, st) != 0 || !S_ISREG(st->st_mode))) {
		close(fd);
		fd = -1;
		saved_errno = EINVAL;
	}
	errno = saved_errno;
	return fd;
}

/* The kernel gives a read lease only on a file that nobody has open for writing; it gives none at
 * all to who is not the owner, and on some file systems. SIGIO, which tells that a lease is in
 * somebody's way, must be ignored. */
PddFileWriter
pdd_file_get_writer(const char *root, const char *path)
{
	struct stat st;
	int fd = open_beneath(root, path, &st);
	PddFileWriter writer = PDD_FILE_WRITER_UNKNOWN;
	if (fd < 0)
		return writer;
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
		writer = PDD_FILE_WRITER_NONE;
	} else if (errno == EAGAIN) {
		writer = PDD_FILE_WRITER_SOME;
	}
	close(fd);
	return writer;
}

/* the bytes of a file, and the state it is in now */
GInputStream *
pdd_file_open(const char *root, const char *path, PddFileState *state, GError **error)
{
	struct stat st;
	int fd = open_beneath(root, path, &st);
	if (fd < 0) {
		int saved_errno = errno;
		g_set_error(error,
			    PERFDASH_ERROR,
			    saved_errno == ENOENT ? PERFDASH_ERROR_NOT_FOUND : PERFDASH_ERROR_IO,
			    "failed to open %s/%s: %s",
			    root,
			    path,
			    saved_errno == ELOOP    ? "links are not followed"
			    : saved_errno == EINVAL ? "not a regular file"
						    : g_strerror(saved_errno));
		return NULL;
	}
	state_from_stat(state, &st);
	return g_unix_input_stream_new(fd, TRUE);
}
