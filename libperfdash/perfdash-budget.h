/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-selector.h>

G_BEGIN_DECLS

/**
 * PERFDASH_BUDGET_NOW:
 *
 * Which results of a series are those of now, when nobody says otherwise.
 */
#define PERFDASH_BUDGET_NOW  "last:10"

#define PERFDASH_TYPE_BUDGET (perfdash_budget_get_type())

typedef struct _PerfdashBudget PerfdashBudget;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_budget_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashBudget *
perfdash_budget_new(PerfdashSelector *selector,
		    const char *since,
		    const char *now,
		    double limit,
		    GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashBudget *
perfdash_budget_ref(PerfdashBudget *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_budget_unref(PerfdashBudget *self);

PERFDASH_AVAILABLE_IN_0_1
PerfdashSelector *
perfdash_budget_get_selector(PerfdashBudget *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_budget_get_since(PerfdashBudget *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_budget_get_now(PerfdashBudget *self);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_budget_get_limit(PerfdashBudget *self);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_budget_is_relative(PerfdashBudget *self);

PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_budget_parse_limit(const char *text, double *limit, GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_budget_check_since(const char *since, GError **error);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_budget_check_now(const char *now, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashBudget, perfdash_budget_unref)

G_END_DECLS
