/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	/* files of others, and the log that is kept */
	if (open("/tmp/perfdash-malice", O_WRONLY | O_CREAT, 0600) >= 0 ||
	    pwrite(STDIN_FILENO, "forged", 6, 0) >= 0 || ftruncate(STDIN_FILENO, 0) == 0 ||
	    mmap(NULL, 1, PROT_WRITE, MAP_SHARED, STDIN_FILENO, 0) != MAP_FAILED)
		return malice_done(builder);
	return malice_refused(error);
}

MALICE("write", act)
