/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-labels.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_SELECTOR (perfdash_selector_get_type())

typedef struct _PerfdashSelector PerfdashSelector;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_selector_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashSelector *
perfdash_selector_new(const char *const *matches, const char *words, GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashSelector *
perfdash_selector_parse(const char *text, GError **error);
PERFDASH_AVAILABLE_IN_0_1
PerfdashSelector *
perfdash_selector_ref(PerfdashSelector *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_selector_unref(PerfdashSelector *self);
PERFDASH_AVAILABLE_IN_0_1
PerfdashSelector *
perfdash_selector_without(PerfdashSelector *self, const char *key);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_selector_matches(PerfdashSelector *self, PerfdashLabels *labels);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_selector_matches_value(PerfdashSelector *self, const char *key, const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashSelector, perfdash_selector_unref)

G_END_DECLS
