/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* siege.log, to which every test adds a row, maybe with a line of someone's choice above it. Times
 * are local ones without a zone. */

#include <string.h>

#include "siege.h"

#define HEADING   "Date & Time,  Trans,  Elap Time,  Data Trans,"
#define N_COLUMNS 10
#define ABORTED   "siege aborted due to excessive socket failure"

static const struct {
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} columns[N_COLUMNS] = {
	{NULL, NULL, PERFDASH_DIRECTION_NONE}, /* date and time */
	{"transactions", "1", PERFDASH_DIRECTION_NONE},
	{"duration", "s", PERFDASH_DIRECTION_NONE},
	{"bytes_read", "MiB", PERFDASH_DIRECTION_NONE},
	{"latency", "s", PERFDASH_DIRECTION_LOWER},
	{"throughput", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"transfer", "MiB/s", PERFDASH_DIRECTION_HIGHER},
	{"concurrency", "1", PERFDASH_DIRECTION_NONE},
	{NULL, NULL, PERFDASH_DIRECTION_NONE}, /* responses of 200 */
	{"errors", "1", PERFDASH_DIRECTION_LOWER},
};

gboolean
siege_log_is_heading(const char *line)
{
	return g_str_has_prefix(line + strspn(line, " "), HEADING);
}

static gboolean
read_row(ReaderReport *report, const char *line)
{
	g_auto(GStrv) fields = g_strsplit(line, ",", N_COLUMNS + 1);
	ReaderQuantity row[N_COLUMNS] = {0};
	if (g_strv_length(fields) != N_COLUMNS ||
	    strlen(fields[0]) != strlen("2026-11-27 20:57:30"))
		return FALSE;
	for (guint i = 1; i < N_COLUMNS; i++) {
		row[i].unit = columns[i].unit;
		if (!reader_number(fields[i], &row[i].value, NULL))
			return FALSE;
	}
	for (guint i = 1; i < N_COLUMNS; i++) {
		if (columns[i].metric != NULL)
			reader_report_add(report, columns[i].metric, columns[i].direction, row[i]);
	}
	return TRUE;
}

/* "**** mark ****" */
static char *
read_mark(const char *line)
{
	const char *begin = reader_after(line, "****");
	if (begin == NULL || !g_str_has_suffix(begin, "****"))
		return NULL;
	g_autofree char *mark = g_strndup(begin, strlen(begin) - strlen("****"));
	return reader_name(mark);
}

typedef struct {
	ReaderReport *report;
	char *mark; /* of the row, or the next one, nullable */
	gboolean has_row;
	gboolean was_aborted;
} Row;

static void
end_row(Row *row, PerfdashRunBuilder *builder)
{
	if (!row->has_row)
		return;
	if (row->mark != NULL)
		perfdash_run_builder_set_parameter(builder, "mark", row->mark);
	siege_end_run(row->report, builder, row->was_aborted ? ABORTED : NULL);
	perfdash_run_builder_next_run(builder);
	g_clear_pointer(&row->mark, g_free);
	row->has_row = FALSE;
	row->was_aborted = FALSE;
}

static gboolean
take_line(Row *row, PerfdashRunBuilder *builder, const char *line)
{
	g_autofree char *mark = read_mark(line);
	if (mark != NULL && g_str_has_prefix(mark, ABORTED)) {
		row->was_aborted = row->has_row;
		return TRUE;
	}
	end_row(row, builder);
	if (mark != NULL) {
		g_free(row->mark);
		row->mark = g_steal_pointer(&mark);
		return TRUE;
	}
	if (siege_log_is_heading(line))
		return TRUE;
	row->has_row = read_row(row->report, line);
	return row->has_row;
}

const char *
siege_log_read(ReaderLines *lines, PerfdashRunBuilder *builder)
{
	g_autoptr(ReaderReport) report = reader_report_new();
	Row row = {.report = report};
	const char *line;
	while ((line = reader_lines_next(lines)) != NULL && !lines->is_cut) {
		reader_report_set_line(report, lines->number);
		if (!take_line(&row, builder, line))
			break;
	}
	end_row(&row, builder);
	g_free(row.mark);
	return line;
}
