/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-row-reader.h"

void
perfdash_row_reader_clear(PerfdashRowReader *self)
{
	g_clear_pointer(&self->base, perfdash_row_free);
	self->base_run = 0;
}

static gboolean
unpack_base(PerfdashRowReader *self,
	    const PerfdashStoredRow *stored,
	    double *values,
	    gsize n,
	    GError **error)
{
	PerfdashUnpacker in = {stored->points, stored->points + stored->size, FALSE};
	perfdash_row_reader_clear(self);
	self->base = perfdash_row_new(n);
	perfdash_row_unpack(self->base, &in, values);
	if (in.failed || in.p != in.end) {
		perfdash_database_set_damaged(self->database, error, "run", stored->run);
		return FALSE;
	}
	self->base_run = stored->run;
	return TRUE;
}

static gboolean
load_base(PerfdashRowReader *self,
	  const PerfdashStoredRow *stored,
	  double *values,
	  gsize n,
	  GError **error)
{
	if (self->base_run == stored->base && self->base->n == n)
		return TRUE;
	sqlite3_stmt *query = perfdash_database_query(self->database, "get_base");
	sqlite3_bind_int64(query, 1, stored->base);
	sqlite3_bind_int64(query, 2, stored->shape);
	PerfdashStep step = perfdash_database_step(self->database, query, error);
	if (step == PERFDASH_STEP_ERROR)
		return FALSE;
	PerfdashStoredRow base = {
		.run = stored->base,
		.points = sqlite3_column_blob(query, 0),
		.size = sqlite3_column_bytes(query, 0),
	};
	gboolean read = step == PERFDASH_STEP_ROW && unpack_base(self, &base, values, n, error);
	sqlite3_reset(query);
	if (step != PERFDASH_STEP_ROW)
		perfdash_database_set_damaged(self->database, error, "run", stored->base);
	return read;
}

gboolean
perfdash_row_reader_read(PerfdashRowReader *self,
			 const PerfdashStoredRow *stored,
			 double *values,
			 gsize n,
			 GError **error)
{
	if (stored->base == 0)
		return unpack_base(self, stored, values, n, error);
	if (!load_base(self, stored, values, n, error))
		return FALSE;
	PerfdashUnpacker in = {stored->points, stored->points + stored->size, FALSE};
	perfdash_row_unpack_near(self->base, &in, values);
	if (in.failed || in.p != in.end) {
		perfdash_database_set_damaged(self->database, error, "run", stored->run);
		return FALSE;
	}
	return TRUE;
}
