/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Puts what runs are now in the place of what they were. A run that is the same run keeps its id
 * and its place in its stream: its row is written again, and so are the segments that hold it. A
 * run whose labels are others belongs to another stream; it is added there, and the old one is
 * replaced by it. One that is not there any more is replaced by nothing. Either stays where it is
 * and is not shown.
 *
 * The points of a run may be written near to those of another, its base. Before a base gets other
 * points, the runs near to it are read, and they are written again afterwards. */

#include "perfdash-rewriter.h"

#include "perfdash-change-event-private.h"
#include "perfdash-followed-changes.h"
#include "perfdash-log-record-private.h"
#include "perfdash-pairing.h"
#include "perfdash-reader.h"
#include "perfdash-row-reader.h"
#include "perfdash-run-private.h"
#include "perfdash-run-rows.h"
#include "perfdash-standings.h"
#include "perfdash-writer.h"

/* a run: as it was, as it is now, or both */
typedef struct {
	PerfdashLogRecord *record; /* that it is of now */
	PerfdashRun *before;       /* nullable */
	PerfdashRun *after;        /* nullable */
	/* where it was */
	PerfdashStream *stream;
	guint32 seq;
	PerfdashShape *shape;
	gint64 time;
	gboolean is_same;      /* it says what it said, in another log */
	PerfdashTailRun *tail; /* nullable: what it is now, in the same place */
} Rewritten;

struct _PerfdashRewriter {
	PerfdashCatalogue *catalogue;
	PerfdashDatabase *database;
	const char *why;
	PerfdashStandings *standings;
	PerfdashFollowedChanges *changes;
	GArray *runs;      /* of Rewritten */
	GHashTable *ids;   /* set of gint64, of those that get other points in the same place */
	GHashTable *bases; /* set of PerfdashStream that have such a run which others are near to */
	GPtrArray *near;   /* of PerfdashTailRun, those others */
	GArray *staged;    /* of PerfdashStagedRun */
	GHashTable *totals; /* PerfdashStream -> Totals */
};

/* of a stream, afterwards */
typedef struct {
	guint64 n_results;
	gint64 last_time;
	gboolean has_lost_last; /* the newest run may be an older one now */
	GArray *seqs;           /* guint32, of runs in segments that are written again */
} Totals;

static void
totals_free(gpointer data)
{
	Totals *totals = data;
	g_array_unref(totals->seqs);
	g_free(totals);
}

static void
rewritten_clear(gpointer data)
{
	Rewritten *one = data;
	g_clear_object(&one->record);
	g_clear_object(&one->before);
	g_clear_object(&one->after);
	g_clear_pointer(&one->tail, perfdash_tail_run_unref);
}

/* why is told of runs that are replaced */
PerfdashRewriter *
perfdash_rewriter_new(PerfdashCatalogue *catalogue, PerfdashDatabase *database, const char *why)
{
	PerfdashRewriter *self = g_new0(PerfdashRewriter, 1);
	self->catalogue = catalogue;
	self->database = database;
	self->why = why;
	self->standings = perfdash_standings_new(catalogue, database, "", why);
	self->changes = perfdash_followed_changes_new(database);
	self->runs = g_array_new(FALSE, TRUE, sizeof(Rewritten));
	g_array_set_clear_func(self->runs, rewritten_clear);
	self->ids = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	self->bases = g_hash_table_new(NULL, NULL);
	self->near = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_tail_run_unref);
	self->staged = g_array_new(FALSE, FALSE, sizeof(PerfdashStagedRun));
	self->totals = g_hash_table_new_full(NULL, NULL, NULL, totals_free);
	return self;
}

void
perfdash_rewriter_free(PerfdashRewriter *self)
{
	perfdash_standings_free(self->standings);
	perfdash_followed_changes_free(self->changes);
	g_array_unref(self->runs);
	g_hash_table_unref(self->ids);
	g_hash_table_unref(self->bases);
	g_ptr_array_unref(self->near);
	g_array_unref(self->staged);
	g_hash_table_unref(self->totals);
	g_free(self);
}

static Totals *
ensure_totals(PerfdashRewriter *self, PerfdashStream *stream)
{
	Totals *totals = g_hash_table_lookup(self->totals, stream);
	if (totals != NULL)
		return totals;
	totals = g_new0(Totals, 1);
	totals->n_results = stream->n_results;
	totals->last_time = stream->last_time;
	totals->seqs = g_array_new(FALSE, FALSE, sizeof(guint32));
	g_hash_table_insert(self->totals, stream, totals);
	return totals;
}

