/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A table for each group, with its own unit of time and of operations (Kops/s). Columns are chosen
 * by the user; names may have blanks, so rows are read from their end. Numbers have commas between
 * thousands and, behind them, how they compare (>1000.0). When runs are compared, rows of older
 * ones are there, too: test (0001_name) beside test (NOW). */

#include "pytest-benchmark.h"

#include <string.h>

#include "reader-quantity.h"
#include "reader-text.h"

typedef enum {
	MEAN,
	MIN,
	MAX,
	SD,
	MEDIAN,
	IQR,
	OPS,
	OUTLIERS,
	ROUNDS,
	ITERATIONS,
	N_COLUMNS
} Column;

static const char *const column_names[N_COLUMNS] = {
	"Mean",
	"Min",
	"Max",
	"StdDev",
	"Median",
	"IQR",
	"OPS",
	"Outliers",
	"Rounds",
	"Iterations",
};

static const ReaderSuffix operations[] = {{"(Kops/s)", "1/s", 3},
					  {"(Mops/s)", "1/s", 6},
					  {"(Gops/s)", "1/s", 9},
					  {NULL}};

/* a row of a table; what has no unit is not there */
typedef struct {
	char *name;
	char *saved; /* nullable: the older run it is of */
	ReaderQuantity values[N_COLUMNS];
	guint line;
} Row;

typedef struct {
	PerfdashRunBuilder *builder;
	char *group;       /* nullable: of the table that is being read */
	const char *unit;  /* of times, NULL between tables */
	int ops_power;     /* of ten */
	GArray *columns;   /* of Column, in their order */
	GPtrArray *rows;   /* of Row, of the table */
	guint n_tables;    /* of the run */
	gboolean is_over;  /* the legend was read */
	gboolean has_rule; /* below the header */
	guint line;
} Text;

static void
row_free(Row *row)
{
	g_free(row->name);
	g_free(row->saved);
	g_free(row);
}

static void
add(Text *self, const Row *row, const char *metric, Column column, PerfdashDirection direction)
{
	if (row->values[column].unit == NULL)
		return;
	reader_add(self->builder, row->name, metric, direction, row->values[column]);
	if (self->group != NULL)
		perfdash_run_builder_add_result_label(self->builder, "group", self->group);
	if (row->saved != NULL)
		perfdash_run_builder_add_result_label(self->builder, "saved_run", row->saved);
}

static void
write_row(Text *self, const Row *row)
{
	static const struct {
		Column column;
		const char *metric;
	} times[] = {{MEAN, "time"}, {MEDIAN, "time_median"}, {MIN, "time_min"}, {MAX, "time_max"}};
	guint i = 0;
	/* without the mean, what is there of the others */
	while (i + 1 < G_N_ELEMENTS(times) && row->values[times[i].column].unit == NULL)
		i++;
	perfdash_run_builder_set_line(self->builder, row->line);
	add(self, row, times[i].metric, times[i].column, PERFDASH_DIRECTION_LOWER);
	if (row->values[times[i].column].unit != NULL) {
		if (row->values[ROUNDS].value != 1)
			reader_add_stat(self->builder, "sd", row->values[SD]);
		reader_add_stat(self->builder, "min", row->values[MIN]);
		reader_add_stat(self->builder, "max", row->values[MAX]);
		reader_add_stat(self->builder, "p50", row->values[MEDIAN]);
		reader_add_stat(self->builder, "n", row->values[ROUNDS]);
	}
	add(self, row, "iqr", IQR, PERFDASH_DIRECTION_LOWER);
	add(self, row, "ops", OPS, PERFDASH_DIRECTION_HIGHER);
	add(self, row, "rounds", ROUNDS, PERFDASH_DIRECTION_NONE);
	add(self, row, "iterations", ITERATIONS, PERFDASH_DIRECTION_NONE);
}

/* takes " (NOW)" and " (0001_name)" off a name */
static gboolean
split_name(Row *row)
{
	char *open = strrchr(row->name, '(');
	if (open == NULL || open == row->name || open[-1] != ' ' ||
	    !g_str_has_suffix(row->name, ")"))
		return FALSE;
	gboolean is_now = g_str_equal(open, "(NOW)");
	if (!is_now && (strspn(open + 1, "0123456789") != 4 || open[5] == '\0'))
		return FALSE;
	if (!is_now)
		row->saved = g_strndup(open + 1, strlen(open) - 2);
	open[-1] = '\0';
	return is_now;
}

static void
end_table(Text *self)
{
	gboolean has_now = FALSE;
	for (guint i = 0; i < self->rows->len; i++)
		has_now |= split_name(g_ptr_array_index(self->rows, i));
	for (guint i = 0; i < self->rows->len; i++) {
		const Row *row = g_ptr_array_index(self->rows, i);
		if (!has_now || row->saved == NULL)
			write_row(self, row);
	}
	g_ptr_array_set_size(self->rows, 0);
	g_clear_pointer(&self->group, g_free);
	self->unit = NULL;
}

/* ---- benchmark 'NAME': 5 tests ---- */
static gboolean
read_title(Text *self, const char *line)
{
	const char *title = *line == '-' ? strstr(line, "- benchmark") : NULL;
	if (title == NULL || strstr(title, " tests -") == NULL)
		return FALSE;
	const char *open = reader_after(title, "- benchmark '");
	const char *close = g_strrstr(title, "': ");
	g_clear_pointer(&self->group, g_free);
	if (open != NULL && close != NULL && close > open) {
		g_autofree char *group = g_strndup(open, close - open);
		self->group = reader_name(group);
	}
	return TRUE;
}

