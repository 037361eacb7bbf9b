/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	volatile char large[65536];
	large[0] = 1;
	return large[0] != 0 && act(builder, error) && large[0] != 0;
}

MALICE("stack", act)
