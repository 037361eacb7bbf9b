/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-reparse-report.h"

#include <math.h>
#include <string.h>

#define MAX_EXAMPLES 5  /* of a kind */
#define MAX_NAMED    20 /* logs that are not kept any more */

/* logs that one parser read before and one reads now */
typedef struct {
	char *before;
	char *now;
	guint n_logs;
	guint n_same;
	guint n_outcomes; /* that are others */
	guint n_lines;    /* of warnings, before */
	guint n_lines_now;
	guint64 n_runs[PERFDASH_N_REREADS];
	guint64 n_values[PERFDASH_N_REREADS];
} Row;

typedef struct {
	PerfdashRereading *rereading;
	guint index;
} Example;

struct _PdcReparseReport {
	GPtrArray *rows;    /* of Row */
	GArray *examples;   /* of Example */
	GPtrArray *missing; /* of PerfdashLogRecord */
	guint n_examples[PERFDASH_N_REREADS];
	guint n_orphans;
};

static void
row_free(gpointer data)
{
	Row *row = data;
	g_free(row->before);
	g_free(row->now);
	g_free(row);
}

static void
example_clear(gpointer data)
{
	g_clear_object(&((Example *)data)->rereading);
}

PdcReparseReport *
pdc_reparse_report_new(void)
{
	PdcReparseReport *self = g_new0(PdcReparseReport, 1);
	self->rows = g_ptr_array_new_with_free_func(row_free);
	self->examples = g_array_new(FALSE, FALSE, sizeof(Example));
	g_array_set_clear_func(self->examples, example_clear);
	self->missing = g_ptr_array_new_with_free_func(g_object_unref);
	return self;
}

void
pdc_reparse_report_free(PdcReparseReport *self)
{
	g_ptr_array_unref(self->rows);
	g_array_unref(self->examples);
	g_ptr_array_unref(self->missing);
	g_free(self);
}

static char *
name_parser(const char *parser, const char *version)
{
	return *parser != '\0' ? g_strdup_printf("%s %s", parser, version) : g_strdup("none");
}

static Row *
ensure_row(PdcReparseReport *self, PerfdashRereading *rereading)
{
	PerfdashLogRecord *record = perfdash_rereading_get_record(rereading);
	PerfdashParseResult *parsed = perfdash_rereading_get_parsed(rereading);
	g_autofree char *before = name_parser(perfdash_log_record_get_parser(record),
					      perfdash_log_record_get_parser_version(record));
	g_autofree char *now = name_parser(perfdash_parse_result_get_parser(parsed),
					   perfdash_parse_result_get_parser_version(parsed));
	for (guint i = 0; i < self->rows->len; i++) {
		Row *row = g_ptr_array_index(self->rows, i);
		if (g_str_equal(row->before, before) && g_str_equal(row->now, now))
			return row;
	}
	Row *row = g_new0(Row, 1);
	row->before = g_steal_pointer(&before);
	row->now = g_steal_pointer(&now);
	g_ptr_array_add(self->rows, row);
	return row;
}

static void
keep_examples(PdcReparseReport *self, PerfdashRereading *rereading)
{
	for (guint i = 0; i < perfdash_rereading_get_n_examples(rereading); i++) {
		PerfdashReread reread =
			perfdash_rereading_get_example(rereading, i, NULL, NULL, NULL, NULL);
		Example example = {rereading, i};
		if (self->n_examples[reread] == MAX_EXAMPLES)
			continue;
		self->n_examples[reread]++;
		g_object_ref(rereading);
		g_array_append_val(self->examples, example);
	}
}

void
pdc_reparse_report_add(PdcReparseReport *self, PerfdashRereading *rereading)
{
	PerfdashLogRecord *record = perfdash_rereading_get_record(rereading);
	PerfdashParseResult *parsed = perfdash_rereading_get_parsed(rereading);
	g_auto(GStrv) warnings = perfdash_parse_result_dup_warnings(parsed);
	Row *row = ensure_row(self, rereading);
	row->n_logs++;
	row->n_same += perfdash_rereading_is_same(rereading);
	row->n_outcomes += perfdash_log_record_get_outcome(record) !=
			   perfdash_parse_result_get_outcome(parsed);
	row->n_lines += g_strv_length((GStrv)perfdash_log_record_get_warnings(record));
	row->n_lines_now += g_strv_length(warnings);
	for (guint i = 0; i < PERFDASH_N_REREADS; i++) {
		row->n_runs[i] += perfdash_rereading_count_runs(rereading, i);
		row->n_values[i] += perfdash_rereading_count_values(rereading, i);
	}
	keep_examples(self, rereading);
}

