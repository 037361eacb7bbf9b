/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which log lies at a place of a source, and what becomes of its runs when another one takes that
 * place: those that are the same runs are runs of the new log from then on, with their ids, their
 * standing and the changes at them. All in one transaction, so that no run is there twice or not at
 * all, whenever the process ends. */

#include "perfdash-sqlite-places.h"

#include "perfdash-error.h"
#include "perfdash-log-record-private.h"
#include "perfdash-parse-result-private.h"
#include "perfdash-reader.h"
#include "perfdash-rewriter.h"
#include "perfdash-sqlite-sources.h"
#include "perfdash-sqlite-store.h"
#include "perfdash-writer.h"

/* what a thread with a connection is asked for */
typedef struct {
	const char *source;
	const char *place;
	PerfdashLogRecord *found;
} Look;

static gboolean
look(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Look *look = data;
	g_autoptr(GError) local = NULL;
	look->found = perfdash_reader_find_log_at(database, look->source, look->place, &local);
	if (look->found == NULL && local == NULL)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no log at %s",
			    look->place);
	else if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	return look->found != NULL;
}

static PerfdashLogRecord *
perfdash_sqlite_places_find_log_at(PerfdashStore *store,
				   const char *source,
				   const char *place,
				   GError **error)
{
	Look arguments = {.source = source, .place = place};
	return perfdash_sqlite_store_read(store, look, &arguments, error) ? arguments.found : NULL;
}

/* what the writer is asked for */
typedef struct {
	PerfdashNewLog log; /* takes the place */
	PerfdashLogRecord *former;
	PerfdashSuccession succession;
	gboolean is_new;
	GPtrArray *changed; /* ids of series */
} Takeover;

/* the runs of the former log that are to be those of the new one */
static GPtrArray *
load_former_runs(Takeover *takeover, PerfdashRewriter *rewriter, GPtrArray *after, GError **error)
{
	GPtrArray *runs = perfdash_rewriter_load_runs(rewriter, takeover->former, error);
	if (runs == NULL || takeover->succession == PERFDASH_SUCCESSION_WHOLE)
		return runs;
	for (guint i = runs->len; i > 0; i--) {
		if (!perfdash_succession_has_run(after, g_ptr_array_index(runs, i - 1)))
			g_ptr_array_remove_index(runs, i - 1);
	}
	return runs;
}

/* the new log may have been there before, and even have runs, when it was at another place */
static gboolean
write_log(Takeover *takeover, PerfdashDatabase *database, GError **error)
{
	PerfdashNewLog *log = &takeover->log;
	g_autoptr(GError) local = NULL;
	log->record = perfdash_writer_find_log(database, log, &local);
	takeover->is_new = log->record == NULL && local == NULL;
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	if (takeover->is_new) {
		log->record = perfdash_writer_insert_log(database, log, 0, error);
		return log->record != NULL;
	}
	return log->record != NULL &&
	       perfdash_writer_put_place(database, log->record, log->origin, error);
}

/* what both add to their days */
static gboolean
recount(Takeover *takeover, PerfdashDatabase *database, int sign, GError **error)
{
	return perfdash_sqlite_sources_recount(database, takeover->former->id, sign, error) &&
	       perfdash_sqlite_sources_recount(database, takeover->log.record->id, sign, error);
}

/* own runs first, so that they stay what they are */
static gboolean
compare(Takeover *takeover,
	PerfdashRewriter *rewriter,
	GPtrArray *former,
	GPtrArray *after,
	GError **error)
{
	g_autoptr(GPtrArray)
		before = perfdash_rewriter_load_runs(rewriter, takeover->log.record, error);
	if (before == NULL)
		return FALSE;
	for (guint i = 0; i < former->len; i++)
		g_ptr_array_add(before, g_object_ref(g_ptr_array_index(former, i)));
	return perfdash_rewriter_compare(rewriter, takeover->log.record, before, after, error);
}

static gboolean
set_replaced(PerfdashDatabase *database,
	     sqlite3_stmt *query,
	     gint64 log,
	     gint64 replaced_by,
	     GError **error)
{
	sqlite3_bind_int64(query, 1, log);
	sqlite3_bind_int64(query, 2, replaced_by);
	return perfdash_database_run(database, query, NULL, error);
}

/* each log that was replaced names the one that is there now */
static gboolean
write_successor(Takeover *takeover, PerfdashDatabase *database, GError **error)
{
	sqlite3_stmt *one = perfdash_database_query(database, "set_log_replaced");
	sqlite3_stmt *others = perfdash_database_query(database, "set_replaced_logs");
	gint64 former = takeover->former->id;
	gint64 now = takeover->log.record->id;
	return set_replaced(database, others, former, now, error) &&
	       set_replaced(database, one, former, now, error) &&
	       set_replaced(database, one, now, 0, error);
}

static gboolean
write_all(Takeover *takeover,
	  PerfdashDatabase *database,
	  PerfdashRewriter *rewriter,
	  GError **error)
{
	g_autoptr(GPtrArray) after = perfdash_parse_result_list_records(takeover->log.parsed);
	g_autoptr(GPtrArray) former = NULL;
	if (!perfdash_database_begin(database, error))
		return FALSE;
	former = load_former_runs(takeover, rewriter, after, error);
	return former != NULL && write_log(takeover, database, error) &&
	       recount(takeover, database, -1, error) &&
	       compare(takeover, rewriter, former, after, error) &&
	       perfdash_rewriter_write(rewriter, error) &&
	       perfdash_writer_update_log(database,
					  takeover->log.record->id,
					  takeover->log.parsed,
					  error) &&
	       write_successor(takeover, database, error) &&
	       recount(takeover, database, 1, error) && perfdash_database_commit(database, error);
}

/* with the runs that it has now */
static gboolean
load_record(Takeover *takeover, PerfdashDatabase *database, GError **error)
{
	gint64 id = takeover->log.record->id;
	g_clear_object(&takeover->log.record);
	takeover->log.record = perfdash_reader_load_log(database, id, error);
	return takeover->log.record != NULL;
}

static gboolean
take_over(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Takeover *takeover = data;
	g_autoptr(PerfdashRewriter)
		rewriter = perfdash_rewriter_new(catalogue, database, "its file was written again");
	if (!write_all(takeover, database, rewriter, error)) {
		perfdash_rewriter_give_up(rewriter);
		g_clear_object(&takeover->log.record);
		return FALSE;
	}
	perfdash_rewriter_publish(rewriter, takeover->is_new);
	takeover->changed = perfdash_rewriter_list_series(rewriter);
	return load_record(takeover, database, error);
}

static PerfdashLogRecord *
perfdash_sqlite_places_succeed_log(PerfdashStore *store,
				   PerfdashLogRecord *former,
				   PerfdashSuccession succession,
				   PerfdashLog *log,
				   PerfdashOrigin *origin,
				   PerfdashParseResult *parsed,
				   GError **error)
{
	Takeover takeover = {
		.log = {.log = log, .origin = origin, .parsed = parsed},
		.former = former,
		.succession = succession,
	};
	gboolean is_written = perfdash_sqlite_store_write(store, take_over, &takeover, error);
	g_autoptr(GPtrArray) changed = takeover.changed;
	if (changed != NULL)
		perfdash_sqlite_store_announce(store, changed);
	return is_written ? takeover.log.record : NULL;
}

void
perfdash_sqlite_places_init_class(PerfdashStoreClass *klass)
{
	klass->find_log_at = perfdash_sqlite_places_find_log_at;
	klass->succeed_log = perfdash_sqlite_places_succeed_log;
}
