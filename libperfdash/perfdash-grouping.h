/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-change-group.h"

G_BEGIN_DECLS

/* infos of the series that have results of runs that started from from to before to */
typedef GPtrArray *(*PerfdashListActive)(gint64 from, gint64 to, gpointer data, GError **error);
/* whether code cannot move a series */
typedef gboolean (*PerfdashIsControl)(PerfdashSeriesInfo *info, gpointer data);

/* what is asked about the series that have no change */
typedef struct {
	PerfdashListActive list_active;
	PerfdashIsControl is_control;
	gpointer data;
} PerfdashFleet;

/* which groups are asked for: those that have one of the changes for which it is TRUE */
typedef struct {
	gboolean (*is_wanted)(PerfdashChange *change, gconstpointer data);
	gconstpointer data;
} PerfdashWish;

/* of PerfdashChangeGroup, the newest first: of the least number of causes that can explain all
 * changes, those that are asked for */
GPtrArray *
perfdash_grouping_run(GPtrArray *changes,
		      const PerfdashWish *wish,
		      const PerfdashFleet *fleet,
		      GError **error);

/* arrays of changes with a range in common, the fewest there can be */
GPtrArray *
perfdash_grouping_stab(GPtrArray *changes);

G_END_DECLS
