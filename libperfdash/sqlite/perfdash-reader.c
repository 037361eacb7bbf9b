/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-reader.h"

#include "perfdash-change-event-private.h"
#include "perfdash-error.h"
#include "perfdash-labels-private.h"
#include "perfdash-log-record-private.h"
#include "perfdash-result-private.h"
#include "perfdash-row-reader.h"
#include "perfdash-run-private.h"

static const char *
column_text(sqlite3_stmt *query, int column)
{
	const char *text = (const char *)sqlite3_column_text(query, column);
	return text != NULL ? text : "";
}

static void
set_text(char **field, sqlite3_stmt *query, int column)
{
	g_free(*field);
	*field = g_strdup(column_text(query, column));
}

static GStrv
split_lines(sqlite3_stmt *query, int column)
{
	const char *text = column_text(query, column);
	return *text != '\0' ? g_strsplit(text, "\n", -1) : g_new0(char *, 1);
}

static gboolean
set_labels(PerfdashLabels **labels, sqlite3_stmt *query, int column)
{
	PerfdashLabels *read = perfdash_labels_new_from_packed(sqlite3_column_blob(query, column),
							       sqlite3_column_bytes(query, column),
							       NULL);
	if (read == NULL)
		return FALSE;
	perfdash_labels_unref(*labels);
	*labels = read;
	return TRUE;
}

static void
add_stat(PerfdashResult *result, const char *name, double value)
{
	PerfdashStat stat = {g_intern_string(name), value};
	if (result->stats == NULL)
		result->stats = g_array_new(FALSE, FALSE, sizeof(PerfdashStat));
	g_array_append_val(result->stats, stat);
}

static void
read_result_details(PerfdashRun *run, GVariant *details)
{
	g_autoptr(GVariantIter) stats = NULL;
	g_autoptr(GVariant) replicates = NULL;
	const char *name;
	double value;
	guint index;
	gsize n;
	g_variant_get(details, "(ua(sd)@ad)", &index, &stats, &replicates);
	if (index >= run->results->len)
		return;
	PerfdashResult *result = g_ptr_array_index(run->results, index);
	while (g_variant_iter_next(stats, "(&sd)", &name, &value))
		add_stat(result, name, value);
	const double *values = g_variant_get_fixed_array(replicates, &n, sizeof(double));
	if (n > 0) {
		result->replicates = g_array_sized_new(FALSE, FALSE, sizeof(double), n);
		g_array_append_vals(result->replicates, values, n);
	}
}

static void
read_details(PerfdashRun *run, sqlite3_stmt *query, int column)
{
	gsize size = sqlite3_column_bytes(query, column);
	if (size == 0)
		return;
	g_autoptr(GBytes) bytes = g_bytes_new(sqlite3_column_blob(query, column), size);
	g_autoptr(GVariant)
		stored = g_variant_new_from_bytes(G_VARIANT_TYPE("a(ua(sd)ad)"), bytes, FALSE);
	g_autoptr(GVariant) details = G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap(stored)
								   : g_variant_ref(stored);
	for (gsize i = 0; i < g_variant_n_children(details); i++) {
		g_autoptr(GVariant) one = g_variant_get_child_value(details, i);
		read_result_details(run, one);
	}
}

/* points of one result follow each other: its value, then its percentiles */
static void
add_results(PerfdashCatalogue *catalogue,
	    PerfdashRun *run,
	    PerfdashShape *shape,
	    const double *values)
{
	g_rw_lock_reader_lock(&catalogue->lock);
	for (guint i = 0; i < shape->n; i++) {
		PerfdashSeriesEntry *entry = shape->series[i];
		if (*entry->stat != '\0')
			continue;
		g_ptr_array_add(run->results,
				perfdash_result_new(entry->labels,
						    perfdash_series_info_get_unit(entry->info),
						    perfdash_series_info_get_direction(entry->info),
						    values[i]));
	}
	g_rw_lock_reader_unlock(&catalogue->lock);
}

static void
add_percentiles(PerfdashRun *run, PerfdashShape *shape, const double *values)
{
	guint n = 0;
	for (guint i = 0; i < shape->n; i++) {
		if (*shape->series[i]->stat == '\0')
			n++;
		else if (n > 0)
			add_stat(g_ptr_array_index(run->results, n - 1),
				 shape->series[i]->stat,
				 values[i]);
	}
}

