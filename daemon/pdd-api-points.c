/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "pdd-api.h"
#include "pdd-json.h"

/* the results to show: all of a series, or those at some indices */
typedef struct {
	PerfdashSeries *series;
	guint *indices; /* nullable: all */
	gsize n;
	const gint64 *times;
	const double *values;
	const gint64 *runs;
} Points;

static void
points_clear(Points *self)
{
	g_clear_object(&self->series);
	g_free(self->indices);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Points, points_clear)

static gboolean
load_points(PddService *service, PddRequest *request, Points *points, GError **error)
{
	gint64 from = G_MININT64;
	gint64 to = G_MAXINT64;
	guint64 max_points = 0;
	gsize length;
	if (!pdd_request_get_time(request, "from", &from, NULL, error) ||
	    !pdd_request_get_time(request, "to", &to, NULL, error) ||
	    !pdd_request_get_number(request, "max_points", 2, 1000000, &max_points, error))
		return FALSE;
	g_autoptr(PerfdashSeries)
		all = perfdash_store_load_series(service->store,
						 pdd_request_get_capture(request, 0),
						 error);
	if (all == NULL)
		return FALSE;
	points->series = perfdash_series_slice(all, from, to);
	points->times = perfdash_series_get_times(points->series, &length);
	points->values = perfdash_series_get_values(points->series, &length);
	points->runs = perfdash_series_get_runs(points->series, &length);
	points->n = length;
	if (max_points > 0 && length > max_points)
		points->indices = perfdash_series_sample(points->series, max_points, &points->n);
	return TRUE;
}

static gsize
index_of(const Points *points, gsize i)
{
	return points->indices != NULL ? points->indices[i] : i;
}

typedef void (*WriteCell)(PerfdashJsonWriter *writer, const Points *points, gsize index);

static void
write_time(PerfdashJsonWriter *writer, const Points *points, gsize index)
{
	perfdash_json_writer_int(writer, points->times[index] / 1000);
}

static void
write_value(PerfdashJsonWriter *writer, const Points *points, gsize index)
{
	perfdash_json_writer_double(writer, points->values[index]);
}

static void
write_run(PerfdashJsonWriter *writer, const Points *points, gsize index)
{
	perfdash_json_writer_int(writer, points->runs[index]);
}

static void
write_build(PerfdashJsonWriter *writer, const Points *points, gsize index)
{
	perfdash_json_writer_string(writer, perfdash_series_get_build(points->series, index));
}

static void
write_revision(PerfdashJsonWriter *writer, const Points *points, gsize index)
{
	perfdash_json_writer_string(writer, perfdash_series_get_revision(points->series, index));
}

static const char *
outcome_of(const Points *points, gsize index)
{
	return perfdash_outcome_to_string(perfdash_series_get_outcome(points->series, index));
}

static void
write_outcome(PerfdashJsonWriter *writer, const Points *points, gsize index)
{
	perfdash_json_writer_string(writer, outcome_of(points, index));
}

static void
add_column(PerfdashJsonWriter *writer, const char *name, const Points *points, WriteCell write)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_begin_array(writer);
	for (gsize i = 0; i < points->n; i++)
		write(writer, points, index_of(points, i));
	perfdash_json_writer_end_array(writer);
}

static PddAnswer *
answer_json(const Points *points, guint64 generation)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	pdd_json_add_series_info(writer, perfdash_series_get_info(points->series));
	pdd_json_add_int(writer, "n", perfdash_series_get_length(points->series));
	pdd_json_add_boolean(writer, "sampled", points->indices != NULL);
	add_column(writer, "times", points, write_time);
	add_column(writer, "values", points, write_value);
	add_column(writer, "runs", points, write_run);
	add_column(writer, "builds", points, write_build);
	add_column(writer, "revisions", points, write_revision);
	add_column(writer, "outcomes", points, write_outcome);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

static void
append_time(GString *text, gint64 microseconds)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(microseconds / G_USEC_PER_SEC);
	g_autofree char *seconds = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
	g_string_append_printf(text,
			       "%s.%03dZ",
			       seconds,
			       (int)(microseconds % G_USEC_PER_SEC / 1000));
}

