/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is counted, and the few logs and values that are named, are kept; readings are not. The
 * daemon answers it, and the command line prints what it is answered or counted itself. */

#include "pdd-reparse-report.h"

#include <math.h>

#define MAX_EXAMPLES 5    /* of a kind */
#define MAX_NAMED    1000 /* logs of a kind */

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
	PerfdashReread reread;
	PerfdashLogRecord *record;
	PerfdashSeriesInfo *before; /* nullable */
	PerfdashSeriesInfo *after;  /* nullable */
	double value_before;
	double value_after;
} Example;

typedef struct {
	PerfdashLogRecord *record;
	char *message;
} Failure;

struct _PddReparseReport {
	GPtrArray *rows;    /* of Row */
	GArray *examples;   /* of Example */
	GPtrArray *missing; /* of PerfdashLogRecord; the first */
	GArray *failures;   /* of Failure; the first */
	guint n_examples[PERFDASH_N_REREADS];
	guint n_missing;
	guint n_failures;
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
	Example *example = data;
	g_clear_object(&example->record);
	g_clear_pointer(&example->before, perfdash_series_info_unref);
	g_clear_pointer(&example->after, perfdash_series_info_unref);
}

static void
failure_clear(gpointer data)
{
	Failure *failure = data;
	g_clear_object(&failure->record);
	g_free(failure->message);
}

PddReparseReport *
pdd_reparse_report_new(void)
{
	PddReparseReport *self = g_new0(PddReparseReport, 1);
	self->rows = g_ptr_array_new_with_free_func(row_free);
	self->examples = g_array_new(FALSE, FALSE, sizeof(Example));
	g_array_set_clear_func(self->examples, example_clear);
	self->missing = g_ptr_array_new_with_free_func(g_object_unref);
	self->failures = g_array_new(FALSE, FALSE, sizeof(Failure));
	g_array_set_clear_func(self->failures, failure_clear);
	return self;
}

void
pdd_reparse_report_free(PddReparseReport *self)
{
	g_ptr_array_unref(self->rows);
	g_array_unref(self->examples);
	g_ptr_array_unref(self->missing);
	g_array_unref(self->failures);
	g_free(self);
}

static char *
name_parser(const char *parser, const char *version)
{
	return *parser != '\0' ? g_strdup_printf("%s %s", parser, version) : g_strdup("none");
}

static Row *
ensure_row(PddReparseReport *self, PerfdashRereading *rereading)
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
keep_example(PddReparseReport *self, PerfdashRereading *rereading, guint index)
{
	Example example = {.record = perfdash_rereading_get_record(rereading)};
	example.reread = perfdash_rereading_get_example(rereading,
							index,
							&example.before,
							&example.value_before,
							&example.after,
							&example.value_after);
	if (self->n_examples[example.reread] == MAX_EXAMPLES)
		return;
	self->n_examples[example.reread]++;
	g_object_ref(example.record);
	if (example.before != NULL)
		perfdash_series_info_ref(example.before);
	if (example.after != NULL)
		perfdash_series_info_ref(example.after);
	g_array_append_val(self->examples, example);
}

void
pdd_reparse_report_add(PddReparseReport *self, PerfdashRereading *rereading)
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
	for (guint i = 0; i < perfdash_rereading_get_n_examples(rereading); i++)
		keep_example(self, rereading, i);
}

void
pdd_reparse_report_add_missing(PddReparseReport *self, PerfdashLogRecord *record)
{
	if (self->n_missing++ < MAX_NAMED)
		g_ptr_array_add(self->missing, g_object_ref(record));
}

void
pdd_reparse_report_add_failure(PddReparseReport *self,
			       PerfdashLogRecord *record,
			       const GError *error)
{
	Failure failure = {record, NULL};
	if (self->n_failures++ >= MAX_NAMED)
		return;
	g_object_ref(record);
	failure.message = g_strdup(error->message);
	g_array_append_val(self->failures, failure);
}

void
pdd_reparse_report_set_orphans(PddReparseReport *self, guint n_orphans)
{
	self->n_orphans = n_orphans;
}

static void
add_int(PerfdashJsonWriter *writer, const char *name, gint64 value)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_int(writer, value);
}

static void
add_text(PerfdashJsonWriter *writer, const char *name, const char *value)
{
	perfdash_json_writer_name(writer, name);
	if (value != NULL)
		perfdash_json_writer_string(writer, value);
	else
		perfdash_json_writer_null(writer);
}

static void
begin_list(PerfdashJsonWriter *writer, const char *name)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_begin_array(writer);
}