static double *
read_values(PerfdashRowReader *rows, PerfdashShape *shape, sqlite3_stmt *query, GError **error)
{
	g_autofree double *values = g_new(double, shape->n);
	PerfdashStoredRow stored = {
		.run = sqlite3_column_int64(query, 0),
		.shape = shape->id,
		.base = sqlite3_column_int64(query, 16),
		.points = sqlite3_column_blob(query, 12),
		.size = sqlite3_column_bytes(query, 12),
	};
	return perfdash_row_reader_read(rows, &stored, values, shape->n, error)
		       ? g_steal_pointer(&values)
		       : NULL;
}

static gboolean
read_points(PerfdashCatalogue *catalogue,
	    PerfdashRun *run,
	    PerfdashDatabase *database,
	    PerfdashShape *shape,
	    sqlite3_stmt *query,
	    GError **error)
{
	g_auto(PerfdashRowReader) rows = {.database = database};
	g_autofree double *values = read_values(&rows, shape, query, error);
	if (values == NULL)
		return FALSE;
	add_results(catalogue, run, shape, values);
	read_details(run, query, 13);
	add_percentiles(run, shape, values);
	return TRUE;
}

/* nothing of a run that is shown */
static gboolean
read_standing(PerfdashRun *run, sqlite3_stmt *query)
{
	int standing = sqlite3_column_int(query, 18);
	run->standing = standing;
	run->replaced_by = sqlite3_column_int64(query, 19);
	if (standing != PERFDASH_STANDING_SHOWN)
		run->standing_by = perfdash_change_event_new(sqlite3_column_int64(query, 20),
							     column_text(query, 21),
							     perfdash_standing_to_string(standing),
							     column_text(query, 22));
	return standing >= 0 && standing <= PERFDASH_STANDING_REPLACED;
}

/* all but its results */
static gboolean
read_run(PerfdashRun *run, PerfdashStream *stream, sqlite3_stmt *query)
{
	int outcome = sqlite3_column_int(query, 4);
	perfdash_labels_unref(run->labels);
	run->labels = perfdash_labels_ref(stream->labels);
	run->started_at = sqlite3_column_int64(query, 3);
	run->outcome = outcome;
	set_text(&run->build, query, 5);
	set_text(&run->revision, query, 6);
	set_text(&run->url, query, 7);
	set_text(&run->parser, query, 8);
	g_strfreev(run->warnings);
	run->warnings = split_lines(query, 11);
	perfdash_run_set_stored(run,
				sqlite3_column_int64(query, 0),
				sqlite3_column_int64(query, 17),
				column_text(query, 14),
				column_text(query, 15));
	return outcome >= 0 && outcome <= PERFDASH_OUTCOME_NO_RESULT && read_standing(run, query) &&
	       set_labels(&run->environment, query, 9) && set_labels(&run->parameters, query, 10);
}

static PerfdashStream *
find_stream(PerfdashCatalogue *catalogue, gint64 id)
{
	g_rw_lock_reader_lock(&catalogue->lock);
	PerfdashStream *stream = perfdash_catalogue_find_stream(catalogue, id);
	g_rw_lock_reader_unlock(&catalogue->lock);
	return stream;
}

/* whether a log was there when the catalogue was loaded, or came through this process */
static gboolean
is_known(PerfdashCatalogue *catalogue, gint64 log)
{
	g_rw_lock_reader_lock(&catalogue->lock);
	gboolean known = (guint64)log <= catalogue->generation;
	g_rw_lock_reader_unlock(&catalogue->lock);
	return known;
}

