/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-store-private.h"

G_BEGIN_DECLS

/* the functions of a store that read records of logs */
void
perfdash_sqlite_logs_init_class(PerfdashStoreClass *klass);

G_END_DECLS
