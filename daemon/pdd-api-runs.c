/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-api.h"
#include "pdd-json-change.h"

PddAnswer *
pdd_api_list_runs(PddService *service, PddRequest *request, GError **error)
{
	static const char *const choices[] = {"false", "true", NULL};
	static const char *const standings[] = {"shown", "hidden", NULL /* both */};
	g_autoptr(PerfdashSelector) selector = pdd_request_get_selector(request, error);
	guint hidden = 2;
	guint64 generation = perfdash_store_get_generation(service->store);
	guint64 limit = 100;
	guint64 before = 0;
	if (selector == NULL ||
	    !pdd_request_get_choice(request, "hidden", choices, &hidden, error) ||
	    !pdd_request_get_number(request, "limit", 1, 1000, &limit, error) ||
	    !pdd_request_get_number(request, "cursor", 1, G_MAXINT64, &before, error))
		return NULL;
	/* one more tells whether there is a next page */
	g_autoptr(GPtrArray) runs = perfdash_store_list_runs(service->store,
							     selector,
							     standings[hidden],
							     before,
							     limit + 1,
							     error);
	if (runs == NULL)
		return NULL;
	g_autofree char *next = NULL;
	if (runs->len > limit)
		next = g_strdup_printf("%" G_GINT64_FORMAT,
				       perfdash_run_get_id(g_ptr_array_index(runs, limit - 1)));
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	pdd_json_begin_items(writer);
	for (guint i = 0; i < MIN(runs->len, limit); i++) {
		pdd_json_begin_run(writer, g_ptr_array_index(runs, i));
		perfdash_json_writer_end_object(writer);
	}
	pdd_json_end_items(writer, next);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

gboolean
pdd_api_read_run_id(PddRequest *request, gint64 *id, GError **error)
{
	const char *text = pdd_request_get_capture(request, 0);
	guint64 number;
	if (g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &number, NULL)) {
		*id = number;
		return TRUE;
	}
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_NOT_FOUND,
		    "there is no run \"%.64s\"",
		    text);
	return FALSE;
}

static PerfdashRun *
load_run(PddService *service, PddRequest *request, GError **error)
{
	gint64 id;
	return pdd_api_read_run_id(request, &id, error)
		       ? perfdash_store_load_run(service->store, id, error)
		       : NULL;
}

static char *
series_id_of(PerfdashRun *run, PerfdashResult *result)
{
	g_autoptr(PerfdashLabels)
		labels = perfdash_labels_merge(perfdash_run_get_labels(run),
					       perfdash_result_get_labels(result));
	g_autoptr(PerfdashSeriesInfo)
		info = perfdash_series_info_new(labels,
						perfdash_result_get_unit(result),
						perfdash_result_get_direction(result));
	return g_strdup(perfdash_series_info_get_id(info));
}

/* what tells the result apart beside its benchmark and its metric */
static void
add_other_labels(PerfdashJsonWriter *writer, PerfdashLabels *labels)
{
	const char *key;
	const char *value;
	perfdash_json_writer_name(writer, "labels");
	perfdash_json_writer_begin_object(writer);
	for (guint i = 0; (key = perfdash_labels_get_nth(labels, i, &value)) != NULL; i++) {
		if (!g_str_equal(key, "benchmark") && !g_str_equal(key, "metric"))
			pdd_json_add_text(writer, key, value);
	}
	perfdash_json_writer_end_object(writer);
}

static void
add_stats(PerfdashJsonWriter *writer, PerfdashResult *result)
{
	double value;
	perfdash_json_writer_name(writer, "stats");
	perfdash_json_writer_begin_object(writer);
	for (guint i = 0; i < perfdash_result_get_n_stats(result); i++) {
		const char *name = perfdash_result_get_nth_stat(result, i, &value);
		pdd_json_add_double(writer, name, value);
	}
	perfdash_json_writer_end_object(writer);
}

