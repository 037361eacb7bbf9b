/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* a series as a line of JSON */
typedef struct {
	const char *id; /* as it stands in the line, which must live as long */
	gsize id_size;
	GArray *values; /* of double, finite */
	GArray *times;  /* of gint64, microseconds since 1970 UTC */
	gboolean has_times;
	PerfdashDirection direction;
} PdcSeriesLine;

void
pdc_series_line_init(PdcSeriesLine *self);
void
pdc_series_line_clear(PdcSeriesLine *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PdcSeriesLine, pdc_series_line_clear)
/* text ends with a NUL, which counts not in size. What was read before is forgotten; members that
 * mean nothing here are passed over */
gboolean
pdc_series_line_read(PdcSeriesLine *self, const char *text, gsize size, GError **error);

G_END_DECLS
