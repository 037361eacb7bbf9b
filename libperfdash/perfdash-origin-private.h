/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-origin.h"

G_BEGIN_DECLS

GBytes *
perfdash_origin_pack(PerfdashOrigin *self, PerfdashLog *log);
PerfdashOrigin *
perfdash_origin_unpack(GBytes *bytes, char **name, GError **error);
gboolean
perfdash_origin_fits(PerfdashOrigin *self, PerfdashRun *stored, GPtrArray *read);
gint64
perfdash_origin_get_arrived_at(PerfdashOrigin *self);
void
perfdash_origin_set_arrived_at(PerfdashOrigin *self, gint64 arrived_at);

G_END_DECLS
