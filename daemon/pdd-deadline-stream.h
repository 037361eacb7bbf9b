/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PDD_TYPE_DEADLINE_STREAM (pdd_deadline_stream_get_type())

G_DECLARE_FINAL_TYPE(PddDeadlineStream,
		     pdd_deadline_stream,
		     PDD,
		     DEADLINE_STREAM,
		     GFilterInputStream)

GInputStream *
pdd_deadline_stream_new(GInputStream *base, GTimeSpan time_limit);

G_END_DECLS