static int
find_column(const char *word)
{
	for (guint i = 0; i < N_COLUMNS; i++) {
		if (g_str_equal(word, column_names[i]))
			return i;
	}
	return -1;
}

/* FALSE when a column is not known: rows could not be told apart */
static gboolean
read_columns(Text *self, const char *text)
{
	g_auto(GStrv) words = reader_words(text);
	g_array_set_size(self->columns, 0);
	self->ops_power = 0;
	for (guint i = 0; words[i] != NULL; i++) {
		int column = find_column(words[i]);
		for (const ReaderSuffix *one = operations; one->suffix != NULL; one++) {
			if (g_str_equal(words[i], one->suffix))
				self->ops_power = one->power_of_ten;
		}
		if (*words[i] == '(')
			continue;
		if (column < 0)
			return FALSE;
		g_array_append_val(self->columns, column);
	}
	return self->columns->len > 0;
}

static gboolean
read_header(Text *self, const char *line)
{
	const char *unit = reader_after(line, "Name (time in ");
	const char *close = unit != NULL ? strchr(unit, ')') : NULL;
	if (close == NULL || !read_columns(self, close + 1))
		return FALSE;
	g_autofree char *text = g_strdup_printf("1 %.*s", (int)MIN(close - unit, 10), unit);
	ReaderQuantity one = reader_quantity(text, reader_times, NULL);
	if (one.unit == NULL)
		return FALSE;
	if (self->is_over) {
		perfdash_run_builder_next_run(self->builder);
		self->n_tables = 0;
		self->is_over = FALSE;
	}
	self->n_tables++;
	self->unit = one.unit;
	self->has_rule = FALSE;
	perfdash_run_builder_set_label(self->builder, "tool", "pytest-benchmark");
	return TRUE;
}

static ReaderQuantity
read_cell(Text *self, Column column, const char *word)
{
	ReaderQuantity quantity = {0, NULL};
	const char *rest;
	g_auto(GStrv) parts = g_strsplit(word, ",", -1);
	g_autofree char *digits = g_strjoinv("", parts);
	if (!reader_number(digits, &quantity.value, &rest) || *rest != '\0')
		return quantity;
	if (column == OPS && reader_scaled(digits, self->ops_power, &quantity.value))
		quantity.unit = "1/s";
	else if (column == ROUNDS || column == ITERATIONS)
		quantity.unit = "1";
	else if (column != OUTLIERS)
		quantity.unit = self->unit;
	return quantity;
}

static gboolean
read_row(Text *self, const char *line)
{
	g_auto(GStrv) words = reader_words(line);
	guint n = g_strv_length(words);
	Row *row = g_new0(Row, 1);
	row->line = self->line;
	for (guint i = self->columns->len; i-- > 0 && n > 0;) {
		Column column = g_array_index(self->columns, Column, i);
		if (n > 1 && *words[n - 1] == '(' && g_str_has_suffix(words[n - 1], ")"))
			n--;
		row->values[column] = read_cell(self, column, words[--n]);
	}
	for (guint i = n; words[i] != NULL; i++)
		g_clear_pointer(&words[i], g_free);
	g_autofree char *name = g_strjoinv(" ", words);
	row->name = reader_name(name);
	if (n > 0)
		g_ptr_array_add(self->rows, row);
	else
		row_free(row);
	return n > 0;
}

static gboolean
is_rule(const char *line)
{
	gsize n_dashes = strspn(line, "-");
	return n_dashes > 20 && line[n_dashes] == '\0';
}

static void
set_partial(Text *self, const char *why)
{
	perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_add_warning_literal(self->builder, why);
}

static void
read_other(Text *self, const char *line)
{
	if (self->n_tables == 0)
		return;
	if (strstr(line, "!!! KeyboardInterrupt !!!") != NULL)
		set_partial(self, "the tests were interrupted");
	else if (g_str_has_prefix(line, "FAILED ") || g_str_has_prefix(line, "ERROR "))
		perfdash_run_builder_add_warning_literal(self->builder, line);
	else if (g_str_has_prefix(line, "Legend:"))
		self->is_over = TRUE;
}

static void
read_line(Text *self, const char *line)
{
	if (read_title(self, line) || read_header(self, line))
		return;
	if (self->unit == NULL)
		read_other(self, line);
	else if (is_rule(line) && !self->has_rule)
		self->has_rule = TRUE;
	else if (is_rule(line))
		end_table(self);
	else if (!read_row(self, line))
		end_table(self);
}

void
pytest_benchmark_text_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_autoptr(GArray) columns = g_array_new(FALSE, FALSE, sizeof(Column));
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)row_free);
	Text text = {.builder = builder, .columns = columns, .rows = rows};
	g_auto(ReaderLines) lines;
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL) {
		text.line = lines.number;
		if (!lines.is_cut || is_rule(line))
			read_line(&text, line);
		else if (text.n_tables > 0 && g_str_has_prefix(line, "Computing stats "))
			set_partial(&text, "the last table is missing: the log was cut off");
	}
	if (text.unit != NULL) {
		set_partial(&text, "the table has no end: the log was cut off");
		end_table(&text);
	}
	g_clear_pointer(&text.group, g_free);
}