/* RFC 4180; a text that a spreadsheet would take for a formula is quoted as one by ' */
static void
append_csv(GString *text, const char *value)
{
	gboolean is_formula = *value != '\0' && strchr("=+-@", *value) != NULL;
	if (!is_formula && strpbrk(value, ",\"") == NULL) {
		g_string_append(text, value);
		return;
	}
	g_string_append(text, is_formula ? "\"'" : "\"");
	for (const char *p = value; *p != '\0'; p++) {
		if (*p == '"')
			g_string_append_c(text, '"');
		g_string_append_c(text, *p);
	}
	g_string_append_c(text, '"');
}

static PddAnswer *
answer_csv(const Points *points, guint64 generation)
{
	PerfdashSeriesInfo *info = perfdash_series_get_info(points->series);
	GString *text = g_string_new("time,value,unit,run,build,revision,outcome\r\n");
	char number[G_ASCII_DTOSTR_BUF_SIZE];
	for (gsize i = 0; i < points->n; i++) {
		gsize index = index_of(points, i);
		append_time(text, points->times[index]);
		g_ascii_dtostr(number, sizeof(number), points->values[index]);
		g_string_append_printf(text, ",%s,", number);
		append_csv(text, perfdash_series_info_get_unit(info));
		g_string_append_printf(text, ",%" G_GINT64_FORMAT ",", points->runs[index]);
		append_csv(text, perfdash_series_get_build(points->series, index));
		g_string_append_c(text, ',');
		append_csv(text, perfdash_series_get_revision(points->series, index));
		g_string_append_printf(text, ",%s\r\n", outcome_of(points, index));
	}
	PddAnswer *answer = pdd_answer_new(200,
					   "text/csv; charset=utf-8",
					   g_string_free_to_bytes(text));
	g_autofree char *name = g_strdup_printf("attachment; filename=\"%s.csv\"",
						perfdash_series_info_get_id(info));
	pdd_answer_add_header(answer, "Content-Disposition", name);
	return answer;
}

static PddAnswer *
answer_ndjson(const Points *points, guint64 generation)
{
	PerfdashSeriesInfo *info = perfdash_series_get_info(points->series);
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	GString *text = g_string_new(NULL);
	for (gsize i = 0; i < points->n; i++) {
		gsize index = index_of(points, i);
		perfdash_json_writer_begin_object(writer);
		pdd_json_add_time(writer, "time", points->times[index]);
		pdd_json_add_double(writer, "value", points->values[index]);
		pdd_json_add_text(writer, "unit", perfdash_series_info_get_unit(info));
		pdd_json_add_int(writer, "run", points->runs[index]);
		pdd_json_add_text(writer,
				  "build",
				  perfdash_series_get_build(points->series, index));
		pdd_json_add_text(writer,
				  "revision",
				  perfdash_series_get_revision(points->series, index));
		pdd_json_add_text(writer, "outcome", outcome_of(points, index));
		perfdash_json_writer_end_object(writer);
		g_autoptr(GBytes) line = perfdash_json_writer_end(writer);
		g_string_append_len(text, g_bytes_get_data(line, NULL), g_bytes_get_size(line));
		g_string_append_c(text, '\n');
	}
	return pdd_answer_new(200, "application/x-ndjson", g_string_free_to_bytes(text));
}

PddAnswer *
pdd_api_get_points(PddService *service, PddRequest *request, GError **error)
{
	static const char *const formats[] = {"json", "csv", "ndjson", NULL};
	static PddAnswer *(*const answer[])(const Points *,
					    guint64) = {answer_json, answer_csv, answer_ndjson};
	g_auto(Points) points = {0};
	guint format = 0;
	guint64 generation = perfdash_store_get_generation(service->store);
	if (!pdd_request_get_choice(request, "format", formats, &format, error) ||
	    !load_points(service, request, &points, error))
		return NULL;
	return answer[format](&points, generation);
}
