/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "pdd-config-value.h"

G_BEGIN_DECLS

/* a budget as the configuration says it */
typedef struct {
	char *name;
	char *title; /* the name when there is none */
	char *match; /* as it is written, "" when there is none */
	PerfdashSelector *selector;
	char *since;            /* nullable */
	char *now;              /* nullable: PERFDASH_BUDGET_NOW */
	double limit;           /* a share; 0 when it is not said */
	PerfdashBudget *budget; /* of all that; NULL until it is checked */
	gboolean has_mistakes;

	char *file; /* where it stands */
	guint line;
} PddBudgetConfig;

GPtrArray *
pdd_config_budget_collect(GPtrArray *entries, GPtrArray *errors);

G_END_DECLS
