/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* adds the runs of go-ycsb; n_runs are in the builder already */
void
ycsb_go_read(GBytes *log, PerfdashRunBuilder *builder, guint n_runs);

G_END_DECLS
