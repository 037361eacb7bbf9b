/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-labels.h>
#include <perfdash-unit.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_RESULT (perfdash_result_get_type())

typedef struct _PerfdashResult PerfdashResult;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_result_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashResult *
perfdash_result_ref(PerfdashResult *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_result_unref(PerfdashResult *self);

PERFDASH_AVAILABLE_IN_0_1
PerfdashLabels *
perfdash_result_get_labels(PerfdashResult *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_result_get_benchmark(PerfdashResult *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_result_get_metric(PerfdashResult *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_result_get_unit(PerfdashResult *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashDirection
perfdash_result_get_direction(PerfdashResult *self);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_result_get_line(PerfdashResult *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_result_get_value(PerfdashResult *self);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_result_get_n_stats(PerfdashResult *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_result_get_nth_stat(PerfdashResult *self, guint index, double *value);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_result_get_stat(PerfdashResult *self, const char *name, double *value);
PERFDASH_AVAILABLE_IN_0_1
const double *
perfdash_result_get_replicates(PerfdashResult *self, gsize *n_replicates);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashResult, perfdash_result_unref)

G_END_DECLS
