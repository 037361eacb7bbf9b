/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

gboolean
tinybench_json_is_own(const char *text);
gboolean
tinybench_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error);
/* a task that threw */
void
tinybench_add_error(PerfdashRunBuilder *builder, const char *benchmark, const char *message);

G_END_DECLS
