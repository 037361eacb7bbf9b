/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-run.h>

G_BEGIN_DECLS

/**
 * PERFDASH_CAUSE_RUNS:
 *
 * How many runs on each side of a change are compared.
 *
 * Since: 0.1
 */
#define PERFDASH_CAUSE_RUNS 5

#define PERFDASH_TYPE_CAUSE (perfdash_cause_get_type())

typedef struct _PerfdashCause PerfdashCause;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_cause_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
GPtrArray *
perfdash_cause_list(GPtrArray *before, GPtrArray *after);
PERFDASH_AVAILABLE_IN_0_1
PerfdashCause *
perfdash_cause_ref(PerfdashCause *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_cause_unref(PerfdashCause *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_cause_get_key(PerfdashCause *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_cause_get_before(PerfdashCause *self, guint *n_runs);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_cause_get_after(PerfdashCause *self, guint *n_runs);
PERFDASH_AVAILABLE_IN_0_1
char *
perfdash_cause_describe(PerfdashCause *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashCause, perfdash_cause_unref)

G_END_DECLS
