/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-writer.h"

#include "perfdash-labels-private.h"
#include "perfdash-log-record-private.h"
#include "perfdash-reader.h"
#include "perfdash-result-private.h"
#include "perfdash-run-private.h"

#define DETAILS_TYPE "a(ua(sd)ad)"
#define MAX_NEAR     255 /* runs near to one base: if its row is damaged, they are lost, too */

/* a run that is in the transaction, to be shown to readers when it is committed */
typedef struct {
	PerfdashStream *stream;
	PerfdashTailRun *run;
} Staged;

static gboolean
is_record(PerfdashRun *run)
{
	return (run->outcome == PERFDASH_OUTCOME_OK || run->outcome == PERFDASH_OUTCOME_PARTIAL) &&
	       run->results->len > 0;
}

static void
bind_text(sqlite3_stmt *query, int index, const char *text)
{
	sqlite3_bind_text(query, index, text, -1, SQLITE_STATIC);
}

static void
bind_labels(sqlite3_stmt *query, int index, PerfdashLabels *labels)
{
	gsize size;
	const char *packed = perfdash_labels_get_packed(labels, &size);
	sqlite3_bind_blob64(query, index, packed, size, SQLITE_STATIC);
}

static GVariant *
result_details(PerfdashResult *result, guint index)
{
	g_auto(GVariantBuilder) stats = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE("a(sd)"));
	gsize n_replicates;
	const double *replicates = perfdash_result_get_replicates(result, &n_replicates);
	gboolean any = n_replicates > 0;
	for (guint i = 0; i < perfdash_result_get_n_stats(result); i++) {
		double value;
		const char *name = perfdash_result_get_nth_stat(result, i, &value);
		if (perfdash_stat_is_percentile(name))
			continue;
		g_variant_builder_add(&stats, "(sd)", name, value);
		any = TRUE;
	}
	if (!any)
		return NULL;
	return g_variant_new("(u@a(sd)@ad)",
			     index,
			     g_variant_builder_end(&stats),
			     g_variant_new_fixed_array(G_VARIANT_TYPE_DOUBLE,
						       replicates,
						       n_replicates,
						       sizeof(double)));
}

/* statistics that are no series, and replicates; NULL when the run has none */
static GVariant *
run_details(PerfdashRun *run)
{
	g_auto(GVariantBuilder) builder = G_VARIANT_BUILDER_INIT(G_VARIANT_TYPE(DETAILS_TYPE));
	gboolean any = FALSE;
	for (guint i = 0; i < run->results->len; i++) {
		GVariant *details = result_details(g_ptr_array_index(run->results, i), i);
		if (details == NULL)
			continue;
		g_variant_builder_add_value(&builder, details);
		any = TRUE;
	}
	return any ? g_variant_ref_sink(g_variant_builder_end(&builder)) : NULL;
}

static void
bind_details(sqlite3_stmt *query, int index, GVariant *details)
{
	if (details == NULL)
		return;
	g_autoptr(GVariant) little = G_BYTE_ORDER == G_BIG_ENDIAN ? g_variant_byteswap(details)
								  : g_variant_ref(details);
	sqlite3_bind_blob64(query,
			    index,
			    g_variant_get_data(little),
			    g_variant_get_size(little),
			    SQLITE_TRANSIENT);
}

/* near to an earlier run while that pays; gives the id of that run, or 0 */
static gint64
pack_points(PerfdashTailRun *tail, GByteArray *points)
{
	PerfdashShape *shape = tail->shape;
	if (shape->base_run != 0 && shape->n_near < MAX_NEAR) {
		perfdash_row_pack_near(shape->base, tail->values, shape->usual, points);
		if (points->len < shape->base_size / 8 * 7) {
			shape->n_near++;
			return shape->base_run;
		}
		g_byte_array_set_size(points, 0);
	}
	if (shape->base == NULL)
		shape->base = perfdash_row_new(shape->n);
	perfdash_row_pack(shape->base, tail->values, shape->usual, points);
	shape->base_run = 0;
	shape->base_size = points->len;
	shape->n_near = 0;
	return 0;
}

