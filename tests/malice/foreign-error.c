/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gio.h>

#include "malice.h"

static gboolean
act(PerfdashRunBuilder *builder, GError **error)
{
	g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "two\nlines");
	return FALSE;
}

MALICE("foreign-error", act)
