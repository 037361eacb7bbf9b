/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdlib.h>

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	abort();
}

MALICE("abort", act)
