/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-result.h"

G_BEGIN_DECLS

typedef struct {
	const char *name; /* interned */
	double value;
} PerfdashStat;

struct _PerfdashResult {
	gatomicrefcount refs;
	PerfdashLabels *labels; /* benchmark, metric and the result's own; never NULL */
	const char *unit;       /* interned base unit */
	PerfdashDirection direction;
	double value;       /* finite */
	guint32 line;       /* of the log, 0 unknown; not stored */
	GArray *stats;      /* of PerfdashStat, nullable */
	GArray *replicates; /* of double, nullable */
};

PerfdashResult *
perfdash_result_new(PerfdashLabels *labels,
		    const char *unit,
		    PerfdashDirection direction,
		    double value);
gboolean
perfdash_stat_is_percentile(const char *name);

G_END_DECLS
