/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-change-event.h"

G_BEGIN_DECLS

/* who is "" when the analysis did it */
PerfdashChangeEvent *
perfdash_change_event_new(gint64 time, const char *who, const char *what, const char *value);

G_END_DECLS
