/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What counts when the file at a place has other bytes than before: a table of what a source finds
 * one after the other, and of the results that there are afterwards, also when all is read again,
 * or when the process was killed before one of them was stored. */

#include "perfdash-pipeline.h"

#include <string.h>
#include <utime.h>

#include "perfdash-origin-private.h"
#include "perfdash-reparser.h"
#include "perfdash-run-builder.h"
#include "remove-folder.h"

typedef struct {
	char *directory;
	char *uri;
	PerfdashStore *store;
	PerfdashArchive *archive;
	PerfdashParserRunner *runner;
	PerfdashPipeline *pipeline;
	GPtrArray *logs;  /* of PerfdashLogRecord, of each step, or NULL */
	GPtrArray *stuck; /* of identities */
} Fixture;

/* a file as its source finds it */
typedef struct {
	const char *place;  /* nullable: the source has none */
	const char *build;  /* nullable: as the path says it */
	const char *text;   /* "LAB HOUR VALUE;...": runs of our own format; else the log itself, or
			       RESUME or RESUME_NEWEST_FIRST for all that is stuck */
	const char *values; /* of all runs that are shown then, in order */
	gboolean is_stuck;  /* it is kept, and cannot be stored before it is resumed */
} Step;

typedef struct {
	const char *name;
	Step steps[6];
	int replaced_by[6]; /* afterwards, by the number of the step, 0 is none */
} Case;

#define RESUME              "resume"
#define RESUME_NEWEST_FIRST "resume the newest first"

#define STOPWATCH           "stopwatch 2.1\nlogin latency "
#define TWO_LINES           STOPWATCH "31 ms\ncart latency 33 ms\n"
#define UNREADABLE          "who knows what this is\n"

