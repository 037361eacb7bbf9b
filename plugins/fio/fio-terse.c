/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A terse line has its fields by place: times are microseconds, in percentiles cut to whole ones,
 * and sizes are KiB. The name of a job may have semicolons of its own; the first percentile, always
 * the eighteenth field, says how many. Version 5 has more of the bandwidth, and all but 3 have
 * trims. */

#include "fio.h"

#include <string.h>

#define N_PERCENTILES    20
#define FIRST_PERCENTILE 17 /* field */
#define FIRST_DIRECTION  5
#define MAX_FIELDS       2000

struct _FioTerse {
	GStrv fields;
	guint n_fields;
	guint n_more; /* semicolons in the name */
	guint version;
	guint line;
	char *name;
};

static const struct {
	const char *metric;
	guint first; /* minimum, maximum, mean, deviation; counted from the size */
} latencies[] = {
	{"submission_latency", 4},
	{"completion_latency", 8},
	{"total_latency", 12 + N_PERCENTILES},
};

static const char *
get_field(FioTerse *self, guint i)
{
	guint at = i + self->n_more;
	return at < self->n_fields ? self->fields[at] : "";
}

static gboolean
get_number(FioTerse *self, guint i, double *value)
{
	return reader_number(get_field(self, i), value, NULL);
}

static gboolean
find_name(FioTerse *self)
{
	guint first = FIRST_PERCENTILE;
	while (first < self->n_fields && strstr(self->fields[first], "%=") == NULL)
		first++;
	if (first == self->n_fields)
		return FALSE;
	self->n_more = first - FIRST_PERCENTILE;
	g_autoptr(GString) name = g_string_new(self->fields[2]);
	for (guint i = 0; i < self->n_more; i++)
		g_string_append_printf(name, ";%s", self->fields[3 + i]);
	self->name = reader_name(name->str);
	return TRUE;
}

FioTerse *
fio_terse_new(const char *line, guint number)
{
	if (*line < '3' || *line > '5' || !g_str_has_prefix(line + 1, ";fio-"))
		return NULL;
	FioTerse *self = g_new0(FioTerse, 1);
	self->fields = g_strsplit(line, ";", MAX_FIELDS);
	self->n_fields = g_strv_length(self->fields);
	self->version = *line - '0';
	self->line = number;
	if (!find_name(self))
		g_clear_pointer(&self, fio_terse_free);
	return self;
}

void
fio_terse_free(FioTerse *self)
{
	g_strfreev(self->fields);
	g_free(self->name);
	g_free(self);
}

const char *
fio_terse_get_name(FioTerse *self)
{
	return self->name;
}

/* how much and how long a job has read and written */
static void
measure(FioTerse *self, double *size, double *runtime)
{
	guint stride = self->version == 5 ? 47 : 41;
	*size = *runtime = 0;
	for (guint i = 0; i < 2; i++) {
		double value;
		if (get_number(self, FIRST_DIRECTION + i * stride, &value))
			*size += value;
		if (get_number(self, FIRST_DIRECTION + i * stride + 3, &value))
			*runtime = MAX(*runtime, value);
	}
}

/* jobs that were cloned (numjobs) have one name too, but run for as long or do as much */
gboolean
fio_terse_continues(FioTerse *before, FioTerse *after)
{
	double sizes[2];
	double runtimes[2];
	measure(before, &sizes[0], &runtimes[0]);
	measure(after, &sizes[1], &runtimes[1]);
	return g_str_equal(before->name, after->name) &&
	       g_str_equal(get_field(before, 3), get_field(after, 3)) && sizes[1] > sizes[0] &&
	       runtimes[1] >= runtimes[0] + 50;
}

static void
add(PerfdashRunBuilder *builder,
    FioTerse *self,
    const char *direction,
    const char *metric,
    const char *unit,
    PerfdashDirection better,
    double value)
{
	g_autofree char *name = g_strdup_printf("%s.%s", direction, metric);
	perfdash_run_builder_add_result(builder, self->name, name, unit, better, value);
}

/* "99.900000%=1073"; one below a microsecond is cut to 0, and the fields that are left are 0%=0 */
static void
add_percentiles(FioTerse *self, guint first, PerfdashRunBuilder *builder)
{
	double before = 0;
	for (guint i = 0; i < N_PERCENTILES; i++) {
		double percent;
		double value;
		const char *rest;
		if (!reader_number(get_field(self, first + i), &percent, &rest) ||
		    !g_str_has_prefix(rest, "%=") || !reader_number(rest + 2, &value, NULL) ||
		    value <= 0 || percent - before < 1e-5 || !fio_keeps_percentile(percent))
			continue;
		fio_add_percentile(builder, percent, value);
		before = percent;
	}
}

static void
add_latency(FioTerse *self, const char *direction, guint base, guint i, PerfdashRunBuilder *builder)
{
	static const char *const stats[] = {"min", "max", NULL, "sd"};
	guint first = base + latencies[i].first;
	double value;
	if (!get_number(self, first + 2, &value) || value <= 0)
		return;
	add(builder, self, direction, latencies[i].metric, "us", PERFDASH_DIRECTION_LOWER, value);
	for (guint j = 0; j < G_N_ELEMENTS(stats); j++) {
		if (stats[j] != NULL && get_number(self, first + j, &value) && value > 0)
			perfdash_run_builder_add_stat(builder, stats[j], value);
	}
	if (g_str_equal(latencies[i].metric, "completion_latency"))
		add_percentiles(self, base + 12, builder);
}

static void
write_direction(FioTerse *self, const char *direction, guint base, PerfdashRunBuilder *builder)
{
	double size;
	double value;
	if (!get_number(self, base, &size) || size <= 0)
		return;
	if (get_number(self, base + 2, &value) && value > 0)
		add(builder, self, direction, "iops", "1/s", PERFDASH_DIRECTION_HIGHER, value);
	if (get_number(self, base + 1, &value) && value > 0)
		add(builder,
		    self,
		    direction,
		    "bandwidth",
		    "KiB/s",
		    PERFDASH_DIRECTION_HIGHER,
		    value);
	add(builder, self, direction, "io_bytes", "KiB", PERFDASH_DIRECTION_NONE, size);
	for (guint i = 0; i < G_N_ELEMENTS(latencies); i++)
		add_latency(self, direction, base, i, builder);
}

void
fio_terse_write(FioTerse *self, PerfdashRunBuilder *builder)
{
	static const char *const directions[] = {"read", "write", "trim"};
	guint stride = self->version == 5 ? 47 : 41;
	double error_number;
	g_autofree char *version = reader_name(self->fields[1]);
	perfdash_run_builder_set_line(builder, self->line);
	perfdash_run_builder_set_environment(builder, "tool_version", version);
	if (get_number(self, 4, &error_number) && error_number != 0) {
		perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_FAILED);
		perfdash_run_builder_add_warning(builder,
						 "job %s ended with error %.0f",
						 self->name,
						 error_number);
	}
	for (guint i = 0; i < (self->version == 3 ? 2 : 3); i++)
		write_direction(self, directions[i], FIRST_DIRECTION + i * stride, builder);
}
