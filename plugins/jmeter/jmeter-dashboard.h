/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

gboolean
jmeter_dashboard_read(const char *text, gsize size, PerfdashRunBuilder *builder, GError **error);
/* whether the text begins like the statistics.json of a dashboard */
gboolean
jmeter_dashboard_is(const char *text, gsize size);

G_END_DECLS