static PerfdashRun *
load_row(PerfdashCatalogue *catalogue,
	 PerfdashDatabase *database,
	 sqlite3_stmt *query,
	 GError **error)
{
	gint64 id = sqlite3_column_int64(query, 0);
	g_autoptr(PerfdashRun) run = perfdash_run_new_empty();
	if (!is_known(catalogue, sqlite3_column_int64(query, 17))) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_STORE,
			    "run %" G_GINT64_FORMAT
			    " was added after the store was opened: open it again",
			    id);
		return NULL;
	}
	PerfdashStream *stream = find_stream(catalogue, sqlite3_column_int64(query, 1));
	PerfdashShape *shape = perfdash_catalogue_load_shape(catalogue,
							     database,
							     sqlite3_column_int64(query, 2),
							     error);
	if (shape == NULL)
		return NULL;
	if (stream == NULL || !read_run(run, stream, query)) {
		perfdash_database_set_damaged(database, error, "run", id);
		return NULL;
	}
	if (!read_points(catalogue, run, database, shape, query, error))
		return NULL;
	return g_steal_pointer(&run);
}

PerfdashRun *
perfdash_reader_load_run(PerfdashCatalogue *catalogue,
			 PerfdashDatabase *database,
			 gint64 id,
			 GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "get_run");
	sqlite3_bind_int64(query, 1, id);
	if (perfdash_database_step(database, query, error) != PERFDASH_STEP_ROW)
		return NULL;
	PerfdashRun *run = load_row(catalogue, database, query, error);
	sqlite3_reset(query);
	return run;
}

static sqlite3_stmt *
query_runs(PerfdashDatabase *database, PerfdashStanding *standing, gint64 before)
{
	gboolean is_shown = standing != NULL && *standing == PERFDASH_STANDING_SHOWN;
	gboolean is_one = standing != NULL && !is_shown;
	sqlite3_stmt *query = is_one ? perfdash_database_query(database, "list_runs_of_standing")
				     : perfdash_database_query(database, "list_runs");
	sqlite3_bind_int64(query, 1, before);
	sqlite3_bind_int(query, 2, is_one ? (int)*standing : !is_shown);
	return query;
}

/* its results are counted, not read */
static PerfdashRun *
read_head(PerfdashDatabase *database, PerfdashStream *stream, sqlite3_stmt *query, GError **error)
{
	g_autoptr(PerfdashRun) run = perfdash_run_new_empty();
	if (!read_run(run, stream, query)) {
		gint64 id = sqlite3_column_int64(query, 0);
		perfdash_database_set_damaged(database, error, "run", id);
		return NULL;
	}
	run->n_unread = sqlite3_column_int64(query, 12);
	return g_steal_pointer(&run);
}

GPtrArray *
perfdash_reader_list_runs(PerfdashCatalogue *catalogue,
			  PerfdashDatabase *database,
			  PerfdashSelector *selector,
			  PerfdashStanding *standing,
			  gint64 before,
			  guint limit,
			  GError **error)
{
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(g_object_unref);
	sqlite3_stmt *query = query_runs(database, standing, before);
	PerfdashStep step = PERFDASH_STEP_DONE;
	while (runs->len < limit &&
	       (step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		PerfdashStream *stream = find_stream(catalogue, sqlite3_column_int64(query, 1));
		if (stream == NULL ||
		    (selector != NULL && !perfdash_selector_matches(selector, stream->labels)))
			continue;
		PerfdashRun *run = read_head(database, stream, query, error);
		if (run == NULL) {
			step = PERFDASH_STEP_ERROR;
			break;
		}
		g_ptr_array_add(runs, run);
	}
	sqlite3_reset(query);
	return step != PERFDASH_STEP_ERROR ? g_steal_pointer(&runs) : NULL;
}

GArray *
perfdash_reader_list_log_runs(PerfdashDatabase *database, gint64 log, GError **error)
{
	g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(gint64));
	sqlite3_stmt *query = perfdash_database_query(database, "list_log_runs");
	PerfdashStep step;
	sqlite3_bind_int64(query, 1, log);
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		gint64 run = sqlite3_column_int64(query, 0);
		g_array_append_val(runs, run);
	}
	return step == PERFDASH_STEP_DONE ? g_steal_pointer(&runs) : NULL;
}

