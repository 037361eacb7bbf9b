/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-run.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_RUN_BUILDER (perfdash_run_builder_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashRunBuilder, perfdash_run_builder, PERFDASH, RUN_BUILDER, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashRunBuilder *
perfdash_run_builder_new(void);

PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_next_run(PerfdashRunBuilder *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_set_rest(PerfdashRunBuilder *self, gsize offset);
PERFDASH_AVAILABLE_IN_0_1
gsize
perfdash_run_builder_get_rest(PerfdashRunBuilder *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_set_label(PerfdashRunBuilder *self, const char *key, const char *value);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_set_build(PerfdashRunBuilder *self, const char *build);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_set_revision(PerfdashRunBuilder *self, const char *revision);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_set_url(PerfdashRunBuilder *self, const char *url);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_set_started_at(PerfdashRunBuilder *self, gint64 started_at);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_set_outcome(PerfdashRunBuilder *self, PerfdashOutcome outcome);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_set_parser(PerfdashRunBuilder *self, const char *parser);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_set_environment(PerfdashRunBuilder *self, const char *key, const char *value);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_set_parameter(PerfdashRunBuilder *self, const char *key, const char *value);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_add_warning(PerfdashRunBuilder *self, const char *format, ...)
	G_GNUC_PRINTF(2, 3);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_add_warning_literal(PerfdashRunBuilder *self, const char *text);

PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_add_result(PerfdashRunBuilder *self,
				const char *benchmark,
				const char *metric,
				const char *unit,
				PerfdashDirection direction,
				double value);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_set_line(PerfdashRunBuilder *self, guint line);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_add_result_label(PerfdashRunBuilder *self, const char *key, const char *value);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_add_stat(PerfdashRunBuilder *self, const char *name, double value);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_run_builder_add_replicate(PerfdashRunBuilder *self, double value);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_run_builder_get_n_results(PerfdashRunBuilder *self);

PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_run_builder_end(PerfdashRunBuilder *self, GError **error);

G_END_DECLS
