/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	return FALSE;
}

MALICE("no-reason", act)
