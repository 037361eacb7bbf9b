/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Series in, what is found in them out, a line of JSON each. Every processor takes a line, analyses
 * it and waits for its turn to answer: answers come in the order of the lines, as soon as they can,
 * and no more lines are in memory than there are processors. */

#include <errno.h>
#include <stdio.h>

#include "pdc-command.h"
#include "pdc-series-line.h"

typedef struct {
	const char *name; /* of the file, for messages */
	GMutex reading;   /* of what follows: who holds it may wait for input */
	FILE *input;
	guint64 n_read;
	gboolean at_end;
	GMutex answering; /* of what follows */
	GCond answered;
	guint64 n_answered;
	gboolean cannot_write;
	gint has_failed; /* atomic */
} Analyzer;

typedef struct {
	char *text; /* of malloc() */
	size_t capacity;
	gssize size;
	guint64 number; /* from 1 */
} Line;

static void
line_clear(Line *line)
{
	free(line->text);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Line, line_clear)

static gboolean
take_line(Analyzer *self, Line *line)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->reading);
	if (self->at_end)
		return FALSE;
	line->size = getline(&line->text, &line->capacity, self->input);
	if (line->size >= 0) {
		line->number = ++self->n_read;
		return TRUE;
	}
	self->at_end = TRUE;
	if (!feof(self->input)) {
		g_atomic_int_set(&self->has_failed, TRUE);
		pdc_complain("failed to read %s: %s", self->name, g_strerror(errno));
	}
	return FALSE;
}

static void
print_answer(Analyzer *self, GBytes *answer)
{
	gsize size;
	const char *text = g_bytes_get_data(answer, &size);
	if (self->cannot_write)
		return;
	/* whoever waits for it at the other end of a pipe gets it now */
	if (fwrite(text, 1, size, stdout) == size && putchar('\n') != EOF && fflush(stdout) == 0)
		return;
	self->cannot_write = TRUE;
	g_atomic_int_set(&self->has_failed, TRUE);
	pdc_complain("failed to write: %s", g_strerror(errno));
}

/* One of answer and error is NULL, or both for a line without anything on it. FALSE when answers go
 * nowhere */
static gboolean
give_answer(Analyzer *self, const Line *line, GBytes *answer, const GError *error)
{
	g_autoptr(GMutexLocker) locker = g_mutex_locker_new(&self->answering);
	while (self->n_answered != line->number - 1)
		g_cond_wait(&self->answered, &self->answering);
	self->n_answered = line->number;
	g_cond_broadcast(&self->answered);
	if (answer != NULL)
		print_answer(self, answer);
	if (error != NULL) {
		g_atomic_int_set(&self->has_failed, TRUE);
		pdc_complain("%s: line %" G_GUINT64_FORMAT ": %s",
			     self->name,
			     line->number,
			     error->message);
	}
	return !self->cannot_write;
}

static void
write_number(PerfdashJsonWriter *writer, const char *name, double value)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_double(writer, value);
}

static void
write_count(PerfdashJsonWriter *writer, const char *name, gsize count)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_int(writer, count);
}

static void
write_text(PerfdashJsonWriter *writer, const char *name, const char *text)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_string(writer, text);
}

static void
write_levels(PerfdashJsonWriter *writer, PerfdashChangePoint *change)
{
	double low;
	double high;
	write_number(writer, "before", perfdash_change_point_get_before(change, &low, &high));
	write_number(writer, "before_low", low);
	write_number(writer, "before_high", high);
	write_number(writer, "after", perfdash_change_point_get_after(change, &low, &high));
	write_number(writer, "after_low", low);
	write_number(writer, "after_high", high);
	write_number(writer, "change", perfdash_change_point_get_change(change, &low, &high));
	write_number(writer, "low", low);
	write_number(writer, "high", high);
}