GPtrArray *
perfdash_rewriter_load_runs(PerfdashRewriter *self, PerfdashLogRecord *record, GError **error)
{
	GPtrArray *runs =
		perfdash_reader_load_log_runs(self->catalogue, self->database, record->id, error);
	if (runs != NULL)
		perfdash_pairing_drop_leftovers(runs);
	return runs;
}

static gboolean
find_place(PerfdashRewriter *self, Rewritten *one, gboolean *is_base, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(self->database, "get_place");
	sqlite3_bind_int64(query, 1, one->before->id);
	if (perfdash_database_step(self->database, query, error) != PERFDASH_STEP_ROW)
		return FALSE;
	gint64 shape = sqlite3_column_int64(query, 2);
	g_rw_lock_reader_lock(&self->catalogue->lock);
	one->stream = perfdash_catalogue_find_stream(self->catalogue,
						     sqlite3_column_int64(query, 0));
	g_rw_lock_reader_unlock(&self->catalogue->lock);
	one->seq = sqlite3_column_int64(query, 1);
	one->time = sqlite3_column_int64(query, 3);
	*is_base = sqlite3_column_int(query, 4) == 0;
	sqlite3_reset(query);
	one->shape = perfdash_catalogue_load_shape(self->catalogue, self->database, shape, error);
	return one->shape != NULL;
}

/* a run stays in its place when it stays in its stream */
static gboolean
stays(const Rewritten *one)
{
	return one->before != NULL && one->after != NULL &&
	       perfdash_labels_equal(one->before->labels, one->after->labels);
}

static gboolean
add_run(PerfdashRewriter *self,
	PerfdashLogRecord *record,
	PerfdashRun *before,
	PerfdashRun *after,
	GError **error)
{
	Rewritten one = {0};
	gboolean is_base = FALSE;
	one.is_same = before != NULL && after != NULL &&
		      perfdash_pairing_is_same_run(before, after);
	if (one.is_same && before->log == record->id)
		return TRUE;
	one.record = g_object_ref(record);
	one.before = before != NULL ? g_object_ref(before) : NULL;
	one.after = after != NULL ? g_object_ref(after) : NULL;
	gboolean is_found = before == NULL || one.is_same ||
			    find_place(self, &one, &is_base, error);
	if (is_found && stays(&one) && !one.is_same) {
		g_hash_table_add(self->ids, g_memdup2(&before->id, sizeof(gint64)));
		if (is_base)
			g_hash_table_add(self->bases, one.stream);
	}
	g_array_append_val(self->runs, one);
	return is_found;
}

