/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <unistd.h>

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	char *argv[] = {"true", NULL};
	execv("/usr/bin/true", argv);
	return malice_done(builder);
}

MALICE("exec", act)
