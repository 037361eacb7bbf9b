/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-json.h"

G_BEGIN_DECLS

/* whether the begin of a text is in the legacy format, which nanobench writes */
gboolean
skia_perf_is_legacy(const char *text);
gboolean
skia_perf_read_legacy(const char *text, gsize size, PerfdashRunBuilder *builder, GError **error);

G_END_DECLS
