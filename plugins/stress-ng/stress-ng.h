/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* what a run says of its stressors, in YAML and in text */
typedef struct {
	PerfdashRunBuilder *builder;
	gboolean is_open;
	guint n_stressors;
	guint n_idle; /* stressors that did nothing */
} StressNg;

void
stress_ng_start_run(StressNg *self);
void
stress_ng_end_run(StressNg *self);
/* bogo operations of a stressor come before its rates: without operations there are none */
void
stress_ng_add_operations(StressNg *self, const char *stressor, double operations);
/* what a stressor measures itself; name is its text without the value */
void
stress_ng_add_measure(StressNg *self, const char *stressor, const char *name, double value);
void
stress_ng_set_ok(StressNg *self, gboolean is_ok, const char *why);

void
stress_ng_read_yaml(GBytes *log, PerfdashRunBuilder *builder);
void
stress_ng_read_text(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
