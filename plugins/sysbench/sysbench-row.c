/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What sysbench writes in place of its report, or every few seconds before it. Its Lua function for
 * JSON writes a line for each member, and the array has no end when the run is killed. */

#include "sysbench.h"

#include <string.h>

#include "reader-text.h"

#define N_CSV_FIELDS 10

typedef struct {
	const char *prefix;
	gsize offset;
} Member;

/* the members in their order; qps has members of its own, of which the total counts */
static const Member members[] = {
	{"\"time\":", G_STRUCT_OFFSET(SysbenchRow, time)},
	{"\"threads\":", G_STRUCT_OFFSET(SysbenchRow, threads)},
	{"\"tps\":", G_STRUCT_OFFSET(SysbenchRow, transactions)},
	{"\"total\":", G_STRUCT_OFFSET(SysbenchRow, queries)},
	{"\"latency\":", G_STRUCT_OFFSET(SysbenchRow, latency)},
	{"\"errors\":", G_STRUCT_OFFSET(SysbenchRow, errors)},
	{"\"reconnects\":", G_STRUCT_OFFSET(SysbenchRow, reconnects)},
};

/* a number in the line of an interval; the line of files has the sign of a size */
typedef struct {
	const char *mark;
	const char *sign;
	const char *metric;
	const char *unit;
} Rate;

static const Rate interval_rates[] = {
	{" tps: ", " tps: ", "throughput", "1/s"},
	{" eps: ", " eps: ", "throughput", "1/s"},
	{"reads: ", "B/s writes: ", "read_bandwidth", "MiB/s"},
	{" writes: ", "B/s writes: ", "write_bandwidth", "MiB/s"},
	{" fsyncs: ", "B/s writes: ", "fsyncs", "1/s"},
	{"", "B/sec", "bandwidth", "MiB/s"},
};
G_STATIC_ASSERT(G_N_ELEMENTS(interval_rates) == SYSBENCH_N_RATES);

gboolean
sysbench_row_read_json(SysbenchRow *row, const char *line)
{
	line += strspn(line, " ");
	if (g_str_has_prefix(line, members[0].prefix))
		row->n_fields = 0;
	if (row->n_fields >= G_N_ELEMENTS(members))
		return FALSE;
	const Member *next = &members[row->n_fields];
	const char *text = reader_after(line, next->prefix);
	double *field = G_STRUCT_MEMBER_P(row, next->offset);
	if (text == NULL || !reader_number(text, field, NULL))
		return FALSE;
	row->n_fields++;
	return row->n_fields == G_N_ELEMENTS(members);
}

gboolean
sysbench_row_read_csv(SysbenchRow *row, const char *line)
{
	double fields[N_CSV_FIELDS];
	for (guint i = 0; i < N_CSV_FIELDS; i++) {
		if (!g_ascii_isdigit(*line) || !reader_number(line, &fields[i], &line))
			return FALSE;
		if (*line != (i + 1 < N_CSV_FIELDS ? ',' : '\0'))
			return FALSE;
		line++;
	}
	*row = (SysbenchRow){fields[0],
			     fields[1],
			     fields[2],
			     fields[3],
			     fields[7],
			     fields[8],
			     fields[9],
			     G_N_ELEMENTS(members)};
	return TRUE;
}

gboolean
sysbench_row_is_total(const SysbenchRow *row)
{
	return row->n_fields == G_N_ELEMENTS(members) && row->threads == 0;
}

void
sysbench_row_add(const SysbenchRow *row, PerfdashRunBuilder *builder, const char *benchmark)
{
	const struct {
		const char *metric;
		const char *unit;
		PerfdashDirection direction;
		double value;
	} results[] = {
		{"throughput", "1/s", PERFDASH_DIRECTION_HIGHER, row->transactions},
		{"queries", "1/s", PERFDASH_DIRECTION_HIGHER, row->queries},
		{"latency_percentile", "ms", PERFDASH_DIRECTION_LOWER, row->latency},
		{"errors_per_second", "1/s", PERFDASH_DIRECTION_LOWER, row->errors},
		{"reconnects_per_second", "1/s", PERFDASH_DIRECTION_LOWER, row->reconnects},
		{"duration", "s", PERFDASH_DIRECTION_NONE, row->time},
	};
	for (guint i = 0; i < G_N_ELEMENTS(results); i++)
		perfdash_run_builder_add_result(builder,
						benchmark,
						results[i].metric,
						results[i].unit,
						results[i].direction,
						results[i].value);
}

/* behind "[ 1s ] ", or NULL */
static const char *
find_interval(const char *line)
{
	double seconds;
	const char *text = reader_after(line, "[");
	if (text == NULL || !reader_number(text, &seconds, &text) || *text != 's')
		return NULL;
	text += strspn(text, "s ");
	return reader_after(text, "]");
}

static gboolean
fits(const Rate *rate, const char *text)
{
	return strstr(text, rate->sign) != NULL;
}

gboolean
sysbench_intervals_read(SysbenchIntervals *self, const char *line)
{
	const char *text = find_interval(line);
	gboolean found = FALSE;
	double value;
	for (guint i = 0; text != NULL && i < G_N_ELEMENTS(interval_rates); i++) {
		const Rate *rate = &interval_rates[i];
		if (!fits(rate, text) || !reader_number_after(text, rate->mark, &value))
			continue;
		self->sums[i] += value;
		found = TRUE;
	}
	self->n += found;
	return found;
}

void
sysbench_intervals_add(const SysbenchIntervals *self,
		       PerfdashRunBuilder *builder,
		       const char *benchmark)
{
	for (guint i = 0; i < G_N_ELEMENTS(interval_rates); i++) {
		if (self->sums[i] > 0)
			perfdash_run_builder_add_result(builder,
							benchmark,
							interval_rates[i].metric,
							interval_rates[i].unit,
							PERFDASH_DIRECTION_HIGHER,
							self->sums[i] / self->n);
	}
}
