/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-database.h"
#include "perfdash-row.h"

G_BEGIN_DECLS

/* reads the points of runs; runs that are read one after the other often have the same base */
typedef struct {
	PerfdashDatabase *database;
	PerfdashRow *base; /* nullable */
	gint64 base_run;
} PerfdashRowReader;

/* a run as its row in the database has it */
typedef struct {
	gint64 run;
	gint64 shape;
	gint64 base; /* 0 for a row by itself */
	const guint8 *points;
	gsize size;
} PerfdashStoredRow;

void
perfdash_row_reader_clear(PerfdashRowReader *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PerfdashRowReader, perfdash_row_reader_clear)
gboolean
perfdash_row_reader_read(PerfdashRowReader *self,
			 const PerfdashStoredRow *stored,
			 double *values,
			 gsize n,
			 GError **error);

G_END_DECLS
