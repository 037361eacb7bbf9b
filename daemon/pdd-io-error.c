/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-io-error.h"

#include <errno.h>
#include <perfdash.h>

/* says errno; always FALSE */
gboolean
pdd_io_error_set(GError **error, const char *doing, const char *path)
{
	int saved_errno = errno;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_IO,
		    "failed to %s %s: %s",
		    doing,
		    path,
		    g_strerror(saved_errno));
	return FALSE;
}
