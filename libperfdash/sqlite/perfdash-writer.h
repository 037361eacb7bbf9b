/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-catalogue.h"
#include "perfdash-log-record.h"
#include "perfdash-log.h"
#include "perfdash-parse-result.h"

G_BEGIN_DECLS

/* a log in one transaction; touched takes the series that have new results */
PerfdashLogRecord *
perfdash_writer_add_log(PerfdashCatalogue *catalogue,
			PerfdashDatabase *database,
			PerfdashLog *log,
			const char *source,
			PerfdashParseResult *parsed,
			GPtrArray *touched,
			GError **error);

/* moves the tail of a stream into segments, in one transaction */
gboolean
perfdash_writer_derive(PerfdashCatalogue *catalogue,
		       PerfdashDatabase *database,
		       PerfdashStream *stream,
		       GError **error);
/* makes all segments anew from the runs, in one transaction; readers find the old ones until then
 */
gboolean
perfdash_writer_rebuild(PerfdashCatalogue *catalogue, PerfdashDatabase *database, GError **error);

G_END_DECLS
