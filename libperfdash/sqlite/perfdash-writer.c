/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-writer.h"

#include "perfdash-log-record-private.h"
#include "perfdash-origin-private.h"
#include "perfdash-parse-result-private.h"
#include "perfdash-reader.h"
#include "perfdash-run-private.h"
#include "perfdash-run-rows.h"

static gboolean
update_stream(PerfdashDatabase *database, PerfdashStream *stream, GArray *staged, GError **error)
{
	guint64 n_results = stream->n_results;
	gint64 last_time = stream->last_time;
	for (guint i = 0; i < staged->len; i++) {
		PerfdashStagedRun *one = &g_array_index(staged, PerfdashStagedRun, i);
		if (one->stream != stream)
			continue;
		n_results += one->run->shape->n_results;
		last_time = MAX(last_time, one->run->time);
	}
	sqlite3_stmt *query = perfdash_database_query(database, "set_stream");
	sqlite3_bind_int64(query, 1, stream->id);
	sqlite3_bind_int64(query, 2, stream->n_runs + stream->n_staged);
	sqlite3_bind_int64(query, 3, n_results);
	sqlite3_bind_int64(query, 4, last_time);
	return perfdash_database_run(database, query, NULL, error);
}

gboolean
perfdash_writer_stage_run(PerfdashCatalogue *catalogue,
			  PerfdashDatabase *database,
			  PerfdashLogRecord *record,
			  PerfdashRun *run,
			  GArray *staged,
			  GError **error)
{
	PerfdashStream *stream =
		perfdash_catalogue_ensure_stream(catalogue, database, run->labels, error);
	PerfdashShape *shape =
		stream != NULL
			? perfdash_catalogue_ensure_shape(catalogue, database, stream, run, error)
			: NULL;
	if (shape == NULL)
		return FALSE;
	guint32 seq = stream->n_runs + stream->n_staged++;
	PerfdashTailRun *tail = perfdash_run_rows_make_tail(shape, seq, run, record->received_at);
	PerfdashStagedRun one = {stream, tail};
	g_array_append_val(staged, one);
	if (!perfdash_run_rows_add(database, record->id, stream, run, tail, error))
		return FALSE;
	g_array_append_val(record->runs, tail->run);
	return TRUE;
}

static gboolean
update_streams(PerfdashDatabase *database, GArray *staged, GError **error)
{
	g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < staged->len; i++) {
		PerfdashStream *stream = g_array_index(staged, PerfdashStagedRun, i).stream;
		if (g_hash_table_add(done, stream) &&
		    !update_stream(database, stream, staged, error))
			return FALSE;
	}
	return TRUE;
}

static void
bind_text(sqlite3_stmt *query, int index, const char *text)
{
	sqlite3_bind_text(query, index, text, -1, SQLITE_STATIC);
}

static gboolean
insert_log(PerfdashDatabase *database, PerfdashLogRecord *record, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "add_log");
	g_autofree char *warnings = g_strjoinv("\n", record->warnings);
	const char *class = record->error != NULL ? perfdash_error_to_string(record->error->code)
						  : NULL;
	bind_text(query, 1, record->digest);
	bind_text(query, 2, record->name);
	sqlite3_bind_int64(query, 3, record->size);
	sqlite3_bind_int64(query, 4, record->received_at);
	bind_text(query, 5, record->source);
	sqlite3_bind_int(query, 6, record->outcome);
	bind_text(query, 7, record->parser);
	bind_text(query, 8, record->parser_version);
	bind_text(query, 9, class);
	bind_text(query, 10, record->error != NULL ? record->error->message : NULL);
	bind_text(query, 11, warnings);
	bind_text(query, 12, record->origin);
	return perfdash_database_run(database, query, &record->id, error);
}

/* the bytes come with it, whatever was removed before */
static gboolean
keep_log(PerfdashDatabase *database, PerfdashLogRecord *record, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "keep_log");
	bind_text(query, 1, record->digest);
	return perfdash_database_run(database, query, NULL, error);
}

/* adds the log to what its source gave that day */
static gboolean
count_log(PerfdashDatabase *database, PerfdashLogRecord *record, gint64 n_results, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "count_log");
	bind_text(query, 1, record->source);
	sqlite3_bind_int64(query, 2, record->received_at / G_TIME_SPAN_DAY);
	sqlite3_bind_int(query, 3, record->error != NULL);
	sqlite3_bind_int64(query, 4, n_results);
	return perfdash_database_run(database, query, NULL, error);
}

gboolean
perfdash_writer_put_place(PerfdashDatabase *database,
			  PerfdashLogRecord *record,
			  PerfdashOrigin *origin,
			  GError **error)
{
	const char *place = perfdash_origin_get_place(origin);
	if (*place == '\0')
		return TRUE;
	sqlite3_stmt *query = perfdash_database_query(database, "put_place");
	sqlite3_bind_int64(query, 1, record->id);
	bind_text(query, 2, perfdash_origin_get_source(origin));
	bind_text(query, 3, place);
	return perfdash_database_run(database, query, NULL, error);
}

