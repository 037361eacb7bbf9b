/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-catalogue.h"
#include "perfdash-standing.h"

G_BEGIN_DECLS

/* what the transaction under way says anew of the standing of runs */
typedef struct {
	PerfdashCatalogue *catalogue;
	PerfdashDatabase *database;
	const char *who; /* "" is perfdash itself */
	const char *reason;
	gint64 now;
	GHashTable *streams; /* PerfdashStream -> what is shown of it afterwards */
	GHashTable *series;  /* set of PerfdashSeriesEntry whose results come or go */
	GArray *days;        /* gint64, likewise */
} PerfdashStandings;

PerfdashStandings *
perfdash_standings_new(PerfdashCatalogue *catalogue,
		       PerfdashDatabase *database,
		       const char *who,
		       const char *reason);
void
perfdash_standings_free(PerfdashStandings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PerfdashStandings, perfdash_standings_free)
/* a person hides and shows, and cannot do that with a run that is replaced; nothing happens when it
 * has the standing already */
gboolean
perfdash_standings_set(PerfdashStandings *self,
		       gint64 run,
		       PerfdashStanding standing,
		       gint64 replaced_by,
		       GError **error);
/* the results of a run come, go or get other values, whatever its standing */
void
perfdash_standings_touch(PerfdashStandings *self,
			 PerfdashStream *stream,
			 PerfdashShape *shape,
			 gint64 time);
gboolean
perfdash_standings_is_empty(PerfdashStandings *self);
/* when all are set, before the commit */
gboolean
perfdash_standings_end(PerfdashStandings *self, GError **error);
/* after the commit; under the lock for writing */
void
perfdash_standings_publish(PerfdashStandings *self);
/* public ids of the series whose results come or go */
GPtrArray *
perfdash_standings_list_series(PerfdashStandings *self);

/* when a store is opened */
gboolean
perfdash_standings_load(PerfdashCatalogue *catalogue, PerfdashDatabase *database, GError **error);
/* of PerfdashChangeEvent, the oldest first */
GPtrArray *
perfdash_standings_list_events(PerfdashDatabase *database, gint64 run, GError **error);

G_END_DECLS
