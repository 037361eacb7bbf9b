/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The summary: a table whose columns differ from benchmark to benchmark. What stands between
 * "Method" and the first number that is measured are jobs and parameters, which become part of the
 * name; the random name of a job does not. Cells have units of their own, may be bold in Markdown,
 * separate thousands, and are NA or a dash when there is nothing. KB are of 1024. The text of a
 * language may have decimal commas. The report in CSV has a column for each characteristic of a
 * job, of which those are parameters that differ, and the list separator of the language. */

#include "benchmarkdotnet.h"

#include <string.h>

#include "reader-csv.h"
#include "reader-quantity.h"
#include "reader-text.h"

#define MAX_COLUMNS 256
#define MAX_ROWS    100000

/* what a column holds */
typedef enum {
	OTHER,
	METHOD,
	PARAMETER,
	CHARACTERISTIC, /* of a job, in CSV: a parameter when it differs */
	TIME,
	STAT,
	ALLOCATED,
	THROUGHPUT
} Kind;

typedef struct {
	Kind kind;
	const char *stat; /* of STAT */
	char *name;
} Column;

typedef struct {
	PerfdashRunBuilder *builder;
	gboolean is_known; /* BenchmarkDotNet's own line was seen */
	gboolean is_open;  /* a run has rows */
	guint n_measured;
	char *version;   /* nullable */
	GArray *columns; /* of Column; empty outside of a table */
	gboolean has_ruler;
	char separator;  /* of CSV, 0 in a table */
	GPtrArray *rows; /* of GPtrArray of char *, of CSV */
	GArray *lines;   /* of guint, of the rows */
	GPtrArray *cut;  /* nullable: cells of a row that has no end, but the last one */
} Tables;

static const struct {
	const char *name;
	Kind kind;
	const char *stat;
} known_columns[] = {
	{"Method", METHOD, NULL},
	{"Mean", TIME, NULL},
	{"StdDev", STAT, "sd"},
	{"Median", STAT, "p50"},
	{"Min", STAT, "min"},
	{"Max", STAT, "max"},
	{"P67", STAT, "p67"},
	{"P80", STAT, "p80"},
	{"P85", STAT, "p85"},
	{"P90", STAT, "p90"},
	{"P95", STAT, "p95"},
	{"P99", STAT, "p99"},
	{"Op/s", THROUGHPUT, NULL},
	{"Allocated", ALLOCATED, NULL},
	{"Error", OTHER, NULL},
	{"StdErr", OTHER, NULL},
};
/* columns of jobs whose names are random or say nothing */
static const char *const no_parameters[] =
	{"Job", "Type", "Namespace", "Categories", "Rank", "LogicalGroup", NULL};

static void
column_clear(gpointer data)
{
	g_free(((Column *)data)->name);
}

/* the cells of a row, without bold; the edges may have bars or not */
static GPtrArray *
split_row(const char *line)
{
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	line += strspn(line, " \t");
	line += *line == '|';
	g_auto(GStrv) parts = g_strsplit(line, "|", MAX_COLUMNS + 1);
	guint n = g_strv_length(parts);
	/* behind the last bar is nothing */
	for (guint i = 0; i + 1 < n && i < MAX_COLUMNS; i++) {
		char *cell = g_strdup(g_strstrip(parts[i]));
		gsize length = strlen(cell);
		if (length > 4 && g_str_has_prefix(cell, "**") && g_str_has_suffix(cell, "**")) {
			cell[length - 2] = '\0';
			memmove(cell, cell + 2, length - 3);
		}
		g_ptr_array_add(cells, cell);
	}
	return cells;
}

static Column
make_column(const char *name, gboolean is_before_numbers)
{
	Column column = {is_before_numbers ? PARAMETER : OTHER, NULL, g_strdup(name)};
	for (guint i = 0; i < G_N_ELEMENTS(known_columns); i++) {
		if (!g_str_equal(name, known_columns[i].name))
			continue;
		column.kind = known_columns[i].kind;
		column.stat = known_columns[i].stat;
		return column;
	}
	if (g_strv_contains(no_parameters, name))
		column.kind = OTHER;
	return column;
}

