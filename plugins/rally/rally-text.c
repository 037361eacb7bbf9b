/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What "rally task start" and "rally task detailed" print: a table of response times for each
 * scenario, between lines of logs, warnings and JSON. Names below an action begin with " -> ". */

#include "rally.h"

#include <math.h>
#include <string.h>

#include "reader-text.h"

#define MAX_CELLS 20
#define MAX_DEPTH 8

typedef struct {
	PerfdashRunBuilder *builder;
	guint n_runs;
	gboolean is_running;
	gboolean is_started; /* the task is, and had no end */
	RallyTask task;
	RallyWorkload *workload; /* nullable */
	gboolean in_times;       /* of the table of response times */
	int columns[MAX_CELLS];  /* RallyColumn, or one of those below; -1 none */
	char *above[MAX_DEPTH];  /* paths of the rows above, by depth */
	char *version;           /* nullable */
	char *status;            /* of the task, nullable */
} Report;

enum {
	CELL_SUCCESS = RALLY_N_COLUMNS,
	CELL_COUNT,
};

static const struct {
	const char *heading;
	int column;
} headings[] = {
	{"min (sec)", RALLY_MIN},
	{"median (sec)", RALLY_MEDIAN},
	{"90%ile (sec)", RALLY_P90},
	{"95%ile (sec)", RALLY_P95},
	{"max (sec)", RALLY_MAX},
	{"avg (sec)", RALLY_MEAN},
	{"success", CELL_SUCCESS},
	{"count", CELL_COUNT},
};

static void
clear_table(Report *report)
{
	for (guint i = 0; i < MAX_DEPTH; i++)
		g_clear_pointer(&report->above[i], g_free);
	for (guint i = 0; i < MAX_CELLS; i++)
		report->columns[i] = -1;
	report->in_times = FALSE;
}

static void
end_workload(Report *report)
{
	clear_table(report);
	if (report->workload != NULL)
		rally_task_write(&report->task, report->workload);
	g_clear_pointer(&report->workload, rally_workload_free);
}

static void
end_run(Report *report)
{
	if (!report->is_running)
		return;
	gboolean is_whole = report->workload == NULL || !isnan(report->workload->full_duration);
	end_workload(report);
	rally_task_end(&report->task, report->status);
	if (perfdash_run_builder_get_n_results(report->builder) == 0 && report->is_started &&
	    report->status == NULL)
		rally_task_set_outcome(&report->task,
				       PERFDASH_OUTCOME_PARTIAL,
				       "the log ends before the task did");
	else if (!is_whole && perfdash_run_builder_get_n_results(report->builder) > 0)
		rally_task_set_outcome(&report->task,
				       PERFDASH_OUTCOME_PARTIAL,
				       "the log ends before the end of the report");
	report->is_running = report->is_started = FALSE;
	g_clear_pointer(&report->status, g_free);
}

static void
start_run(Report *report)
{
	end_run(report);
	if (report->n_runs++ > 0)
		perfdash_run_builder_next_run(report->builder);
	report->is_running = TRUE;
	report->task = (RallyTask){.builder = report->builder};
	perfdash_run_builder_set_label(report->builder, "tool", "rally");
	if (report->version != NULL)
		perfdash_run_builder_set_environment(report->builder,
						     "tool_version",
						     report->version);
}

/* "| foo  | 0.05 |": what stands between the bars, with one blank at each end taken off */
static GStrv
split_cells(const char *line)
{
	gsize length = strlen(line);
	if (length < 3 || *line != '|')
		return NULL;
	while (length > 1 && line[length - 1] == ' ')
		length--;
	if (length < 2 || line[length - 1] != '|')
		return NULL;
	g_autofree char *inner = g_strndup(line + 1, length - 2);
	return g_strsplit(inner, "|", MAX_CELLS);
}

/* the path of an action; " -> bar" is below the last one above */
static char *
read_path(Report *report, const char *cell)
{
	guint depth = 0;
	const char *name = cell + strspn(cell, " ");
	const char *dashes = name;
	while (*dashes == '-')
		dashes++;
	if (dashes > name && g_str_has_prefix(dashes, "> ")) {
		depth = MIN(dashes - name, MAX_DEPTH - 1);
		name = dashes + 2;
	}
	const char *above = depth > 0 ? report->above[depth - 1] : NULL;
	g_autofree char *text = above != NULL ? g_strdup_printf("%s / %s", above, name)
					      : g_strdup(name);
	char *path = reader_name(text);
	g_free(report->above[depth]);
	report->above[depth] = g_strdup(path);
	return path;
}

