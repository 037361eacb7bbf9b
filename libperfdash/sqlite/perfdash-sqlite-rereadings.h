/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-store-private.h"

G_BEGIN_DECLS

/* the functions of a store that are about logs which are read again */
void
perfdash_sqlite_rereadings_init_class(PerfdashStoreClass *klass);

G_END_DECLS
