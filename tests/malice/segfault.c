/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <signal.h>

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	raise(SIGSEGV);
	return TRUE;
}

MALICE("segfault", act)