static gboolean
insert_run(PerfdashDatabase *database,
	   gint64 log,
	   PerfdashStream *stream,
	   PerfdashRun *run,
	   PerfdashTailRun *tail,
	   GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "add_run");
	g_autoptr(GByteArray) points = g_byte_array_sized_new(tail->shape->n * 4 + 64);
	g_autoptr(GVariant) details = run_details(run);
	g_autofree char *warnings = g_strjoinv("\n", run->warnings);
	gint64 base = pack_points(tail, points);
	sqlite3_bind_int64(query, 1, log);
	sqlite3_bind_int64(query, 2, stream->id);
	sqlite3_bind_int64(query, 3, tail->seq);
	sqlite3_bind_int64(query, 4, tail->shape->id);
	sqlite3_bind_int64(query, 5, tail->time);
	sqlite3_bind_int(query, 6, tail->outcome);
	bind_text(query, 7, tail->build);
	bind_text(query, 8, tail->revision);
	bind_text(query, 9, run->url);
	bind_text(query, 10, run->parser);
	bind_labels(query, 11, run->environment);
	bind_labels(query, 12, run->parameters);
	bind_text(query, 13, warnings);
	sqlite3_bind_null(query, 14);
	if (base != 0)
		sqlite3_bind_int64(query, 14, base);
	sqlite3_bind_blob64(query, 15, points->data, points->len, SQLITE_STATIC);
	sqlite3_bind_null(query, 16);
	bind_details(query, 16, details);
	sqlite3_bind_int64(query, 17, run->results->len);
	if (!perfdash_database_run(database, query, &tail->run, error))
		return FALSE;
	if (base == 0)
		tail->shape->base_run = tail->run;
	return TRUE;
}

static gboolean
update_stream(PerfdashDatabase *database, PerfdashStream *stream, GArray *staged, GError **error)
{
	guint64 n_results = stream->n_results;
	gint64 last_time = stream->last_time;
	for (guint i = 0; i < staged->len; i++) {
		Staged *one = &g_array_index(staged, Staged, i);
		if (one->stream != stream)
			continue;
		n_results += one->run->shape->n;
		last_time = MAX(last_time, one->run->time);
	}
	sqlite3_stmt *query = perfdash_database_query(database, "set_stream");
	sqlite3_bind_int64(query, 1, stream->id);
	sqlite3_bind_int64(query, 2, stream->n_runs + stream->n_staged);
	sqlite3_bind_int64(query, 3, n_results);
	sqlite3_bind_int64(query, 4, last_time);
	return perfdash_database_run(database, query, NULL, error);
}

static gboolean
stage_run(PerfdashCatalogue *catalogue,
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
	PerfdashTailRun *tail = perfdash_tail_run_new(shape);
	Staged one = {stream, tail};
	g_array_append_val(staged, one);
	tail->seq = stream->n_runs + stream->n_staged++;
	tail->time = run->started_at != 0 ? run->started_at : record->received_at;
	tail->outcome = run->outcome;
	tail->build = g_strdup(run->build);
	tail->revision = g_strdup(run->revision);
	perfdash_run_copy_points(run, tail->values);
	if (!insert_run(database, record->id, stream, run, tail, error))
		return FALSE;
	g_array_append_val(record->runs, tail->run);
	return TRUE;
}

static gboolean
update_streams(PerfdashDatabase *database, GArray *staged, GError **error)
{
	g_autoptr(GHashTable) done = g_hash_table_new(NULL, NULL);
	for (guint i = 0; i < staged->len; i++) {
		PerfdashStream *stream = g_array_index(staged, Staged, i).stream;
		if (g_hash_table_add(done, stream) &&
		    !update_stream(database, stream, staged, error))
			return FALSE;
	}
	return TRUE;
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
	return perfdash_database_run(database, query, &record->id, error);
}

