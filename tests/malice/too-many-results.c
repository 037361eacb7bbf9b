/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	for (guint i = 0; i < 1000001; i++)
		perfdash_run_builder_add_result(builder,
						"b",
						"m",
						"s",
						PERFDASH_DIRECTION_LOWER,
						i);
	return TRUE;
}

MALICE("too-many-results", act)