static void
write_change(PerfdashJsonWriter *writer, PerfdashChangePoint *change)
{
	PerfdashChangeKind kind = perfdash_change_point_get_kind(change);
	guint needed = perfdash_change_point_get_runs_needed(change);
	gsize first;
	gsize last;
	perfdash_change_point_get_range(change, &first, &last);
	perfdash_json_writer_begin_object(writer);
	write_count(writer, "index", perfdash_change_point_get_index(change));
	write_count(writer, "first", first);
	write_count(writer, "last", last);
	write_levels(writer, change);
	write_number(writer, "effect", perfdash_change_point_get_effect(change));
	write_number(writer, "p", perfdash_change_point_get_p(change));
	write_text(writer, "confidence", perfdash_change_point_get_confidence(change));
	write_text(writer, "kind", perfdash_change_kind_to_string(kind));
	write_count(writer, "outliers", perfdash_change_point_get_n_outliers(change));
	if (needed > 0)
		write_count(writer, "runs_needed", needed);
	perfdash_json_writer_end_object(writer);
}

static void
write_changes(PerfdashJsonWriter *writer, PerfdashTrend *trend)
{
	GPtrArray *changes = perfdash_trend_get_changes(trend);
	PerfdashChangePoint *undecided = perfdash_trend_get_undecided(trend);
	perfdash_json_writer_name(writer, "changes");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < changes->len; i++)
		write_change(writer, g_ptr_array_index(changes, i));
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_name(writer, "undecided");
	if (undecided != NULL)
		write_change(writer, undecided);
	else
		perfdash_json_writer_null(writer);
}

static void
write_estimate(PerfdashJsonWriter *writer, const char *name, double value, double low, double high)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_begin_object(writer);
	write_number(writer, "value", value);
	write_number(writer, "low", low);
	write_number(writer, "high", high);
	perfdash_json_writer_end_object(writer);
}

static void
write_drift(PerfdashJsonWriter *writer, PerfdashTrend *trend)
{
	double drift;
	double low;
	double high;
	if (perfdash_trend_get_drift(trend, &drift, &low, &high)) {
		write_estimate(writer, "drift", drift, low, high);
		return;
	}
	perfdash_json_writer_name(writer, "drift");
	perfdash_json_writer_null(writer);
}

static void
write_outliers(PerfdashJsonWriter *writer, PerfdashTrend *trend)
{
	gsize n;
	const guint *outliers = perfdash_trend_get_outliers(trend, &n);
	perfdash_json_writer_name(writer, "outliers");
	perfdash_json_writer_begin_array(writer);
	for (gsize i = 0; i < n; i++)
		perfdash_json_writer_int(writer, outliers[i]);
	perfdash_json_writer_end_array(writer);
}

static GBytes *
write_trend(const PdcSeriesLine *series, PerfdashTrend *trend)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	gboolean is_relative;
	double low;
	double high;
	perfdash_json_writer_begin_object(writer);
	perfdash_json_writer_name(writer, "id");
	perfdash_json_writer_raw(writer, series->id, series->id_size);
	write_changes(writer, trend);
	write_number(writer, "noise", perfdash_trend_get_noise(trend, &is_relative));
	perfdash_json_writer_name(writer, "noise_is_relative");
	perfdash_json_writer_boolean(writer, is_relative);
	write_number(writer, "correlation", perfdash_trend_get_correlation(trend));
	write_count(writer, "modes", perfdash_trend_get_n_modes(trend));
	write_drift(writer, trend);
	write_outliers(writer, trend);
	double level = perfdash_trend_get_level(trend, &low, &high);
	write_estimate(writer, "level", level, low, high);
	perfdash_json_writer_end_object(writer);
	return perfdash_json_writer_end(writer);
}

static GBytes *
analyze_line(PdcSeriesLine *series, const Line *line, GError **error)
{
	if (!pdc_series_line_read(series, line->text, line->size, error))
		return NULL;
	g_autoptr(PerfdashTrend) trend = perfdash_trend_new(
		(const double *)series->values->data,
		series->values->len,
		series->has_times ? (const gint64 *)series->times->data : NULL,
		series->has_times ? series->times->len : 0,
		series->direction,
		error);
	return trend != NULL ? write_trend(series, trend) : NULL;
}

