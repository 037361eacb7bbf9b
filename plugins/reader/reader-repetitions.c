/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader-repetitions.h"

/* in the order of aggregates[] */
typedef enum { MEAN, MEDIAN, SD, CV, MIN, MAX, N_AGGREGATES } Aggregate;

static const struct {
	const char *name;
	const char *stat; /* NULL when it is none */
} aggregates[N_AGGREGATES] = {
	[MEAN] = {"mean", NULL},
	[MEDIAN] = {"median", "p50"},
	[SD] = {"stddev", "sd"},
	[CV] = {"cv", NULL},
	[MIN] = {"min", "min"},
	[MAX] = {"max", "max"},
};

typedef struct {
	char *benchmark;
	char *metric;
	char *unit;
	char *label;
	const char *label_name; /* nullable, static */
	PerfdashDirection direction;
	guint line;
	GArray *replicates; /* of double */
	gboolean has[N_AGGREGATES];
	double value[N_AGGREGATES];
} Repeated;

struct _ReaderRepetitions {
	GPtrArray *order;  /* of Repeated */
	GHashTable *index; /* "benchmark\nmetric\nlabel" -> Repeated */
};

static void
repeated_free(Repeated *self)
{
	g_free(self->benchmark);
	g_free(self->metric);
	g_free(self->unit);
	g_free(self->label);
	g_array_unref(self->replicates);
	g_free(self);
}

ReaderRepetitions *
reader_repetitions_new(void)
{
	ReaderRepetitions *self = g_new0(ReaderRepetitions, 1);
	self->order = g_ptr_array_new_with_free_func((GDestroyNotify)repeated_free);
	self->index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return self;
}

void
reader_repetitions_free(ReaderRepetitions *self)
{
	g_ptr_array_unref(self->order);
	g_hash_table_unref(self->index);
	g_free(self);
}

static Repeated *
ensure(ReaderRepetitions *self, const ReaderMeasure *measure)
{
	const char *label = measure->label_name != NULL ? measure->label : "";
	g_autofree char *key =
		g_strdup_printf("%s\n%s\n%s", measure->benchmark, measure->metric, label);
	Repeated *one = g_hash_table_lookup(self->index, key);
	if (one != NULL)
		return one;
	one = g_new0(Repeated, 1);
	one->benchmark = g_strdup(measure->benchmark);
	one->metric = g_strdup(measure->metric);
	one->unit = g_strdup(measure->unit);
	one->label = g_strdup(label);
	one->label_name = measure->label_name;
	one->direction = measure->direction;
	one->line = measure->line;
	one->replicates = g_array_new(FALSE, FALSE, sizeof(double));
	g_ptr_array_add(self->order, one);
	g_hash_table_insert(self->index, g_steal_pointer(&key), one);
	return one;
}

void
reader_repetitions_add(ReaderRepetitions *self,
		       const ReaderMeasure *measure,
		       const char *aggregate,
		       double value)
{
	Repeated *one = ensure(self, measure);
	if (aggregate == NULL)
		g_array_append_val(one->replicates, value);
	for (guint i = 0; aggregate != NULL && i < N_AGGREGATES; i++) {
		if (g_str_equal(aggregate, aggregates[i].name)) {
			one->has[i] = TRUE;
			one->value[i] = value;
		}
	}
}

static double
mean_of(GArray *values)
{
	long double sum = 0;
	for (guint i = 0; i < values->len; i++)
		sum += g_array_index(values, double, i);
	return sum / values->len;
}

static void
write_one(const Repeated *one, PerfdashRunBuilder *builder)
{
	guint n = one->replicates->len;
	if (n == 0 && !one->has[MEAN] && !one->has[MEDIAN])
		return;
	double value = one->has[MEAN] ? one->value[MEAN]
		       : n > 0        ? mean_of(one->replicates)
				      : one->value[MEDIAN];
	perfdash_run_builder_set_line(builder, one->line);
	perfdash_run_builder_add_result(builder,
					one->benchmark,
					one->metric,
					one->unit,
					one->direction,
					value);
	if (one->label_name != NULL)
		perfdash_run_builder_add_result_label(builder, one->label_name, one->label);
	for (guint i = 0; i < N_AGGREGATES; i++) {
		if (one->has[i] && aggregates[i].stat != NULL)
			perfdash_run_builder_add_stat(builder, aggregates[i].stat, one->value[i]);
	}
	for (guint i = 0; n > 1 && i < n; i++)
		perfdash_run_builder_add_replicate(builder,
						   g_array_index(one->replicates, double, i));
	if (!one->has[CV])
		return;
	g_autofree char *metric = g_strdup_printf("%s_cv", one->metric);
	perfdash_run_builder_add_result(builder,
					one->benchmark,
					metric,
					"ratio",
					PERFDASH_DIRECTION_LOWER,
					one->value[CV]);
	if (one->label_name != NULL)
		perfdash_run_builder_add_result_label(builder, one->label_name, one->label);
}

void
reader_repetitions_write(ReaderRepetitions *self, PerfdashRunBuilder *builder)
{
	for (guint i = 0; i < self->order->len; i++)
		write_one(g_ptr_array_index(self->order, i), builder);
	g_hash_table_remove_all(self->index);
	g_ptr_array_set_size(self->order, 0);
}
