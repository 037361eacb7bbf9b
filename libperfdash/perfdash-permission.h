/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-run.h"
#include "perfdash-selector.h"

G_BEGIN_DECLS

/* whether all results of a run are allowed; else PERFDASH_ERROR_DENIED, and which are not */
gboolean
perfdash_permission_check_run(PerfdashSelector *allowed, PerfdashRun *run, GError **error);

G_END_DECLS
