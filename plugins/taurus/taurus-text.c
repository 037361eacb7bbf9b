/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What Taurus prints at the end: lines of its own log and two tables, with boxes when a terminal
 * was there. Its parts are optional, their order changed between versions, and when the module is
 * used twice they come twice. Messages may end in bars and line ends of their own, so a row of the
 * second table is known by its status. */

#include <math.h>
#include <string.h>

#include "reader-text.h"
#include "taurus.h"

#define BAR "\xe2\x94\x82" /* │ */

typedef enum {
	TABLE_NONE,
	TABLE_PERCENTILES,
	TABLE_LABELS,
} Table;

/* a run that is being read */
typedef struct {
	PerfdashRunBuilder *builder;
	GPtrArray *kpis; /* of TaurusKpi */
	GHashTable *by_label;
	TaurusKpi *all; /* one of them, nullable */
	Table table;
	gboolean is_stopped;
} Run;

static void
start_run(Run *run)
{
	PerfdashRunBuilder *builder = run->builder;
	memset(run, 0, sizeof(*run));
	run->builder = builder;
	run->kpis = g_ptr_array_new_with_free_func((GDestroyNotify)taurus_kpi_free);
	run->by_label = g_hash_table_new(g_str_hash, g_str_equal);
}

static void
end_run(Run *run)
{
	/* without samples nothing was measured */
	gboolean has_samples = run->all != NULL && isfinite(run->all->samples);
	if (has_samples || g_hash_table_size(run->by_label) > (run->all != NULL)) {
		gboolean is_good = taurus_write(run->kpis, run->builder);
		if (run->is_stopped) {
			if (is_good)
				perfdash_run_builder_set_outcome(run->builder,
								 PERFDASH_OUTCOME_PARTIAL);
			perfdash_run_builder_add_warning(run->builder,
							 "the test was stopped before its end");
		}
		perfdash_run_builder_next_run(run->builder);
	}
	g_ptr_array_unref(run->kpis);
	g_hash_table_unref(run->by_label);
}

static TaurusKpi *
ensure_kpi(Run *run, const char *label, guint line)
{
	TaurusKpi *kpi = g_hash_table_lookup(run->by_label, label);
	if (kpi != NULL)
		return kpi;
	kpi = taurus_kpi_new(label, line);
	g_ptr_array_add(run->kpis, kpi);
	g_hash_table_insert(run->by_label, kpi->label, kpi);
	return kpi;
}

static TaurusKpi *
ensure_all(Run *run, guint line)
{
	if (run->all == NULL)
		run->all = ensure_kpi(run, TAURUS_ALL, line);
	return run->all;
}

/* "0:01:00", with days in front of it or not */
static double
read_duration(const char *text)
{
	double seconds = 0;
	double part;
	const char *rest;
	if (reader_number(text, &part, &rest) && g_str_has_prefix(rest, " day")) {
		seconds = part * 24;
		text = strchr(rest, ',') != NULL ? strchr(rest, ',') + 1 : "";
	}
	for (guint i = 0; i < 3; i++, text = rest + 1) {
		if (!reader_number(text, &part, &rest) || (i < 2 && *rest != ':'))
			return NAN;
		seconds = i == 0 ? seconds + part : seconds * 60 + part;
	}
	return seconds;
}

/* "549, 0.57% failures" */
static void
read_samples(Run *run, const char *text, guint line)
{
	TaurusKpi *all = ensure_all(run, line);
	double percent;
	reader_number(text, &all->samples, NULL);
	all->line = line;
	if (strchr(text, ',') != NULL && reader_number(strchr(text, ',') + 1, &percent, NULL))
		perfdash_unit_to_base("%", round((100 - percent) * 100) / 100, &all->success);
}

static void
read_averages(Run *run, const char *text, guint line)
{
	TaurusKpi *all = ensure_all(run, line);
	reader_number_after(text, "total ", &all->response_time);
	reader_number_after(text, "latency ", &all->latency);
	reader_number_after(text, "connect ", &all->connect_time);
}

static GStrv
split_cells(const char *line)
{
	const char *bar = g_str_has_prefix(line, BAR) ? BAR : "|";
	GStrv cells = g_strsplit(line + strlen(bar), bar, 100);
	for (guint i = 0; cells[i] != NULL; i++)
		g_strstrip(cells[i]);
	return cells;
}

