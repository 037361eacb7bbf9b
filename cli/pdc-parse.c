/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <gio/gunixinputstream.h>
#include <string.h>
#include <unistd.h>

#include "pdc-command.h"
#include "pdc-table.h"

/* one file and what was read from it */
typedef struct {
	const char *path;
	PerfdashParseResult *result;
} Item;

typedef struct {
	PerfdashParserRunner *runner;
	const char *parser;
} Parsing;

static PerfdashLog *
open_log(const char *path, GError **error)
{
	if (g_str_equal(path, "-")) {
		g_autoptr(GInputStream) stream = g_unix_input_stream_new(STDIN_FILENO, FALSE);
		return perfdash_log_new_from_stream("stdin", stream, G_MAXUINT64, NULL, error);
	}
	g_autoptr(GFile) file = g_file_new_for_path(path);
	return perfdash_log_new_from_file(file, G_MAXUINT64, NULL, error);
}

static void
parse_item(gpointer data, gpointer user_data)
{
	Item *item = data;
	Parsing *parsing = user_data;
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashLog) log = open_log(item->path, &error);
	if (log != NULL)
		item->result = perfdash_parser_runner_parse(parsing->runner,
							    log,
							    parsing->parser,
							    NULL,
							    &error);
	if (item->result == NULL)
		item->result = perfdash_parse_result_new_for_error("", "", error);
}

static void
parse_items(Item *items, guint n, Parsing *parsing)
{
	GThreadPool *pool =
		g_thread_pool_new(parse_item, parsing, g_get_num_processors(), FALSE, NULL);
	for (guint i = 0; i < n; i++)
		g_thread_pool_push(pool, &items[i], NULL);
	g_thread_pool_free(pool, FALSE, TRUE);
}

static void
write_labels(PerfdashJsonWriter *writer, const char *name, PerfdashLabels *labels)
{
	const char *value;
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_begin_object(writer);
	for (guint i = 0; i < perfdash_labels_get_length(labels); i++) {
		perfdash_json_writer_name(writer, perfdash_labels_get_nth(labels, i, &value));
		perfdash_json_writer_string(writer, value);
	}
	perfdash_json_writer_end_object(writer);
}

static void
write_member(PerfdashJsonWriter *writer, const char *name, const char *value)
{
	perfdash_json_writer_name(writer, name);
	perfdash_json_writer_string(writer, value);
}

/* labels of the result beside benchmark and metric */
static void
write_own_labels(PerfdashJsonWriter *writer, PerfdashLabels *labels)
{
	const char *key;
	const char *value;
	if (perfdash_labels_get_length(labels) <= 2)
		return;
	perfdash_json_writer_name(writer, "labels");
	perfdash_json_writer_begin_object(writer);
	for (guint i = 0; (key = perfdash_labels_get_nth(labels, i, &value)) != NULL; i++) {
		if (!g_str_equal(key, "benchmark") && !g_str_equal(key, "metric"))
			write_member(writer, key, value);
	}
	perfdash_json_writer_end_object(writer);
}

static void
write_replicates(PerfdashJsonWriter *writer, PerfdashResult *result)
{
	gsize n;
	const double *values = perfdash_result_get_replicates(result, &n);
	if (n == 0)
		return;
	perfdash_json_writer_name(writer, "replicates");
	perfdash_json_writer_begin_array(writer);
	for (gsize i = 0; i < n; i++)
		perfdash_json_writer_double(writer, values[i]);
	perfdash_json_writer_end_array(writer);
}

static void
write_result(PerfdashJsonWriter *writer, PerfdashResult *result)
{
	perfdash_json_writer_begin_object(writer);
	write_member(writer, "benchmark", perfdash_result_get_benchmark(result));
	write_member(writer, "metric", perfdash_result_get_metric(result));
	write_own_labels(writer, perfdash_result_get_labels(result));
	write_member(writer, "unit", perfdash_result_get_unit(result));
	write_member(writer,
		     "direction",
		     perfdash_direction_to_string(perfdash_result_get_direction(result)));
	perfdash_json_writer_name(writer, "value");
	perfdash_json_writer_double(writer, perfdash_result_get_value(result));
	perfdash_json_writer_name(writer, "stats");
	perfdash_json_writer_begin_object(writer);
	for (guint i = 0; i < perfdash_result_get_n_stats(result); i++) {
		double value;
		perfdash_json_writer_name(writer, perfdash_result_get_nth_stat(result, i, &value));
		perfdash_json_writer_double(writer, value);
	}
	perfdash_json_writer_end_object(writer);
	write_replicates(writer, result);
	perfdash_json_writer_end_object(writer);
}

