/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A log may have a line for every repetition of a benchmark. With repeats=mean they are one result:
 * its value is their mean, and they are its replicates. */

#include "key-file-reading.h"
#include "reader-text.h"

typedef struct {
	char *name; /* what tells it from other results */
	char *benchmark;
	char *metric;
	const char *unit;
	PerfdashDirection direction;
	GPtrArray *labels; /* of char *, keys and values in turn */
	guint line;        /* of the first value */
	GArray *values;
} Repeats;

void
key_file_repeats_free(gpointer data)
{
	Repeats *self = data;
	g_free(self->name);
	g_free(self->benchmark);
	g_free(self->metric);
	g_ptr_array_unref(self->labels);
	g_array_unref(self->values);
	g_free(self);
}

/* keys and values of the labels that the log has, in turn */
static GPtrArray *
list_labels(const KeyFileResult *result, const KeyFileSource *source)
{
	GPtrArray *labels = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < result->labels->len; i++) {
		const KeyFilePair *pair = g_ptr_array_index(result->labels, i);
		g_autofree char *text = key_file_template_fill(pair->value, source);
		if (text == NULL || *text == '\0')
			continue;
		g_ptr_array_add(labels, g_strdup(pair->name));
		g_ptr_array_add(labels, reader_name(text));
	}
	return labels;
}

static void
add_result(PerfdashRunBuilder *builder, const Repeats *one, double value)
{
	perfdash_run_builder_set_line(builder, one->line);
	perfdash_run_builder_add_result(builder,
					one->benchmark,
					one->metric,
					one->unit,
					one->direction,
					value);
	for (guint i = 0; i + 1 < one->labels->len; i += 2)
		perfdash_run_builder_add_result_label(builder,
						      g_ptr_array_index(one->labels, i),
						      g_ptr_array_index(one->labels, i + 1));
}

static char *
make_name(const Repeats *one)
{
	GString *name = g_string_new(one->benchmark);
	g_string_append_printf(name, "\n%s\n%s", one->metric, one->unit);
	for (guint i = 0; i < one->labels->len; i++)
		g_string_append_printf(name, "\n%s", (char *)g_ptr_array_index(one->labels, i));
	return g_string_free(name, FALSE);
}

/* takes one */
static void
remember(KeyFileReading *self, Repeats *one, double value)
{
	Repeats *known = g_hash_table_lookup(self->repeats_by_name, one->name);
	g_array_append_val(known != NULL ? known->values : one->values, value);
	if (known != NULL) {
		key_file_repeats_free(one);
		return;
	}
	g_ptr_array_add(self->repeats, one);
	g_hash_table_insert(self->repeats_by_name, one->name, one);
}

void
key_file_reading_add_value(KeyFileReading *self,
			   const KeyFileResult *result,
			   const char *benchmark,
			   const char *metric,
			   PerfdashDirection direction,
			   const char *unit,
			   double value,
			   const KeyFileSource *source,
			   guint line)
{
	Repeats *one = g_new0(Repeats, 1);
	one->benchmark = g_strdup(benchmark);
	one->metric = g_strdup(metric);
	one->unit = unit;
	one->direction = direction;
	one->labels = list_labels(result, source);
	one->line = line;
	one->values = g_array_new(FALSE, FALSE, sizeof(double));
	one->name = make_name(one);
	if (result->is_repeated) {
		remember(self, one, value);
		return;
	}
	add_result(self->builder, one, value);
	key_file_repeats_free(one);
}

static double
compute_mean(GArray *values)
{
	long double sum = 0;
	for (guint i = 0; i < values->len; i++)
		sum += g_array_index(values, double, i);
	return sum / values->len;
}

void
key_file_reading_add_repeats(KeyFileReading *self)
{
	for (guint i = 0; i < self->repeats->len; i++) {
		const Repeats *one = g_ptr_array_index(self->repeats, i);
		add_result(self->builder, one, compute_mean(one->values));
		for (guint j = 0; j < one->values->len && one->values->len > 1; j++)
			perfdash_run_builder_add_replicate(self->builder,
							   g_array_index(one->values, double, j));
	}
	g_hash_table_remove_all(self->repeats_by_name);
	g_ptr_array_set_size(self->repeats, 0);
}
