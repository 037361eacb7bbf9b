/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

gboolean
benchmarkdotnet_read_json(GBytes *document, PerfdashRunBuilder *builder, GError **error);
void
benchmarkdotnet_read_tables(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
