/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* autocannon's tables. The first line is like wrk's, the second one is not, and --no-progress has
 * neither. Numbers of the tables are written as the locale does: groups have three digits, and what
 * follows a decimal sign never has; totals above a thousand are rounded to "7k". Lines about errors
 * are there only when there were some, behind the line of totals. */

#include <string.h>

#include "autocannon.h"
#include "reader-quantity.h"
#include "reader-text.h"

#define MOST_COLUMNS 40
#define BAR          "\xe2\x94\x82" /* │ */

/* a run that is being read */
typedef struct {
	PerfdashRunBuilder *builder;
	char *benchmark;
	ReaderQuantity wanted; /* duration */
	GStrv header;          /* of the table, nullable */
	gboolean is_autocannon;
	gboolean is_warmup;
	gboolean in_percentiles; /* the table of --latency, which is the last one */
	gboolean is_idle;        /* nothing was answered */
	gboolean has_totals;
	gboolean is_cut; /* in a line below the totals, where errors are counted */
	gboolean has_statuses;
	ReaderQuantity rates[2]; /* averages */
	ReaderQuantity requests, duration, bytes;
	double errors, timeouts, good, non_2xx, mismatches, resets;
	GPtrArray *rows; /* of Row */
} Run;

/* a line of a table */
typedef struct {
	const char *metric;
	const char *unit;
	const ReaderSuffix *suffixes;
	PerfdashDirection direction;
	GStrv header;
	GStrv cells;
	guint line;
} Row;

static const struct {
	const char *title;
	const char *metric;
	const char *unit;
	const ReaderSuffix *suffixes;
	PerfdashDirection direction;
} tables[] = {
	{"Latency", "latency", "s", reader_times, PERFDASH_DIRECTION_LOWER},
	{"Req/Sec", "throughput", "1/s", reader_counts, PERFDASH_DIRECTION_HIGHER},
	{"Bytes/Sec", "transfer", "B/s", reader_sizes_1000, PERFDASH_DIRECTION_HIGHER},
};

static void
row_free(Row *row)
{
	g_strfreev(row->header);
	g_strfreev(row->cells);
	g_free(row);
}

static void
run_free(Run *run)
{
	g_free(run->benchmark);
	g_strfreev(run->header);
	g_ptr_array_unref(run->rows);
	g_free(run);
}

static Run *
run_new(PerfdashRunBuilder *builder, const char *benchmark)
{
	Run *run = g_new0(Run, 1);
	run->builder = builder;
	run->benchmark = reader_name(benchmark);
	run->rows = g_ptr_array_new_with_free_func((GDestroyNotify)row_free);
	return run;
}

static GStrv
split_cells(const char *line)
{
	GStrv cells = g_strsplit(line + strlen(BAR), BAR, 20);
	for (guint i = 0; cells[i] != NULL; i++)
		g_strstrip(cells[i]);
	return cells;
}

/* without signs that separate groups of digits, and with a point as decimal sign */
static char *
normalise(const char *cell)
{
	GString *text = g_string_new(NULL);
	for (const char *p = cell; *p != '\0'; p = g_utf8_next_char(p)) {
		gboolean is_mark = *p == ',' || *p == '.';
		gboolean is_group = is_mark && g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2]) &&
				    g_ascii_isdigit(p[3]) && !g_ascii_isdigit(p[4]);
		gunichar character = g_utf8_get_char(p);
		if (is_group || character == 0x202f || character == 0xa0 || character == 0x2019)
			continue;
		if (is_mark)
			g_string_append_c(text, '.');
		else
			g_string_append_unichar(text, character);
	}
	return g_string_free(text, FALSE);
}

static ReaderQuantity
read_cell(const Row *row, const char *column)
{
	ReaderQuantity none = {0, NULL};
	for (guint i = 0; row->header[i] != NULL && row->cells[i] != NULL; i++) {
		if (!g_str_equal(row->header[i], column))
			continue;
		g_autofree char *text = normalise(row->cells[i]);
		return reader_quantity(text, row->suffixes, NULL);
	}
	return none;
}

