/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_time_parse(const char *text,
		    gint64 now,
		    gint64 *microseconds,
		    gboolean *is_relative,
		    GError **error);

G_END_DECLS
