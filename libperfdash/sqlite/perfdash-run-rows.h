/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-catalogue.h"

G_BEGIN_DECLS

/* what readers are shown of a run until it is in a segment; its id is given when it is added */
PerfdashTailRun *
perfdash_run_rows_make_tail(PerfdashShape *shape,
			    guint32 seq,
			    PerfdashRun *run,
			    gint64 received_at);
gboolean
perfdash_run_rows_add(PerfdashDatabase *database,
		      gint64 log,
		      PerfdashStream *stream,
		      PerfdashRun *run,
		      PerfdashTailRun *tail,
		      GError **error);
/* all that a log, which may be another one, says of a run that is there; not those whose points
 * were written near to its own */
gboolean
perfdash_run_rows_update(PerfdashDatabase *database,
			 gint64 log,
			 PerfdashRun *run,
			 PerfdashTailRun *tail,
			 GError **error);
/* the same points in another way, for a run whose base gets others */
gboolean
perfdash_run_rows_repack(PerfdashDatabase *database, PerfdashTailRun *tail, GError **error);

G_END_DECLS
