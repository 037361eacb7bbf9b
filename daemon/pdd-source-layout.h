/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

typedef struct _PddSourceLayout PddSourceLayout;

gboolean
pdd_source_layout_check_label(const char *key, GError **error);
PddSourceLayout *
pdd_source_layout_new(const char *pattern, GError **error);
void
pdd_source_layout_free(PddSourceLayout *self);
void
pdd_source_layout_apply(PddSourceLayout *self, const char *path, PerfdashRunBuilder *builder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddSourceLayout, pdd_source_layout_free)

G_END_DECLS
