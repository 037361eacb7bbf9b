/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What Taurus calls throughput is how many samples there were. Times of connecting and of the first
 * byte are zero when the tool below it does not measure them. */

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "reader-quantity.h"
#include "reader-text.h"
#include "taurus.h"

#define MOST 40 /* percentiles */

static const struct {
	const char *name;
	gsize offset;
} fields[] = {
	{"throughput", offsetof(TaurusKpi, samples)},
	{"succ", offsetof(TaurusKpi, succeeded)},
	{"fail", offsetof(TaurusKpi, failed)},
	{"avg_rt", offsetof(TaurusKpi, response_time)},
	{"stdev_rt", offsetof(TaurusKpi, deviation)},
	{"avg_lt", offsetof(TaurusKpi, latency)},
	{"avg_ct", offsetof(TaurusKpi, connect_time)},
	{"bytes", offsetof(TaurusKpi, bytes)},
	{"concurrency", offsetof(TaurusKpi, concurrency)},
};

TaurusKpi *
taurus_kpi_new(const char *label, guint line)
{
	TaurusKpi *self = g_new0(TaurusKpi, 1);
	self->label = *label != '\0' ? reader_name(label) : g_strdup(TAURUS_ALL);
	self->line = line;
	self->samples = self->succeeded = self->failed = self->success = NAN;
	self->response_time = self->deviation = self->latency = self->connect_time = NAN;
	self->bytes = self->concurrency = self->duration = NAN;
	self->percentiles = g_array_new(FALSE, FALSE, sizeof(TaurusPercentile));
	return self;
}

void
taurus_kpi_free(TaurusKpi *self)
{
	g_free(self->label);
	g_array_unref(self->percentiles);
	g_free(self);
}

static void
add_percentile(TaurusKpi *self, TaurusPercentile one)
{
	if (one.percent < 0 || one.percent > 100 || self->percentiles->len == MOST)
		return;
	for (guint i = 0; i < self->percentiles->len; i++) {
		if (g_array_index(self->percentiles, TaurusPercentile, i).percent == one.percent)
			return;
	}
	g_array_append_val(self->percentiles, one);
}

void
taurus_kpi_set(TaurusKpi *self, const char *name, const char *parameter, double value)
{
	TaurusPercentile one = {0, value};
	for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (g_str_equal(fields[i].name, name))
			G_STRUCT_MEMBER(double, self, fields[i].offset) = value;
	}
	if (g_str_equal(name, "perc") && reader_number(parameter, &one.percent, NULL))
		add_percentile(self, one);
}

static void
add(PerfdashRunBuilder *builder,
    const TaurusKpi *kpi,
    const char *metric,
    const char *unit,
    PerfdashDirection direction,
    double value)
{
	if (isfinite(value))
		perfdash_run_builder_add_result(builder,
						kpi->label,
						metric,
						unit,
						direction,
						value);
}

static void
add_percentile_stat(PerfdashRunBuilder *builder, const TaurusPercentile *one)
{
	ReaderQuantity quantity = {one->seconds, "1"};
	if (one->percent == 0)
		perfdash_run_builder_add_stat(builder, "min", one->seconds);
	else if (one->percent == 100)
		perfdash_run_builder_add_stat(builder, "max", one->seconds);
	else
		reader_add_percentile(builder, one->percent, quantity);
}

static void
add_times(PerfdashRunBuilder *builder, const TaurusKpi *kpi)
{
	if (isfinite(kpi->response_time)) {
		add(builder, kpi, "latency", "s", PERFDASH_DIRECTION_LOWER, kpi->response_time);
		if (isfinite(kpi->samples))
			perfdash_run_builder_add_stat(builder, "n", kpi->samples);
		if (isfinite(kpi->deviation))
			perfdash_run_builder_add_stat(builder, "sd", kpi->deviation);
		for (guint i = 0; i < kpi->percentiles->len; i++)
			add_percentile_stat(builder,
					    &g_array_index(kpi->percentiles, TaurusPercentile, i));
	}
	if (kpi->latency > 0)
		add(builder,
		    kpi,
		    "time_to_first_byte",
		    "s",
		    PERFDASH_DIRECTION_LOWER,
		    kpi->latency);
	if (kpi->connect_time > 0)
		add(builder, kpi, "connect_time", "s", PERFDASH_DIRECTION_LOWER, kpi->connect_time);
}

static gboolean
is_failed(const TaurusKpi *kpi)
{
	return kpi->success == 0 || (kpi->samples > 0 && kpi->failed >= kpi->samples);
}

static void
add_kpi(PerfdashRunBuilder *builder, const TaurusKpi *kpi, gboolean is_good)
{
	perfdash_run_builder_set_line(builder, kpi->line);
	add(builder, kpi, "requests", "1", PERFDASH_DIRECTION_NONE, kpi->samples);
	add(builder, kpi, "errors", "1", PERFDASH_DIRECTION_LOWER, kpi->failed);
	add(builder, kpi, "duration", "s", PERFDASH_DIRECTION_NONE, kpi->duration);
	if (!is_good)
		return;
	if (is_failed(kpi)) {
		perfdash_run_builder_add_warning(builder, "%s: every request failed", kpi->label);
		return;
	}
	add(builder, kpi, "success", "ratio", PERFDASH_DIRECTION_HIGHER, kpi->success);
	add_times(builder, kpi);
	add(builder, kpi, "bytes", "B", PERFDASH_DIRECTION_NONE, kpi->bytes);
	add(builder, kpi, "concurrency", "1", PERFDASH_DIRECTION_NONE, kpi->concurrency);
}

gboolean
taurus_write(GPtrArray *kpis, PerfdashRunBuilder *builder)
{
	gboolean is_good = FALSE;
	for (guint i = 0; i < kpis->len; i++)
		is_good |= !is_failed(g_ptr_array_index(kpis, i));
	perfdash_run_builder_set_label(builder, "tool", "taurus");
	if (!is_good) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder, "every request failed");
	}
	for (guint i = 0; i < kpis->len; i++)
		add_kpi(builder, g_ptr_array_index(kpis, i), is_good);
	return is_good;
}