static gboolean
is_blank(const Line *line)
{
	for (gssize i = 0; i < line->size; i++) {
		if (!g_ascii_isspace(line->text[i]))
			return FALSE;
	}
	return TRUE;
}

static gpointer
work(gpointer data)
{
	Analyzer *self = data;
	g_auto(Line) line = {0};
	g_auto(PdcSeriesLine) series;
	pdc_series_line_init(&series);
	gboolean goes_on = TRUE;
	while (goes_on && take_line(self, &line)) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) answer = NULL;
		if (!is_blank(&line))
			answer = analyze_line(&series, &line, &error);
		goes_on = give_answer(self, &line, answer, error);
	}
	return NULL;
}

static int
analyze(FILE *input, const char *name)
{
	Analyzer self = {.name = name, .input = input};
	guint n = g_get_num_processors();
	g_autofree GThread **threads = g_new(GThread *, n);
	g_mutex_init(&self.reading);
	g_mutex_init(&self.answering);
	g_cond_init(&self.answered);
	for (guint i = 0; i < n; i++)
		threads[i] = g_thread_new("analyze", work, &self);
	for (guint i = 0; i < n; i++)
		g_thread_join(threads[i]);
	g_mutex_clear(&self.reading);
	g_mutex_clear(&self.answering);
	g_cond_clear(&self.answered);
	return self.has_failed ? PDC_FAILED : PDC_OK;
}

static const char summary[] =
	"Finds the changes of level in series. Stores nothing, and needs no store.\n\n"
	"In, a JSON object a line; - or no FILE is standard input:\n"
	"  {\"id\":\"login\",\"values\":[3.1,3.2,3.1,4.0],\"direction\":\"lower\"}\n"
	"  id         a text or a number, which the answer carries\n"
	"  values     in the order of their runs; one of each run, its median\n"
	"  times      optional, one of each value, ascending: texts such as 2026-11-23T17:12:20Z,\n"
	"             or numbers: seconds, milliseconds, microseconds or nanoseconds since 1970,\n"
	"             told apart by their size\n"
	"  direction  which values are better: lower, higher or none (default)\n"
	"Other members are passed over.\n\n"
	"Out, in the same order, a JSON object a line, as soon as it is known:\n"
	"  changes      index: place of the first value of the new level, from 0; it may lie from\n"
	"               first to last; levels before and after; change: of the level, 0.1 is\n"
	"               10 % more; effect: the same in standard deviations of a value; p:\n"
	"               probability that noise shows it, and in words confidence: certain,\n"
	"               very likely, likely, possible; kind: regression, improvement or neither;\n"
	"               outliers: how many values were set aside\n"
	"  undecided    a change among the last values that runs_needed more values would decide\n"
	"  noise        standard deviation of a value about its level; noise_is_relative: as a\n"
	"               share of it\n"
	"  correlation  of neighbours, 0 to 0.9\n"
	"  modes        2 when values stand in two heaps\n"
	"  drift        beside the changes, per week, or per value without times\n"
	"  outliers     places of values that are far from their level\n"
	"  level        of the last values\n"
	"All intervals (low to high) hold the truth in about 95 of 100 cases. What cannot be known "
	"is\n"
	"null. A line that cannot be read is told of on standard error, and the others are "
	"answered;\n"
	"the exit status is 1 then.";

int
pdc_analyze(int argc, char **argv)
{
	const GOptionEntry entries[] = {G_OPTION_ENTRY_NULL};
	if (!pdc_read_options(&argc, &argv, entries, "[FILE|-]", summary))
		return PDC_USAGE;
	if (argc > 2) {
		pdc_complain("unexpected argument \"%s\"; see perfdash analyze --help", argv[2]);
		return PDC_USAGE;
	}
	if (argc < 2 || g_str_equal(argv[1], "-"))
		return analyze(stdin, "standard input");
	FILE *input = fopen(argv[1], "re");
	if (input == NULL) {
		pdc_complain("failed to open %s: %s", argv[1], g_strerror(errno));
		return PDC_FAILED;
	}
	int status = analyze(input, argv[1]);
	fclose(input);
	return status;
}