GPtrArray *
perfdash_reader_load_log_runs(PerfdashCatalogue *catalogue,
			      PerfdashDatabase *database,
			      gint64 log,
			      GError **error)
{
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(g_object_unref);
	g_autoptr(GArray) ids = perfdash_reader_list_log_runs(database, log, error);
	for (guint i = 0; ids != NULL && i < ids->len; i++) {
		gint64 id = g_array_index(ids, gint64, i);
		PerfdashRun *run = perfdash_reader_load_run(catalogue, database, id, error);
		if (run == NULL)
			return NULL;
		g_ptr_array_add(runs, run);
	}
	return ids != NULL ? g_steal_pointer(&runs) : NULL;
}

/* what the run has of one series, and no more */
static gboolean
read_own_result(PerfdashRun *run,
		PerfdashSeriesEntry *entry,
		PerfdashRowReader *rows,
		PerfdashShape *shape,
		sqlite3_stmt *query,
		GError **error)
{
	PerfdashSeriesInfo *info = entry->info;
	g_autofree double *values = read_values(rows, shape, query, error);
	if (values == NULL)
		return FALSE;
	g_ptr_array_add(run->results,
			perfdash_result_new(perfdash_series_info_get_labels(info),
					    perfdash_series_info_get_unit(info),
					    perfdash_series_info_get_direction(info),
					    values[perfdash_shape_find(shape, entry->id)]));
	run->n_unread = sqlite3_column_int64(query, 13) - 1;
	return TRUE;
}

static gboolean
add_hidden_run(GPtrArray *runs,
	       PerfdashCatalogue *catalogue,
	       PerfdashRowReader *rows,
	       PerfdashSeriesEntry *entry,
	       sqlite3_stmt *query,
	       GError **error)
{
	gint64 id = sqlite3_column_int64(query, 2);
	PerfdashShape *shape = perfdash_catalogue_load_shape(catalogue, rows->database, id, error);
	if (shape == NULL)
		return FALSE;
	if (perfdash_shape_find(shape, entry->id) < 0)
		return TRUE;
	PerfdashRun *run = read_head(rows->database, entry->stream, query, error);
	if (run == NULL)
		return FALSE;
	g_ptr_array_add(runs, run);
	return read_own_result(run, entry, rows, shape, query, error);
}

GPtrArray *
perfdash_reader_list_hidden_runs(PerfdashCatalogue *catalogue,
				 PerfdashDatabase *database,
				 PerfdashSeriesEntry *entry,
				 GError **error)
{
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(g_object_unref);
	g_auto(PerfdashRowReader) rows = {.database = database};
	sqlite3_stmt *query = perfdash_database_query(database, "list_stream_runs_of_standing");
	PerfdashStep step;
	sqlite3_bind_int64(query, 1, entry->stream->id);
	sqlite3_bind_int(query, 2, PERFDASH_STANDING_HIDDEN);
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW) {
		if (!add_hidden_run(runs, catalogue, &rows, entry, query, error)) {
			sqlite3_reset(query);
			return NULL;
		}
	}
	return step == PERFDASH_STEP_DONE ? g_steal_pointer(&runs) : NULL;
}

static gboolean
read_log_runs(PerfdashLogRecord *record, PerfdashDatabase *database, GError **error)
{
	GArray *runs = perfdash_reader_list_log_runs(database, record->id, error);
	if (runs == NULL)
		return FALSE;
	g_array_unref(record->runs);
	record->runs = runs;
	return TRUE;
}

static PerfdashLogRecord *
read_log(sqlite3_stmt *query)
{
	PerfdashLogRecord *record = perfdash_log_record_new_empty();
	PerfdashError code = PERFDASH_ERROR_BROKEN;
	record->id = sqlite3_column_int64(query, 0);
	record->digest = g_strdup(column_text(query, 1));
	record->name = g_strdup(column_text(query, 2));
	record->size = sqlite3_column_int64(query, 3);
	record->received_at = sqlite3_column_int64(query, 4);
	record->source = g_strdup(column_text(query, 5));
	record->outcome = sqlite3_column_int(query, 6);
	record->parser = g_strdup(column_text(query, 7));
	record->parser_version = g_strdup(column_text(query, 8));
	if (sqlite3_column_type(query, 9) != SQLITE_NULL &&
	    perfdash_error_from_string(column_text(query, 9), &code))
		record->error = g_error_new_literal(PERFDASH_ERROR, code, column_text(query, 10));
	record->warnings = split_lines(query, 11);
	record->origin = g_strdup(column_text(query, 12));
	record->removed_at = sqlite3_column_int64(query, 13);
	if (record->removed_at != 0)
		record->removed_reason = g_strdup(column_text(query, 14));
	record->replaced_by = sqlite3_column_int64(query, 15);
	return record;
}

