/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* tinybench has no output of its own but a table for console.table(), whose columns have other
 * names in each major version; units stand in them. Texts of cells are quoted as Node quotes them.
 * A task that threw has an error and no numbers. */

#include "tinybench.h"

#include <string.h>

#include "reader-json.h"
#include "reader-quantity.h"
#include "reader-text.h"

#define BAR "\xe2\x94\x82"

typedef enum {
	NAME,
	LATENCY,
	LATENCY_MEDIAN,
	THROUGHPUT,
	THROUGHPUT_MEDIAN,
	MARGIN,
	SAMPLES,
	ERROR,
	N_COLUMNS
} Column;

/* names of columns without their unit, in all versions */
static const struct {
	const char *name;
	Column column;
} titles[] = {
	{"Task name", NAME},
	{"Task Name", NAME},
	{"Latency avg", LATENCY},
	{"Latency average", LATENCY},
	{"Average Time", LATENCY},
	{"Latency med", LATENCY_MEDIAN},
	{"Latency median", LATENCY_MEDIAN},
	{"Throughput avg", THROUGHPUT},
	{"Throughput average", THROUGHPUT},
	{"ops/sec", THROUGHPUT},
	{"Throughput med", THROUGHPUT_MEDIAN},
	{"Throughput median", THROUGHPUT_MEDIAN},
	{"Margin", MARGIN},
	{"Samples", SAMPLES},
	{"Error", ERROR},
};

static const ReaderSuffix units[] = {{"(ns)", "ns", 0},
				     {"(us)", "us", 0},
				     {"(\xc2\xb5s)", "us", 0},
				     {"(ms)", "ms", 0},
				     {"(s)", "s", 0},
				     {NULL}};

typedef struct {
	PerfdashRunBuilder *builder;
	int columns[N_COLUMNS]; /* where they stand, -1 when they do not */
	const char *units[2];   /* of LATENCY and LATENCY_MEDIAN */
	guint n_cells;          /* 0 outside of a table */
	guint n_tables;
	guint n_failed;
	gboolean has_end;
} Text;

static char *
unquote(const char *text)
{
	g_autofree char *cell = g_strstrip(g_strdup(text));
	gsize length = strlen(cell);
	if (length < 2 || strchr("'\"`", *cell) == NULL || cell[length - 1] != *cell)
		return g_steal_pointer(&cell);
	g_autofree char *inner = g_strndup(cell + 1, length - 2);
	return g_str_has_suffix(inner, "\\") ? g_steal_pointer(&inner) : g_strcompress(inner);
}

/* what stands between the bars, which are at both ends, too */
static GStrv
split_cells(const char *line)
{
	gsize length = strlen(BAR);
	if (!g_str_has_prefix(line, BAR) || !g_str_has_suffix(line, BAR) ||
	    strlen(line) < 2 * length)
		return NULL;
	g_autofree char *inner = g_strndup(line + length, strlen(line) - 2 * length);
	return g_strsplit(inner, BAR, -1);
}

static const char *
find_unit(const char *title)
{
	const char *open = strrchr(title, '(');
	for (const ReaderSuffix *unit = units; open != NULL && unit->suffix != NULL; unit++) {
		if (g_str_has_prefix(open, unit->suffix))
			return unit->unit;
	}
	return NULL;
}

static void
read_title(Text *self, const char *cell, guint index)
{
	g_autofree char *title = g_strstrip(g_strdup(cell));
	char *open = g_strrstr(title, " (");
	const char *unit = find_unit(title);
	if (open != NULL)
		*open = '\0';
	for (guint i = 0; i < G_N_ELEMENTS(titles); i++) {
		Column column = titles[i].column;
		if (!g_str_equal(title, titles[i].name) || self->columns[column] >= 0)
			continue;
		self->columns[column] = index;
		if (column == LATENCY || column == LATENCY_MEDIAN)
			self->units[column - LATENCY] = unit;
	}
}

/* FALSE when the table is another tool's */
static gboolean
read_header(Text *self, GStrv cells)
{
	for (guint i = 0; i < N_COLUMNS; i++)
		self->columns[i] = -1;
	self->units[0] = self->units[1] = NULL;
	for (guint i = 0; cells[i] != NULL; i++)
		read_title(self, cells[i], i);
	/* without numbers, the columns of the errors */
	gboolean has_stack = FALSE;
	for (guint i = 0; cells[i] != NULL; i++)
		has_stack |= strstr(cells[i], " Stack ") != NULL;
	return self->columns[NAME] >= 0 &&
	       ((self->columns[LATENCY] >= 0 && self->units[0] != NULL) ||
		(self->columns[THROUGHPUT] >= 0 && self->columns[SAMPLES] >= 0) ||
		(self->columns[ERROR] >= 0 && has_stack));
}

