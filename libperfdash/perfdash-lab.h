/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_LAB (perfdash_lab_get_type())

typedef struct _PerfdashLab PerfdashLab;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_lab_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashLab *
perfdash_lab_ref(PerfdashLab *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_lab_unref(PerfdashLab *self);

PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_lab_get_name(PerfdashLab *self);
PERFDASH_AVAILABLE_IN_0_1
const char *const *
perfdash_lab_get_sources(PerfdashLab *self);
PERFDASH_AVAILABLE_IN_0_1
const gint64 *
perfdash_lab_get_starts(PerfdashLab *self, gsize *n_starts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashLab, perfdash_lab_unref)

G_END_DECLS
