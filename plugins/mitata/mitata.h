/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

gboolean
mitata_json_is_own(const char *text);
gboolean
mitata_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error);
void
mitata_text_read(GBytes *log, PerfdashRunBuilder *builder);
/* a benchmark that threw */
void
mitata_add_error(PerfdashRunBuilder *builder, const char *benchmark, const char *message);

G_END_DECLS
