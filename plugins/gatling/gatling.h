/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-json.h"

G_BEGIN_DECLS

/* what Gatling calls the sum over all requests */
#define GATLING_ALL "All Requests"

/* every simulation.log in a log */
void
gatling_log_read(GBytes *log, PerfdashRunBuilder *builder);
/* every summary on a console */
void
gatling_text_read(GBytes *log, PerfdashRunBuilder *builder);
/* stats.json or global_stats.json of a report */
void
gatling_json_read(JsonObject *root, PerfdashRunBuilder *builder);

G_END_DECLS
