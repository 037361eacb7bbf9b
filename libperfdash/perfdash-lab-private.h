/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-lab.h"

G_BEGIN_DECLS

struct _PerfdashLab {
	gatomicrefcount refs;
	char *name;
	GPtrArray *sources; /* of char; NULL is the last */
	GArray *starts;     /* of gint64 */
};

PerfdashLab *
perfdash_lab_new(const char *name);
void
perfdash_lab_add_source(PerfdashLab *self, const char *source);

G_END_DECLS