/* the number that a cell begins with: '76.87 ± 19.64%' */
static ReaderQuantity
get_cell(Text *self, GStrv cells, Column column, const char *unit)
{
	ReaderQuantity quantity = {0, NULL};
	if (self->columns[column] < 0 || unit == NULL)
		return quantity;
	g_autofree char *cell = unquote(cells[self->columns[column]]);
	g_auto(GStrv) parts = g_strsplit(cell, ",", -1);
	g_autofree char *digits = g_strjoinv("", parts);
	const char *number = g_str_has_prefix(digits, "\xc2\xb1") ? digits + 2 : digits;
	if (reader_number(number, &quantity.value, NULL))
		quantity.unit = unit;
	return quantity;
}

void
tinybench_add_error(PerfdashRunBuilder *builder, const char *benchmark, const char *message)
{
	perfdash_run_builder_add_warning(builder, "%s: %s", benchmark, message);
	perfdash_run_builder_add_result(builder,
					benchmark,
					"error",
					"1",
					PERFDASH_DIRECTION_LOWER,
					1);
}

static gboolean
read_error(Text *self, GStrv cells, const char *benchmark)
{
	if (self->columns[ERROR] < 0)
		return FALSE;
	g_autofree char *error = unquote(cells[self->columns[ERROR]]);
	if (*error == '\0')
		return FALSE;
	self->n_failed++;
	tinybench_add_error(self->builder, benchmark, error);
	return TRUE;
}

static void
read_row(Text *self, GStrv cells)
{
	g_autofree char *name = unquote(cells[self->columns[NAME]]);
	g_autofree char *benchmark = reader_name(name);
	if (read_error(self, cells, benchmark))
		return;
	ReaderQuantity latency = get_cell(self, cells, LATENCY, self->units[0]);
	ReaderQuantity throughput = get_cell(self, cells, THROUGHPUT, "1/s");
	ReaderQuantity margin = get_cell(self, cells, MARGIN, "%");
	ReaderQuantity samples = get_cell(self, cells, SAMPLES, "1");
	ReaderQuantity medians[] = {
		get_cell(self, cells, LATENCY_MEDIAN, self->units[1]),
		get_cell(self, cells, THROUGHPUT_MEDIAN, "1/s"),
	};
	reader_add(self->builder, benchmark, "latency", PERFDASH_DIRECTION_LOWER, latency);
	if (latency.unit != NULL)
		reader_add_stat(self->builder, "p50", medians[0]);
	reader_add(self->builder, benchmark, "throughput", PERFDASH_DIRECTION_HIGHER, throughput);
	if (throughput.unit != NULL)
		reader_add_stat(self->builder, "p50", medians[1]);
	reader_add(self->builder,
		   benchmark,
		   "relative_margin_of_error",
		   PERFDASH_DIRECTION_LOWER,
		   margin);
	reader_add(self->builder, benchmark, "samples", PERFDASH_DIRECTION_NONE, samples);
}

static void
end_table(Text *self)
{
	if (self->n_cells == 0)
		return;
	guint n_results = perfdash_run_builder_get_n_results(self->builder);
	if (!self->has_end) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder,
						 "the table has no end: the log was cut off");
	} else if (self->n_failed > 0 && self->n_failed == n_results) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
	}
	self->n_cells = 0;
}

static void
begin_table(Text *self, guint n_cells)
{
	end_table(self);
	if (self->n_tables++ > 0)
		perfdash_run_builder_next_run(self->builder);
	perfdash_run_builder_set_label(self->builder, "tool", "tinybench");
	self->n_cells = n_cells;
	self->n_failed = 0;
	self->has_end = FALSE;
}

static void
read_line(Text *self, const char *line)
{
	g_auto(GStrv) cells = split_cells(line);
	guint n_cells = cells != NULL ? g_strv_length(cells) : 0;
	if (n_cells > 1 && strstr(line, "(index)") != NULL) {
		end_table(self);
		if (read_header(self, cells))
			begin_table(self, n_cells);
	} else if (n_cells > 1 && n_cells == self->n_cells) {
		read_row(self, cells);
	} else if (self->n_cells > 0 && g_str_has_prefix(line, "\xe2\x94\x94")) {
		self->has_end = TRUE;
		end_table(self);
	}
}

static void
read_text(GBytes *log, PerfdashRunBuilder *builder)
{
	Text text = {.builder = builder};
	g_auto(ReaderLines) lines;
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut || g_str_has_suffix(line, "\xe2\x94\x98"))
			read_line(&text, line);
	}
	end_table(&text);
}

static gboolean
tinybench_parser_parse(PerfdashParser *parser,
		       const char *name,
		       GBytes *log,
		       PerfdashRunBuilder *builder,
		       GError **error)
{
	if (reader_json_is_own(log, tinybench_json_is_own))
		return tinybench_json_read(log, builder, error);
	read_text(log, builder);
	return TRUE;
}

static guint
tinybench_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	return reader_json_is_own(head, tinybench_json_is_own) ? 70 : 0;
}

PERFDASH_DEFINE_PARSER(TinybenchParser,
		       tinybench_parser,
		       tinybench_parser_probe,
		       tinybench_parser_parse,
		       "tinybench",
		       "1",
		       "tinybench, JavaScript: JSON and tables of the console",
		       "*bench*",
		       PERFDASH_PARSER_JSON | PERFDASH_PARSER_CONSOLE,
		       "Task name\nTask Name\n\"critical\":")