static void
add_replicates(PerfdashJsonWriter *writer, PerfdashResult *result)
{
	gsize n;
	const double *values = perfdash_result_get_replicates(result, &n);
	perfdash_json_writer_name(writer, "replicates");
	perfdash_json_writer_begin_array(writer);
	for (gsize i = 0; i < n; i++)
		perfdash_json_writer_double(writer, values[i]);
	perfdash_json_writer_end_array(writer);
}

static void
write_result(PerfdashJsonWriter *writer, PerfdashRun *run, PerfdashResult *result)
{
	PerfdashDirection direction = perfdash_result_get_direction(result);
	g_autofree char *series = series_id_of(run, result);
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_text(writer, "series", series);
	pdd_json_add_text(writer, "benchmark", perfdash_result_get_benchmark(result));
	pdd_json_add_text(writer, "metric", perfdash_result_get_metric(result));
	add_other_labels(writer, perfdash_result_get_labels(result));
	pdd_json_add_text(writer, "unit", perfdash_result_get_unit(result));
	pdd_json_add_text(writer, "direction", perfdash_direction_to_string(direction));
	pdd_json_add_double(writer, "value", perfdash_result_get_value(result));
	add_stats(writer, result);
	add_replicates(writer, result);
	perfdash_json_writer_end_object(writer);
}

/* whether the log that the run came from can still be had */
static void
add_removal(PerfdashJsonWriter *writer, PddService *service, PerfdashRun *run)
{
	g_autoptr(PerfdashLogRecord)
		log = perfdash_store_load_log(service->store, perfdash_run_get_log(run), NULL);
	gint64 removed_at = log != NULL ? perfdash_log_record_get_removed_at(log) : 0;
	pdd_json_add_time(writer, "log_removed_at", removed_at);
	pdd_json_add_text(writer,
			  "log_removed_reason",
			  removed_at != 0 ? perfdash_log_record_get_removed_reason(log) : NULL);
}

/* the run that is in its place now, which may have been moved again, or 0 */
static gboolean
find_successor(PddService *service, PerfdashRun *run, gint64 *found, GError **error)
{
	g_autoptr(PerfdashRun) last = g_object_ref(run);
	while ((*found = perfdash_run_get_replaced_by(last)) != 0) {
		PerfdashRun *next = perfdash_store_load_run(service->store, *found, error);
		if (next == NULL)
			return FALSE;
		g_object_unref(last);
		last = next;
		if (perfdash_run_get_standing(last) != PERFDASH_STANDING_REPLACED)
			break;
	}
	return TRUE;
}

PddAnswer *
pdd_api_get_run(PddService *service, PddRequest *request, GError **error)
{
	g_autoptr(PerfdashRun) run = load_run(service, request, error);
	g_autoptr(GPtrArray) events = NULL;
	gint64 replaced_by;
	if (run != NULL && find_successor(service, run, &replaced_by, error))
		events = perfdash_store_list_run_events(service->store,
							perfdash_run_get_id(run),
							error);
	if (events == NULL)
		return NULL;
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	pdd_json_begin_run(writer, run);
	if (replaced_by != 0)
		pdd_json_add_int(writer, "replaced_by", replaced_by);
	else
		pdd_json_add_null(writer, "replaced_by");
	pdd_json_add_history(writer, events);
	pdd_json_add_labels(writer, "environment", perfdash_run_get_environment(run));
	pdd_json_add_labels(writer, "parameters", perfdash_run_get_parameters(run));
	pdd_json_add_texts(writer, "warnings", perfdash_run_get_warnings(run));
	add_removal(writer, service, run);
	perfdash_json_writer_name(writer, "results");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < perfdash_run_get_n_results(run); i++)
		write_result(writer, run, perfdash_run_get_result(run, i));
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

PddAnswer *
pdd_api_get_run_log(PddService *service, PddRequest *request, GError **error)
{
	g_autoptr(PerfdashRun) run = load_run(service, request, error);
	if (run == NULL)
		return NULL;
	g_autoptr(PerfdashLogRecord)
		log = perfdash_store_load_log(service->store, perfdash_run_get_log(run), error);
	return log != NULL ? pdd_api_open_log(service, request, log, error) : NULL;
}