void
pdc_reparse_report_add_missing(PdcReparseReport *self, PerfdashLogRecord *record)
{
	g_ptr_array_add(self->missing, g_object_ref(record));
}

void
pdc_reparse_report_set_orphans(PdcReparseReport *self, guint n_orphans)
{
	self->n_orphans = n_orphans;
}

static PdcTable *
tabulate_rows(PdcReparseReport *self, const char *format)
{
	static const char *const people[] = {"parser before",
					     "now",
					     "logs",
					     "same",
					     "runs",
					     "+runs",
					     "-runs",
					     "values same",
					     "rounded",
					     "changed",
					     "moved",
					     "appear",
					     "vanish",
					     "outcomes",
					     "warnings",
					     NULL};
	static const char *const programs[] = {"parser_before",
					       "parser",
					       "logs",
					       "logs_same",
					       "runs_same",
					       "runs_changed",
					       "runs_moved",
					       "runs_appeared",
					       "runs_vanished",
					       "values_same",
					       "values_rounded",
					       "values_changed",
					       "values_moved",
					       "values_appeared",
					       "values_vanished",
					       "outcomes_changed",
					       "warnings_before",
					       "warnings",
					       NULL};
	PdcTable *table = pdc_table_new(format, people, programs);
	for (guint i = 0; table != NULL && i < self->rows->len; i++) {
		Row *row = g_ptr_array_index(self->rows, i);
		pdc_table_add_text(table, row->before);
		pdc_table_add_text(table, row->now);
		pdc_table_add_int(table, row->n_logs);
		pdc_table_add_int(table, row->n_same);
		if (pdc_table_is_for_people(table)) {
			pdc_table_add_int(table,
					  row->n_runs[PERFDASH_REREAD_SAME] +
						  row->n_runs[PERFDASH_REREAD_CHANGED] +
						  row->n_runs[PERFDASH_REREAD_MOVED]);
		} else {
			pdc_table_add_int(table, row->n_runs[PERFDASH_REREAD_SAME]);
			pdc_table_add_int(table, row->n_runs[PERFDASH_REREAD_CHANGED]);
			pdc_table_add_int(table, row->n_runs[PERFDASH_REREAD_MOVED]);
		}
		pdc_table_add_int(table, row->n_runs[PERFDASH_REREAD_APPEARED]);
		pdc_table_add_int(table, row->n_runs[PERFDASH_REREAD_VANISHED]);
		for (guint j = 0; j < PERFDASH_N_REREADS; j++)
			pdc_table_add_int(table, row->n_values[j]);
		pdc_table_add_int(table, row->n_outcomes);
		if (!pdc_table_is_for_people(table)) {
			pdc_table_add_int(table, row->n_lines);
			pdc_table_add_int(table, row->n_lines_now);
			continue;
		}
		g_autofree char *warnings = row->n_lines == row->n_lines_now
						    ? g_strdup_printf("%u", row->n_lines)
						    : g_strdup_printf("%u -> %u",
								      row->n_lines,
								      row->n_lines_now);
		pdc_table_add_text(table, warnings);
	}
	return table;
}

static void
add_series(PdcTable *table, PerfdashSeriesInfo *info)
{
	g_autofree char *text = info != NULL ? perfdash_labels_to_string(
						       perfdash_series_info_get_labels(info))
					     : NULL;
	if (text != NULL)
		pdc_table_add_text(table, text);
	else
		pdc_table_add_nothing(table);
}

static void
add_value(PdcTable *table, PerfdashSeriesInfo *info, double value)
{
	if (!pdc_table_is_for_people(table)) {
		pdc_table_add_double(table, value);
		if (info != NULL)
			pdc_table_add_text(table, perfdash_series_info_get_unit(info));
		else
			pdc_table_add_nothing(table);
		return;
	}
	g_autofree char *text = info != NULL
					? perfdash_unit_format(perfdash_series_info_get_unit(info),
							       value)
					: g_strdup("");
	pdc_table_add_text(table, text);
}

/* people see one series, and where it was another before that one, too */
static void
add_series_for_people(PdcTable *table, PerfdashSeriesInfo *before, PerfdashSeriesInfo *after)
{
	g_autofree char *left = before != NULL ? perfdash_labels_to_string(
							 perfdash_series_info_get_labels(before))
					       : NULL;
	g_autofree char *right = after != NULL ? perfdash_labels_to_string(
							 perfdash_series_info_get_labels(after))
					       : NULL;
	gboolean is_other = left != NULL && right != NULL && !g_str_equal(left, right);
	g_autofree char *text = is_other ? g_strconcat(left, " -> ", right, NULL)
					 : g_strdup(right != NULL ? right : left);
	pdc_table_add_text(table, text);
}

