/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-sqlite-logs.h"

#include "perfdash-error.h"
#include "perfdash-reader.h"
#include "perfdash-sqlite-store.h"

/* what a thread with a connection is asked for */
typedef struct {
	const char *digest;
	int outcome; /* or -1 */
	gint64 before;
	guint limit;
	gpointer found;
} Read;

static gboolean
read_log(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	g_autoptr(GError) local = NULL;
	read->found = perfdash_reader_load_log(database, read->digest, &local);
	if (read->found == NULL && local == NULL)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no log %s",
			    read->digest);
	else if (read->found == NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	return read->found != NULL;
}

static PerfdashLogRecord *
perfdash_sqlite_logs_load(PerfdashStore *store, const char *digest, GError **error)
{
	Read read = {.digest = digest};
	return perfdash_sqlite_store_read(store, read_log, &read, error) ? read.found : NULL;
}

static gboolean
read_list(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	read->found = perfdash_reader_list_logs(database,
						read->before,
						read->outcome,
						read->limit,
						error);
	return read->found != NULL;
}

static GPtrArray *
perfdash_sqlite_logs_list(PerfdashStore *store,
			  const char *outcome,
			  gint64 before,
			  guint limit,
			  GError **error)
{
	PerfdashOutcome wanted;
	Read read = {.outcome = -1, .before = before > 0 ? before : G_MAXINT64, .limit = limit};
	if (outcome != NULL && !perfdash_outcome_from_string(outcome, &wanted)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "outcome \"%s\" is none of ok, partial, failed, no-result",
			    outcome);
		return NULL;
	}
	if (outcome != NULL)
		read.outcome = wanted;
	return perfdash_sqlite_store_read(store, read_list, &read, error) ? read.found : NULL;
}

void
perfdash_sqlite_logs_init_class(PerfdashStoreClass *klass)
{
	klass->load_log = perfdash_sqlite_logs_load;
	klass->list_logs = perfdash_sqlite_logs_list;
}
