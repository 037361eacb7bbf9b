/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	/* whoever listens to the end never looks at the clock */
	for (;;)
		g_printerr("%01000u\n", 1);
	return TRUE;
}

MALICE("chatter", act)