/* where it lies, or what lies there in its stead */
static gboolean
put_new(PerfdashDatabase *database,
	PerfdashLogRecord *record,
	const PerfdashNewLog *new,
	GError **error)
{
	if (new->successor == NULL)
		return perfdash_writer_put_place(database, record, new->origin, error);
	if (new->succession == PERFDASH_SUCCESSION_NONE)
		return TRUE;
	record->replaced_by = new->successor->id;
	sqlite3_stmt *query = perfdash_database_query(database, "set_log_replaced");
	sqlite3_bind_int64(query, 1, record->id);
	sqlite3_bind_int64(query, 2, record->replaced_by);
	return perfdash_database_run(database, query, NULL, error);
}

static PerfdashLogRecord *
record_new(const PerfdashNewLog *new)
{
	gint64 arrived_at = perfdash_origin_get_arrived_at(new->origin);
	PerfdashLogRecord *record = perfdash_log_record_new_empty();
	const GError *error = perfdash_parse_result_get_error(new->parsed);
	record->digest = g_strdup(perfdash_log_get_digest(new->log));
	record->name = g_strdup(perfdash_log_get_name(new->log));
	record->size = perfdash_log_get_size(new->log);
	record->received_at = arrived_at != 0 ? arrived_at : g_get_real_time();
	record->source = g_strdup(perfdash_origin_get_source(new->origin));
	record->origin = g_strdup(perfdash_origin_get_digest(new->origin));
	record->outcome = perfdash_parse_result_get_outcome(new->parsed);
	record->parser = g_strdup(perfdash_parse_result_get_parser(new->parsed));
	record->parser_version = g_strdup(perfdash_parse_result_get_parser_version(new->parsed));
	record->error = error != NULL ? g_error_copy(error) : NULL;
	record->warnings = perfdash_parse_result_dup_warnings(new->parsed);
	return record;
}

static guint64
count_results(GPtrArray *runs)
{
	guint64 n = 0;
	for (guint i = 0; i < runs->len; i++)
		n += perfdash_run_get_n_results(g_ptr_array_index(runs, i));
	return n;
}

PerfdashLogRecord *
perfdash_writer_insert_log(PerfdashDatabase *database,
			   const PerfdashNewLog *new,
			   guint64 n_results,
			   GError **error)
{
	g_autoptr(PerfdashLogRecord) record = record_new(new);
	if (!insert_log(database, record, error) || !keep_log(database, record, error) ||
	    !count_log(database, record, n_results, error) ||
	    !put_new(database, record, new, error))
		return NULL;
	return g_steal_pointer(&record);
}

PerfdashLogRecord *
perfdash_writer_find_log(PerfdashDatabase *database, const PerfdashNewLog *new, GError **error)
{
	return perfdash_reader_find_log(database,
					perfdash_log_get_digest(new->log),
					perfdash_origin_get_digest(new->origin),
					error);
}

/* those that its successor does not have */
static GPtrArray *
list_runs(PerfdashCatalogue *catalogue,
	  PerfdashDatabase *database,
	  const PerfdashNewLog *new,
	  GError **error)
{
	g_autoptr(GPtrArray) runs = perfdash_parse_result_list_records(new->parsed);
	g_autoptr(GPtrArray) others = NULL;
	if (new->succession == PERFDASH_SUCCESSION_WHOLE)
		g_ptr_array_set_size(runs, 0);
	if (new->succession != PERFDASH_SUCCESSION_SAME_RUNS)
		return g_steal_pointer(&runs);
	others = perfdash_reader_load_log_runs(catalogue, database, new->successor->id, error);
	if (others == NULL)
		return NULL;
	for (guint i = runs->len; i > 0; i--) {
		if (perfdash_succession_has_run(others, g_ptr_array_index(runs, i - 1)))
			g_ptr_array_remove_index(runs, i - 1);
	}
	return g_steal_pointer(&runs);
}

static PerfdashLogRecord *
add_log(PerfdashCatalogue *catalogue,
	PerfdashDatabase *database,
	const PerfdashNewLog *new,
	GArray *staged,
	GError **error)
{
	g_autoptr(GPtrArray) runs = list_runs(catalogue, database, new, error);
	g_autoptr(PerfdashLogRecord) record = NULL;
	if (runs != NULL)
		record = perfdash_writer_insert_log(database, new, count_results(runs), error);
	for (guint i = 0; record != NULL && i < runs->len; i++) {
		if (!perfdash_writer_stage_run(catalogue,
					       database,
					       record,
					       g_ptr_array_index(runs, i),
					       staged,
					       error))
			return NULL;
	}
	return g_steal_pointer(&record);
}

