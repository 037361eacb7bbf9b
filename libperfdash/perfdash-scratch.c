/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "perfdash-error-private.h"

static int
open_in(const char *folder)
{
	return open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

int
perfdash_scratch_open(GError **error)
{
	int fd = g_getenv("TMPDIR") == NULL ? open_in("/var/tmp") : -1;
	if (fd < 0)
		fd = open_in(g_get_tmp_dir());
	if (fd < 0)
		perfdash_error_set_io(error, errno, "make a temporary file in", g_get_tmp_dir());
	return fd;
}

int
perfdash_scratch_seal(int fd, GError **error)
{
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	int sealed = open(path, O_RDONLY | O_CLOEXEC);
	if (sealed < 0)
		perfdash_error_set_io(error, errno, "open", path);
	g_close(fd, NULL);
	return sealed;
}
