/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <unistd.h>

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	/* a child outlives the clock of the parent */
	if (fork() == 0)
		pause();
	return malice_done(builder);
}

MALICE("fork", act)
