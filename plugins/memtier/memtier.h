/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* "AGGREGATED AVERAGE RESULTS (3 runs)" and a kind of command as the name of a benchmark; the
 * number of runs is no part of it */
char *
memtier_benchmark_name(const char *title, const char *command);
/* whether it is the heading of results */
gboolean
memtier_is_title(const char *text);
void
memtier_set_unfinished(PerfdashRunBuilder *builder, PerfdashOutcome outcome, const char *why);

/* a percentile of the latency that was added last; seen are those it has. What comes twice, or is
 * one of too many, is left out */
void
memtier_add_percentile(PerfdashRunBuilder *builder,
		       GArray *seen,
		       const char *percent,
		       double value);

gboolean
memtier_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error);
void
memtier_text_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