/* adds the log to what its source gave that day */
static gboolean
count_log(PerfdashDatabase *database, PerfdashLogRecord *record, GPtrArray *runs, GError **error)
{
	sqlite3_stmt *query = perfdash_database_query(database, "count_log");
	gint64 n_results = 0;
	for (guint i = 0; i < runs->len; i++) {
		PerfdashRun *run = g_ptr_array_index(runs, i);
		n_results += is_record(run) ? run->results->len : 0;
	}
	bind_text(query, 1, record->source);
	sqlite3_bind_int64(query, 2, record->received_at / G_TIME_SPAN_DAY);
	sqlite3_bind_int(query, 3, record->error != NULL);
	sqlite3_bind_int64(query, 4, n_results);
	return perfdash_database_run(database, query, NULL, error);
}

static PerfdashLogRecord *
record_new(const PerfdashNewLog *new)
{
	PerfdashLogRecord *record = perfdash_log_record_new_empty();
	const GError *error = perfdash_parse_result_get_error(new->parsed);
	record->digest = g_strdup(perfdash_log_get_digest(new->log));
	record->name = g_strdup(perfdash_log_get_name(new->log));
	record->size = perfdash_log_get_size(new->log);
	record->received_at = g_get_real_time();
	record->source = g_strdup(new->source);
	record->outcome = perfdash_parse_result_get_outcome(new->parsed);
	record->parser = g_strdup(perfdash_parse_result_get_parser(new->parsed));
	record->parser_version = g_strdup(perfdash_parse_result_get_parser_version(new->parsed));
	record->error = error != NULL ? g_error_copy(error) : NULL;
	record->warnings = perfdash_parse_result_dup_warnings(new->parsed);
	return record;
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
	GPtrArray *runs = perfdash_parse_result_get_runs(new->parsed);
	g_autoptr(GError) local = NULL;
	g_autoptr(PerfdashLogRecord)
		record = perfdash_reader_load_log(database,
						  perfdash_log_get_digest(new->log),
						  &local);
	*is_new = record == NULL && local == NULL;
	if (local != NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	if (!*is_new)
		return g_steal_pointer(&record);
	record = record_new(new);
	if (!insert_log(database, record, error) || !count_log(database, record, runs, error))
		return NULL;
	for (guint i = 0; i < runs->len; i++) {
		PerfdashRun *run = g_ptr_array_index(runs, i);
		if (is_record(run) && !stage_run(catalogue, database, record, run, staged, error))
			return NULL;
	}
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
		Staged *one = &g_array_index(staged, Staged, i);
		one->stream->n_staged = 0;
		perfdash_catalogue_append_run(catalogue, one->stream, one->run);
	}
	catalogue->generation += n_new;
	g_rw_lock_writer_unlock(&catalogue->lock);
	for (guint i = 0; i < staged->len; i++) {
		PerfdashShape *shape = g_array_index(staged, Staged, i).run->shape;
		for (guint j = 0; j < shape->n; j++)
			g_ptr_array_add(touched, shape->series[j]);
	}
}

static void
give_up(PerfdashCatalogue *catalogue, PerfdashDatabase *database, GArray *staged)
{
	perfdash_database_rollback(database);
	for (guint i = 0; i < staged->len; i++) {
		Staged *one = &g_array_index(staged, Staged, i);
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
	g_autoptr(GArray) staged = g_array_new(FALSE, FALSE, sizeof(Staged));
	guint n_new = 0;
	if (write_logs(catalogue, database, logs, n_logs, staged, &n_new, error)) {
		publish(catalogue, n_new, staged, touched);
		return n_new;
	}
	give_up(catalogue, database, staged);
	for (guint i = 0; i < n_logs; i++)
		g_clear_object(&logs[i].record);
	return -1;
}
