/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <perfdash.h>

G_BEGIN_DECLS

/* "benchmark-complete" of cargo-criterion; FALSE when it is something else */
gboolean
criterion_read_message(JsonObject *message, PerfdashRunBuilder *builder);
/* target/criterion/BENCHMARK/new/estimates.json, which does not say the benchmark */
gboolean
criterion_read_estimates(JsonObject *estimates, PerfdashRunBuilder *builder);

G_END_DECLS