static void
write_run(PerfdashJsonWriter *writer, PerfdashRun *run)
{
	gint64 started_at = perfdash_run_get_started_at(run);
	perfdash_json_writer_begin_object(writer);
	write_labels(writer, "labels", perfdash_run_get_labels(run));
	write_member(writer, "build", perfdash_run_get_build(run));
	write_member(writer, "revision", perfdash_run_get_revision(run));
	write_member(writer, "url", perfdash_run_get_url(run));
	perfdash_json_writer_name(writer, "started_at");
	if (started_at != 0)
		perfdash_json_writer_time(writer, started_at);
	else
		perfdash_json_writer_null(writer);
	write_member(writer, "outcome", perfdash_outcome_to_string(perfdash_run_get_outcome(run)));
	write_labels(writer, "environment", perfdash_run_get_environment(run));
	write_labels(writer, "parameters", perfdash_run_get_parameters(run));
	perfdash_json_writer_name(writer, "results");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < perfdash_run_get_n_results(run); i++)
		write_result(writer, perfdash_run_get_result(run, i));
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_end_object(writer);
}

static void
write_error(PerfdashJsonWriter *writer, const GError *error)
{
	perfdash_json_writer_name(writer, "error");
	if (error == NULL) {
		perfdash_json_writer_null(writer);
		return;
	}
	perfdash_json_writer_begin_object(writer);
	write_member(writer, "class", perfdash_error_to_string(error->code));
	write_member(writer, "message", error->message);
	perfdash_json_writer_end_object(writer);
}

static void
write_item(PerfdashJsonWriter *writer, Item *item)
{
	g_auto(GStrv) warnings = perfdash_parse_result_dup_warnings(item->result);
	GPtrArray *runs = perfdash_parse_result_get_runs(item->result);
	const char *parser = perfdash_parse_result_get_parser(item->result);
	PerfdashOutcome outcome = perfdash_parse_result_get_outcome(item->result);
	g_autofree char *path = g_utf8_make_valid(item->path, -1);
	perfdash_json_writer_begin_object(writer);
	write_member(writer, "file", path);
	write_member(writer, "parser", *parser != '\0' ? parser : NULL);
	write_member(writer, "outcome", perfdash_outcome_to_string(outcome));
	write_error(writer, perfdash_parse_result_get_error(item->result));
	perfdash_json_writer_name(writer, "warnings");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; warnings[i] != NULL; i++)
		perfdash_json_writer_string(writer, warnings[i]);
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_name(writer, "runs");
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < runs->len; i++)
		write_run(writer, g_ptr_array_index(runs, i));
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_end_object(writer);
}

static void
print_json(Item *items, guint n)
{
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_array(writer);
	for (guint i = 0; i < n; i++)
		write_item(writer, &items[i]);
	perfdash_json_writer_end_array(writer);
	g_autoptr(GBytes) bytes = perfdash_json_writer_end(writer);
	g_print("%.*s\n",
		(int)g_bytes_get_size(bytes),
		(const char *)g_bytes_get_data(bytes, NULL));
}

static char *
format_stats(PerfdashResult *result)
{
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < perfdash_result_get_n_stats(result); i++) {
		double value;
		const char *name = perfdash_result_get_nth_stat(result, i, &value);
		const char *unit = g_str_equal(name, "n") ? "1" : perfdash_result_get_unit(result);
		g_autofree char *formatted = perfdash_unit_format(unit, value);
		g_string_append_printf(text, "%s%s %s", i > 0 ? ", " : "", name, formatted);
	}
	return g_string_free(text, FALSE);
}

static void
print_run(PerfdashRun *run, gboolean with_lines)
{
	static const char *const names[] =
		{"  benchmark", "metric", "value", "better", "statistics", NULL};
	static const char *const names_with_lines[] =
		{"  line", "benchmark", "metric", "value", "better", "statistics", NULL};
	g_autoptr(PdcTable)
		table = pdc_table_new(NULL, with_lines ? names_with_lines : names, NULL);
	for (guint i = 0; i < perfdash_run_get_n_results(run); i++) {
		PerfdashResult *result = perfdash_run_get_result(run, i);
		g_autofree char *line = g_strdup_printf("  %u", perfdash_result_get_line(result));
		g_autofree char *benchmark = g_strdup_printf("%s%s",
							     with_lines ? "" : "  ",
							     perfdash_result_get_benchmark(result));
		g_autofree char *value = perfdash_unit_format(perfdash_result_get_unit(result),
							      perfdash_result_get_value(result));
		g_autofree char *stats = format_stats(result);
		if (with_lines)
			pdc_table_add_text(table, line);
		pdc_table_add_text(table, benchmark);
		pdc_table_add_text(table, perfdash_result_get_metric(result));
		pdc_table_add_text(table, value);
		pdc_table_add_text(
			table,
			perfdash_direction_to_string(perfdash_result_get_direction(result)));
		pdc_table_add_text(table, stats);
	}
	pdc_table_print(table);
}

