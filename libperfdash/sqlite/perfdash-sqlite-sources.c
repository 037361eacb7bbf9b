/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What came from sources and labs, and when. Logs and results are counted by source and day when
 * they are written, and once more when they are written again; starts of runs are read from an
 * index that has all that is asked for. */

#include "perfdash-sqlite-sources.h"

#include "perfdash-lab-private.h"
#include "perfdash-log-record-private.h"
#include "perfdash-reader.h"
#include "perfdash-sqlite-store.h"

#define DAY        ((gint64)G_TIME_SPAN_DAY)
#define MAX_STARTS 200000
#define LAB        "lab"

/* what a thread with a connection is asked for */
typedef struct {
	const char *source;
	gint64 since;
	guint limit;
	GPtrArray *found;
} Read;

gboolean
perfdash_sqlite_sources_recount(PerfdashDatabase *database, gint64 log, int sign, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "count_log_again");
	sqlite3_bind_int64(query, 1, log);
	sqlite3_bind_int(query, 2, sign);
	return perfdash_database_run(database, query, NULL, error);
}

static gboolean
read_days(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	g_autoptr(GPtrArray)
		days = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_source_day_free);
	sqlite3_stmt *query = perfdash_database_query(database, "list_source_days");
	PerfdashStep step;
	sqlite3_bind_int64(query, 1, read->since / DAY);
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		PerfdashSourceDay *day = g_new0(PerfdashSourceDay, 1);
		day->source = g_strdup((const char *)sqlite3_column_text(query, 0));
		day->day = sqlite3_column_int64(query, 1) * DAY;
		day->logs = sqlite3_column_int64(query, 2);
		day->failed = sqlite3_column_int64(query, 3);
		day->results = sqlite3_column_int64(query, 4);
		g_ptr_array_add(days, day);
	}
	if (step == PERFDASH_STEP_DONE)
		read->found = g_steal_pointer(&days);
	return step == PERFDASH_STEP_DONE;
}

static GPtrArray *
perfdash_sqlite_sources_list_days(PerfdashStore *store, gint64 since, GError **error)
{
	Read read = {.since = since};
	return perfdash_sqlite_store_read(store, read_days, &read, error) ? read.found : NULL;
}

static gboolean
read_failed(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	read->found = perfdash_reader_list_failed_logs(database, read->source, read->limit, error);
	return read->found != NULL;
}

static GPtrArray *
perfdash_sqlite_sources_list_failed_logs(PerfdashStore *store,
					 const char *source,
					 guint limit,
					 GError **error)
{
	Read read = {.source = source, .limit = limit};
	return perfdash_sqlite_store_read(store, read_failed, &read, error) ? read.found : NULL;
}

/* of the lab of a stream, which is made when it is new; NULL when the stream is of none */
static PerfdashLab *
ensure_lab(PerfdashCatalogue *catalogue, GHashTable *labs, gint64 stream)
{
	g_rw_lock_reader_lock(&catalogue->lock);
	PerfdashStream *found = perfdash_catalogue_find_stream(catalogue, stream);
	const char *name = found != NULL ? perfdash_labels_get(found->labels, LAB) : NULL;
	PerfdashLab *lab = name != NULL ? g_hash_table_lookup(labs, name) : NULL;
	if (lab == NULL && name != NULL) {
		lab = perfdash_lab_new(name);
		g_hash_table_insert(labs, lab->name, lab);
	}
	g_rw_lock_reader_unlock(&catalogue->lock);
	return lab;
}

static gboolean
read_starts(PerfdashCatalogue *catalogue,
	    PerfdashDatabase *database,
	    gint64 since,
	    GHashTable *labs,
	    GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "list_starts");
	PerfdashStep step;
	sqlite3_bind_int64(query, 1, since);
	sqlite3_bind_int64(query, 2, MAX_STARTS);
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		PerfdashLab *lab = ensure_lab(catalogue, labs, sqlite3_column_int64(query, 1));
		gint64 start = sqlite3_column_int64(query, 0);
		if (lab != NULL)
			g_array_append_val(lab->starts, start);
	}
	return step == PERFDASH_STEP_DONE;
}

static gboolean
read_sources(PerfdashCatalogue *catalogue,
	     PerfdashDatabase *database,
	     gint64 since,
	     GHashTable *labs,
	     GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "list_stream_sources");
	PerfdashStep step;
	sqlite3_bind_int64(query, 1, since);
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		PerfdashLab *lab = ensure_lab(catalogue, labs, sqlite3_column_int64(query, 0));
		if (lab != NULL)
			perfdash_lab_add_source(lab, (const char *)sqlite3_column_text(query, 1));
	}
	return step == PERFDASH_STEP_DONE;
}

static int
compare_labs(gconstpointer a, gconstpointer b)
{
	const PerfdashLab *const *one = a;
	const PerfdashLab *const *other = b;
	return g_strcmp0((*one)->name, (*other)->name);
}

static gboolean
read_labs(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	g_autoptr(GHashTable) labs = g_hash_table_new_full(g_str_hash,
							   g_str_equal,
							   NULL,
							   (GDestroyNotify)perfdash_lab_unref);
	GHashTableIter iter;
	gpointer lab;
	if (!read_starts(catalogue, database, read->since, labs, error) ||
	    !read_sources(catalogue, database, read->since, labs, error))
		return FALSE;
	read->found = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_lab_unref);
	g_hash_table_iter_init(&iter, labs);
	while (g_hash_table_iter_next(&iter, NULL, &lab)) {
		if (((PerfdashLab *)lab)->starts->len > 0)
			g_ptr_array_add(read->found, perfdash_lab_ref(lab));
	}
	g_ptr_array_sort(read->found, compare_labs);
	return TRUE;
}

static GPtrArray *
perfdash_sqlite_sources_list_labs(PerfdashStore *store, gint64 since, GError **error)
{
	Read read = {.since = since};
	return perfdash_sqlite_store_read(store, read_labs, &read, error) ? read.found : NULL;
}

void
perfdash_sqlite_sources_init_class(PerfdashStoreClass *klass)
{
	klass->list_source_days = perfdash_sqlite_sources_list_days;
	klass->list_failed_logs = perfdash_sqlite_sources_list_failed_logs;
	klass->list_labs = perfdash_sqlite_sources_list_labs;
}
