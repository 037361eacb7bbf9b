/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* a lab and whether it is silent */
typedef struct {
	PerfdashLab *lab;
	GTimeSpan usual;    /* time between runs, 0: not known */
	gint64 last_result; /* microseconds since 1970 UTC */
	double intervals;   /* how many usual times have passed since */
	gboolean is_silent;
} PddLab;

typedef struct _PddLabs PddLabs;

PddLabs *
pdd_labs_new(PerfdashStore *store);
void
pdd_labs_free(PddLabs *self);
GPtrArray *
pdd_labs_ref_list(PddLabs *self, GError **error);

G_END_DECLS
