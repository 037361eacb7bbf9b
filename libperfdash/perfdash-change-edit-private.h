/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-change-edit.h"
#include "perfdash-series.h"

G_BEGIN_DECLS

gint64
perfdash_change_edit_get_run(PerfdashChangeEdit *self, gboolean *is_set);
/* series is needed when a run is set; what is different then goes to events, as
 * PerfdashChangeEvent; FALSE when the edit does not make sense */
gboolean
perfdash_change_edit_apply(PerfdashChangeEdit *self,
			   PerfdashChange *change,
			   PerfdashSeries *series,
			   gint64 now,
			   GPtrArray *events,
			   GError **error);

G_END_DECLS