/* the cells, cut or filled up to a number of them, and one more */
static GStrv
append(GStrv cells, guint n, const char *cell)
{
	g_auto(GStrv) before = cells;
	GPtrArray *after = g_ptr_array_new();
	for (guint i = 0; i < n; i++)
		g_ptr_array_add(after, g_strdup(i < g_strv_length(before) ? before[i] : ""));
	g_ptr_array_add(after, g_strdup(cell));
	g_ptr_array_add(after, NULL);
	return (GStrv)g_ptr_array_free(after, FALSE);
}

/* a row of the table of --latency is a column of the first one, unless it was there */
static void
read_percentile(Run *run, GStrv cells)
{
	double percent;
	const char *rest;
	Row *row = run->rows->len > 0 ? g_ptr_array_index(run->rows, 0) : NULL;
	if (row == NULL || cells[1] == NULL || !reader_number(cells[0], &percent, &rest) ||
	    *rest != '\0' || percent < 50)
		return;
	guint n = g_strv_length(row->header);
	g_autofree char *title = g_strconcat(cells[0], "%", NULL);
	g_autofree char *time = g_strconcat(cells[1], " ms", NULL);
	if (n > MOST_COLUMNS || g_strv_contains((const char *const *)row->header, title))
		return;
	row->header = append(row->header, n, title);
	row->cells = append(row->cells, n, time);
}

static void
read_row(Run *run, const char *line, guint number)
{
	g_auto(GStrv) cells = g_utf8_validate(line, -1, NULL) ? split_cells(line) : NULL;
	if (cells == NULL || cells[0] == NULL)
		return;
	run->in_percentiles |= g_str_equal(cells[0], "Percentile");
	if (run->in_percentiles) {
		read_percentile(run, cells);
		return;
	}
	if (g_str_equal(cells[0], "Stat")) {
		g_strfreev(run->header);
		run->header = g_steal_pointer(&cells);
		return;
	}
	for (guint i = 0; run->header != NULL && i < G_N_ELEMENTS(tables); i++) {
		if (!g_str_equal(tables[i].title, cells[0]))
			continue;
		Row *row = g_new0(Row, 1);
		row->metric = tables[i].metric;
		row->unit = tables[i].unit;
		row->suffixes = tables[i].suffixes;
		row->direction = tables[i].direction;
		row->header = g_strdupv(run->header);
		row->cells = g_steal_pointer(&cells);
		row->line = number;
		run->is_autocannon = TRUE;
		if (g_str_equal(row->metric, "throughput"))
			run->is_idle = read_cell(row, "Avg").value == 0;
		g_ptr_array_add(run->rows, row);
		return;
	}
}

/* whether a column was there before, maybe written with other digits */
static gboolean
is_repeated(GStrv header, guint column)
{
	double value;
	double before;
	reader_number(header[column], &value, NULL);
	for (guint i = 0; i < column; i++) {
		if (reader_number(header[i], &before, NULL) && before == value)
			return TRUE;
	}
	return FALSE;
}

static void
add_row(Run *run, const Row *row)
{
	ReaderQuantity mean = read_cell(row, "Avg");
	if (mean.unit == NULL)
		return;
	perfdash_run_builder_set_line(run->builder, row->line);
	perfdash_run_builder_add_result(run->builder,
					run->benchmark,
					row->metric,
					row->unit,
					row->direction,
					reader_quantity_to_base(mean));
	reader_add_stat(run->builder, "sd", read_cell(row, "Stdev"));
	reader_add_stat(run->builder, "min", read_cell(row, "Min"));
	reader_add_stat(run->builder, "max", read_cell(row, "Max"));
	for (guint i = 0; row->header[i] != NULL; i++) {
		double percent;
		const char *rest;
		if (reader_number(row->header[i], &percent, &rest) && g_str_equal(rest, "%") &&
		    percent >= 0 && percent <= 100 && !is_repeated(row->header, i))
			reader_add_percentile(run->builder,
					      percent,
					      read_cell(row, row->header[i]));
	}
}

