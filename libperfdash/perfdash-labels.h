/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_LABELS (perfdash_labels_get_type())

typedef struct _PerfdashLabels PerfdashLabels;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_labels_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashLabels *
perfdash_labels_new(void);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLabels *
perfdash_labels_new_from_variant(GVariant *variant, GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLabels *
perfdash_labels_ref(PerfdashLabels *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_labels_unref(PerfdashLabels *self);

PERFDASH_AVAILABLE_IN_0_1
PerfdashLabels *
perfdash_labels_with(PerfdashLabels *self, const char *key, const char *value, GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashLabels *
perfdash_labels_merge(PerfdashLabels *self, PerfdashLabels *other);

PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_labels_get(PerfdashLabels *self, const char *key);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_labels_get_length(PerfdashLabels *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_labels_get_nth(PerfdashLabels *self, guint index, const char **value);
PERFDASH_AVAILABLE_IN_0_1
GVariant *
perfdash_labels_to_variant(PerfdashLabels *self);
PERFDASH_AVAILABLE_IN_0_1
char *
perfdash_labels_to_string(PerfdashLabels *self);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_labels_equal(PerfdashLabels *self, PerfdashLabels *other);
PERFDASH_AVAILABLE_IN_0_1
guint
perfdash_labels_hash(PerfdashLabels *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashLabels, perfdash_labels_unref)

G_END_DECLS