static const Case cases[] = {
	{"nightly", {{"latest", NULL, "a 1 31", "31"}, {"latest", NULL, "a 2 32", "31 32"}}, {0}},
	{"no-start", {{"latest", NULL, "a - 31", "31"}, {"latest", NULL, "a - 32", "31 32"}}, {0}},
	{"no-place", {{NULL, "7", "a 1 31", "31"}, {NULL, "7", "a 1 30", "30 31"}}, {0}},
	{"same-start", {{"x", NULL, "a 1 31", "31"}, {"x", NULL, "a 1 30", "30"}}, {2}},
	{"other-lab", {{"x", NULL, "a 1 31", "31"}, {"x", NULL, "b 1 30", "30 31"}}, {0}},
	{"other-places", {{"x", NULL, "a 1 31", "31"}, {"y", NULL, "a 1 30", "30 31"}}, {0}},
	{"build", {{"x", "7", "a - 31", "31"}, {"x", "7", "a - 30", "30"}}, {2}},
	{"build-of-other-labs",
	 {{"x", "7", "a 1 31", "31"}, {"x", "7", "b 2 30", "30"}, {"x", "7", "a 1 31", "31"}},
	 {0, 1}},
	{"grown",
	 {{"x", NULL, STOPWATCH "31 ms\n", "31"},
	  {"x", NULL, TWO_LINES, "31 33"},
	  {"x", NULL, TWO_LINES "home latency 35 ms\n", "31 33 35"}},
	 {3, 3}},
	{"grown-and-set-back",
	 {{"x", NULL, STOPWATCH "31 ms\n", "31"},
	  {"x", NULL, TWO_LINES, "31 33"},
	  {"x", NULL, STOPWATCH "31 ms\n", "31"}},
	 {0, 1}},
	{"no-line-ended", {{"x", NULL, "\n12.3", ""}, {"x", NULL, "\n12.35", ""}}, {0}},
	{"not-readable-yet",
	 {{"x", NULL, UNREADABLE, ""}, {"x", NULL, UNREADABLE STOPWATCH "31 ms\n", ""}},
	 {2}},
	{"measured-again-slowly",
	 {{"x", "7", "a 1 31", "31"}, {"x", "7", UNREADABLE, "31"}, {"x", "7", "a 2 30", "30"}},
	 {3, 3}},
	{"unreadable-at-last",
	 {{"x", "7", "a 1 31", "31"}, {"x", "7", UNREADABLE, "31"}, {"x", "7", UNREADABLE, "31"}},
	 {0, 1}},
	{"set-back",
	 {{"x", NULL, "a 1 31", "31"},
	  {"x", NULL, "a 1 30", "30"},
	  {"x", NULL, "a 1 31", "31"},
	  {"x", NULL, "a 1 31", "31"},
	  {"x", NULL, "a 1 30", "30"}},
	 {2, 0}},
	{"nightly-and-set-back",
	 {{"x", NULL, "a 1 31", "31"},
	  {"x", NULL, "a 2 32", "31 32"},
	  {"x", NULL, "a 1 31", "31 32"},
	  {"x", NULL, "a 1 30", "30 32"}},
	 {4}},
	{"history",
	 {{"x", NULL, "a 1 31;b 1 41", "31 41"},
	  {"x", NULL, "a 1 31;b 1 41;a 2 32", "31 32 41"},
	  {"x", NULL, "a 1 31;b 1 42;a 2 32;a 3 33", "31 32 33 42"}},
	 {3, 3}},
	{"window",
	 {{"x", NULL, "a 1 31;a 2 32;a 3 33", "31 32 33"},
	  {"x", NULL, "a 2 32;a 3 30;a 4 34", "30 31 32 34"},
	  {"x", NULL, "a 1 31;a 2 32;a 3 33", "31 32 33 34"}},
	 {0, 1}},
	{"moved",
	 {{"x", "7", "a 1 31", "31"}, {"y", "7", "a 1 31", "31"}, {"x", "7", "a 2 32", "31 32"}},
	 {0}},
	{"moved-and-written",
	 {{"x", "7", "a 1 31", "31"}, {"y", "7", "a 1 31", "31"}, {"y", "7", "a 2 32", "32"}},
	 {3}},
	{"copy-behind",
	 {{"x", "7", "a 1 31", "31"},
	  {"y", "7", "a 1 31", "31"},
	  {"x", "7", "a 1 30", "30 31"},
	  {"y", "7", "a 1 30", "30"}},
	 {3}},
	{"resumed",
	 {{"x", "7", "a 1 31", "31"},
	  {"x", "7", "a 1 30", "31", TRUE},
	  {.text = RESUME, .values = "30"}},
	 {3}},
	{"late-build",
	 {{"x", "7", "a - 31", "", TRUE},
	  {"x", "7", "a - 30", "30"},
	  {.text = RESUME, .values = "30"},
	  {"x", "7", "a - 32", "32"}},
	 {0, 4, 4}},
	{"late-and-grown",
	 {{"x", NULL, STOPWATCH "31 ms\n", "", TRUE},
	  {"x", NULL, TWO_LINES, "31 33"},
	  {.text = RESUME, .values = "31 33"}},
	 {0, 0, 2}},
	{"late-window",
	 {{"x", NULL, "a 1 31;a 2 32", "", TRUE},
	  {"x", NULL, "a 2 30;a 3 33", "30 33"},
	  {.text = RESUME, .values = "30 31 33"}},
	 {0, 0, 2}},
	{"late-night",
	 {{"latest", NULL, "a 1 31", "", TRUE},
	  {"latest", NULL, "a 2 32", "32"},
	  {.text = RESUME, .values = "31 32"},
	  {"latest", NULL, "a 2 30", "30 31"}},
	 {0, 4}},
	{"late-and-unsettled",
	 {{"x", "7", "a 1 31", "31"},
	  {"x", "7", "a 1 31", "31", TRUE},
	  {"x", "7", "a 1 30", "30"},
	  {.text = RESUME, .values = "30"}},
	 {3}},
	{"stuck-twice",
	 {{"x", "7", "a 1 31", "", TRUE},
	  {"x", "7", "a 1 30", "", TRUE},
	  {.text = RESUME, .values = "30"}},
	 {0}},
	{"stuck-twice-newest-first",
	 {{"x", "7", "a 1 31", "", TRUE},
	  {"x", "7", "a 1 30", "", TRUE},
	  {.text = RESUME_NEWEST_FIRST, .values = "30"}},
	 {0}},
};

static void
open_store(Fixture *fixture)
{
	g_autoptr(GError) error = NULL;
	g_clear_object(&fixture->pipeline);
	g_clear_object(&fixture->store);
	fixture->store = perfdash_store_open(fixture->uri, PERFDASH_STORE_FLAGS_NONE, &error);
	g_assert_no_error(error);
	fixture->pipeline = perfdash_pipeline_new(fixture->store,
						  fixture->runner,
						  fixture->archive);
}

