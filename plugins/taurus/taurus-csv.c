/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What dump-csv of Taurus' final-stats writes: a row for each label, the empty one for all; which
 * percentiles and status codes have columns differs. */

#include <string.h>

#include "reader-csv.h"
#include "reader-text.h"
#include "taurus.h"

#define HEADER "label,avg_ct,avg_lt,avg_rt,"

static TaurusKpi *
read_row(GPtrArray *header, GPtrArray *fields, guint line)
{
	TaurusKpi *kpi = taurus_kpi_new(g_ptr_array_index(fields, 0), line);
	for (guint i = 1; i < fields->len; i++) {
		const char *name = g_ptr_array_index(header, i);
		const char *percent = reader_after(name, "perc_");
		double value;
		if (!reader_number(g_ptr_array_index(fields, i), &value, NULL))
			continue;
		taurus_kpi_set(kpi,
			       percent != NULL ? "perc" : name,
			       percent != NULL ? percent : "",
			       value);
	}
	return kpi;
}

/* the table that begins with the header at p */
static void
read_table(PerfdashRunBuilder *builder, const char *p, const char *end, guint first_line)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(p, end - p);
	g_autoptr(GPtrArray) kpis = g_ptr_array_new_with_free_func((GDestroyNotify)taurus_kpi_free);
	g_auto(ReaderCsv) csv;
	GPtrArray *fields;
	reader_csv_init(&csv, bytes, ',');
	g_autoptr(GPtrArray) header = reader_csv_copy(reader_csv_next(&csv));
	while ((fields = reader_csv_next(&csv)) != NULL && !csv.is_cut &&
	       fields->len == header->len && !reader_csv_is_header(header, fields))
		g_ptr_array_add(kpis, read_row(header, fields, first_line + csv.line - 1));
	if (kpis->len > 0) {
		gboolean is_good = taurus_write(kpis, builder);
		if (fields != NULL && csv.is_cut) {
			if (is_good)
				perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
			perfdash_run_builder_add_warning(builder, "the table was cut off");
		}
	}
	perfdash_run_builder_next_run(builder);
}

void
taurus_csv_read(GBytes *log, PerfdashRunBuilder *builder)
{
	g_auto(ReaderLines) lines;
	const char *line;
	reader_lines_init(&lines, log, builder);
	const char *start = lines.p;
	while ((line = reader_lines_next(&lines)) != NULL) {
		if (!lines.is_cut && g_str_has_prefix(line, HEADER))
			read_table(builder, start, lines.end, lines.number);
		start = lines.p;
	}
}
