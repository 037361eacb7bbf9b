/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-json.h"

G_BEGIN_DECLS

void
autocannon_json_read(JsonObject *root, PerfdashRunBuilder *builder);
/* every run of a log that was printed for people */
void
autocannon_text_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
