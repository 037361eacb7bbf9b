/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-store-private.h"

G_BEGIN_DECLS

/* what a store says of logs */
void
perfdash_sqlite_logs_init_class(PerfdashStoreClass *klass);

G_END_DECLS
