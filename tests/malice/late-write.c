/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>
#include <unistd.h>

#include "malice.h"

/* when the answer is written */
static void
write_late(void)
{
	for (int fd = 3; fd < 16; fd++) {
		if (write(fd, "late late late", 14) < 0)
			continue;
	}
}

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	atexit(write_late);
	return malice_done(builder);
}

MALICE("late-write", act)
