/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	for (guint i = 0; i < 100000; i++)
		g_print("%01000u\\n", i);
	perfdash_run_builder_add_result(builder, "b", "m", "s", PERFDASH_DIRECTION_LOWER, 1);
	return TRUE;
}

MALICE("output", act)