gboolean
perfdash_writer_update_log(PerfdashDatabase *database,
			   gint64 log,
			   PerfdashParseResult *parsed,
			   GError **error)
{
	const GError *failure = perfdash_parse_result_get_error(parsed);
	g_auto(GStrv) lines = perfdash_parse_result_dup_warnings(parsed);
	g_autofree char *warnings = g_strjoinv("\n", lines);
	const char *const texts[] = {
		perfdash_parse_result_get_parser(parsed),
		perfdash_parse_result_get_parser_version(parsed),
		failure != NULL ? perfdash_error_to_string(failure->code) : NULL,
		failure != NULL ? failure->message : NULL,
		warnings,
	};
	sqlite3_stmt *query = perfdash_database_query(database, "update_log");
	sqlite3_bind_int64(query, 1, log);
	sqlite3_bind_int(query, 2, perfdash_parse_result_get_outcome(parsed));
	for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
		bind_text(query, 3 + i, texts[i]);
	return perfdash_database_run(database, query, NULL, error);
}

/* what is known of a log already, or what is now, which is_new tells */
static PerfdashLogRecord *
write_log(PerfdashCatalogue *catalogue,
	  PerfdashDatabase *database,
	  const PerfdashNewLog *new,
	  GArray *staged,
	  gboolean *is_new,
	  GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autoptr(PerfdashLogRecord)
		record = new->known != NULL ? g_object_ref(new->known)
					    : perfdash_writer_find_log(database, new, &local);
	*is_new = record == NULL && local == NULL;
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	if (*is_new)
		return add_log(catalogue, database, new, staged, error);
	if (new->known != NULL && !perfdash_writer_put_place(database, record, new->origin, error))
		return NULL;
	return g_steal_pointer(&record);
}

static gboolean
write_logs(PerfdashCatalogue *catalogue,
	   PerfdashDatabase *database,
	   PerfdashNewLog *logs,
	   guint n_logs,
	   GArray *staged,
	   guint *n_new,
	   GError **error)
{
	if (!perfdash_database_begin(database, error))
		return FALSE;
	for (guint i = 0; i < n_logs; i++) {
		gboolean is_new;
		logs[i].record = write_log(catalogue, database, &logs[i], staged, &is_new, error);
		if (logs[i].record == NULL)
			return FALSE;
		*n_new += is_new;
	}
	return update_streams(database, staged, error) && perfdash_database_commit(database, error);
}

/* readers see whole logs at once */
static void
publish(PerfdashCatalogue *catalogue, guint n_new, GArray *staged, GPtrArray *touched)
{
	g_rw_lock_writer_lock(&catalogue->lock);
	perfdash_catalogue_settle(catalogue);
	for (guint i = 0; i < staged->len; i++) {
		PerfdashStagedRun *one = &g_array_index(staged, PerfdashStagedRun, i);
		one->stream->n_staged = 0;
		perfdash_catalogue_append_run(catalogue, one->stream, one->run);
	}
	catalogue->generation += n_new;
	g_rw_lock_writer_unlock(&catalogue->lock);
	for (guint i = 0; i < staged->len; i++) {
		PerfdashShape *shape = g_array_index(staged, PerfdashStagedRun, i).run->shape;
		for (guint j = 0; j < shape->n; j++)
			g_ptr_array_add(touched, shape->series[j]);
	}
}

void
perfdash_writer_give_up(PerfdashCatalogue *catalogue, PerfdashDatabase *database, GArray *staged)
{
	perfdash_database_rollback(database);
	for (guint i = 0; i < staged->len; i++) {
		PerfdashStagedRun *one = &g_array_index(staged, PerfdashStagedRun, i);
		one->stream->n_staged = 0;
		/* it may be a run that is not there now */
		one->run->shape->base_run = 0;
		perfdash_tail_run_unref(one->run);
	}
	perfdash_catalogue_unsettle(catalogue);
}

int
perfdash_writer_add_logs(PerfdashCatalogue *catalogue,
			 PerfdashDatabase *database,
			 PerfdashNewLog *logs,
			 guint n_logs,
			 GPtrArray *touched,
			 GError **error)
{
	g_autoptr(GArray) staged = g_array_new(FALSE, FALSE, sizeof(PerfdashStagedRun));
	guint n_new = 0;
	if (write_logs(catalogue, database, logs, n_logs, staged, &n_new, error)) {
		publish(catalogue, n_new, staged, touched);
		return n_new;
	}
	perfdash_writer_give_up(catalogue, database, staged);
	for (guint i = 0; i < n_logs; i++)
		g_clear_object(&logs[i].record);
	return -1;
}
