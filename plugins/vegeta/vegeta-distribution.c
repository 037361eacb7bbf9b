/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reports of vegeta that have only a distribution: how many requests are in each bucket, of which
 * the last one has no end, and a plot of percentiles that ends with the one of 1. Both are about
 * all requests, failed ones too, and have no mean. */

#include "vegeta.h"

#include <string.h>

#include "reader-quantity.h"
#include "reader-text.h"

#define BENCHMARK "vegeta"

typedef enum {
	TABLE_NONE,
	TABLE_BUCKETS,
	TABLE_PLOT,
} Table;

/* of the rows of a plot, those that people compare */
static const struct {
	double share;
	const char *stat;
} stats[] = {{0, "min"},
	     {0.5, "p50"},
	     {0.75, "p75"},
	     {0.9, "p90"},
	     {0.95, "p95"},
	     {0.975, "p97.5"},
	     {0.99, "p99"},
	     {0.999, "p99.9"},
	     {0.9999, "p99.99"},
	     {1, "max"}};

typedef struct {
	PerfdashRunBuilder *builder;
	Table table;
	guint line; /* of the heading */
	guint n_buckets;
	gboolean has_last_bucket;
	double values[G_N_ELEMENTS(stats)]; /* ms, -1 unknown */
	double count;
} Reading;

static void
add_stats(Reading *self)
{
	/* the last row counts all */
	if (self->values[G_N_ELEMENTS(stats) - 1] >= 0)
		perfdash_run_builder_add_stat(self->builder, "n", self->count);
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (self->values[i] >= 0)
			perfdash_run_builder_add_stat(self->builder,
						      stats[i].stat,
						      self->values[i]);
	}
}

/* a plot without a median has no result */
static void
end_plot(Reading *self)
{
	double median = self->values[1];
	if (median < 0 || self->count == 0)
		return;
	perfdash_run_builder_set_label(self->builder, "tool", "vegeta");
	perfdash_run_builder_set_line(self->builder, self->line);
	perfdash_run_builder_add_result(self->builder,
					BENCHMARK,
					"latency_median",
					"ms",
					PERFDASH_DIRECTION_LOWER,
					median);
	add_stats(self);
	if (self->values[G_N_ELEMENTS(stats) - 1] < 0) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder, "the percentiles were cut off");
	}
	perfdash_run_builder_next_run(self->builder);
}

static void
end_buckets(Reading *self)
{
	if (self->n_buckets == 0)
		return;
	perfdash_run_builder_set_label(self->builder, "tool", "vegeta");
	if (!self->has_last_bucket) {
		perfdash_run_builder_set_outcome(self->builder, PERFDASH_OUTCOME_PARTIAL);
		perfdash_run_builder_add_warning(self->builder, "the buckets were cut off");
	}
	perfdash_run_builder_next_run(self->builder);
}

static void
end_table(Reading *self)
{
	if (self->table == TABLE_PLOT)
		end_plot(self);
	else if (self->table == TABLE_BUCKETS)
		end_buckets(self);
	self->table = TABLE_NONE;
}

/* "[10ms,   25ms]   1407   1.41%   #" */
static gboolean
read_bucket(Reading *self, const char *line)
{
	const char *end = *line == '[' ? strchr(line, ']') : NULL;
	double count;
	const char *rest;
	if (end == NULL || !reader_number(end + 1 + strspn(end + 1, " "), &count, &rest) ||
	    *rest != ' ' || strchr(rest, '%') == NULL)
		return FALSE;
	g_autofree char *range = g_strndup(line, end + 1 - line);
	g_auto(GStrv) words = reader_words(range);
	g_autofree char *bucket = g_strjoinv(" ", words);
	g_autofree char *name = reader_name(bucket);
	perfdash_run_builder_add_result(self->builder,
					BENCHMARK,
					"requests",
					"1",
					PERFDASH_DIRECTION_NONE,
					count);
	perfdash_run_builder_add_result_label(self->builder, "bucket", name);
	self->n_buckets++;
	self->has_last_bucket |= strstr(bucket, "+Inf]") != NULL;
	return TRUE;
}

/* "0.513059   0.500000    999         2.000000" */
static gboolean
read_percentile(Reading *self, const char *line)
{
	g_auto(GStrv) words = reader_words(line);
	double numbers[3];
	const char *rest;
	if (g_strv_length(words) != 4)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
		if (!reader_number(words[i], &numbers[i], &rest) || *rest != '\0' || numbers[i] < 0)
			return FALSE;
	}
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++) {
		if (stats[i].share == numbers[1])
			self->values[i] = numbers[0];
	}
	self->count = numbers[2];
	return TRUE;
}

static Table
find_table(const char *line)
{
	g_auto(GStrv) words = reader_words(line);
	g_autofree char *text = g_strjoinv(" ", words);
	if (g_str_equal(text, "Bucket # % Histogram"))
		return TABLE_BUCKETS;
	return g_str_equal(text, "Value(ms) Percentile TotalCount 1/(1-Percentile)") ? TABLE_PLOT
										     : TABLE_NONE;
}

static gboolean
read_row(Reading *self, const char *line)
{
	if (self->table == TABLE_BUCKETS)
		return read_bucket(self, line);
	return self->table == TABLE_PLOT && read_percentile(self, line);
}

static void
start_table(Reading *self, Table table, guint line)
{
	self->table = table;
	self->line = line;
	self->n_buckets = self->count = 0;
	self->has_last_bucket = FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(stats); i++)
		self->values[i] = -1;
}

void
vegeta_distribution_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	Reading self = {.builder = builder};
	reader_lines_init(&lines, log, builder);
	while ((line = reader_lines_next(&lines)) != NULL && !lines.is_cut) {
		if (read_row(&self, line))
			continue;
		end_table(&self);
		gboolean is_heading = g_str_has_prefix(line, "Bucket ") ||
				      g_str_has_prefix(line, "Value(ms) ");
		if (is_heading)
			start_table(&self, find_table(line), lines.number);
	}
	end_table(&self);
}