/* "7k requests in 3.04s, 83.4 kB read" */
static gboolean
read_totals(Run *run, const char *line)
{
	const char *rest;
	const char *in = strstr(line, " requests in ");
	if (in == NULL || !g_str_has_suffix(line, " read") || !g_ascii_isdigit(*line))
		return FALSE;
	run->requests = reader_quantity(line, reader_counts, NULL);
	run->duration = reader_quantity(in + strlen(" requests in "), reader_times, &rest);
	if (*rest == ',')
		run->bytes = reader_quantity(rest + 1, reader_sizes_1000, NULL);
	return run->duration.unit != NULL;
}

static gboolean
read_errors(Run *run, const char *line)
{
	const char *rest;
	double number;
	if (reader_number_after(line, "request pipeline was reset ", &run->resets))
		return TRUE;
	if (!g_ascii_isdigit(*line) || !reader_number(line, &number, &rest))
		return FALSE;
	if (g_str_has_prefix(rest, " 2xx responses, ")) {
		run->has_statuses = TRUE;
		run->good = number;
		reader_number(rest + strlen(" 2xx responses, "), &run->non_2xx, NULL);
	} else if (strstr(rest, " errors (") != NULL && strstr(rest, " timeouts)") != NULL) {
		run->errors = reader_quantity(line, reader_counts, NULL).value;
		run->timeouts = reader_quantity(strchr(rest, '(') + 1, reader_counts, NULL).value;
	} else if (strstr(rest, " requests with mismatched body") != NULL) {
		run->mismatches = reader_quantity(line, reader_counts, NULL).value;
	} else {
		return FALSE;
	}
	return TRUE;
}

static void
read_setup(Run *run, const char *line)
{
	double number;
	const char *rest;
	if (!g_ascii_isdigit(*line) || !reader_number(line, &number, &rest))
		return;
	g_autofree char *text = g_strdup_printf("%.0f", number);
	if (g_str_equal(rest, " workers"))
		perfdash_run_builder_set_parameter(run->builder, "workers", text);
	if (!g_str_equal(rest, " connections") && !g_str_has_prefix(rest, " connections with "))
		return;
	run->is_autocannon = TRUE;
	perfdash_run_builder_set_parameter(run->builder, "connections", text);
	if (reader_number_after(rest, " connections with ", &number)) {
		g_autofree char *factor = g_strdup_printf("%.0f", number);
		perfdash_run_builder_set_parameter(run->builder, "pipelining", factor);
	}
}

static void
add_count(Run *run, const char *metric, double value)
{
	perfdash_run_builder_add_result(run->builder,
					run->benchmark,
					metric,
					"1",
					PERFDASH_DIRECTION_LOWER,
					value);
}

static void
add_totals(Run *run)
{
	reader_add(run->builder,
		   run->benchmark,
		   "requests",
		   PERFDASH_DIRECTION_NONE,
		   run->requests);
	reader_add(run->builder,
		   run->benchmark,
		   "duration",
		   PERFDASH_DIRECTION_NONE,
		   run->duration);
	reader_add(run->builder, run->benchmark, "bytes_read", PERFDASH_DIRECTION_NONE, run->bytes);
	if (run->errors > 0 || !run->is_cut) {
		add_count(run, "errors", run->errors);
		add_count(run, "timeouts", run->timeouts);
	}
	add_count(run, "non_2xx", run->non_2xx);
	if (run->mismatches > 0)
		add_count(run, "mismatches", run->mismatches);
	if (run->resets > 0)
		add_count(run, "resets", run->resets);
}

static gboolean
is_stopped(Run *run)
{
	return run->wanted.unit != NULL &&
	       reader_quantity_to_base(run->duration) < 0.9 * reader_quantity_to_base(run->wanted);
}

