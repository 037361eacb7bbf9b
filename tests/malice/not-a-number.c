/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	perfdash_run_builder_add_result(builder,
					"b",
					"m",
					"s",
					PERFDASH_DIRECTION_LOWER,
					0.0 / 0.0);
	return TRUE;
}

MALICE("not-a-number", act)
