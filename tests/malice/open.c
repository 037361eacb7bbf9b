/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	/* secrets of the machine */
	if (open("/etc/passwd", O_RDONLY) >= 0)
		return malice_done(builder);
	return malice_refused(error);
}

MALICE("open", act)
