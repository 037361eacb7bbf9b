/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What ab writes into files: with -e every percentile, with -g every request, sorted by its time.
 * Neither says what was tested. */

#include <string.h>

#include "ab.h"
#include "reader-report.h"
#include "reader-samples.h"

#define LAST_PERCENT 99 /* versions before 2.4.20 end here, later ones at 100 */

gboolean
ab_csv_is_heading(const char *line)
{
	return g_str_equal(line, "Percentage served,Time in ms");
}

gboolean
ab_tsv_is_heading(const char *line)
{
	return g_str_equal(line, "starttime\tseconds\tctime\tdtime\tttime\twait");
}

static void
start_run(PerfdashRunBuilder *builder)
{
	perfdash_run_builder_set_label(builder, "tool", "ab");
}

static void
end_run(PerfdashRunBuilder *builder, gboolean is_cut)
{
	if (is_cut) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the file ends too early");
	}
	perfdash_run_builder_next_run(builder);
}

static gboolean
is_kept(guint percent)
{
	static const guint kept[] = {10, 25, 50, 66, 75, 80, 90, 95, 98, 99};
	for (guint i = 0; i < G_N_ELEMENTS(kept); i++) {
		if (kept[i] == percent)
			return TRUE;
	}
	return FALSE;
}

static void
add_percentile(ReaderReport *report, guint percent, ReaderQuantity time)
{
	if (percent == 0 || percent == 100)
		reader_report_add_stat(report, "latency", percent == 0 ? "min" : "max", time);
	else if (is_kept(percent))
		reader_report_add_percentile(report, "latency", percent, time);
	/* there is no mean */
	if (percent == 50)
		reader_report_add(report, "latency", PERFDASH_DIRECTION_LOWER, time);
}

const char *
ab_csv_read(ReaderLines *lines, PerfdashRunBuilder *builder)
{
	g_autoptr(ReaderReport) report = reader_report_new();
	const char *line;
	guint next = 0;
	start_run(builder);
	while ((line = reader_lines_next(lines)) != NULL && !lines->is_cut) {
		double percent;
		ReaderQuantity time = {0, "ms"};
		const char *rest;
		if (!reader_number(line, &percent, &rest) || *rest != ',' || percent != next ||
		    !reader_number(rest + 1, &time.value, NULL))
			break;
		reader_report_set_line(report, lines->number);
		add_percentile(report, next, time);
		next++;
	}
	reader_report_end(report, builder, AB_NO_URL, FALSE);
	end_run(builder, next <= LAST_PERCENT || (next <= 100 && line != NULL && lines->is_cut));
	return line;
}

/* the columns of times, in ms */
static const struct {
	const char *metric;
	guint column;
} times[] = {
	{"latency", 4},
	{"connect_time", 2},
	{"processing_time", 3},
	{"waiting_time", 5},
};

#define N_COLUMNS 6

static gboolean
read_request(const char *line, ReaderSamples *samples, double *start)
{
	g_auto(GStrv) columns = g_strsplit(line, "\t", N_COLUMNS + 1);
	double values[G_N_ELEMENTS(times)];
	double seconds;
	if (g_strv_length(columns) != N_COLUMNS || !reader_number(columns[1], &seconds, NULL))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
		if (!reader_number(columns[times[i].column], &values[i], NULL))
			return FALSE;
	}
	*start = MIN(*start, seconds);
	for (guint i = 0; i < G_N_ELEMENTS(times); i++)
		reader_samples_add(&samples[i], values[i]);
	return TRUE;
}

static void
add_requests(PerfdashRunBuilder *builder, ReaderSamples *samples, double start)
{
	perfdash_run_builder_add_result(builder,
					AB_NO_URL,
					"requests",
					"1",
					PERFDASH_DIRECTION_NONE,
					samples[0].values->len);
	for (guint i = 0; i < G_N_ELEMENTS(times); i++)
		reader_samples_end(&samples[i],
				   builder,
				   AB_NO_URL,
				   times[i].metric,
				   "ms",
				   PERFDASH_DIRECTION_LOWER);
	if (start > 0 && start < G_MAXUINT32)
		perfdash_run_builder_set_started_at(builder, (gint64)start * G_USEC_PER_SEC);
}

const char *
ab_tsv_read(ReaderLines *lines, PerfdashRunBuilder *builder)
{
	ReaderSamples samples[G_N_ELEMENTS(times)];
	const char *line;
	double start = G_MAXDOUBLE;
	guint heading = lines->number;
	for (guint i = 0; i < G_N_ELEMENTS(times); i++)
		reader_samples_init(&samples[i]);
	start_run(builder);
	while ((line = reader_lines_next(lines)) != NULL && !lines->is_cut &&
	       read_request(line, samples, &start))
		;
	perfdash_run_builder_set_line(builder, heading);
	if (samples[0].values->len > 0)
		add_requests(builder, samples, start);
	end_run(builder, line != NULL && lines->is_cut);
	for (guint i = 0; i < G_N_ELEMENTS(times); i++)
		reader_samples_clear(&samples[i]);
	return line;
}