static void
unref_record(PerfdashLogRecord *record)
{
	g_clear_object(&record);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	fixture->directory = g_dir_make_tmp("perfdash-places-XXXXXX", NULL);
	fixture->uri = g_strdup_printf("sqlite://%s/perfdash.db", fixture->directory);
	g_autoptr(GFile) logs = g_file_new_build_filename(fixture->directory, "logs", NULL);
	g_autoptr(PerfdashParserRegistry) registry = perfdash_parser_registry_new(NULL, &error);
	g_assert_no_error(error);
	fixture->runner = perfdash_parser_runner_new(registry);
	fixture->archive = perfdash_archive_new(logs);
	fixture->logs = g_ptr_array_new_with_free_func((GDestroyNotify)unref_record);
	fixture->stuck = g_ptr_array_new_with_free_func(g_free);
	open_store(fixture);
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
	g_clear_object(&fixture->pipeline);
	g_clear_object(&fixture->store);
	g_clear_object(&fixture->archive);
	g_clear_object(&fixture->runner);
	g_ptr_array_unref(fixture->logs);
	g_ptr_array_unref(fixture->stuck);
	remove_folder(fixture->directory);
	g_free(fixture->directory);
	g_free(fixture->uri);
}

static void
append_run(GString *json, const char *spec)
{
	g_auto(GStrv) words = g_strsplit(spec, " ", 3);
	g_autofree char *start = !g_str_equal(words[1], "-")
					 ? g_strdup_printf(
						   "\"started_at\":\"2023-11-14T0%s:00:00Z\",",
						   words[1])
					 : g_strdup("");
	g_string_append_printf(json,
			       "%s{\"labels\":{\"lab\":\"%s\"},%s\"results\":[{\"benchmark\":"
			       "\"login\",\"metric\":\"latency\",\"unit\":\"s\",\"value\":%s}]}",
			       json->len > 0 ? "," : "",
			       words[0],
			       start,
			       words[2]);
}

static char *
make_text(const char *text)
{
	if (strchr(text, '\n') != NULL)
		return g_strdup(text);
	g_autoptr(GString) runs = g_string_new(NULL);
	g_auto(GStrv) specs = g_strsplit(text, ";", -1);
	for (guint i = 0; specs[i] != NULL; i++)
		append_run(runs, specs[i]);
	return g_strdup_printf("{\"format\":\"perfdash\",\"version\":1,\"runs\":[%s]}", runs->str);
}

/* a file is as old as its step */
static PerfdashOrigin *
make_origin(const Step *step, guint number)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	perfdash_run_builder_set_build(builder, step->build != NULL ? step->build : "");
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, NULL);
	return perfdash_origin_new("here",
				   NULL,
				   g_ptr_array_index(runs, 0),
				   step->place,
				   NULL,
				   (1700000000 + number * 60) * G_USEC_PER_SEC,
				   NULL);
}

/* what is left of a log by a process that is killed, or whose store cannot be written */
static void
keep(Fixture *fixture, PerfdashLog *log, PerfdashOrigin *origin)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) note = perfdash_origin_pack(origin, log);
	char *identity = perfdash_origin_identify(origin, log);
	g_autofree char *name = g_strconcat(identity, ".zst", NULL);
	g_autofree char *path = g_build_filename(fixture->directory, "logs", "pending", name, NULL);
	/* what is first came long before, what is last after all that is stored */
	time_t then = time(NULL) + (fixture->logs->len == 0 ? -60 : 1);
	struct utimbuf times = {then, then};
	perfdash_archive_add(fixture->archive, log, identity, note, NULL, &error);
	g_assert_no_error(error);
	g_assert_cmpint(utime(path, &times), ==, 0);
	g_ptr_array_add(fixture->stuck, identity);
}

/* the record is that of the last one */
static void
resume(Fixture *fixture, gboolean newest_first)
{
	g_autoptr(PerfdashLogRecord) record = NULL;
	guint n = fixture->stuck->len;
	for (guint i = 0; i < n; i++) {
		g_autoptr(GError) error = NULL;
		const char *identity = fixture->stuck->pdata[newest_first ? n - 1 - i : i];
		g_clear_object(&record);
		record = perfdash_pipeline_resume(fixture->pipeline, identity, NULL, NULL, &error);
		g_assert_no_error(error);
	}
	g_ptr_array_set_size(fixture->stuck, 0);
	g_ptr_array_add(fixture->logs, n == 1 ? g_steal_pointer(&record) : NULL);
}

