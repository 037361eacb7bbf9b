/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* a bar on standard error, when that is a terminal */
void
pdc_progress_show(guint done, guint total, const char *what);
void
pdc_progress_clear(void);

G_END_DECLS
