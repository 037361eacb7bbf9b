/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-change.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_CHANGE_EDIT (perfdash_change_edit_get_type())

PERFDASH_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE(PerfdashChangeEdit, perfdash_change_edit, PERFDASH, CHANGE_EDIT, GObject)

PERFDASH_AVAILABLE_IN_0_1
PerfdashChangeEdit *
perfdash_change_edit_new(const char *who);
PERFDASH_AVAILABLE_IN_0_1
gboolean
perfdash_change_edit_set(PerfdashChangeEdit *self,
			 const char *field,
			 const char *value,
			 GError **error);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_change_edit_set_run(PerfdashChangeEdit *self, gint64 run);

G_END_DECLS
