/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-catalogue.h"

G_BEGIN_DECLS

/* infos of the series that have results of runs that started from from to before to */
GPtrArray *
perfdash_active_series_list(PerfdashCatalogue *catalogue,
			    PerfdashDatabase *database,
			    gint64 from,
			    gint64 to,
			    GError **error);
/* how many have results of a day that begins then; counted anew only when the day gets results */
gboolean
perfdash_active_series_count(PerfdashCatalogue *catalogue,
			     PerfdashDatabase *database,
			     gint64 day,
			     guint *n,
			     GError **error);

G_END_DECLS
