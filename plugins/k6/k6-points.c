/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What --out json writes: a line says what a metric is, and a line follows for each measurement.
 * There may be millions, so lines are not read as JSON: time and value stand in front of the tags,
 * and the name at one end of the line. --out csv does not say what a metric is, so that only k6's
 * own metrics and times are known, and it has whole seconds unless told otherwise: too few for a
 * rate. */

#include <math.h>
#include <string.h>

#include "k6.h"
#include "reader-start.h"
#include "reader-text.h"

/* a metric, and what was measured */
typedef struct {
	char *name;
	K6Type type;
	const char *unit;
	guint line; /* of its first point */
	ReaderSamples samples;
	double n, sum, last, n_positive;
} Series;

static void
series_free(Series *series)
{
	g_free(series->name);
	reader_samples_clear(&series->samples);
	g_free(series);
}

typedef struct {
	GPtrArray *series; /* of Series */
	GHashTable *by_name;
	char first[64], last[64]; /* times */
	gboolean is_csv, is_cut;
} Points;

static void
points_init(Points *points, gboolean is_csv)
{
	*points = (Points){.is_csv = is_csv};
	points->series = g_ptr_array_new_with_free_func((GDestroyNotify)series_free);
	points->by_name = g_hash_table_new(g_str_hash, g_str_equal);
}

static void
points_clear(Points *points)
{
	g_hash_table_unref(points->by_name);
	g_ptr_array_unref(points->series);
}

/* metrics of k6's own that are no trends */
static const struct {
	const char *name;
	K6Type type;
	const char *unit;
} known[] = {
	{"checks", K6_RATE, "1"},
	{"http_req_failed", K6_RATE, "1"},
	{"http_reqs", K6_COUNTER, "1"},
	{"iterations", K6_COUNTER, "1"},
	{"dropped_iterations", K6_COUNTER, "1"},
	{"data_sent", K6_COUNTER, "B"},
	{"data_received", K6_COUNTER, "B"},
	{"ws_sessions", K6_COUNTER, "1"},
	{"ws_msgs_sent", K6_COUNTER, "1"},
	{"ws_msgs_received", K6_COUNTER, "1"},
	{"grpc_streams", K6_COUNTER, "1"},
	{"grpc_streams_msgs_sent", K6_COUNTER, "1"},
	{"grpc_streams_msgs_received", K6_COUNTER, "1"},
	{"browser_data_sent", K6_COUNTER, "B"},
	{"browser_data_received", K6_COUNTER, "B"},
	{"browser_http_req_failed", K6_RATE, "1"},
	{"vus", K6_GAUGE, "1"},
	{"vus_max", K6_GAUGE, "1"},
};

/* the text behind a mark up to the next quote; NULL when there is none */
static char *
get_text(const char *line, const char *mark, gboolean from_end)
{
	const char *at = from_end ? g_strrstr(line, mark) : strstr(line, mark);
	if (at == NULL)
		return NULL;
	at += strlen(mark);
	const char *end = strchr(at, '"');
	return end != NULL ? g_strndup(at, end - at) : NULL;
}

static Series *
ensure_series(Points *points, const char *name)
{
	Series *series = g_hash_table_lookup(points->by_name, name);
	if (series != NULL)
		return series;
	series = g_new0(Series, 1);
	series->name = g_strdup(name);
	series->type = K6_TREND;
	reader_samples_init(&series->samples);
	g_ptr_array_add(points->series, series);
	g_hash_table_insert(points->by_name, series->name, series);
	return series;
}

static void
read_metric(Points *points, const char *line)
{
	g_autofree char *name = get_text(line, "\"name\":\"", FALSE);
	g_autofree char *contains = get_text(line, "\"contains\":\"", FALSE);
	const char *data = strstr(line, "\"data\":");
	g_autofree char *type = data != NULL ? get_text(data, "\"type\":\"", FALSE) : NULL;
	if (name == NULL || type == NULL)
		return;
	Series *series = ensure_series(points, name);
	series->type = g_str_equal(type, "counter") ? K6_COUNTER
		       : g_str_equal(type, "rate")  ? K6_RATE
		       : g_str_equal(type, "gauge") ? K6_GAUGE
						    : K6_TREND;
	series->unit = g_strcmp0(contains, "time") == 0   ? "ms"
		       : g_strcmp0(contains, "data") == 0 ? "B"
							  : "1";
}

static void
take(Points *points, Series *series, const char *time, double value, guint line)
{
	if (series->n == 0)
		series->line = line;
	series->n++;
	series->sum += value;
	series->last = value;
	series->n_positive += value != 0;
	if (series->type == K6_TREND)
		reader_samples_add(&series->samples, value);
	if (*points->first == '\0')
		g_strlcpy(points->first, time, sizeof(points->first));
	g_strlcpy(points->last, time, sizeof(points->last));
}

static void
read_point(Points *points, const char *line, guint number)
{
	gboolean is_name_last = !g_str_has_prefix(line, "{\"metric\"");
	g_autofree char *name = get_text(line, "\"metric\":\"", is_name_last);
	g_autofree char *time = get_text(line, "\"time\":\"", FALSE);
	double value;
	if (name == NULL || time == NULL || !reader_number_after(line, "\"value\":", &value))
		return;
	Series *series = g_hash_table_lookup(points->by_name, name);
	if (series != NULL)
		take(points, series, time, value, number);
}