static gboolean
has_cell(GPtrArray *cells, const char *text)
{
	return g_ptr_array_find_with_equal_func(cells, text, g_str_equal, NULL);
}

static gboolean
read_header(Tables *self, const char *line)
{
	if (!self->is_known || strstr(line, "Mean") == NULL || strstr(line, "Method") == NULL)
		return FALSE;
	g_autoptr(GPtrArray) cells = split_row(line);
	gboolean is_before_numbers = TRUE;
	if (!has_cell(cells, "Method") || !has_cell(cells, "Mean"))
		return FALSE;
	g_array_set_size(self->columns, 0);
	for (guint i = 0; i < cells->len; i++) {
		Column column = make_column(cells->pdata[i], is_before_numbers);
		is_before_numbers &= column.kind == METHOD || column.kind == PARAMETER ||
				     g_strv_contains(no_parameters, cells->pdata[i]);
		g_array_append_val(self->columns, column);
	}
	self->has_ruler = FALSE;
	return TRUE;
}

/* a number whose thousands may be separated, behind which its unit stands */
static ReaderQuantity
read_cell(const char *cell, const ReaderSuffix *suffixes)
{
	gsize length = strspn(cell, "0123456789.,");
	const char *comma = memchr(cell, ',', length);
	const char *point = memchr(cell, '.', length);
	gboolean comma_is_decimal = comma != NULL && point != NULL && comma > point;
	GString *text = g_string_new(NULL);
	if (comma != NULL && point == NULL)
		comma_is_decimal = strspn(comma + 1, "0123456789") != 3;
	for (gsize i = 0; i < length; i++) {
		gboolean is_decimal = cell[i] == (comma_is_decimal ? ',' : '.');
		if (g_ascii_isdigit(cell[i]))
			g_string_append_c(text, cell[i]);
		else if (is_decimal)
			g_string_append_c(text, '.');
	}
	g_string_append(text, cell + length);
	ReaderQuantity quantity = reader_quantity(text->str, suffixes, NULL);
	g_string_free(text, TRUE);
	return quantity;
}

static char *
make_name(Tables *self, GPtrArray *cells)
{
	GString *name = g_string_new(NULL);
	GString *parameters = g_string_new(NULL);
	for (guint i = 0; i < MIN(self->columns->len, cells->len); i++) {
		const Column *column = &g_array_index(self->columns, Column, i);
		const char *cell = cells->pdata[i];
		if (column->kind == METHOD)
			g_string_append(name, cell);
		else if (column->kind == PARAMETER && *cell != '\0')
			g_string_append_printf(parameters,
					       "%s%s: %s",
					       parameters->len > 0 ? ", " : "",
					       column->name,
					       cell);
	}
	if (name->len > 0 && parameters->len > 0)
		g_string_append_printf(name, "(%s)", parameters->str);
	g_string_free(parameters, TRUE);
	g_autofree char *text = g_string_free(name, FALSE);
	return *text != '\0' ? reader_name(text) : NULL;
}

static const char *
find_cell(Tables *self, GPtrArray *cells, Kind kind)
{
	for (guint i = 0; i < MIN(self->columns->len, cells->len); i++) {
		if (g_array_index(self->columns, Column, i).kind == kind)
			return cells->pdata[i];
	}
	return "";
}

static void
add_stats(Tables *self, GPtrArray *cells)
{
	for (guint i = 0; i < MIN(self->columns->len, cells->len); i++) {
		const Column *column = &g_array_index(self->columns, Column, i);
		if (column->kind == STAT)
			reader_add_stat(self->builder,
					column->stat,
					read_cell(cells->pdata[i], reader_times));
	}
}