static PdcTable *
tabulate_examples(PdcReparseReport *self, const char *format)
{
	static const char *const people[] = {"example", "log", "series", "before", "now", NULL};
	static const char *const programs[] = {"what",
					       "log",
					       "digest",
					       "series_before",
					       "value_before",
					       "unit_before",
					       "series",
					       "value",
					       "unit",
					       NULL};
	PdcTable *table = pdc_table_new(format, people, programs);
	for (guint i = 0; table != NULL && i < self->examples->len; i++) {
		Example *example = &g_array_index(self->examples, Example, i);
		PerfdashLogRecord *record = perfdash_rereading_get_record(example->rereading);
		PerfdashSeriesInfo *before;
		PerfdashSeriesInfo *after;
		double old_value;
		double new_value;
		PerfdashReread reread = perfdash_rereading_get_example(example->rereading,
								       example->index,
								       &before,
								       &old_value,
								       &after,
								       &new_value);
		pdc_table_add_text(table, perfdash_reread_to_string(reread));
		pdc_table_add_text(table, perfdash_log_record_get_name(record));
		if (pdc_table_is_for_people(table)) {
			add_series_for_people(table, before, after);
			add_value(table, before, old_value);
		} else {
			pdc_table_add_text(table, perfdash_log_record_get_digest(record));
			add_series(table, before);
			add_value(table, before, old_value);
			add_series(table, after);
		}
		add_value(table, after, new_value);
	}
	return table;
}

static PdcTable *
tabulate_missing(PdcReparseReport *self, const char *format)
{
	static const char *const columns[] = {"log", "digest", "source", "received_at", NULL};
	PdcTable *table = pdc_table_new(format, columns, columns);
	for (guint i = 0; table != NULL && i < self->missing->len; i++) {
		PerfdashLogRecord *record = g_ptr_array_index(self->missing, i);
		pdc_table_add_text(table, perfdash_log_record_get_name(record));
		pdc_table_add_text(table, perfdash_log_record_get_digest(record));
		pdc_table_add_text(table, perfdash_log_record_get_source(record));
		pdc_table_add_time(table, perfdash_log_record_get_received_at(record));
	}
	return table;
}

static void
print_rest(PdcReparseReport *self)
{
	for (guint i = 0; i < MIN(self->missing->len, MAX_NAMED); i++) {
		PerfdashLogRecord *record = g_ptr_array_index(self->missing, i);
		g_print("not kept any more: %s (%.12s)\n",
			perfdash_log_record_get_name(record),
			perfdash_log_record_get_digest(record));
	}
	if (self->missing->len > MAX_NAMED)
		g_print("not kept any more: %u others\n", self->missing->len - MAX_NAMED);
	if (self->n_orphans > 0)
		g_print("left as they are: %u logs of parsers that are not there any more\n",
			self->n_orphans);
}

static void
write_member(PerfdashJsonWriter *writer, const char *name, PdcTable *table)
{
	perfdash_json_writer_name(writer, name);
	pdc_table_write(table, writer);
}

static void
print_json(PdcReparseReport *self, gboolean is_preview, PdcTable *rows, PdcTable *examples)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	g_autoptr(PdcTable) missing = tabulate_missing(self, "json");
	perfdash_json_writer_begin_object(writer);
	perfdash_json_writer_name(writer, "preview");
	perfdash_json_writer_boolean(writer, is_preview);
	write_member(writer, "parsers", rows);
	write_member(writer, "examples", examples);
	write_member(writer, "missing", missing);
	perfdash_json_writer_name(writer, "orphans");
	perfdash_json_writer_int(writer, self->n_orphans);
	perfdash_json_writer_end_object(writer);
	g_autoptr(GBytes) bytes = perfdash_json_writer_end(writer);
	gsize size;
	const char *text = g_bytes_get_data(bytes, &size);
	g_print("%.*s\n", (int)size, text);
}

gboolean
pdc_reparse_report_print(PdcReparseReport *self, const char *format, gboolean is_preview)
{
	g_autoptr(PdcTable) rows = tabulate_rows(self, format);
	g_autoptr(PdcTable) examples = rows != NULL ? tabulate_examples(self, format) : NULL;
	if (examples == NULL)
		return FALSE;
	if (pdc_table_is_json(rows)) {
		print_json(self, is_preview, rows, examples);
		return TRUE;
	}
	pdc_table_print(rows);
	if (!pdc_table_is_for_people(rows))
		return TRUE;
	if (self->examples->len > 0) {
		g_print("\n");
		pdc_table_print(examples);
	}
	print_rest(self);
	return TRUE;
}
