/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash-change.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_PRECISION (perfdash_precision_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashPrecision, perfdash_precision, PERFDASH, PRECISION, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashPrecision *
perfdash_precision_new(GPtrArray *changes);
PERFDASH_AVAILABLE_IN_0_1
double
perfdash_precision_get(PerfdashPrecision *self, const char *series, guint *right, guint *wrong);
PERFDASH_AVAILABLE_IN_0_1
char *
perfdash_precision_describe(PerfdashPrecision *self, const char *series);

G_END_DECLS
