/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What --out json writes: a line says what a metric is, and a line follows for each measurement.
 * There may be millions, so lines are not read as JSON: time and value stand in front of the tags,
 * and the name at one end of the line. */

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

typedef struct {
	GPtrArray *series; /* of Series */
	GHashTable *by_name;
	char first[64], last[64]; /* times */
	gboolean is_cut;
} Points;

static void
series_free(Series *series)
{
	g_free(series->name);
	reader_samples_clear(&series->samples);
	g_free(series);
}

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
read_point(Points *points, const char *line, guint number)
{
	gboolean is_name_last = !g_str_has_prefix(line, "{\"metric\"");
	g_autofree char *name = get_text(line, "\"metric\":\"", is_name_last);
	g_autofree char *time = get_text(line, "\"time\":\"", FALSE);
	double value;
	if (name == NULL || time == NULL || !reader_number_after(line, "\"value\":", &value))
		return;
	Series *series = g_hash_table_lookup(points->by_name, name);
	if (series == NULL)
		return;
	if (series->n == 0)
		series->line = number;
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
	gint64 start = reader_parse_time(points->first);
	double seconds = (reader_parse_time(points->last) - start) / 1e6;
	if (*points->first == '\0')
		return;
	reader_set_start(builder, start);
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

void
k6_points_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	Points points = {0};
	points.series = g_ptr_array_new_with_free_func((GDestroyNotify)series_free);
	points.by_name = g_hash_table_new(g_str_hash, g_str_equal);
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		gboolean is_own = g_str_has_prefix(line, "{\"type\":\"") ||
				  g_str_has_prefix(line, "{\"metric\":\"");
		if (!is_own)
			continue;
		if (lines.is_cut)
			points.is_cut = !g_str_has_suffix(line, "}");
		else if (strstr(line, "\"type\":\"Metric\"") != NULL)
			read_metric(&points, line);
		else if (strstr(line, "\"type\":\"Point\"") != NULL)
			read_point(&points, line, lines.number);
	}
	end_points(builder, &points);
	g_hash_table_unref(points.by_name);
	g_ptr_array_unref(points.series);
}
