/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* a time as a clock shows it, in one of the forms that JMeter reads itself: 2026/11/23
 * 17:16:12.478, with hyphens, without milliseconds, 11/23/26 17:16:12; or in that of ISO 8601.
 * has_zone becomes FALSE when it does not say of which zone it is. FALSE when it is none of these
 */
gboolean
jmeter_clock_read(const char *text, gsize size, gint64 *milliseconds, gboolean *has_zone);
G_END_DECLS
