/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-labels.h"

G_BEGIN_DECLS

/* the packed form is "key\0value\0" for each label, sorted by key: equal labels, equal bytes */
const char *
perfdash_labels_get_packed(PerfdashLabels *self, gsize *size);
PerfdashLabels *
perfdash_labels_new_from_packed(const char *packed, gsize size, GError **error);
gboolean
perfdash_labels_check_text(const char *what, const char *text, GError **error);

G_END_DECLS
