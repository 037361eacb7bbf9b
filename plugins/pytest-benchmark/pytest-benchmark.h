/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

gboolean
pytest_benchmark_json_is_own(const char *text);
gboolean
pytest_benchmark_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error);
void
pytest_benchmark_text_read(GBytes *log, PerfdashRunBuilder *builder);
/* adds each table as a run, and begins another behind it */
void
pytest_benchmark_csv_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