static void
read_percentile(Run *run, GStrv cells, guint line)
{
	double seconds;
	if (cells[0] != NULL && cells[1] != NULL && g_ascii_isdigit(*cells[0]) &&
	    reader_number(cells[1], &seconds, NULL))
		taurus_kpi_set(ensure_all(run, line), "perc", cells[0], seconds);
}

static void
read_label(Run *run, GStrv cells, guint line)
{
	double percent;
	double seconds;
	const char *rest;
	g_autoptr(GString) label = g_string_new(cells[0]);
	for (guint i = 1; cells[i] != NULL && cells[i + 1] != NULL && cells[i + 2] != NULL; i++) {
		gboolean is_status = g_str_equal(cells[i], "OK") || g_str_equal(cells[i], "FAIL");
		if (is_status && reader_number(cells[i + 1], &percent, &rest) && *rest == '%' &&
		    reader_number(cells[i + 2], &seconds, NULL)) {
			TaurusKpi *kpi = ensure_kpi(run, label->str, line);
			perfdash_unit_to_base("%", percent, &kpi->success);
			kpi->response_time = seconds;
			kpi->line = line;
			return;
		}
		g_string_append_printf(label, "|%s", cells[i]);
	}
}

static void
read_row(Run *run, const char *line, guint number)
{
	g_auto(GStrv) cells = split_cells(line);
	if (run->table == TABLE_PERCENTILES)
		read_percentile(run, cells, number);
	else if (run->table == TABLE_LABELS && cells[0] != NULL)
		read_label(run, cells, number);
}

static void
read_version(Run *run, const char *text)
{
	g_autofree char *version = g_strndup(text, strcspn(text, " "));
	g_autofree char *name = reader_name(version);
	perfdash_run_builder_set_environment(run->builder, "tool_version", name);
}

static void
restart(Run *run)
{
	end_run(run);
	start_run(run);
}

/* 2 is stopped by hand, 3 by a criterion */
static void
read_exit_code(Run *run, const char *text)
{
	run->is_stopped |= *text == '2' || *text == '3';
	restart(run);
}

/* what Taurus logs */
static void
read_message(Run *run, const char *text, guint line)
{
	const char *rest;
	double seconds;
	run->table = TABLE_NONE;
	if ((rest = reader_after(text, "Taurus CLI Tool v")) != NULL) {
		restart(run);
		read_version(run, rest);
	} else if ((rest = reader_after(text, "Test duration: ")) != NULL) {
		ensure_all(run, line)->duration = read_duration(rest);
	} else if ((rest = reader_after(text, "Samples count: ")) != NULL) {
		read_samples(run, rest, line);
	} else if ((rest = reader_after(text, "Average times: ")) != NULL) {
		read_averages(run, rest, line);
	} else if (g_str_has_prefix(text, "Percentiles:")) {
		g_array_set_size(ensure_all(run, line)->percentiles, 0);
		run->table = TABLE_PERCENTILES;
	} else if ((rest = reader_after(text, "Percentile ")) != NULL &&
		   reader_number_after(rest, "%:", &seconds)) {
		taurus_kpi_set(ensure_all(run, line), "perc", rest, seconds);
	} else if (g_str_has_prefix(text, "Request label stats:")) {
		run->table = TABLE_LABELS;
	} else if (g_str_has_prefix(text, "Keyboard interrupt")) {
		run->is_stopped = TRUE;
	} else if ((rest = reader_after(text, "Done performing with code: ")) != NULL) {
		read_exit_code(run, rest);
	}
}

static void
read_line(Run *run, const char *line, guint number)
{
	const char *info = strstr(line, "INFO: ");
	const char *warning = strstr(line, "WARNING: ");
	if (*line == '|' || g_str_has_prefix(line, BAR))
		read_row(run, line, number);
	else if (info != NULL)
		read_message(run, info + strlen("INFO: "), number);
	else if (warning != NULL)
		read_message(run, warning + strlen("WARNING: "), number);
}

void
taurus_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	Run run = {.builder = builder};
	reader_lines_init(&lines, log, builder);
	lines.hides_quotes = TRUE;
	start_run(&run);
	while ((line = reader_lines_next(&lines)) != NULL) {
		/* a table that ends in the middle of a row, or before its end */
		if (lines.is_cut)
			run.is_stopped |= run.table != TABLE_NONE;
		else
			read_line(&run, line, lines.number);
	}
	end_run(&run);
}
