/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	for (;;)
		memset(g_malloc(64 << 20), 1, 64 << 20);
	return TRUE;
}

MALICE("memory", act)
