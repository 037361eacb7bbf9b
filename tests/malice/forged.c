/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <unistd.h>

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	/* every descriptor may be the one the answer goes to */
	for (int fd = 1; fd < 16; fd++) {
		if (write(fd, "forged forged forged forged", 27) < 0)
			continue;
	}
	_exit(0);
}

MALICE("forged", act)
