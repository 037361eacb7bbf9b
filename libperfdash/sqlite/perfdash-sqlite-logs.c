/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-sqlite-logs.h"

#include "perfdash-error.h"
#include "perfdash-reader.h"
#include "perfdash-sqlite-store.h"

/* what a thread with a connection is asked for */
typedef struct {
	const char *digest; /* nullable */
	const char *origin; /* nullable */
	gint64 id;
	gint64 before;
	int outcome;
	guint limit;
	gpointer found;
} Read;

/* an error says that there is none */
static gpointer
require(gpointer record, GError *error, const char *what, GError **propagated)
{
	if (record == NULL && error == NULL)
		g_set_error(propagated,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "there is no log %s",
			    what);
	else if (record == NULL)
		g_propagate_error(propagated, error);
	return record;
}

static gboolean
find(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	GError *local = NULL;
	PerfdashLogRecord *record =
		perfdash_reader_find_log(database, read->digest, read->origin, &local);
	read->found = require(record, local, read->digest, error);
	return read->found != NULL;
}

static gboolean
load(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	GError *local = NULL;
	g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, read->id);
	PerfdashLogRecord *record = perfdash_reader_load_log(database, read->id, &local);
	read->found = require(record, local, id, error);
	return read->found != NULL;
}

static gboolean
list(PerfdashCatalogue *catalogue, PerfdashDatabase *database, gpointer data, GError **error)
{
	Read *read = data;
	read->found = perfdash_reader_list_logs(database,
						read->digest,
						read->before,
						read->outcome,
						read->limit,
						error);
	return read->found != NULL;
}

static PerfdashLogRecord *
perfdash_sqlite_logs_find(PerfdashStore *store,
			  const char *digest,
			  const char *origin,
			  GError **error)
{
	Read read = {.digest = digest, .origin = origin};
	return perfdash_sqlite_store_read(store, find, &read, error) ? read.found : NULL;
}

static PerfdashLogRecord *
perfdash_sqlite_logs_load(PerfdashStore *store, gint64 id, GError **error)
{
	Read read = {.id = id};
	return perfdash_sqlite_store_read(store, load, &read, error) ? read.found : NULL;
}

static GPtrArray *
perfdash_sqlite_logs_list(PerfdashStore *store,
			  const char *outcome,
			  const char *digest,
			  gint64 before,
			  guint limit,
			  GError **error)
{
	Read read = {.digest = digest,
		     .before = before > 0 ? before : G_MAXINT64,
		     .outcome = -1,
		     .limit = limit};
	PerfdashOutcome wanted;
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
	return perfdash_sqlite_store_read(store, list, &read, error) ? read.found : NULL;
}

void
perfdash_sqlite_logs_init_class(PerfdashStoreClass *klass)
{
	klass->find_log = perfdash_sqlite_logs_find;
	klass->load_log = perfdash_sqlite_logs_load;
	klass->list_logs = perfdash_sqlite_logs_list;
}
