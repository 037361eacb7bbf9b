/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-change.h>
#include <perfdash-verdict.h>

G_BEGIN_DECLS

/**
 * PERFDASH_BASELINE_SPAN:
 *
 * How long before the newest result of a series its baseline is, in microseconds.
 */
#define PERFDASH_BASELINE_SPAN (30 * G_TIME_SPAN_DAY)

#define PERFDASH_TYPE_BASELINE (perfdash_baseline_get_type())

typedef struct _PerfdashBaseline PerfdashBaseline;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_baseline_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashBaseline *
perfdash_baseline_new(GPtrArray *changes,
		      PerfdashDirection direction,
		      gint64 last_time,
		      gsize n_results);
PERFDASH_AVAILABLE_IN_0_1
PerfdashBaseline *
perfdash_baseline_copy(PerfdashBaseline *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_baseline_free(PerfdashBaseline *self);

PERFDASH_AVAILABLE_IN_0_1
PerfdashVerdict
perfdash_baseline_get_verdict(PerfdashBaseline *self);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_baseline_get_n_changes(PerfdashBaseline *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_baseline_get_before(PerfdashBaseline *self, double *low, double *high);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_baseline_get_after(PerfdashBaseline *self, double *low, double *high);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_baseline_get_change(PerfdashBaseline *self, double *low, double *high);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashBaseline, perfdash_baseline_free)

G_END_DECLS
