/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader-report.h"

#include <math.h>
#include <string.h>

#include "reader-text.h"

#define MAX_ROWS  4096
#define MAX_STATS 48

typedef struct {
	char *name;
	ReaderQuantity quantity;
} Stat;

typedef struct {
	const char *metric;
	const char *key; /* of the label that tells it apart, nullable */
	char *kind;
	PerfdashDirection direction;
	ReaderQuantity quantity; /* no unit: has no value yet */
	guint line;
	GArray *stats; /* of Stat, nullable */
} Row;

struct _ReaderReport {
	GPtrArray *rows;       /* of Row */
	GHashTable *by_metric; /* the first row of each metric that no label tells apart */
	guint n_dropped;
	guint line;
};

static void
clear_stat(gpointer data)
{
	g_free(((Stat *)data)->name);
}

static void
row_free(gpointer data)
{
	Row *row = data;
	g_free(row->kind);
	g_clear_pointer(&row->stats, g_array_unref);
	g_free(row);
}

ReaderReport *
reader_report_new(void)
{
	ReaderReport *self = g_new0(ReaderReport, 1);
	self->rows = g_ptr_array_new_with_free_func(row_free);
	self->by_metric = g_hash_table_new(g_str_hash, g_str_equal);
	return self;
}

void
reader_report_free(ReaderReport *self)
{
	g_hash_table_unref(self->by_metric);
	g_ptr_array_unref(self->rows);
	g_free(self);
}

void
reader_report_clear(ReaderReport *self)
{
	g_hash_table_remove_all(self->by_metric);
	g_ptr_array_set_size(self->rows, 0);
	self->n_dropped = 0;
}

void
reader_report_set_line(ReaderReport *self, guint line)
{
	self->line = line;
}

/* NULL when there are too many */
static Row *
append(ReaderReport *self, const char *metric)
{
	if (self->rows->len == MAX_ROWS) {
		self->n_dropped++;
		return NULL;
	}
	Row *row = g_new0(Row, 1);
	row->metric = metric;
	row->line = self->line;
	g_ptr_array_add(self->rows, row);
	return row;
}

static Row *
find(ReaderReport *self, const char *metric)
{
	return g_hash_table_lookup(self->by_metric, metric);
}

static Row *
find_or_append(ReaderReport *self, const char *metric)
{
	Row *row = find(self, metric);
	if (row == NULL)
		row = append(self, metric);
	if (row != NULL)
		g_hash_table_insert(self->by_metric, (char *)row->metric, row);
	return row;
}

/* something was there, and no number that only its unit makes too large */
static gboolean
is_measured(ReaderQuantity quantity)
{
	return quantity.unit != NULL && isfinite(reader_quantity_to_base(quantity));
}

void
reader_report_add(ReaderReport *self,
		  const char *metric,
		  PerfdashDirection direction,
		  ReaderQuantity quantity)
{
	if (!is_measured(quantity))
		return;
	Row *row = find_or_append(self, metric);
	if (row == NULL || row->quantity.unit != NULL)
		return;
	row->direction = direction;
	row->quantity = quantity;
}

void
reader_report_add_kind(ReaderReport *self,
		       const char *metric,
		       const char *key,
		       const char *kind,
		       PerfdashDirection direction,
		       ReaderQuantity quantity)
{
	Row *row = is_measured(quantity) ? append(self, metric) : NULL;
	if (row == NULL)
		return;
	row->key = key;
	row->kind = g_strdup(kind);
	row->direction = direction;
	row->quantity = quantity;
}

gboolean
reader_report_add_field(ReaderReport *self, const char *line, const ReaderField *fields)
{
	line += strspn(line, " \t");
	for (const ReaderField *one = fields; one->prefix != NULL; one++) {
		const char *text = reader_after(line, one->prefix);
		ReaderQuantity quantity = {0, one->unit};
		if (text == NULL || !reader_number(text, &quantity.value, NULL))
			continue;
		reader_report_add(self, one->metric, one->direction, quantity);
		return TRUE;
	}
	return FALSE;
}

static gboolean
has_stat(const Row *row, const char *name)
{
	for (guint i = 0; row->stats != NULL && i < row->stats->len; i++) {
		if (g_str_equal(g_array_index(row->stats, Stat, i).name, name))
			return TRUE;
	}
	return FALSE;
}

void
reader_report_add_stat(ReaderReport *self,
		       const char *metric,
		       const char *name,
		       ReaderQuantity quantity)
{
	if (!is_measured(quantity))
		return;
	Row *row = find_or_append(self, metric);
	if (row == NULL || has_stat(row, name))
		return;
	if (row->stats == NULL) {
		row->stats = g_array_new(FALSE, FALSE, sizeof(Stat));
		g_array_set_clear_func(row->stats, clear_stat);
	}
	Stat stat = {g_strdup(name), quantity};
	if (row->stats->len < MAX_STATS)
		g_array_append_val(row->stats, stat);
	else
		clear_stat(&stat);
}

void
reader_report_add_percentile(ReaderReport *self,
			     const char *metric,
			     double percent,
			     ReaderQuantity quantity)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];
	g_ascii_formatd(digits, sizeof(digits), "%.10g", percent);
	g_autofree char *name = g_strconcat("p", digits, NULL);
	if (percent >= 0 && percent <= 100)
		reader_report_add_stat(self, metric, name, quantity);
}

gboolean
reader_report_get(ReaderReport *self, const char *metric, double *value)
{
	Row *row = find(self, metric);
	if (row == NULL || row->quantity.unit == NULL)
		return FALSE;
	*value = reader_quantity_to_base(row->quantity);
	return TRUE;
}

/* something that was counted, not computed */
static gboolean
is_count(const Row *row)
{
	if (g_str_equal(row->metric, "concurrency"))
		return FALSE;
	return g_str_equal(row->quantity.unit, "1") || g_str_equal(row->metric, "duration");
}

static void
end_row(const Row *row, PerfdashRunBuilder *builder, const char *benchmark)
{
	perfdash_run_builder_set_line(builder, row->line);
	reader_add(builder, benchmark, row->metric, row->direction, row->quantity);
	if (row->key != NULL)
		perfdash_run_builder_add_result_label(builder, row->key, row->kind);
	for (guint i = 0; row->stats != NULL && i < row->stats->len; i++) {
		Stat *stat = &g_array_index(row->stats, Stat, i);
		reader_add_stat(builder, stat->name, stat->quantity);
	}
}

void
reader_report_end(ReaderReport *self,
		  PerfdashRunBuilder *builder,
		  const char *benchmark,
		  gboolean only_counts)
{
	for (guint i = 0; i < self->rows->len; i++) {
		Row *row = g_ptr_array_index(self->rows, i);
		if (row->quantity.unit != NULL && (!only_counts || is_count(row)))
			end_row(row, builder, benchmark);
	}
	if (self->n_dropped > 0)
		perfdash_run_builder_add_warning(builder,
						 "%u more numbers were not read",
						 self->n_dropped);
	reader_report_clear(self);
}