static void
begin_run(Tables *self)
{
	if (self->is_open)
		return;
	self->is_open = TRUE;
	self->n_measured = 0;
	perfdash_run_builder_set_label(self->builder, "tool", "BenchmarkDotNet");
	if (self->version != NULL)
		perfdash_run_builder_set_environment(self->builder, "tool_version", self->version);
}

static void
read_values(Tables *self, GPtrArray *cells)
{
	g_autofree char *name = make_name(self, cells);
	if (name == NULL)
		return;
	begin_run(self);
	ReaderQuantity time = read_cell(find_cell(self, cells, TIME), reader_times);
	if (time.unit == NULL) {
		perfdash_run_builder_add_warning(self->builder, "%s was not measured", name);
		return;
	}
	self->n_measured++;
	reader_add(self->builder, name, "time", PERFDASH_DIRECTION_LOWER, time);
	add_stats(self, cells);
	ReaderQuantity rate = read_cell(find_cell(self, cells, THROUGHPUT), reader_counts);
	if (rate.unit != NULL)
		rate.unit = "1/s";
	reader_add(self->builder, name, "throughput", PERFDASH_DIRECTION_HIGHER, rate);
	reader_add(self->builder,
		   name,
		   "allocated",
		   PERFDASH_DIRECTION_LOWER,
		   read_cell(find_cell(self, cells, ALLOCATED), reader_sizes_1024));
}

static gboolean
differs(Tables *self, guint column)
{
	const char *first = NULL;
	for (guint i = 0; i < self->rows->len; i++) {
		GPtrArray *cells = self->rows->pdata[i];
		if (first == NULL)
			first = cells->pdata[column];
		else if (!g_str_equal(first, cells->pdata[column]))
			return TRUE;
	}
	return first != NULL && self->cut != NULL && column < self->cut->len &&
	       !g_str_equal(first, self->cut->pdata[column]);
}

/* now that all rows are known */
static void
write_rows(Tables *self)
{
	for (guint i = 0; i < self->columns->len; i++) {
		Column *column = &g_array_index(self->columns, Column, i);
		if (column->kind == CHARACTERISTIC && differs(self, i))
			column->kind = PARAMETER;
	}
	for (guint i = 0; i < self->rows->len; i++) {
		perfdash_run_builder_set_line(self->builder, g_array_index(self->lines, guint, i));
		read_values(self, self->rows->pdata[i]);
	}
	g_ptr_array_set_size(self->rows, 0);
	g_array_set_size(self->lines, 0);
	self->separator = '\0';
}

static void
end_run(Tables *self)
{
	if (self->rows->len > 0)
		write_rows(self);
	if (self->is_open) {
		if (self->n_measured == 0)
			perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_next_run(self->builder);
	}
	self->is_open = FALSE;
	g_array_set_size(self->columns, 0);
}

static gboolean
is_ruler(const char *line)
{
	return strchr(line, '-') != NULL && line[strspn(line, " \t|-:")] == '\0';
}

static void
read_table_line(Tables *self, const char *line)
{
	if (strchr(line, '|') == NULL) {
		/* tables that follow are somebody else's */
		g_array_set_size(self->columns, 0);
		self->is_known = FALSE;
	} else if (is_ruler(line)) {
		self->has_ruler = TRUE;
	} else if (self->has_ruler) {
		g_autoptr(GPtrArray) cells = split_row(line);
		/* a bar inside of a cell moves all that follow */
		if (cells->len == self->columns->len)
			read_values(self, cells);
	}
}

/* "BenchmarkDotNet v0.13.12, Windows 11", "BenchmarkDotNet=v0.13.1, OS=Windows" */
static gboolean
read_caption(Tables *self, const char *line)
{
	const char *text = line + strspn(line, " /*");
	if (!g_str_has_prefix(text, "BenchmarkDotNet v") &&
	    !g_str_has_prefix(text, "BenchmarkDotNet=v"))
		return FALSE;
	text += strlen("BenchmarkDotNet v");
	if (!g_ascii_isdigit(*text))
		return FALSE;
	g_autofree char *version = g_strndup(text, strcspn(text, ", "));
	end_run(self);
	g_free(self->version);
	self->version = reader_name(version);
	self->is_known = TRUE;
	return TRUE;
}

