/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* --benchmark-csv: the names of tests, their parameters, and columns that the user has chosen, all
 * times in seconds. Tests with other parameters may have one name. */

#include "pytest-benchmark.h"

#include <string.h>

#include "reader-csv.h"
#include "reader-label.h"
#include "reader-text.h"

/* what the columns are; the mean is the value, and outliers are no number */
static const struct {
	const char *column;
	const char *stat;   /* of the time, nullable */
	const char *metric; /* of a result of its own, nullable */
	const char *unit;
	PerfdashDirection direction;
} columns[] = {
	{"mean", NULL, NULL, NULL, 0},
	{"min", "min", NULL, NULL, 0},
	{"max", "max", NULL, NULL, 0},
	{"stddev", "sd", NULL, NULL, 0},
	{"median", "p50", NULL, NULL, 0},
	{"outliers", NULL, NULL, NULL, 0},
	{"rounds", "n", "rounds", "1", PERFDASH_DIRECTION_NONE},
	{"iqr", NULL, "iqr", "s", PERFDASH_DIRECTION_LOWER},
	{"ops", NULL, "ops", "1/s", PERFDASH_DIRECTION_HIGHER},
	{"iterations", NULL, "iterations", "1", PERFDASH_DIRECTION_NONE},
};

typedef struct {
	PerfdashRunBuilder *builder;
	GPtrArray *header; /* of char *; NULL outside of a table */
	gboolean is_open;
} Table;

static GPtrArray *
split(const char *line)
{
	g_autoptr(GBytes) bytes = g_bytes_new(line, strlen(line));
	g_auto(ReaderCsv) csv;
	GPtrArray *cells = g_ptr_array_new_with_free_func(g_free);
	reader_csv_init(&csv, bytes, ',');
	GPtrArray *fields = reader_csv_next(&csv);
	for (guint i = 0; fields != NULL && i < fields->len; i++)
		g_ptr_array_add(cells, g_strdup(fields->pdata[i]));
	return cells;
}

static gboolean
is_column(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		if (g_str_equal(columns[i].column, name))
			return TRUE;
	}
	return FALSE;
}

/* "name,param:n,min,max,mean,...": the user may choose columns, but knows no others */
static gboolean
is_header(GPtrArray *cells)
{
	guint i = 1;
	while (i < cells->len && g_str_has_prefix(cells->pdata[i], "param:"))
		i++;
	if (cells->len < i + 3 || !g_str_equal(cells->pdata[0], "name") ||
	    reader_csv_find(cells, "mean") < 0 ||
	    (reader_csv_find(cells, "rounds") < 0 && reader_csv_find(cells, "iqr") < 0))
		return FALSE;
	for (; i < cells->len; i++) {
		if (!is_column(cells->pdata[i]))
			return FALSE;
	}
	return TRUE;
}

static gboolean
get_number(Table *self, GPtrArray *cells, const char *column, double *value)
{
	const char *rest;
	int index = reader_csv_find(self->header, column);
	return index >= 0 && reader_number(cells->pdata[index], value, &rest) && *rest == '\0';
}

static void
add(Table *self,
    GPtrArray *cells,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    double value)
{
	g_autofree char *benchmark = reader_name(cells->pdata[0]);
	perfdash_run_builder_add_result(self->builder, benchmark, metric, unit, direction, value);
	for (guint i = 1; i < cells->len; i++) {
		const char *parameter = reader_after(self->header->pdata[i], "param:");
		if (parameter != NULL)
			reader_add_label(self->builder, parameter, cells->pdata[i]);
	}
}

static void
write_row(Table *self, GPtrArray *cells)
{
	double value;
	double n_rounds = 0;
	if (!get_number(self, cells, "mean", &value))
		return;
	self->is_open = TRUE;
	perfdash_run_builder_set_label(self->builder, "tool", "pytest-benchmark");
	add(self, cells, "time", "s", PERFDASH_DIRECTION_LOWER, value);
	get_number(self, cells, "rounds", &n_rounds);
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		/* one round has no deviation, which is written as zero */
		gboolean is_none = n_rounds == 1 && g_str_equal(columns[i].column, "stddev");
		if (columns[i].stat != NULL && !is_none &&
		    get_number(self, cells, columns[i].column, &value))
			perfdash_run_builder_add_stat(self->builder, columns[i].stat, value);
	}
	for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
		if (columns[i].metric != NULL && get_number(self, cells, columns[i].column, &value))
			add(self,
			    cells,
			    columns[i].metric,
			    columns[i].unit,
			    columns[i].direction,
			    value);
	}
}

static void
end_table(Table *self)
{
	if (self->is_open)
		perfdash_run_builder_next_run(self->builder);
	self->is_open = FALSE;
	g_clear_pointer(&self->header, g_ptr_array_unref);
}

static void
read_line(Table *self, const char *line)
{
	gboolean may_be_header = g_str_has_prefix(line, "name,");
	if (self->header == NULL && !may_be_header)
		return;
	g_autoptr(GPtrArray) cells = split(line);
	if (may_be_header && is_header(cells)) {
		end_table(self);
		self->header = g_steal_pointer(&cells);
	} else if (self->header != NULL && cells->len == self->header->len) {
		write_row(self, cells);
	} else {
		end_table(self);
	}
}

void
pytest_benchmark_csv_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	Table self = {.builder = builder};
	const char *line;
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL && !lines.is_cut)
		read_line(&self, line);
	if (line != NULL && self.is_open) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(builder, "the last row was cut off");
	}
	end_table(&self);
}
