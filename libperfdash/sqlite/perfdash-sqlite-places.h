/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-store-private.h"

G_BEGIN_DECLS

/* the functions of a store that are about where logs lie */
void
perfdash_sqlite_places_init_class(PerfdashStoreClass *klass);

G_END_DECLS