static void
ingest(Fixture *fixture, const Step *step)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = make_text(step->text);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	const char *name = *text == '{' ? "a.json" : "a.stopwatch";
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_bytes(name, bytes, NULL);
	g_autoptr(PerfdashOrigin) origin = make_origin(step, fixture->logs->len);
	if (step->is_stuck) {
		keep(fixture, log, origin);
		g_ptr_array_add(fixture->logs, NULL);
		return;
	}
	PerfdashLogRecord *record =
		perfdash_pipeline_ingest(fixture->pipeline, log, origin, NULL, NULL, NULL, &error);
	g_assert_no_error(error);
	g_ptr_array_add(fixture->logs, record);
}

static int
compare_numbers(gconstpointer a, gconstpointer b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;
	return (left > right) - (left < right);
}

/* of all series, in seconds or milliseconds, the least first */
static char *
list_values(Fixture *fixture)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashSelector) all = perfdash_selector_new(NULL, NULL, NULL);
	g_autoptr(GPtrArray) infos = perfdash_store_list_series(fixture->store, all, &error);
	g_assert_no_error(error);
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(double));
	for (guint i = 0; i < infos->len; i++) {
		const char *id = perfdash_series_info_get_id(g_ptr_array_index(infos, i));
		g_autoptr(PerfdashSeries)
			series = perfdash_store_load_series(fixture->store, id, &error);
		g_assert_no_error(error);
		gsize n;
		const double *values = perfdash_series_get_values(series, &n);
		g_array_append_vals(numbers, values, n);
	}
	g_array_sort(numbers, compare_numbers);
	GString *text = g_string_new(NULL);
	for (guint i = 0; i < numbers->len; i++) {
		double value = g_array_index(numbers, double, i);
		g_string_append_printf(text,
				       "%s%g",
				       i > 0 ? " " : "",
				       value < 1 ? value * 1000 : value);
	}
	return g_string_free(text, FALSE);
}

static void
assert_values(Fixture *fixture, const char *expected)
{
	g_autofree char *values = list_values(fixture);
	g_assert_cmpstr(values, ==, expected);
}

static void
reparse_all(Fixture *fixture)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashReparser)
		reparser = perfdash_reparser_new(fixture->store, fixture->runner, fixture->archive);
	g_autoptr(GPtrArray) due =
		perfdash_reparser_list_due(reparser, PERFDASH_DUE_ALL, NULL, NULL, 0, NULL, &error);
	g_assert_no_error(error);
	g_autoptr(GPtrArray) rereadings = g_ptr_array_new_with_free_func(g_object_unref);
	for (guint i = 0; i < due->len; i++) {
		PerfdashRereading *rereading =
			perfdash_reparser_read(reparser, due->pdata[i], NULL, &error);
		g_assert_no_error(error);
		g_assert_true(perfdash_rereading_is_same(rereading));
		g_ptr_array_add(rereadings, rereading);
	}
	g_assert_true(perfdash_store_replace_logs(fixture->store, rereadings, &error));
	g_assert_no_error(error);
}

/* with which the log came first */
static guint
find_step(Fixture *fixture, gint64 id)
{
	guint i = 0;
	while (fixture->logs->pdata[i] == NULL ||
	       perfdash_log_record_get_id(fixture->logs->pdata[i]) != id)
		i++;
	return i;
}

/* each log that is replaced has nothing left, or only what the new one does not have */
static void
assert_replaced(Fixture *fixture, const Case *one)
{
	for (guint i = 0; i < fixture->logs->len; i++) {
		if (fixture->logs->pdata[i] == NULL)
			continue;
		gint64 id = perfdash_log_record_get_id(fixture->logs->pdata[i]);
		g_autoptr(PerfdashLogRecord)
			now = perfdash_store_load_log(fixture->store, id, NULL);
		guint first = find_step(fixture, id);
		int by = one->replaced_by[first];
		gint64 expected = by > 0 ? perfdash_log_record_get_id(fixture->logs->pdata[by - 1])
					 : 0;
		g_assert_cmpint(perfdash_log_record_get_replaced_by(now), ==, expected);
	}
}