gboolean
perfdash_rewriter_compare(PerfdashRewriter *self,
			  PerfdashLogRecord *record,
			  GPtrArray *before,
			  GPtrArray *after,
			  GError **error)
{
	g_autoptr(PerfdashPairing) pairing = perfdash_pairing_new_for_runs(before, after);
	for (guint i = 0; i < before->len; i++) {
		PerfdashRun *other = pairing->after[i] >= 0
					     ? g_ptr_array_index(after, pairing->after[i])
					     : NULL;
		if (!add_run(self, record, before->pdata[i], other, error))
			return FALSE;
	}
	for (guint i = 0; i < after->len; i++) {
		if (pairing->before[i] < 0 && !add_run(self, record, NULL, after->pdata[i], error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
read_near(PerfdashRewriter *self, PerfdashRowReader *rows, sqlite3_stmt *query, GError **error)
{
	PerfdashStoredRow stored = {
		.run = sqlite3_column_int64(query, 0),
		.shape = sqlite3_column_int64(query, 1),
		.base = sqlite3_column_int64(query, 2),
		.points = sqlite3_column_blob(query, 3),
		.size = sqlite3_column_bytes(query, 3),
	};
	if (!g_hash_table_contains(self->ids, &stored.base) ||
	    g_hash_table_contains(self->ids, &stored.run))
		return TRUE;
	PerfdashShape *shape =
		perfdash_catalogue_load_shape(self->catalogue, self->database, stored.shape, error);
	if (shape == NULL)
		return FALSE;
	PerfdashTailRun *tail = perfdash_tail_run_new(shape);
	tail->run = stored.run;
	g_ptr_array_add(self->near, tail);
	return perfdash_row_reader_read(rows, &stored, tail->values, shape->n, error);
}

/* the runs near to one that gets other points */
static gboolean
collect_near(PerfdashRewriter *self, GError **error)
{
	g_auto(PerfdashRowReader) rows = {.database = self->database};
	GHashTableIter iter;
	gpointer key;
	g_hash_table_iter_init(&iter, self->bases);
	while (g_hash_table_iter_next(&iter, &key, NULL)) {
		sqlite3_stmt *query = perfdash_database_query(self->database, "list_near_runs");
		PerfdashStep step;
		sqlite3_bind_int64(query, 1, ((PerfdashStream *)key)->id);
		while ((step = perfdash_database_step(self->database, query, error)) ==
		       PERFDASH_STEP_ROW) {
			if (!read_near(self, &rows, query, error)) {
				sqlite3_reset(query);
				return FALSE;
			}
		}
		if (step == PERFDASH_STEP_ERROR)
			return FALSE;
	}
	return TRUE;
}

static gboolean
write_in_place(PerfdashRewriter *self, Rewritten *one, GError **error)
{
	Totals *totals = ensure_totals(self, one->stream);
	PerfdashShape *shape = perfdash_catalogue_ensure_shape(self->catalogue,
							       self->database,
							       one->stream,
							       one->after,
							       error);
	if (shape == NULL)
		return FALSE;
	if (one->shape->base_run == one->before->id)
		one->shape->base_run = 0;
	one->tail =
		perfdash_run_rows_make_tail(shape, one->seq, one->after, one->record->received_at);
	one->tail->run = one->before->id;
	if (!perfdash_run_rows_update(self->database,
				      one->record->id,
				      one->after,
				      one->tail,
				      error))
		return FALSE;
	perfdash_standings_touch(self->standings, one->stream, one->shape, one->time);
	perfdash_standings_touch(self->standings, one->stream, shape, one->tail->time);
	totals->n_results += (guint64)shape->n_results - one->shape->n_results;
	totals->has_lost_last |= one->time == one->stream->last_time && one->tail->time < one->time;
	totals->last_time = MAX(totals->last_time, one->tail->time);
	if (one->seq < one->stream->n_derived)
		g_array_append_val(totals->seqs, one->seq);
	return perfdash_followed_changes_move(self->changes,
					      one->before,
					      one->shape,
					      one->after,
					      one->tail,
					      error);
}

/* as hidden as its predecessor */
static gboolean
set_standing(PerfdashRewriter *self, PerfdashRun *before, gint64 run, GError **error)
{
	if (before == NULL || before->standing != PERFDASH_STANDING_HIDDEN)
		return TRUE;
	self->standings->who = perfdash_change_event_get_who(before->standing_by);
	self->standings->reason = perfdash_change_event_get_value(before->standing_by);
	gboolean is_set =
		perfdash_standings_set(self->standings, run, PERFDASH_STANDING_HIDDEN, 0, error);
	self->standings->who = "";
	self->standings->reason = self->why;
	return is_set;
}

static gboolean
add_behind(PerfdashRewriter *self, Rewritten *one, gint64 *run, GError **error)
{
	if (!perfdash_writer_stage_run(self->catalogue,
				       self->database,
				       one->record,
				       one->after,
				       self->staged,
				       error))
		return FALSE;
	PerfdashStagedRun *staged = &g_array_index(self->staged,
						   PerfdashStagedRun,
						   self->staged->len - 1);
	Totals *totals = ensure_totals(self, staged->stream);
	*run = staged->run->run;
	totals->n_results += staged->run->shape->n_results;
	totals->last_time = MAX(totals->last_time, staged->run->time);
	perfdash_standings_touch(self->standings,
				 staged->stream,
				 staged->run->shape,
				 staged->run->time);
	return set_standing(self, one->before, *run, error) &&
	       (one->before == NULL || perfdash_followed_changes_move(self->changes,
								      one->before,
								      one->shape,
								      one->after,
								      staged->run,
								      error));
}

static gboolean
move_to_log(PerfdashRewriter *self, Rewritten *one, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(self->database, "set_log_of_run");
	sqlite3_bind_int64(query, 1, one->before->id);
	sqlite3_bind_int64(query, 2, one->record->id);
	return perfdash_database_run(self->database, query, NULL, error);
}

static gboolean
write_run(PerfdashRewriter *self, Rewritten *one, GError **error)
{
	gint64 successor = 0;
	if (one->is_same)
		return move_to_log(self, one, error);
	if (stays(one))
		return write_in_place(self, one, error);
	if (one->after != NULL && !add_behind(self, one, &successor, error))
		return FALSE;
	return one->before == NULL || perfdash_standings_set(self->standings,
							     one->before->id,
							     PERFDASH_STANDING_REPLACED,
							     successor,
							     error);
}

static gboolean
write_runs(PerfdashRewriter *self, GError **error)
{
	for (guint i = 0; i < self->runs->len; i++) {
		if (!write_run(self, &g_array_index(self->runs, Rewritten, i), error))
			return FALSE;
	}
	for (guint i = 0; i < self->near->len; i++) {
		if (!perfdash_run_rows_repack(self->database,
					      g_ptr_array_index(self->near, i),
					      error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
find_last_time(PerfdashRewriter *self, PerfdashStream *stream, Totals *totals, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(self->database, "get_last_time");
	sqlite3_bind_int64(query, 1, stream->id);
	if (perfdash_database_step(self->database, query, error) != PERFDASH_STEP_ROW)
		return FALSE;
	totals->last_time = sqlite3_column_int64(query, 0);
	sqlite3_reset(query);
	return TRUE;
}

static int
compare_seqs(gconstpointer a, gconstpointer b)
{
	guint32 left = *(const guint32 *)a;
	guint32 right = *(const guint32 *)b;
	return (left > right) - (left < right);
}

static gboolean
write_streams(PerfdashRewriter *self, GError **error)
{
	GHashTableIter iter;
	gpointer key;
	gpointer value;
	g_hash_table_iter_init(&iter, self->totals);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		PerfdashStream *stream = key;
		Totals *totals = value;
		if (totals->has_lost_last && !find_last_time(self, stream, totals, error))
			return FALSE;
		sqlite3_stmt *query = perfdash_database_query(self->database, "set_stream");
		sqlite3_bind_int64(query, 1, stream->id);
		sqlite3_bind_int64(query, 2, stream->n_runs + stream->n_staged);
		sqlite3_bind_int64(query, 3, totals->n_results);
		sqlite3_bind_int64(query, 4, totals->last_time);
		g_array_sort(totals->seqs, compare_seqs);
		if (!perfdash_database_run(self->database, query, NULL, error) ||
		    (totals->seqs->len > 0 && !perfdash_writer_derive_again(self->catalogue,
									    self->database,
									    stream,
									    totals->seqs,
									    error)))
			return FALSE;
	}
	return TRUE;
}

gboolean
perfdash_rewriter_write(PerfdashRewriter *self, GError **error)
{
	return collect_near(self, error) && write_runs(self, error) && write_streams(self, error) &&
	       perfdash_standings_end(self->standings, error);
}

static void
publish_in_tail(PerfdashCatalogue *catalogue, Rewritten *one)
{
	/* a run that was not there before has no stream here */
	if (one->tail == NULL || one->seq < one->stream->n_derived)
		return;
	GPtrArray *tail = one->stream->tail;
	guint index = one->seq - one->stream->n_derived;
	catalogue->n_tail_points += (guint64)one->tail->shape->n - one->shape->n;
	perfdash_tail_run_unref(g_ptr_array_index(tail, index));
	tail->pdata[index] = perfdash_tail_run_ref(one->tail);
}

static void
publish_totals(PerfdashRewriter *self)
{
	PerfdashCatalogue *catalogue = self->catalogue;
	GHashTableIter iter;
	gpointer key;
	gpointer value;
	g_hash_table_iter_init(&iter, self->totals);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		PerfdashStream *stream = key;
		const Totals *totals = value;
		catalogue->n_results += totals->n_results - stream->n_results;
		stream->n_results = totals->n_results;
		stream->last_time = totals->last_time;
	}
	catalogue->last_time = 0;
	for (guint i = 0; i < catalogue->streams->len; i++) {
		PerfdashStream *stream = g_ptr_array_index(catalogue->streams, i);
		catalogue->last_time = MAX(catalogue->last_time, stream->last_time);
	}
}

/* readers see all at once */
void
perfdash_rewriter_publish(PerfdashRewriter *self, guint n_new)
{
	g_rw_lock_writer_lock(&self->catalogue->lock);
	perfdash_catalogue_settle(self->catalogue);
	for (guint i = 0; i < self->runs->len; i++)
		publish_in_tail(self->catalogue, &g_array_index(self->runs, Rewritten, i));
	for (guint i = 0; i < self->staged->len; i++) {
		PerfdashStagedRun *one = &g_array_index(self->staged, PerfdashStagedRun, i);
		one->stream->n_staged = 0;
		perfdash_catalogue_append_run(self->catalogue, one->stream, one->run);
	}
	publish_totals(self);
	perfdash_standings_publish(self->standings);
	self->catalogue->generation += n_new;
	g_rw_lock_writer_unlock(&self->catalogue->lock);
}

void
perfdash_rewriter_give_up(PerfdashRewriter *self)
{
	for (guint i = 0; i < self->runs->len; i++) {
		Rewritten *one = &g_array_index(self->runs, Rewritten, i);
		if (one->tail != NULL)
			one->tail->shape->base_run = 0;
	}
	for (guint i = 0; i < self->near->len; i++)
		((PerfdashTailRun *)self->near->pdata[i])->shape->base_run = 0;
	perfdash_writer_give_up(self->catalogue, self->database, self->staged);
}

GPtrArray *
perfdash_rewriter_list_series(PerfdashRewriter *self)
{
	return perfdash_standings_list_series(self->standings);
}