/* NULL for a metric of the script's own, of which nobody knows what its numbers mean */
static Series *
find_csv_series(Points *points, const char *name)
{
	Series *series = g_hash_table_lookup(points->by_name, name);
	if (series != NULL)
		return series;
	for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
		if (!g_str_equal(known[i].name, name))
			continue;
		series = ensure_series(points, name);
		series->type = known[i].type;
		series->unit = known[i].unit;
		return series;
	}
	if (!k6_is_time(name))
		return NULL;
	series = ensure_series(points, name);
	series->unit = "ms";
	return series;
}

/* "http_req_duration,1595325560,221.899000,,,,GET,..." */
static void
read_row(Points *points, const char *line, guint number)
{
	double value;
	const char *rest;
	g_auto(GStrv) fields = g_strsplit(line, ",", 4);
	if (g_strv_length(fields) < 4 || !reader_number(fields[2], &value, &rest) || *rest != '\0')
		return;
	Series *series = find_csv_series(points, fields[0]);
	if (series != NULL)
		take(points, series, fields[1], value, number);
}

/* microseconds since 1970, or 0: ISO 8601, or seconds, or any thousandth of them */
static gint64
parse_time(const char *text)
{
	gsize n_digits = strspn(text, "0123456789");
	double value;
	if (text[n_digits] != '\0')
		return reader_parse_time(text);
	if (n_digits < 10 || n_digits > 19 || !reader_number(text, &value, NULL))
		return 0;
	return value * (n_digits > 17 ? 1e-3 : n_digits > 14 ? 1 : n_digits > 11 ? 1e3 : 1e6);
}

/* how long the run took; 0 when the times are not that exact */
static double
get_seconds(Points *points)
{
	gsize n_digits = strspn(points->last, "0123456789");
	gboolean is_exact = points->last[n_digits] == '\0'
				    ? n_digits > 11
				    : !points->is_csv || strchr(points->last, '.');
	return is_exact ? (parse_time(points->last) - parse_time(points->first)) / 1e6 : 0;
}

static void
add_series(PerfdashRunBuilder *builder, K6Run *run, Series *series, double seconds)
{
	if (series->n == 0)
		return;
	K6Metric *metric = k6_run_add(run, series->name, series->type);
	metric->unit = series->unit;
	metric->line = series->line;
	metric->count = series->sum;
	metric->per_second = seconds > 0 ? series->sum / seconds : NAN;
	metric->value = series->type == K6_RATE ? series->n_positive / series->n : series->last;
	metric->passes = series->n_positive;
	metric->fails = series->n - series->n_positive;
}

static void
add_trends(PerfdashRunBuilder *builder, Points *points)
{
	for (guint i = 0; i < points->series->len; i++) {
		Series *series = g_ptr_array_index(points->series, i);
		gboolean is_time = g_strcmp0(series->unit, "ms") == 0;
		g_autofree char *name = reader_name(series->name);
		if (series->type != K6_TREND)
			continue;
		perfdash_run_builder_set_line(builder, series->line);
		reader_samples_end(&series->samples,
				   builder,
				   "k6",
				   name,
				   series->unit,
				   is_time ? PERFDASH_DIRECTION_LOWER : PERFDASH_DIRECTION_NONE);
	}
}

static void
end_points(PerfdashRunBuilder *builder, Points *points)
{
	g_autoptr(K6Run) run = k6_run_new();
	double seconds = get_seconds(points);
	if (*points->first == '\0')
		return;
	reader_set_start(builder, parse_time(points->first));
	for (guint i = 0; i < points->series->len; i++) {
		Series *series = g_ptr_array_index(points->series, i);
		if (series->type != K6_TREND)
			add_series(builder, run, series, seconds);
	}
	if (!k6_run_write(run, builder)) {
		perfdash_run_builder_next_run(builder);
		return;
	}
	add_trends(builder, points);
	if (points->is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the log was cut off");
	}
	perfdash_run_builder_next_run(builder);
}

static void
read_json_line(Points *points, ReaderLines *lines, const char *line)
{
	gboolean is_own = g_str_has_prefix(line, "{\"type\":\"") ||
			  g_str_has_prefix(line, "{\"metric\":\"");
	if (!is_own)
		return;
	if (lines->is_cut)
		points->is_cut = !g_str_has_suffix(line, "}");
	else if (strstr(line, "\"type\":\"Metric\"") != NULL)
		read_metric(points, line);
	else if (strstr(line, "\"type\":\"Point\"") != NULL)
		read_point(points, line, lines->number);
}

void
k6_points_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	Points points;
	points_init(&points, FALSE);
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL)
		read_json_line(&points, &lines, line);
	end_points(builder, &points);
	points_clear(&points);
}

/* a heading begins a run, in whose rows there may be lines of other tools */
void
k6_csv_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	Points points;
	gboolean is_open = FALSE;
	points_init(&points, TRUE);
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (g_str_has_prefix(line, "metric_name,timestamp,metric_value,") &&
		    !lines.is_cut) {
			end_points(builder, &points);
			points_clear(&points);
			points_init(&points, TRUE);
			is_open = TRUE;
		} else if (is_open && lines.is_cut) {
			points.is_cut = TRUE;
		} else if (is_open) {
			read_row(&points, line, lines.number);
		}
	}
	end_points(builder, &points);
	points_clear(&points);
}
