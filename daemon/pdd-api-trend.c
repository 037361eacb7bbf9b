/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The analysis of a series, for the page that draws it. Changes are those that are stored, so that
 * they are the same everywhere; what lies between them is described anew. */

#include "pdd-api.h"
#include "pdd-json-change.h"

/* what the page draws: no change that is withdrawn */
static gboolean
is_shown(PerfdashChange *change)
{
	return perfdash_change_get_state(change) != PERFDASH_CHANGE_STATE_WITHDRAWN;
}

static gboolean
add_change(PerfdashJsonWriter *writer, PddService *service, PerfdashChange *change, GError **error)
{
	gint64 id = perfdash_change_get_id(change);
	g_autoptr(GPtrArray) events = perfdash_store_list_change_events(service->store, id, error);
	if (events == NULL)
		return FALSE;
	pdd_json_begin_change(writer, change);
	pdd_json_add_history(writer, events);
	perfdash_json_writer_end_object(writer);
	return TRUE;
}

static gboolean
add_changes(PerfdashJsonWriter *writer, PddService *service, GPtrArray *changes, GError **error)
{
	perfdash_json_writer_name(writer, "changes");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		if (is_shown(change) && !add_change(writer, service, change, error))
			return FALSE;
	}
	perfdash_json_writer_end_array(writer);
	return TRUE;
}

static void
add_level(PerfdashJsonWriter *writer, gint64 from, gint64 to, double value, double low, double high)
{
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_time(writer, "from", from);
	pdd_json_add_time(writer, "to", to);
	pdd_json_add_estimate(writer, "level", value, low, high);
	perfdash_json_writer_end_object(writer);
}

/* from the first result over all changes to the last */
static void
add_levels(PerfdashJsonWriter *writer,
	   PerfdashSeries *series,
	   PerfdashTrend *trend,
	   GPtrArray *changes)
{
	gsize n;
	const gint64 *times = perfdash_series_get_times(series, &n);
	gint64 from = n > 0 ? times[0] : 0;
	PerfdashChange *last = NULL;
	double low;
	double high;
	perfdash_json_writer_name(writer, "levels");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		if (!is_shown(change))
			continue;
		double value = perfdash_change_point_get_before(perfdash_change_get_point(change),
								&low,
								&high);
		add_level(writer, from, perfdash_change_get_time(change), value, low, high);
		from = perfdash_change_get_time(change);
		last = change;
	}
	double value = last != NULL
			       ? perfdash_change_point_get_after(perfdash_change_get_point(last),
								 &low,
								 &high)
			       : perfdash_trend_get_level(trend, &low, &high);
	if (n > 0)
		add_level(writer, from, times[n - 1], value, low, high);
	perfdash_json_writer_end_array(writer);
}

static void
add_undecided(PerfdashJsonWriter *writer, PerfdashSeries *series, PerfdashTrend *trend)
{
	PerfdashChangePoint *point = perfdash_trend_get_undecided(trend);
	gsize n;
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	const gint64 *times = perfdash_series_get_times(series, &n);
	if (point == NULL) {
		pdd_json_add_null(writer, "undecided");
		return;
	}
	gsize index = perfdash_change_point_get_index(point);
	perfdash_json_writer_name(writer, "undecided");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "run", runs[index]);
	pdd_json_add_time(writer, "time", times[index]);
	pdd_json_add_change_point(writer, point);
	pdd_json_add_int(writer, "runs_needed", perfdash_change_point_get_runs_needed(point));
	perfdash_json_writer_end_object(writer);
}

static void
add_noise(PerfdashJsonWriter *writer, PerfdashTrend *trend)
{
	gboolean is_relative;
	double noise = perfdash_trend_get_noise(trend, &is_relative);
	double drift;
	double low;
	double high;
	double level;
	/* noise and drift are shares of the level, or in the unit */
	pdd_json_add_boolean(writer, "relative", is_relative);
	pdd_json_add_double(writer, "noise", noise);
	pdd_json_add_double(writer, "correlation", perfdash_trend_get_correlation(trend));
	pdd_json_add_int(writer, "modes", perfdash_trend_get_n_modes(trend));
	level = perfdash_trend_get_level(trend, &low, &high);
	pdd_json_add_estimate(writer, "level", level, low, high);
	if (perfdash_trend_get_drift(trend, &drift, &low, &high))
		pdd_json_add_estimate(writer, "drift_per_week", drift, low, high);
	else
		pdd_json_add_null(writer, "drift_per_week");
}

