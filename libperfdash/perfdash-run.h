/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-change-event.h>
#include <perfdash-outcome.h>
#include <perfdash-result.h>
#include <perfdash-standing.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_RUN (perfdash_run_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashRun, perfdash_run, PERFDASH, RUN, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashRun *
perfdash_run_new_from_variant(GVariant *variant, GError **error);
PERFDASH_AVAILABLE_IN_0_1
GVariant *
perfdash_run_to_variant(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashRun *
perfdash_run_with_defaults(PerfdashRun *self, PerfdashRun *defaults);

PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_run_get_id(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLabels *
perfdash_run_get_labels(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_run_get_build(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_run_get_revision(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_run_get_url(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_run_get_started_at(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashOutcome
perfdash_run_get_outcome(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_run_get_parser(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_run_get_log(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_run_get_log_digest(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_run_get_log_name(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLabels *
perfdash_run_get_environment(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLabels *
perfdash_run_get_parameters(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
const char *const *
perfdash_run_get_warnings(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_run_get_n_results(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashResult *
perfdash_run_get_result(PerfdashRun *self, guint index);
PERFDASH_AVAILABLE_IN_0_1
PerfdashStanding
perfdash_run_get_standing(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_run_get_replaced_by(PerfdashRun *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashChangeEvent *
perfdash_run_get_standing_event(PerfdashRun *self);

G_END_DECLS
