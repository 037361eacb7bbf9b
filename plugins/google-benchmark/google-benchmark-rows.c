/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Text says that a row is an aggregate only by the end of its name, and a benchmark may be called
 * BM_mean: it is one when the benchmark was repeated, or when the mean and the median are over
 * equally many rows. A cv is a ratio, which the comma-separated values of 1.7 multiply as if it
 * were seconds. */

#include "google-benchmark.h"

#include <string.h>

#include "reader-repetitions.h"

struct _GbRows {
	GPtrArray *rows;
	GHashTable *n_by_name; /* how often there is a row of a name */
	GHashTable *by_name;   /* the last row of a name */
};

static void
row_free(GbRow *row)
{
	g_free(row->name);
	g_array_unref(row->counters);
	g_free(row);
}

static void
clear_counter(gpointer data)
{
	g_free(((GbCounter *)data)->name);
}

GbRows *
gb_rows_new(void)
{
	GbRows *self = g_new0(GbRows, 1);
	self->rows = g_ptr_array_new_with_free_func((GDestroyNotify)row_free);
	self->n_by_name = g_hash_table_new(g_str_hash, g_str_equal);
	self->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	return self;
}

void
gb_rows_free(GbRows *self)
{
	g_hash_table_unref(self->n_by_name);
	g_hash_table_unref(self->by_name);
	g_ptr_array_unref(self->rows);
	g_free(self);
}

GbRow *
gb_rows_add(GbRows *self, char *name, guint line)
{
	GbRow *row = g_new0(GbRow, 1);
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(self->n_by_name, name));
	row->name = name;
	row->line = line;
	row->counters = g_array_new(FALSE, FALSE, sizeof(GbCounter));
	g_array_set_clear_func(row->counters, clear_counter);
	g_ptr_array_add(self->rows, row);
	g_hash_table_replace(self->n_by_name, row->name, GUINT_TO_POINTER(n + 1));
	g_hash_table_replace(self->by_name, row->name, row);
	return row;
}

void
gb_row_add_counter(GbRow *self, const char *name, const char *unit, double value)
{
	GbCounter counter = {g_strdup(name), unit, value};
	g_array_append_val(self->counters, counter);
}

guint
gb_rows_get_n(GbRows *self)
{
	return self->rows->len;
}

static const GbRow *
find(GbRows *self, const char *base, const char *suffix)
{
	g_autofree char *name = g_strconcat(base, suffix, NULL);
	return g_hash_table_lookup(self->by_name, name);
}

static gboolean
is_repeated(GbRows *self, const char *base)
{
	const GbRow *mean = find(self, base, "_mean");
	const GbRow *median = find(self, base, "_median");
	return GPOINTER_TO_UINT(g_hash_table_lookup(self->n_by_name, base)) > 1 ||
	       (mean != NULL && median != NULL && mean->iterations == median->iterations);
}

/* the benchmark of a row, and the aggregate over its repetitions that the row is, or NULL */
static char *
split_name(GbRows *self, const GbRow *row, const char **aggregate)
{
	static const char *const suffixes[] =
		{"_mean", "_median", "_stddev", "_cv", "_min", "_max"};
	*aggregate = NULL;
	for (guint i = 0; i < G_N_ELEMENTS(suffixes); i++) {
		if (!g_str_has_suffix(row->name, suffixes[i]))
			continue;
		gsize length = strlen(row->name) - strlen(suffixes[i]);
		g_autofree char *base = g_strndup(row->name, length);
		if (!is_repeated(self, base))
			continue;
		*aggregate = suffixes[i] + 1;
		return g_steal_pointer(&base);
	}
	return g_strdup(row->name);
}

static void
add(ReaderRepetitions *repetitions,
    ReaderMeasure *measure,
    const char *aggregate,
    const char *unit,
    double value)
{
	gboolean is_ratio = g_strcmp0(aggregate, "cv") == 0;
	if (is_ratio || g_str_equal(unit, "%"))
		perfdash_unit_to_base(unit, value, &value);
	reader_repetitions_add(repetitions, measure, aggregate, value);
}

static const char *
get_time_unit(GbRows *self, const GbRow *row, const char *benchmark)
{
	if (!g_str_equal(row->unit, "%") && !g_str_equal(row->unit, "ratio"))
		return row->unit;
	const GbRow *mean = find(self, benchmark, "_mean");
	return mean != NULL ? mean->unit : "s";
}

static PerfdashDirection
get_direction(const char *counter)
{
	static const char *const rates[] = {"bytes_per_second", "items_per_second", NULL};
	return g_strv_contains(rates, counter) ? PERFDASH_DIRECTION_HIGHER
					       : PERFDASH_DIRECTION_NONE;
}

static void
write_counters(ReaderRepetitions *repetitions,
	       const GbRow *row,
	       const char *benchmark,
	       const char *aggregate)
{
	for (guint i = 0; i < row->counters->len; i++) {
		const GbCounter *one = &g_array_index(row->counters, GbCounter, i);
		ReaderMeasure measure = {benchmark,
					 one->name,
					 one->unit,
					 get_direction(one->name),
					 row->line};
		add(repetitions, &measure, aggregate, one->unit, one->value);
	}
}

static void
write_row(GbRows *self, ReaderRepetitions *repetitions, const GbRow *row)
{
	const char *aggregate;
	g_autofree char *benchmark = split_name(self, row, &aggregate);
	if (aggregate == NULL && (g_str_equal(row->unit, "%") || g_str_equal(row->unit, "ratio")))
		return;
	const char *unit = get_time_unit(self, row, benchmark);
	ReaderMeasure real = {benchmark, "real_time", unit, PERFDASH_DIRECTION_LOWER, row->line};
	ReaderMeasure cpu = {benchmark, "cpu_time", unit, PERFDASH_DIRECTION_LOWER, row->line};
	add(repetitions, &real, aggregate, row->unit, row->real);
	add(repetitions, &cpu, aggregate, row->unit, row->cpu);
	write_counters(repetitions, row, benchmark, aggregate);
}

void
gb_rows_write(GbRows *self, PerfdashRunBuilder *builder)
{
	g_autoptr(ReaderRepetitions) repetitions = reader_repetitions_new();
	for (guint i = 0; i < self->rows->len; i++)
		write_row(self, repetitions, g_ptr_array_index(self->rows, i));
	reader_repetitions_write(repetitions, builder);
	g_hash_table_remove_all(self->n_by_name);
	g_hash_table_remove_all(self->by_name);
	g_ptr_array_set_size(self->rows, 0);
}