/* each result came on one day, that of the log it is of now */
static void
assert_counted(Fixture *fixture, const char *values)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) days = perfdash_store_list_source_days(fixture->store, 0, &error);
	g_assert_no_error(error);
	g_auto(GStrv) words = g_strsplit(values, " ", -1);
	guint64 n = 0;
	for (guint i = 0; i < days->len; i++)
		n += ((PerfdashSourceDay *)days->pdata[i])->results;
	g_assert_cmpuint(n, ==, g_strv_length(words));
}

static void
test_case(Fixture *fixture, gconstpointer data)
{
	const Case *one = data;
	const char *values = NULL;
	for (guint i = 0; i < G_N_ELEMENTS(one->steps) && one->steps[i].text != NULL; i++) {
		const char *text = one->steps[i].text;
		if (g_str_has_prefix(text, RESUME))
			resume(fixture, g_str_equal(text, RESUME_NEWEST_FIRST));
		else
			ingest(fixture, &one->steps[i]);
		values = one->steps[i].values;
		assert_values(fixture, values);
	}
	assert_replaced(fixture, one);
	assert_counted(fixture, values);
	reparse_all(fixture);
	assert_counted(fixture, values);
	assert_values(fixture, values);
	open_store(fixture);
	assert_values(fixture, values);
	g_assert_true(perfdash_store_rebuild(fixture->store, NULL));
	assert_values(fixture, values);
	assert_replaced(fixture, one);
}

/* a run that is written again keeps its id, and stays hidden; its log may be had as it was */
static void
test_same_run(Fixture *fixture, gconstpointer data)
{
	static const Step steps[] = {{"x", "7", "a 1 31;a 2 32", NULL},
				     {"x", "7", UNREADABLE, NULL},
				     {"x", "7", "a 1 30;a 2 32", NULL}};
	g_autoptr(GError) error = NULL;
	gsize n;
	ingest(fixture, &steps[0]);
	PerfdashLogRecord *before = g_ptr_array_index(fixture->logs, 0);
	const gint64 *runs = perfdash_log_record_get_runs(before, &n);
	g_assert_true(perfdash_store_hide_runs(fixture->store, runs, 1, "noise", "ann", &error));
	assert_values(fixture, "32");
	ingest(fixture, &steps[1]);
	ingest(fixture, &steps[2]);
	assert_values(fixture, "32");
	PerfdashLogRecord *after = g_ptr_array_index(fixture->logs, 2);
	const gint64 *now = perfdash_log_record_get_runs(after, &n);
	g_assert_cmpmem(now, n * sizeof(gint64), runs, 2 * sizeof(gint64));
	g_autoptr(PerfdashRun) run = perfdash_store_load_run(fixture->store, now[0], &error);
	g_assert_no_error(error);
	g_assert_cmpint(perfdash_run_get_standing(run), ==, PERFDASH_STANDING_HIDDEN);
	g_assert_cmpint(perfdash_run_get_log(run), ==, perfdash_log_record_get_id(after));
	g_assert_true(perfdash_result_get_value(perfdash_run_get_result(run, 0)) == 30);
	g_assert_true(perfdash_store_show_runs(fixture->store, now, 1, "ann", &error));
	assert_values(fixture, "30 32");
	g_autoptr(GInputStream)
		stream = perfdash_archive_open(fixture->archive,
					       perfdash_log_record_get_digest(before),
					       &error);
	g_assert_no_error(error);
}

/* who asks for a log to be parsed again that took no place is told what helps */
static void
test_took_none(Fixture *fixture, gconstpointer data)
{
	static const Step steps[] = {{"x", "7", "a 1 31", NULL}, {"x", "7", UNREADABLE, NULL}};
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashReparser)
		reparser = perfdash_reparser_new(fixture->store, fixture->runner, fixture->archive);
	ingest(fixture, &steps[0]);
	ingest(fixture, &steps[1]);
	PerfdashLogRecord *unread = g_ptr_array_index(fixture->logs, 1);
	g_assert_null(perfdash_reparser_read(reparser, unread, NULL, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_BLOCKED);
	g_assert_nonnull(strstr(error->message, "log 1 kept its place; touch its file"));
}

int
main(int argc, char *argv[])
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strconcat("/places/", cases[i].name, NULL);
		g_test_add(path, Fixture, &cases[i], set_up, test_case, tear_down);
	}
	g_test_add("/places/same-run", Fixture, NULL, set_up, test_same_run, tear_down);
	g_test_add("/places/took-none", Fixture, NULL, set_up, test_took_none, tear_down);
	return g_test_run();
}
