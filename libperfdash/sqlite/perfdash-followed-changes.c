/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A change is of a series, and at runs of it. When a log is read again, a value may be in another
 * series, for its labels or its unit are others now: a change at that run goes with its value, with
 * all that people said of it. The next analysis finds it there, or withdraws it. */

#include "perfdash-followed-changes.h"

#include "perfdash-pairing.h"
#include "perfdash-run-private.h"

struct _PerfdashFollowedChanges {
	PerfdashDatabase *database;
	GHashTable *series; /* set of ids of those that have changes; NULL: not read yet */
};

PerfdashFollowedChanges *
perfdash_followed_changes_new(PerfdashDatabase *database)
{
	PerfdashFollowedChanges *self = g_new0(PerfdashFollowedChanges, 1);
	self->database = database;
	return self;
}

void
perfdash_followed_changes_free(PerfdashFollowedChanges *self)
{
	g_clear_pointer(&self->series, g_hash_table_unref);
	g_free(self);
}

static gpointer
key_of(gint64 series)
{
	return GUINT_TO_POINTER((guint32)series);
}

static gboolean
list_series(PerfdashFollowedChanges *self, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(self->database, "list_changed_series");
	PerfdashStep step;
	self->series = g_hash_table_new(NULL, NULL);
	while ((step = perfdash_database_step(self->database, query, error)) == PERFDASH_STEP_ROW)
		g_hash_table_add(self->series, key_of(sqlite3_column_int64(query, 0)));
	return step == PERFDASH_STEP_DONE;
}

static gboolean
move(PerfdashFollowedChanges *self,
     PerfdashSeriesEntry *before,
     PerfdashSeriesEntry *after,
     gint64 run,
     GError **error)
{
	if (before == after || !g_hash_table_contains(self->series, key_of(before->id)))
		return TRUE;
	sqlite3_stmt *query = perfdash_database_query(self->database, "move_change");
	sqlite3_bind_int64(query, 1, before->id);
	sqlite3_bind_int64(query, 2, run);
	sqlite3_bind_int64(query, 3, after->id);
	g_hash_table_add(self->series, key_of(after->id));
	return perfdash_database_run(self->database, query, NULL, error);
}

static gboolean
replace_run(PerfdashFollowedChanges *self, gint64 before, gint64 after, GError **error)
{
	if (before == after)
		return TRUE;
	sqlite3_stmt *query = perfdash_database_query(self->database, "replace_run_of_changes");
	sqlite3_bind_int64(query, 1, before);
	sqlite3_bind_int64(query, 2, after);
	return perfdash_database_run(self->database, query, NULL, error);
}

gboolean
perfdash_followed_changes_move(PerfdashFollowedChanges *self,
			       PerfdashRun *before,
			       PerfdashShape *shape_before,
			       PerfdashRun *after,
			       PerfdashTailRun *tail,
			       GError **error)
{
	if (self->series == NULL && !list_series(self, error))
		return FALSE;
	if (g_hash_table_size(self->series) == 0 ||
	    (shape_before == tail->shape && before->id == tail->run))
		return TRUE;
	g_autoptr(GArray) points = perfdash_pairing_list_points(before);
	g_autoptr(GArray) others = perfdash_pairing_list_points(after);
	g_autoptr(PerfdashPairing) pairing = perfdash_pairing_new_for_points(points, others);
	/* points are in the order of shapes */
	for (guint i = 0; i < points->len && i < shape_before->n; i++) {
		int other = pairing->after[i];
		if (other >= 0 && !move(self,
					shape_before->series[i],
					tail->shape->series[other],
					before->id,
					error))
			return FALSE;
	}
	return replace_run(self, before->id, tail->run, error);
}
