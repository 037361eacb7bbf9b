/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

gboolean
vitest_bench_json_is_own(const char *text);
gboolean
vitest_bench_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error);
void
vitest_bench_text_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
