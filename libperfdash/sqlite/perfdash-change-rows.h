/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-catalogue.h"
#include "perfdash-change.h"

G_BEGIN_DECLS

/* changes as rows; those of series that the catalogue does not know are left out. NULL without an
 * error when there is none */
PerfdashChange *
perfdash_change_rows_get(PerfdashCatalogue *catalogue,
			 PerfdashDatabase *database,
			 gint64 id,
			 GError **error);
/* of one series in the order of time, or of all, newest first, when entry is NULL */
GPtrArray *
perfdash_change_rows_list(PerfdashCatalogue *catalogue,
			  PerfdashDatabase *database,
			  PerfdashSeriesEntry *entry,
			  GError **error);
/* of PerfdashDayChange: those that are found and whose run started on a UTC day */
GArray *
perfdash_change_rows_list_day(PerfdashDatabase *database, gint64 day, GError **error);
GPtrArray *
perfdash_change_rows_list_events(PerfdashDatabase *database, gint64 change, GError **error);
/* rows of time, who, what and value; of PerfdashChangeEvent */
GPtrArray *
perfdash_change_rows_read_events(PerfdashDatabase *database, sqlite3_stmt *query, GError **error);

/* gives a change that has no id one; events is of PerfdashChangeEvent */
gboolean
perfdash_change_rows_put(PerfdashDatabase *database,
			 PerfdashChange *change,
			 gint64 series,
			 GPtrArray *events,
			 GError **error);
gboolean
perfdash_change_rows_delete(PerfdashDatabase *database, gint64 id, GError **error);
/* the generation grows with every transaction that writes changes */
gboolean
perfdash_change_rows_count_generation(PerfdashDatabase *database, GError **error);

G_END_DECLS
