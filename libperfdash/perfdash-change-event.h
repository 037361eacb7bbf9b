/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <glib-object.h>
#include <perfdash-version.h>

G_BEGIN_DECLS

#define PERFDASH_TYPE_CHANGE_EVENT (perfdash_change_event_get_type())

typedef struct _PerfdashChangeEvent PerfdashChangeEvent;

PERFDASH_AVAILABLE_IN_0_1
GType
perfdash_change_event_get_type(void) G_GNUC_CONST;
PERFDASH_AVAILABLE_IN_0_1
PerfdashChangeEvent *
perfdash_change_event_ref(PerfdashChangeEvent *self);
PERFDASH_AVAILABLE_IN_0_1
void
perfdash_change_event_unref(PerfdashChangeEvent *self);

PERFDASH_AVAILABLE_IN_0_1
gint64
perfdash_change_event_get_time(PerfdashChangeEvent *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_change_event_get_who(PerfdashChangeEvent *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_change_event_get_what(PerfdashChangeEvent *self);
PERFDASH_AVAILABLE_IN_0_1
const char *
perfdash_change_event_get_value(PerfdashChangeEvent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashChangeEvent, perfdash_change_event_unref)

G_END_DECLS
