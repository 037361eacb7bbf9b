/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-unit.h>

G_BEGIN_DECLS

/**
 * PerfdashChangeKind:
 * @PERFDASH_CHANGE_KIND_NEITHER: nobody said which way is better
 * @PERFDASH_CHANGE_KIND_REGRESSION: it got worse
 * @PERFDASH_CHANGE_KIND_IMPROVEMENT: it got better
 *
 * What a change of level means.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_CHANGE_KIND_NEITHER,
	PERFDASH_CHANGE_KIND_REGRESSION,
	PERFDASH_CHANGE_KIND_IMPROVEMENT,
} PerfdashChangeKind;

#define PERFDASH_TYPE_CHANGE_KIND (perfdash_change_kind_get_type())

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_change_kind_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_change_kind_to_string(PerfdashChangeKind kind);

#define PERFDASH_TYPE_CHANGE_POINT (perfdash_change_point_get_type())

typedef struct _PerfdashChangePoint PerfdashChangePoint;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_change_point_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashChangePoint *
perfdash_change_point_ref(PerfdashChangePoint *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_change_point_unref(PerfdashChangePoint *self);

PERFDASH_AVAILABLE_IN_0_1
gsize
perfdash_change_point_get_index(PerfdashChangePoint *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_change_point_get_range(PerfdashChangePoint *self, gsize *first, gsize *last);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_change_point_get_before(PerfdashChangePoint *self, double *low, double *high);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_change_point_get_after(PerfdashChangePoint *self, double *low, double *high);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_change_point_get_change(PerfdashChangePoint *self, double *low, double *high);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_change_point_get_effect(PerfdashChangePoint *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_change_point_get_p(PerfdashChangePoint *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashChangeKind
perfdash_change_point_get_kind(PerfdashChangePoint *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_change_point_get_confidence(PerfdashChangePoint *self);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_change_point_get_n_outliers(PerfdashChangePoint *self);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_change_point_get_runs_needed(PerfdashChangePoint *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashChangePoint, perfdash_change_point_unref)

G_END_DECLS
