/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-reparse-report.h"

#include <math.h>

#include "pdc-command.h"
#include "pdc-table.h"

#define MAX_NAMED 20 /* logs, for people */

static const char *const log_columns[] = {"log", "digest", "source", "received_at", NULL};
static const char *const failure_columns[] = {"log", "digest", "message", NULL};
static const char *const row_columns[] = {"parser_before",
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
static const char *const example_columns[] = {"what",
					      "log",
					      "digest",
					      "series_before",
					      "value_before",
					      "unit_before",
					      "series",
					      "value",
					      "unit",
					      NULL};

/* NULL where it is null */
static const char *
get_text(JsonObject *row, const char *name)
{
	return json_object_get_string_member_with_default(row, name, NULL);
}

static gint64
get_int(JsonObject *row, const char *name)
{
	return json_object_get_int_member_with_default(row, name, 0);
}

static void
add_member(PdcTable *table, JsonObject *row, const char *name)
{
	JsonNode *node = json_object_get_member(row, name);
	GType type = node != NULL ? json_node_get_value_type(node) : G_TYPE_INVALID;
	if (type == G_TYPE_STRING)
		pdc_table_add_text(table, json_node_get_string(node));
	else if (type == G_TYPE_INT64)
		pdc_table_add_int(table, json_node_get_int(node));
	else if (type == G_TYPE_DOUBLE)
		pdc_table_add_double(table, json_node_get_double(node));
	else
		pdc_table_add_nothing(table);
}

static void
add_members(PdcTable *table, JsonObject *row, const char *const *names)
{
	for (guint i = 0; names[i] != NULL; i++)
		add_member(table, row, names[i]);
}

/* the rows of a list as they are */
static PdcTable *
tabulate(JsonObject *report, const char *list, const char *const *names, const char *format)
{
	PdcTable *table = pdc_table_new(format, names, names);
	JsonArray *rows = json_object_get_array_member(report, list);
	for (guint i = 0; table != NULL && i < json_array_get_length(rows); i++)
		add_members(table, json_array_get_object_element(rows, i), names);
	return table;
}

static void
add_row_for_people(PdcTable *table, JsonObject *row)
{
	static const char *const names[] = {"runs_appeared",
					    "runs_vanished",
					    "values_same",
					    "values_rounded",
					    "values_changed",
					    "values_moved",
					    "values_appeared",
					    "values_vanished",
					    "outcomes_changed",
					    NULL};
	gint64 before = get_int(row, "warnings_before");
	gint64 now = get_int(row, "warnings");
	g_autofree char *warnings = before == now ? g_strdup_printf("%" G_GINT64_FORMAT, now)
						  : g_strdup_printf("%" G_GINT64_FORMAT
								    " -> %" G_GINT64_FORMAT,
								    before,
								    now);
	add_member(table, row, "parser_before");
	add_member(table, row, "parser");
	add_member(table, row, "logs");
	add_member(table, row, "logs_same");
	pdc_table_add_int(table,
			  get_int(row, "runs_same") + get_int(row, "runs_changed") +
				  get_int(row, "runs_moved"));
	add_members(table, row, names);
	pdc_table_add_text(table, warnings);
}

static PdcTable *
tabulate_for_people(JsonArray *rows, const char *format)
{
	static const char *const names[] = {"parser before",
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
	PdcTable *table = pdc_table_new(format, names, names);
	for (guint i = 0; table != NULL && i < json_array_get_length(rows); i++)
		add_row_for_people(table, json_array_get_object_element(rows, i));
	return table;
}

/* people see one series, and where it was another before that one, too */
static void
add_series(PdcTable *table, JsonObject *example)
{
	const char *before = get_text(example, "series_before");
	const char *now = get_text(example, "series");
	gboolean is_other = before != NULL && now != NULL && !g_str_equal(before, now);
	g_autofree char *both = is_other ? g_strconcat(before, " -> ", now, NULL) : NULL;
	pdc_table_add_text(table, is_other ? both : now != NULL ? now : before);
}

static void
add_value(PdcTable *table, JsonObject *example, const char *name, const char *unit_name)
{
	const char *unit = get_text(example, unit_name);
	double value = json_object_get_double_member_with_default(example, name, NAN);
	g_autofree char *text = unit != NULL ? perfdash_unit_format(unit, value) : g_strdup("");
	pdc_table_add_text(table, text);
}

static PdcTable *
tabulate_examples_for_people(JsonArray *examples, const char *format)
{
	static const char *const names[] = {"example", "log", "series", "before", "now", NULL};
	PdcTable *table = pdc_table_new(format, names, names);
	for (guint i = 0; table != NULL && i < json_array_get_length(examples); i++) {
		JsonObject *example = json_array_get_object_element(examples, i);
		add_member(table, example, "what");
		add_member(table, example, "log");
		add_series(table, example);
		add_value(table, example, "value_before", "unit_before");
		add_value(table, example, "value", "unit");
	}
	return table;
}

static void
print_rest(JsonObject *report)
{
	JsonArray *missing = json_object_get_array_member(report, "missing");
	gint64 n_missing = get_int(report, "n_missing");
	gint64 n_orphans = get_int(report, "orphans");
	guint n_named = MIN(json_array_get_length(missing), MAX_NAMED);
	for (guint i = 0; i < n_named; i++) {
		JsonObject *log = json_array_get_object_element(missing, i);
		g_print("not kept any more: %s (%.12s)\n",
			get_text(log, "log"),
			get_text(log, "digest"));
	}
	if (n_missing > n_named)
		g_print("not kept any more: %" G_GINT64_FORMAT " others\n", n_missing - n_named);
	if (n_orphans > 0)
		g_print("left as they are: %" G_GINT64_FORMAT
			" logs of parsers that are not there any more\n",
			n_orphans);
}

static gboolean
print_for_people(JsonObject *report, const char *format)
{
	JsonArray *examples = json_object_get_array_member(report, "examples");
	g_autoptr(PdcTable)
		rows = tabulate_for_people(json_object_get_array_member(report, "parsers"), format);
	g_autoptr(PdcTable) few = tabulate_examples_for_people(examples, format);
	pdc_table_print(rows);
	if (json_array_get_length(examples) > 0) {
		g_print("\n");
		pdc_table_print(few);
	}
	print_rest(report);
	return TRUE;
}

static void
write_list(PerfdashJsonWriter *writer,
	   JsonObject *report,
	   const char *list,
	   const char *const *names)
{
	g_autoptr(PdcTable) table = tabulate(report, list, names, "json");
	perfdash_json_writer_name(writer, list);
	pdc_table_write(table, writer);
}

static void
write_count(PerfdashJsonWriter *writer, JsonObject *report, const char *name)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_int(writer, get_int(report, name));
}

static void
print_json(JsonObject *report)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	perfdash_json_writer_name(writer, "preview");
	perfdash_json_writer_boolean(writer, json_object_get_boolean_member(report, "preview"));
	write_list(writer, report, "parsers", row_columns);
	write_list(writer, report, "examples", example_columns);
	write_count(writer, report, "n_missing");
	write_list(writer, report, "missing", log_columns);
	write_count(writer, report, "n_failures");
	write_list(writer, report, "failures", failure_columns);
	write_count(writer, report, "orphans");
	perfdash_json_writer_end_object(writer);
	g_autoptr(GBytes) bytes = perfdash_json_writer_end(writer);
	gsize size;
	const char *text = g_bytes_get_data(bytes, &size);
	g_print("%.*s\n", (int)size, text);
}

gboolean
pdc_reparse_report_print(JsonObject *report, const char *format)
{
	g_autoptr(PdcTable) rows = tabulate(report, "parsers", row_columns, format);
	if (rows == NULL)
		return FALSE;
	if (pdc_table_is_for_people(rows))
		return print_for_people(report, format);
	if (pdc_table_is_json(rows))
		print_json(report);
	else
		pdc_table_print(rows);
	return TRUE;
}

guint
pdc_reparse_report_complain(JsonObject *report)
{
	JsonArray *failures = json_object_get_array_member(report, "failures");
	guint n = get_int(report, "n_failures");
	guint n_named = MIN(json_array_get_length(failures), MAX_NAMED);
	for (guint i = 0; i < n_named; i++) {
		JsonObject *failure = json_array_get_object_element(failures, i);
		pdc_complain("%s: %s", get_text(failure, "log"), get_text(failure, "message"));
	}
	if (n > n_named)
		pdc_complain("%u others failed too", n - n_named);
	return n;
}
