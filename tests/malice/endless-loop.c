/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	for (volatile guint i = 0;; i++)
		continue;
	return TRUE;
}

MALICE("endless-loop", act)