static void
add_log(PerfdashJsonWriter *writer, PerfdashLogRecord *record)
{
	add_text(writer, "log", perfdash_log_record_get_name(record));
	add_text(writer, "digest", perfdash_log_record_get_digest(record));
}

static void
write_row(PerfdashJsonWriter *writer, const Row *row)
{
	static const char *const runs[PERFDASH_N_REREADS] =
		{"runs_same", NULL, "runs_changed", "runs_moved", "runs_appeared", "runs_vanished"};
	static const char *const values[PERFDASH_N_REREADS] = {"values_same",
							       "values_rounded",
							       "values_changed",
							       "values_moved",
							       "values_appeared",
							       "values_vanished"};
	perfdash_json_writer_begin_object(writer);
	add_text(writer, "parser_before", row->before);
	add_text(writer, "parser", row->now);
	add_int(writer, "logs", row->n_logs);
	add_int(writer, "logs_same", row->n_same);
	for (guint i = 0; i < PERFDASH_N_REREADS; i++) {
		if (runs[i] != NULL)
			add_int(writer, runs[i], row->n_runs[i]);
	}
	for (guint i = 0; i < PERFDASH_N_REREADS; i++)
		add_int(writer, values[i], row->n_values[i]);
	add_int(writer, "outcomes_changed", row->n_outcomes);
	add_int(writer, "warnings_before", row->n_lines);
	add_int(writer, "warnings", row->n_lines_now);
	perfdash_json_writer_end_object(writer);
}

/* names are those of series, value and unit */
static void
write_value(PerfdashJsonWriter *writer,
	    const char *const *names,
	    PerfdashSeriesInfo *info,
	    double value)
{
	g_autofree char *labels = info != NULL ? perfdash_labels_to_string(
							 perfdash_series_info_get_labels(info))
					       : NULL;
	add_text(writer, names[0], labels);
	perfdash_json_writer_name(writer, names[1]);
	if (isfinite(value))
		perfdash_json_writer_double(writer, value);
	else
		perfdash_json_writer_null(writer);
	add_text(writer, names[2], info != NULL ? perfdash_series_info_get_unit(info) : NULL);
}

static void
write_example(PerfdashJsonWriter *writer, const Example *example)
{
	static const char *const before[] = {"series_before", "value_before", "unit_before"};
	static const char *const after[] = {"series", "value", "unit"};
	perfdash_json_writer_begin_object(writer);
	add_text(writer, "what", perfdash_reread_to_string(example->reread));
	add_log(writer, example->record);
	write_value(writer, before, example->before, example->value_before);
	write_value(writer, after, example->after, example->value_after);
	perfdash_json_writer_end_object(writer);
}

static void
write_missing(PerfdashJsonWriter *writer, PerfdashLogRecord *record)
{
	perfdash_json_writer_begin_object(writer);
	add_log(writer, record);
	add_text(writer, "source", perfdash_log_record_get_source(record));
	perfdash_json_writer_name(writer, "received_at");
	perfdash_json_writer_time(writer, perfdash_log_record_get_received_at(record));
	perfdash_json_writer_end_object(writer);
}

static void
write_failure(PerfdashJsonWriter *writer, const Failure *failure)
{
	perfdash_json_writer_begin_object(writer);
	add_log(writer, failure->record);
	add_text(writer, "message", failure->message);
	perfdash_json_writer_end_object(writer);
}

void
pdd_reparse_report_write(PddReparseReport *self, PerfdashJsonWriter *writer, gboolean is_preview)
{
	perfdash_json_writer_name(writer, "preview");
	perfdash_json_writer_boolean(writer, is_preview);
	begin_list(writer, "parsers");
	for (guint i = 0; i < self->rows->len; i++)
		write_row(writer, g_ptr_array_index(self->rows, i));
	perfdash_json_writer_end_array(writer);
	begin_list(writer, "examples");
	for (guint i = 0; i < self->examples->len; i++)
		write_example(writer, &g_array_index(self->examples, Example, i));
	perfdash_json_writer_end_array(writer);
	add_int(writer, "n_missing", self->n_missing);
	begin_list(writer, "missing");
	for (guint i = 0; i < self->missing->len; i++)
		write_missing(writer, g_ptr_array_index(self->missing, i));
	perfdash_json_writer_end_array(writer);
	add_int(writer, "n_failures", self->n_failures);
	begin_list(writer, "failures");
	for (guint i = 0; i < self->failures->len; i++)
		write_failure(writer, &g_array_index(self->failures, Failure, i));
	perfdash_json_writer_end_array(writer);
	add_int(writer, "orphans", self->n_orphans);
}