/* NULL without an error when there is none */
static PerfdashLogRecord *
load_log(PerfdashDatabase *database, sqlite3_stmt *query, GError **error)
{
	if (perfdash_database_step(database, query, error) != PERFDASH_STEP_ROW)
		return NULL;
	g_autoptr(PerfdashLogRecord) record = read_log(query);
	sqlite3_reset(query);
	return read_log_runs(record, database, error) ? g_steal_pointer(&record) : NULL;
}

/* origin is NULL for the newest with these bytes */
PerfdashLogRecord *
perfdash_reader_find_log(PerfdashDatabase *database,
			 const char *digest,
			 const char *origin,
			 GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "find_log");
	sqlite3_bind_text(query, 1, digest, -1, SQLITE_STATIC);
	sqlite3_bind_text(query, 2, origin, -1, SQLITE_STATIC);
	return load_log(database, query, error);
}

PerfdashLogRecord *
perfdash_reader_find_log_at(PerfdashDatabase *database,
			    const char *source,
			    const char *place,
			    GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "find_log_at");
	sqlite3_bind_text(query, 1, source, -1, SQLITE_STATIC);
	sqlite3_bind_text(query, 2, place, -1, SQLITE_STATIC);
	return load_log(database, query, error);
}

PerfdashLogRecord *
perfdash_reader_load_log(PerfdashDatabase *database, gint64 log, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "get_log");
	sqlite3_bind_int64(query, 1, log);
	return load_log(database, query, error);
}

/* of a query that is ready to run */
static GPtrArray *
read_logs(PerfdashDatabase *database, sqlite3_stmt *query, GError **error)
{
	g_autoptr(GPtrArray) logs = g_ptr_array_new_with_free_func(g_object_unref);
	PerfdashStep step;
	while ((step = perfdash_database_step(database, query, error)) == PERFDASH_STEP_ROW)
		g_ptr_array_add(logs, read_log(query));
	for (guint i = 0; step == PERFDASH_STEP_DONE && i < logs->len; i++) {
		if (!read_log_runs(g_ptr_array_index(logs, i), database, error))
			return NULL;
	}
	return step == PERFDASH_STEP_DONE ? g_steal_pointer(&logs) : NULL;
}

/* digest is NULL for all bytes, outcome -1 for all */
GPtrArray *
perfdash_reader_list_logs(PerfdashDatabase *database,
			  const char *digest,
			  gint64 before,
			  int outcome,
			  guint limit,
			  GError **error)
{
	sqlite3_stmt *query = digest != NULL ? perfdash_database_query(database, "list_digest_logs")
					     : perfdash_database_query(database, "list_logs");
	sqlite3_bind_int64(query, 1, before);
	sqlite3_bind_int(query, 2, outcome);
	sqlite3_bind_int64(query, 3, limit);
	if (digest != NULL)
		sqlite3_bind_text(query, 4, digest, -1, SQLITE_STATIC);
	return read_logs(database, query, error);
}

GPtrArray *
perfdash_reader_list_failed_logs(PerfdashDatabase *database,
				 const char *source,
				 guint limit,
				 GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "list_failed_logs");
	sqlite3_bind_text(query, 1, source, -1, SQLITE_STATIC);
	sqlite3_bind_int64(query, 2, limit);
	return read_logs(database, query, error);
}

GPtrArray *
perfdash_reader_list_kept_logs(PerfdashDatabase *database,
			       gint64 after,
			       guint limit,
			       GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "list_kept_logs");
	sqlite3_bind_int64(query, 1, after);
	sqlite3_bind_int64(query, 2, limit);
	return read_logs(database, query, error);
}

GPtrArray *
perfdash_reader_list_removed_logs(PerfdashDatabase *database, guint limit, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "list_removed_logs");
	sqlite3_bind_int64(query, 1, limit);
	return read_logs(database, query, error);
}