static void
set_outcome(Run *run, gboolean is_good)
{
	const char *why = NULL;
	PerfdashOutcome outcome = PERFDASH_OUTCOME_PARTIAL;
	if (!is_good) {
		outcome = PERFDASH_OUTCOME_FAILED;
		why = run->is_idle ? "no request was answered" : "every request was an error";
	} else if (!run->has_totals || run->is_cut) {
		why = "the log ends before the totals";
	} else if (is_stopped(run)) {
		why = "the test was stopped before its time was over";
	}
	if (why == NULL)
		return;
	perfdash_run_builder_set_outcome(run->builder, outcome);
	perfdash_run_builder_add_warning_literal(run->builder, why);
}

/* what the numbers are worth */
static void
end_run(Run *run, guint line)
{
	gboolean has_numbers = run->rows->len > 0 || run->has_totals;
	if (run->is_autocannon && !run->is_warmup && !has_numbers) {
		perfdash_run_builder_set_label(run->builder, "tool", "autocannon");
		perfdash_run_builder_set_outcome(run->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(run->builder, "the log ends before the results");
	} else if (run->is_autocannon && !run->is_warmup) {
		gboolean is_good = !run->is_idle &&
				   !(run->has_statuses && run->good == 0 && run->non_2xx > 0);
		perfdash_run_builder_set_label(run->builder, "tool", "autocannon");
		for (guint i = 0; is_good && i < run->rows->len; i++)
			add_row(run, g_ptr_array_index(run->rows, i));
		perfdash_run_builder_set_line(run->builder, line);
		if (run->has_totals)
			add_totals(run);
		set_outcome(run, is_good);
	}
	perfdash_run_builder_next_run(run->builder);
	run_free(run);
}

/* "Running 3s test @ URL", or a number of requests */
static Run *
start_run(PerfdashRunBuilder *builder, const char *line)
{
	const char *at = strstr(line, " @ ");
	Run *run = run_new(builder, at + strlen(" @ "));
	run->is_warmup = g_str_has_suffix(line, " warmup") || strstr(line, " warmup @ ") != NULL;
	run->wanted = reader_quantity(line + strlen("Running "), reader_times, NULL);
	if (run->wanted.unit != NULL) {
		g_autofree char *text = g_strndup(line + strlen("Running "),
						  strcspn(line + strlen("Running "), " "));
		perfdash_run_builder_set_parameter(builder, "duration", text);
	}
	return run;
}

static gboolean
is_start(const char *line)
{
	return g_str_has_prefix(line, "Running ") && g_ascii_isdigit(line[strlen("Running ")]) &&
	       (strstr(line, " test @ ") != NULL || strstr(line, " warmup @ ") != NULL);
}

static gboolean
is_first_table(const char *line)
{
	return g_str_has_prefix(line, BAR " Stat ") && strstr(line, BAR " 97.5% ") != NULL &&
	       strstr(line, BAR " Max ") != NULL;
}

/* wrk begins as autocannon does, and goes on with the head of its own table */
static gboolean
is_of_wrk(const char *line)
{
	return g_str_has_prefix(line, "  Thread Stats ");
}

static void
read_line(Run *run, const char *line, guint number)
{
	if (g_str_has_prefix(line, BAR " "))
		read_row(run, line, number);
	else if (run->rows->len == 0)
		read_setup(run, line);
	else if (!run->has_totals && read_totals(run, line))
		run->has_totals = TRUE;
	else
		read_errors(run, line);
}

static gboolean
begins_run(const Run *run, const char *line)
{
	return is_start(line) || (is_first_table(line) && (run == NULL || run->rows->len > 0));
}

void
autocannon_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	guint last = 0;
	Run *run = NULL;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (lines.is_cut) {
			if (run != NULL)
				run->is_cut = run->has_totals && g_ascii_isdigit(*line);
			break;
		}
		if (run != NULL && (begins_run(run, line) || is_of_wrk(line)))
			end_run(g_steal_pointer(&run), last);
		if (begins_run(run, line))
			run = is_start(line) ? start_run(builder, line)
					     : run_new(builder, "autocannon");
		if (run != NULL && !is_start(line)) {
			last = run->has_totals ? last : lines.number;
			read_line(run, line, lines.number);
		}
	}
	if (run != NULL)
		end_run(run, last);
}
