/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Percentiles are exact, by nearest rank: the smallest value that at least p percent of the samples
 * do not exceed (Hyndman and Fan, "Sample quantiles in statistical packages", The American
 * Statistician 1996, definition 1). */

#include "reader-samples.h"

#include <math.h>
#include <stdlib.h>

static const struct {
	const char *name;
	double percent;
} percentiles[] = {{"p50", 50}, {"p75", 75}, {"p90", 90}, {"p95", 95}, {"p99", 99}};

void
reader_samples_init(ReaderSamples *self)
{
	self->values = g_array_new(FALSE, FALSE, sizeof(double));
}

void
reader_samples_clear(ReaderSamples *self)
{
	g_array_unref(self->values);
}

void
reader_samples_add(ReaderSamples *self, double value)
{
	g_array_append_val(self->values, value);
}

static int
compare(gconstpointer a, gconstpointer b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;
	return (left > right) - (left < right);
}

static double
get(const ReaderSamples *self, guint index)
{
	return g_array_index(self->values, double, index);
}

static double
percentile(const ReaderSamples *self, double percent)
{
	guint rank = ceil(percent / 100 * self->values->len);
	return get(self, MAX(rank, 1) - 1);
}

static double
mean_of(const ReaderSamples *self)
{
	double sum = 0;
	for (guint i = 0; i < self->values->len; i++)
		sum += get(self, i);
	return sum / self->values->len;
}

static double
standard_deviation(const ReaderSamples *self, double mean)
{
	double sum = 0;
	for (guint i = 0; i < self->values->len; i++)
		sum += (get(self, i) - mean) * (get(self, i) - mean);
	return sqrt(sum / (self->values->len - 1));
}

void
reader_samples_end(ReaderSamples *self,
		   PerfdashRunBuilder *builder,
		   const char *benchmark,
		   const char *metric,
		   const char *unit,
		   PerfdashDirection direction)
{
	guint n = self->values->len;
	double mean = n > 0 ? mean_of(self) : 0;
	if (n == 0 || !isfinite(mean))
		return;
	qsort(self->values->data, n, sizeof(double), compare);
	perfdash_run_builder_add_result(builder, benchmark, metric, unit, direction, mean);
	perfdash_run_builder_add_stat(builder, "n", n);
	perfdash_run_builder_add_stat(builder, "min", get(self, 0));
	perfdash_run_builder_add_stat(builder, "max", get(self, n - 1));
	double sd = n > 1 ? standard_deviation(self, mean) : 0;
	if (n > 1 && isfinite(sd))
		perfdash_run_builder_add_stat(builder, "sd", sd);
	for (guint i = 0; i < G_N_ELEMENTS(percentiles); i++)
		perfdash_run_builder_add_stat(builder,
					      percentiles[i].name,
					      percentile(self, percentiles[i].percent));
}
