/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Puts what logs say now in the place of what they said before, several logs in one transaction. */

#include "perfdash-sqlite-rereadings.h"

#include "perfdash-log-record-private.h"
#include "perfdash-parse-result-private.h"
#include "perfdash-reader.h"
#include "perfdash-rewriter.h"
#include "perfdash-sqlite-sources.h"
#include "perfdash-sqlite-store.h"
#include "perfdash-writer.h"

/* what becomes of each run of a log; nothing is written yet */
static gboolean
compare_log(PerfdashRewriter *rewriter, PerfdashRereading *rereading, GError **error)
{
	PerfdashLogRecord *record = perfdash_rereading_get_record(rereading);
	g_autoptr(GPtrArray) before = perfdash_rewriter_load_runs(rewriter, record, error);
	g_autoptr(GPtrArray) after = perfdash_parse_result_list_records(
		perfdash_rereading_get_parsed(rereading));
	return before != NULL && perfdash_rewriter_compare(rewriter, record, before, after, error);
}

/* those whose runs have not gone to another log, or come back, since they were read again */
static GPtrArray *
list_current(PerfdashDatabase *database, GPtrArray *rereadings, GError **error)
{
	g_autoptr(GPtrArray) current = g_ptr_array_new();
	for (guint i = 0; i < rereadings->len; i++) {
		PerfdashRereading *one = g_ptr_array_index(rereadings, i);
		PerfdashLogRecord *record = perfdash_rereading_get_record(one);
		g_autoptr(PerfdashLogRecord)
			now = perfdash_reader_load_log(database, record->id, error);
		if (now == NULL)
			return NULL;
		if (now->replaced_by == record->replaced_by)
			g_ptr_array_add(current, one);
	}
	return g_steal_pointer(&current);
}

static gboolean
write_log(PerfdashDatabase *database, PerfdashRereading *rereading, GError **error)
{
	gint64 log = perfdash_rereading_get_record(rereading)->id;
	PerfdashParseResult *parsed = perfdash_rereading_get_parsed(rereading);
	return perfdash_writer_update_log(database, log, parsed, error) &&
	       perfdash_sqlite_sources_recount(database, log, 1, error);
}

static gboolean
write_all(PerfdashDatabase *database,
	  PerfdashRewriter *rewriter,
	  GPtrArray *rereadings,
	  GError **error)
{
	g_autoptr(GPtrArray) current = NULL;
	if (!perfdash_database_begin(database, error) ||
	    (current = list_current(database, rereadings, error)) == NULL)
		return FALSE;
	for (guint i = 0; i < current->len; i++) {
		PerfdashRereading *one = g_ptr_array_index(current, i);
		gint64 log = perfdash_rereading_get_record(one)->id;
		if (!perfdash_sqlite_sources_recount(database, log, -1, error) ||
		    !compare_log(rewriter, one, error))
			return FALSE;
	}
	if (!perfdash_rewriter_write(rewriter, error))
		return FALSE;
	for (guint i = 0; i < current->len; i++) {
		if (!write_log(database, g_ptr_array_index(current, i), error))
			return FALSE;
	}
	return perfdash_database_commit(database, error);
}

/* what the writer is asked for */
typedef struct {
	GPtrArray *rereadings;
	GPtrArray *changed; /* ids of series */
} Replacement;

static gboolean
replace(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Replacement *replacement = data;
	g_autoptr(PerfdashRewriter)
		rewriter = perfdash_rewriter_new(catalogue, database, "its log was parsed again");
	if (!write_all(database, rewriter, replacement->rereadings, error)) {
		perfdash_rewriter_give_up(rewriter);
		return FALSE;
	}
	perfdash_rewriter_publish(rewriter, 0);
	replacement->changed = perfdash_rewriter_list_series(rewriter);
	return TRUE;
}

static gboolean
perfdash_sqlite_rereadings_replace_logs(PerfdashStore *store, GPtrArray *rereadings, GError **error)
{
	Replacement replacement = {.rereadings = rereadings};
	if (!perfdash_sqlite_store_write(store, replace, &replacement, error))
		return FALSE;
	g_autoptr(GPtrArray) changed = replacement.changed;
	perfdash_sqlite_store_announce(store, changed);
	return TRUE;
}

void
perfdash_sqlite_rereadings_init_class(PerfdashStoreClass *klass)
{
	klass->replace_logs = perfdash_sqlite_rereadings_replace_logs;
}
