/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <signal.h>
#include <unistd.h>

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	kill(getppid(), SIGKILL);
	return malice_done(builder);
}

MALICE("kill-parent", act)