/* which parser claimed what, and what became of it */
static void
print_claims(Item *item)
{
	const char *const *lines = perfdash_parse_result_get_explanation(item->result);
	g_print("%s:\n", item->path);
	for (guint i = 0; lines[i] != NULL; i++)
		g_print("  %s\n", lines[i]);
	if (lines[0] == NULL)
		g_print("  no parser found anything of its own\n");
}

static void
print_item(Item *item, gboolean explain)
{
	g_auto(GStrv) warnings = perfdash_parse_result_dup_warnings(item->result);
	GPtrArray *runs = perfdash_parse_result_get_runs(item->result);
	const GError *error = perfdash_parse_result_get_error(item->result);
	PerfdashOutcome outcome = perfdash_parse_result_get_outcome(item->result);
	if (explain)
		print_claims(item);
	if (error != NULL) {
		pdc_complain("%s: %s", item->path, error->message);
		return;
	}
	g_print("%s: %s, %s\n",
		item->path,
		perfdash_parse_result_get_parser(item->result),
		perfdash_outcome_to_string(outcome));
	for (guint i = 0; warnings[i] != NULL; i++)
		g_print("  warning: %s\n", warnings[i]);
	for (guint i = 0; i < runs->len; i++)
		print_run(g_ptr_array_index(runs, i), explain);
}

static int
exit_status(Item *items, guint n)
{
	for (guint i = 0; i < n; i++) {
		PerfdashOutcome outcome = perfdash_parse_result_get_outcome(items[i].result);
		if (outcome != PERFDASH_OUTCOME_OK && outcome != PERFDASH_OUTCOME_PARTIAL)
			return PDC_FAILED;
	}
	return PDC_OK;
}

/* a module or key file that is tried before it is installed */
static gboolean
is_file(const char *parser)
{
	return parser != NULL && (strchr(parser, '/') != NULL || strchr(parser, '.') != NULL);
}

static int
parse_files(char **paths, guint n, const char *parser, gboolean json, gboolean explain)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashParserInfo) tried = NULL;
	g_autoptr(PerfdashParserRegistry) registry = perfdash_parser_registry_new(NULL, &error);
	g_autofree Item *items = g_new0(Item, n);
	if (registry != NULL && is_file(parser))
		tried = perfdash_parser_registry_add_file(registry, parser, &error);
	if (error != NULL) {
		pdc_complain("%s", error->message);
		return PDC_FAILED;
	}
	g_autoptr(PerfdashParserRunner) runner = perfdash_parser_runner_new(registry);
	Parsing parsing = {runner, tried != NULL ? perfdash_parser_info_get_name(tried) : parser};
	for (guint i = 0; i < n; i++)
		items[i].path = paths[i];
	parse_items(items, n, &parsing);
	if (json)
		print_json(items, n);
	for (guint i = 0; !json && i < n; i++)
		print_item(&items[i], explain);
	int status = exit_status(items, n);
	for (guint i = 0; i < n; i++)
		g_object_unref(items[i].result);
	return status;
}

int
pdc_parse(int argc, char **argv)
{
	g_autofree char *parser = NULL;
	g_autofree char *format = NULL;
	gboolean explain = FALSE;
	const GOptionEntry entries[] = {
		{"parser",
		 'p',
		 0,
		 G_OPTION_ARG_STRING,
		 &parser,
		 "Use this parser, whatever others say; FILE.parser and FILE.so need not be "
		 "installed",
		 "NAME|FILE"},
		{"format",
		 'f',
		 0,
		 G_OPTION_ARG_STRING,
		 &format,
		 "table (default) or json",
		 "FORMAT"},
		{"explain",
		 'e',
		 0,
		 G_OPTION_ARG_NONE,
		 &explain,
		 "Show which parser claimed what, and the line of each result",
		 NULL},
		G_OPTION_ENTRY_NULL};
	if (!pdc_read_options(
		    &argc,
		    &argv,
		    entries,
		    "FILE...",
		    "Shows what a parser reads from logs; - is standard input. Stores nothing."))
		return PDC_USAGE;
	gboolean json = g_strcmp0(format, "json") == 0;
	if (argc < 2 || (format != NULL && !json && !g_str_equal(format, "table"))) {
		pdc_complain(argc < 2 ? "which files? see perfdash parse --help"
				      : "format is none of table, json");
		return PDC_USAGE;
	}
	if (explain && json) {
		pdc_complain("--explain is for people: it goes with --format table");
		return PDC_USAGE;
	}
	return parse_files(argv + 1, argc - 1, parser, json, explain);
}