/* what may become a level is not called outliers */
static void
add_outliers(PerfdashJsonWriter *writer, PerfdashSeries *series, PerfdashTrend *trend)
{
	gsize n;
	gsize n_outliers;
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	const guint *outliers = perfdash_trend_get_outliers(trend, &n_outliers);
	PerfdashChangePoint *undecided = perfdash_trend_get_undecided(trend);
	gsize end = undecided != NULL ? perfdash_change_point_get_index(undecided) : n;
	perfdash_json_writer_name(writer, "outliers");
	perfdash_json_writer_begin_array(writer);
	for (gsize i = 0; i < n_outliers && outliers[i] < end; i++)
		perfdash_json_writer_int(writer, runs[outliers[i]]);
	perfdash_json_writer_end_array(writer);
}

static void
add_hidden_run(PerfdashJsonWriter *writer, PerfdashRun *run)
{
	PerfdashChangeEvent *event = perfdash_run_get_standing_event(run);
	PerfdashResult *result = perfdash_run_get_result(run, 0);
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "run", perfdash_run_get_id(run));
	pdd_json_add_time(writer, "time", perfdash_run_get_started_at(run));
	pdd_json_add_text(writer, "build", perfdash_run_get_build(run));
	pdd_json_add_double(writer, "value", perfdash_result_get_value(result));
	pdd_json_add_text(writer, "reason", perfdash_change_event_get_value(event));
	pdd_json_add_text(writer, "who", perfdash_change_event_get_who(event));
	pdd_json_add_time(writer, "hidden_at", perfdash_change_event_get_time(event));
	perfdash_json_writer_end_object(writer);
}

/* what people hid of a series */
static gboolean
add_hidden(PerfdashJsonWriter *writer, PddService *service, const char *id, GError **error)
{
	g_autoptr(GPtrArray) runs = perfdash_store_list_hidden_runs(service->store, id, error);
	if (runs == NULL)
		return FALSE;
	perfdash_json_writer_name(writer, "hidden");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < runs->len; i++)
		add_hidden_run(writer, g_ptr_array_index(runs, i));
	perfdash_json_writer_end_array(writer);
	return TRUE;
}

static PerfdashTrend *
analyze(PerfdashSeries *series, GError **error)
{
	PerfdashSeriesInfo *info = perfdash_series_get_info(series);
	gsize n;
	const double *values = perfdash_series_get_values(series, &n);
	const gint64 *times = perfdash_series_get_times(series, &n);
	return perfdash_trend_new(values,
				  n,
				  times,
				  n,
				  perfdash_series_info_get_direction(info),
				  error);
}

PddAnswer *
pdd_api_get_trend(PddService *service, PddRequest *request, GError **error)
{
	const char *id = pdd_request_get_capture(request, 0);
	guint64 generation = perfdash_store_get_generation(service->store);
	g_autoptr(PerfdashSeries) series = perfdash_store_load_series(service->store, id, error);
	g_autoptr(GPtrArray)
		changes = series != NULL
				  ? perfdash_store_list_series_changes(service->store, id, error)
				  : NULL;
	g_autoptr(PerfdashTrend) trend = changes != NULL ? analyze(series, error) : NULL;
	if (trend == NULL)
		return NULL;
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	pdd_json_add_series_info(writer, perfdash_series_get_info(series));
	pdd_json_add_int(writer, "n", perfdash_series_get_length(series));
	add_noise(writer, trend);
	add_levels(writer, series, trend, changes);
	if (!add_changes(writer, service, changes, error))
		return NULL;
	g_autoptr(PerfdashPrecision) precision = perfdash_precision_new(changes);
	pdd_json_add_precision(writer, precision, NULL);
	add_undecided(writer, series, trend);
	add_outliers(writer, series, trend);
	if (!add_hidden(writer, service, id, error))
		return NULL;
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}
