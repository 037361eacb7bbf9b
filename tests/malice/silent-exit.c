/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <unistd.h>

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	_exit(0);
}

MALICE("silent-exit", act)