static void
read_headings(Report *report, GStrv cells)
{
	for (guint i = 1; cells[i] != NULL && i < MAX_CELLS; i++) {
		g_autofree char *heading = g_ascii_strdown(g_strstrip(cells[i]), -1);
		for (guint j = 0; j < G_N_ELEMENTS(headings); j++) {
			if (g_str_equal(heading, headings[j].heading))
				report->columns[i] = headings[j].column;
		}
	}
}

static void
read_row(Report *report, GStrv cells, guint line)
{
	g_autofree char *path = read_path(report, cells[0]);
	RallyRow *row = rally_row_new(path);
	row->line = line;
	g_ptr_array_add(report->workload->rows, row);
	for (guint i = 1; cells[i] != NULL && i < MAX_CELLS; i++) {
		double value;
		if (report->columns[i] < 0 || !reader_number(cells[i], &value, NULL))
			continue;
		if (report->columns[i] == CELL_SUCCESS)
			row->success = value;
		else if (report->columns[i] == CELL_COUNT)
			row->n = value;
		else
			row->columns[report->columns[i]] = value;
	}
}

static gboolean
read_table(Report *report, const char *line, guint number)
{
	g_auto(GStrv) cells = split_cells(line);
	if (*line == '+')
		return TRUE;
	if (cells == NULL) {
		clear_table(report);
		return FALSE;
	}
	guint n = g_strv_length(cells);
	g_autofree char *first = g_strstrip(g_strdup(cells[0]));
	if (n == 1)
		report->in_times = g_ascii_strcasecmp(first, "Response Times (sec)") == 0;
	else if (report->in_times && g_ascii_strcasecmp(first, "action") == 0)
		read_headings(report, cells);
	else if (report->in_times)
		read_row(report, cells, number);
	return TRUE;
}

/* "Task  d0d2a592-...: started", "Task d0d2a592-... has 0 error(s)" */
static gboolean
read_task(Report *report, const char *line)
{
	double number;
	const char *text = reader_after(line, "Task ");
	gsize length = text != NULL ? strspn(text, "0123456789abcdef-") : 0;
	if (length != strlen("d0d2a592-0c1f-4b1e-81c8-5b93b156849d"))
		return FALSE;
	text += length;
	if (g_str_equal(text, ": started")) {
		start_run(report);
		report->is_started = TRUE;
	} else if (g_str_has_prefix(text, " has ") && g_str_has_suffix(text, " error(s)")) {
		if (report->workload != NULL && reader_number_after(text, "has ", &number))
			report->workload->n_failed = number;
	} else if (*text == ':') {
		if (!report->is_running || report->task.n_workloads > 0 || report->workload != NULL)
			start_run(report);
		g_free(report->status);
		report->status = reader_name(text + 1);
	} else {
		return FALSE;
	}
	return TRUE;
}

static void
read_durations(Report *report, const char *line)
{
	const char *text;
	double value;
	if ((text = reader_after(line, "Load duration:")) != NULL &&
	    reader_number(text, &value, NULL))
		report->workload->load_duration = value;
	else if ((text = reader_after(line, "Full duration:")) != NULL &&
		 reader_number(text, &value, NULL))
		report->workload->full_duration = value;
	else if ((text = reader_after(line, "args position ")) != NULL)
		reader_number(text, &report->workload->position, NULL);
}

static void
start_workload(Report *report, const char *scenario)
{
	end_workload(report);
	if (!report->is_running)
		start_run(report);
	report->workload = rally_workload_new(scenario);
}

static void
read_line(Report *report, const char *line, guint number)
{
	const char *text;
	if (*line == '|' || *line == '+' || report->in_times) {
		if (report->workload != NULL && read_table(report, line, number))
			return;
	}
	if ((text = reader_after(line, "Running Rally version ")) != NULL) {
		g_free(report->version);
		report->version = reader_name(text);
	} else if (read_task(report, line)) {
		return;
	} else if ((text = reader_after(line, "test scenario ")) != NULL) {
		start_workload(report, text);
	} else if (report->workload != NULL) {
		read_durations(report, line);
	}
	if (report->is_running &&
	    g_str_has_prefix(line, "At least one workload did not pass SLA criteria"))
		perfdash_run_builder_add_warning_literal(report->builder, line);
	/* in place of the results */
	if (g_str_has_prefix(line, "Task status is ") && strstr(line, "Results available when")) {
		start_run(report);
		perfdash_run_builder_add_warning_literal(report->builder, line);
		end_run(report);
	}
}

void
rally_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	Report report = {.builder = builder};
	const char *line;
	clear_table(&report);
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut)
			read_line(&report, line, lines.number);
	}
	end_run(&report);
	clear_table(&report);
	g_free(report.version);
}