static GPtrArray *
split_csv(const char *line, char separator)
{
	g_autoptr(GBytes) bytes = g_bytes_new(line, strlen(line));
	g_auto(ReaderCsv) csv;
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	reader_csv_init(&csv, bytes, separator);
	GPtrArray *fields = reader_csv_next(&csv);
	for (guint i = 0; fields != NULL && i < MIN(fields->len, MAX_COLUMNS); i++)
		g_ptr_array_add(cells, g_strdup(fields->pdata[i]));
	return cells;
}

/* "Method,Job,AnalyzeLaunchVariance,...,WarmupCount,N,Mean,Error,StdDev": parameters stand between
 * the characteristics and the mean */
static gboolean
read_csv_header(Tables *self, const char *line)
{
	const char *mark = strstr(line, "AnalyzeLaunchVariance");
	const char *method = strstr(line, "Method");
	if (mark == NULL || method == NULL || mark == line || strchr(",;", mark[-1]) == NULL ||
	    strstr(line, "WarmupCount") == NULL)
		return FALSE;
	end_run(self);
	self->separator = mark[-1];
	g_autoptr(GPtrArray) cells = split_csv(line, self->separator);
	gboolean is_job = FALSE;
	gboolean is_before_numbers = TRUE;
	for (guint i = 0; i < cells->len; i++) {
		Column column = make_column(cells->pdata[i], is_before_numbers);
		is_job |= g_str_equal(cells->pdata[i], "AnalyzeLaunchVariance");
		if (is_job && column.kind == PARAMETER)
			column.kind = CHARACTERISTIC;
		is_job &= !g_str_equal(cells->pdata[i], "WarmupCount");
		is_before_numbers &= column.kind != TIME;
		g_array_append_val(self->columns, column);
	}
	return TRUE;
}

static void
read_csv_row(Tables *self, const char *line, guint number)
{
	GPtrArray *cells = split_csv(line, self->separator);
	if (cells->len != self->columns->len || self->rows->len == MAX_ROWS) {
		g_ptr_array_unref(cells);
		end_run(self);
		return;
	}
	g_ptr_array_add(self->rows, cells);
	g_array_append_val(self->lines, number);
}

/* what stands before its last separator still says in what jobs differ */
static void
take_cut_row(Tables *self, const char *line)
{
	self->cut = split_csv(line, self->separator);
	g_ptr_array_set_size(self->cut, MAX(self->cut->len, 1) - 1);
	write_rows(self);
	g_clear_pointer(&self->cut, g_ptr_array_unref);
}

static void
read_line(Tables *self, const char *line, guint number)
{
	if (read_caption(self, line) || read_csv_header(self, line) || read_header(self, line))
		return;
	if (self->separator != '\0')
		read_csv_row(self, line, number);
	else if (self->columns->len > 0)
		read_table_line(self, line);
}

void
benchmarkdotnet_read_tables(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(Column));
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint));
	g_autoptr(GPtrArray)
		rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	Tables self = {.builder = builder, .columns = columns, .rows = rows, .lines = numbers};
	gboolean is_cut = FALSE;
	const char *line;
	g_array_set_clear_func(columns, column_clear);
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		gboolean is_row = strchr(line, '|') != NULL;
		is_cut = lines.is_cut &&
			 (self.separator != '\0' || (is_row && !g_str_has_suffix(line, "|")));
		if (!is_cut)
			read_line(&self, line, lines.number);
		else if (self.rows->len > 0)
			take_cut_row(&self, line);
	}
	if (is_cut && self.is_open) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the last row was cut off");
	}
	end_run(&self);
	g_free(self.version);
}
