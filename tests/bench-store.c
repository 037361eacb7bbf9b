/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How fast results are taken in, how much room they take and how fast a series is read, beside what
 * plain rows in SQLite do with the same values on the same machine in the same minute.
 *
 * Values are as tools print them: each series has its level and 4 to 6 significant digits, and 5 %
 * of noise. Runs, logs and rows are made before the clock starts. A run or a row transaction counts
 * when it is committed; the store's work in the background counts, too, because the clock stops
 * only when it is done. The rows have SQLite's defaults but for what the store also sets: WAL,
 * synchronous=FULL. */

#include "perfdash-store.h"

#include <glib/gstdio.h>
#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "perfdash-run-builder.h"
#include "perfdash-run-private.h"

#define INTERVAL G_TIME_SPAN_HOUR

static int n_series = 1000;
static int n_runs = 1000;
static int n_filled = 10000;
static int n_read = 500;
static char *directory;

static const GOptionEntry options[] = {
	{"series", 0, 0, G_OPTION_ARG_INT, &n_series, "results in a run", "N"},
	{"runs", 0, 0, G_OPTION_ARG_INT, &n_runs, "runs that are timed", "N"},
	{"filled", 0, 0, G_OPTION_ARG_INT, &n_filled, "runs in the file the second time", "N"},
	{"read", 0, 0, G_OPTION_ARG_INT, &n_read, "series that are read", "N"},
	{"directory", 0, 0, G_OPTION_ARG_FILENAME, &directory, "where files are made", "PATH"},
	{NULL},
};

/* the whole input: values[run * n_series + series] */
typedef struct {
	double *values;
	GPtrArray *parsed; /* of PerfdashParseResult, one of each timed run */
	gint64 started_at; /* of the next run */
	guint n_logs;
} Input;

static double
normal(GRand *random)
{
	double radius = sqrt(-2 * log(1 - g_rand_double(random)));
	return radius * cos(2 * G_PI * g_rand_double(random));
}

static double *
make_values(void)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	double *values = g_new(double, (gsize)n_runs *n_series);
	for (int series = 0; series < n_series; series++) {
		double level = pow(10, g_rand_double_range(random, -4, 6));
		int digits = g_rand_int_range(random, 4, 7);
		for (int run = 0; run < n_runs; run++) {
			char text[G_ASCII_DTOSTR_BUF_SIZE];
			g_snprintf(text,
				   sizeof(text),
				   "%.*g",
				   digits,
				   level * (1 + 0.05 * normal(random)));
			values[(gsize)run * n_series + series] = g_ascii_strtod(text, NULL);
		}
	}
	return values;
}

static PerfdashRun *
make_run(const double *values)
{
	static const char *const metrics[] = {"latency", "throughput", "load", "memory"};
	static const char *const units[] = {"s", "1/s", "1", "B"};
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	g_autoptr(GError) error = NULL;
	perfdash_run_builder_set_label(builder, "lab", "dfw");
	perfdash_run_builder_set_label(builder, "suite", "checkout");
	perfdash_run_builder_set_environment(builder, "kernel", "6.1.0-28-amd64");
	for (int i = 0; i < n_series; i++) {
		g_autofree char *benchmark = g_strdup_printf("GET /shop/item/%d", i / 4);
		perfdash_run_builder_add_result(builder,
						benchmark,
						metrics[i % 4],
						units[i % 4],
						PERFDASH_DIRECTION_LOWER,
						values[i]);
	}
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, &error);
	g_assert_no_error(error);
	return g_object_ref(g_ptr_array_index(runs, 0));
}

static void
set_place(Input *input, PerfdashRun *run)
{
	g_free(run->build);
	g_free(run->revision);
	run->build = g_strdup_printf("%u", 1000 + input->n_logs);
	run->revision = g_strdup_printf("%08x", g_str_hash(run->build));
	run->started_at = input->started_at;
	input->started_at += INTERVAL;
	input->n_logs++;
}

static PerfdashParseResult *
wrap_run(PerfdashRun *run)
{
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(g_object_unref);
	g_ptr_array_add(runs, run);
	return perfdash_parse_result_new("bench", "1", runs);
}

static PerfdashLog *
make_log(guint number)
{
	g_autofree char *text = g_strdup_printf("log %u", number);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	return perfdash_log_new_from_bytes("results.json", bytes, NULL);
}

static void
add(PerfdashStore *store, PerfdashLog *log, PerfdashParseResult *parsed)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashOrigin)
		origin = perfdash_origin_new("bench", NULL, NULL, NULL, NULL, 0, NULL);
	g_autoptr(PerfdashLogRecord)
		record = perfdash_store_add_log(store, log, origin, parsed, &error);
	g_assert_no_error(error);
}

static PerfdashStore *
open_store(const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *uri = g_strconcat("sqlite://", path, NULL);
	PerfdashStore *store = perfdash_store_open(uri, PERFDASH_STORE_FLAGS_NONE, &error);
	g_assert_no_error(error);
	return store;
}

static double
seconds_since(gint64 start)
{
	return (g_get_monotonic_time() - start) / (double)G_USEC_PER_SEC;
}

/* results a second of all timed runs */
static double
time_store(PerfdashStore *store, Input *input)
{
	g_autoptr(GPtrArray) logs = g_ptr_array_new_with_free_func(g_object_unref);
	for (int i = 0; i < n_runs; i++) {
		PerfdashParseResult *parsed = g_ptr_array_index(input->parsed, i);
		set_place(input, g_ptr_array_index(perfdash_parse_result_get_runs(parsed), 0));
		g_ptr_array_add(logs, make_log(input->n_logs));
	}
	gint64 start = g_get_monotonic_time();
	for (int i = 0; i < n_runs; i++)
		add(store, g_ptr_array_index(logs, i), g_ptr_array_index(input->parsed, i));
	g_assert_true(perfdash_store_flush(store, NULL));
	return n_runs * (double)n_series / seconds_since(start);
}

/* the same values again, without making every label anew */
static void
fill_store(PerfdashStore *store, Input *input, int n)
{
	for (int i = 0; i < n; i++) {
		PerfdashParseResult *model = g_ptr_array_index(input->parsed, i % n_runs);
		g_autoptr(PerfdashLog) log = make_log(input->n_logs + 1);
		set_place(input, g_ptr_array_index(perfdash_parse_result_get_runs(model), 0));
		add(store, log, model);
	}
	g_assert_true(perfdash_store_flush(store, NULL));
}

static sqlite3 *
open_rows(const char *path, const char *sql)
{
	sqlite3 *rows;
	g_assert_cmpint(sqlite3_open(path, &rows), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(rows, sql, NULL, NULL, NULL), ==, SQLITE_OK);
	return rows;
}

#define ROWS_SETTINGS "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
#define ROWS_BY_RUN                                                                                \
	ROWS_SETTINGS "CREATE TABLE point (run INTEGER, series INTEGER, value REAL, "              \
		      "PRIMARY KEY (run, series)) WITHOUT ROWID"
#define ROWS_BY_SERIES                                                                             \
	ROWS_SETTINGS "CREATE TABLE point (series INTEGER, time INTEGER, value REAL, "             \
		      "PRIMARY KEY (series, time)) WITHOUT ROWID"

static void
insert_row(sqlite3_stmt *insert, gint64 first, gint64 second, double value)
{
	sqlite3_bind_int64(insert, 1, first);
	sqlite3_bind_int64(insert, 2, second);
	sqlite3_bind_double(insert, 3, value);
	g_assert_cmpint(sqlite3_step(insert), ==, SQLITE_DONE);
	sqlite3_reset(insert);
}

static sqlite3_stmt *
prepare(sqlite3 *rows, const char *sql)
{
	sqlite3_stmt *query;
	g_assert_cmpint(sqlite3_prepare_v2(rows, sql, -1, &query, NULL), ==, SQLITE_OK);
	return query;
}

static void
execute(sqlite3 *rows, const char *sql)
{
	g_assert_cmpint(sqlite3_exec(rows, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

/* a transaction for each run, as the store has it */
static double
time_rows(const char *path, const char *schema, gboolean by_run, const double *values)
{
	sqlite3 *rows = open_rows(path, schema);
	sqlite3_stmt *insert = prepare(rows, "INSERT INTO point VALUES (?1, ?2, ?3)");
	gint64 start = g_get_monotonic_time();
	for (int run = 0; run < n_runs; run++) {
		gint64 time = G_GINT64_CONSTANT(1700000000000000) + run * INTERVAL;
		execute(rows, "BEGIN");
		for (int series = 0; series < n_series; series++)
			insert_row(insert,
				   by_run ? run : series,
				   by_run ? series : time,
				   values[(gsize)run * n_series + series]);
		execute(rows, "COMMIT");
	}
	double rate = n_runs * (double)n_series / seconds_since(start);
	sqlite3_finalize(insert);
	sqlite3_close(rows);
	return rate;
}

static double
file_size(const char *path)
{
	GStatBuf info;
	g_assert_cmpint(g_stat(path, &info), ==, 0);
	return info.st_size;
}

static char *
path_of(const char *name)
{
	return g_build_filename(directory, name, NULL);
}

/* microseconds for each of the series, the first time a connection reads it and the second */
typedef struct {
	double first;
	double again;
	double checksum;
} ReadTimes;

static double
read_rows(sqlite3_stmt *select, int series, gint64 *times, double *values)
{
	gsize n = 0;
	sqlite3_bind_int64(select, 1, series);
	while (sqlite3_step(select) == SQLITE_ROW) {
		times[n] = sqlite3_column_int64(select, 0);
		values[n++] = sqlite3_column_double(select, 1);
	}
	sqlite3_reset(select);
	g_assert_cmpuint(n, ==, n_filled);
	return values[n - 1];
}

/* rows lie in the order in which they are asked for: no arrangement of rows is read faster */
static ReadTimes
time_reading_rows(const char *path, const double *values)
{
	g_autofree gint64 *times = g_new(gint64, n_filled);
	g_autofree double *read = g_new(double, n_filled);
	ReadTimes taken = {0};
	sqlite3 *rows = open_rows(path, ROWS_BY_SERIES "; BEGIN");
	sqlite3_stmt *insert = prepare(rows, "INSERT INTO point VALUES (?1, ?2, ?3)");
	for (int series = 0; series < n_read; series++) {
		for (int run = 0; run < n_filled; run++)
			insert_row(insert,
				   series,
				   G_GINT64_CONSTANT(1700000000000000) + run * INTERVAL,
				   values[(gsize)(run % n_runs) * n_series + series]);
	}
	sqlite3_finalize(insert);
	execute(rows, "COMMIT");
	sqlite3_close(rows);
	rows = open_rows(path, "PRAGMA synchronous = FULL");
	sqlite3_stmt *select = prepare(
		rows,
		"SELECT time, value FROM point WHERE series = ?1 ORDER BY time");
	for (int series = 0; series < n_read; series++) {
		gint64 start = g_get_monotonic_time();
		taken.checksum += read_rows(select, series, times, read);
		taken.first += seconds_since(start) * G_USEC_PER_SEC / n_read;
		start = g_get_monotonic_time();
		taken.checksum += read_rows(select, series, times, read);
		taken.again += seconds_since(start) * G_USEC_PER_SEC / n_read;
	}
	sqlite3_finalize(select);
	sqlite3_close(rows);
	return taken;
}

static double
read_series(PerfdashStore *store, PerfdashSeriesInfo *info)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashSeries)
		series = perfdash_store_load_series(store,
						    perfdash_series_info_get_id(info),
						    &error);
	gsize n;
	g_assert_no_error(error);
	const double *values = perfdash_series_get_values(series, &n);
	g_assert_cmpuint(n, ==, n_filled);
	return values[n - 1];
}

/* opened takes microseconds from opening the store to the end of the first series */
static ReadTimes
time_reading_store(const char *path, double *opened)
{
	ReadTimes taken = {0};
	gint64 start = g_get_monotonic_time();
	g_autoptr(PerfdashStore) store = open_store(path);
	g_autoptr(GPtrArray) infos = perfdash_store_list_series(store, NULL, NULL);
	taken.checksum += read_series(store, g_ptr_array_index(infos, n_read));
	*opened = seconds_since(start) * G_USEC_PER_SEC;
	for (int i = 0; i < n_read; i++) {
		start = g_get_monotonic_time();
		taken.checksum += read_series(store, g_ptr_array_index(infos, i));
		taken.first += seconds_since(start) * G_USEC_PER_SEC / n_read;
		start = g_get_monotonic_time();
		taken.checksum += read_series(store, g_ptr_array_index(infos, i));
		taken.again += seconds_since(start) * G_USEC_PER_SEC / n_read;
	}
	return taken;
}

static Input *
make_input(void)
{
	Input *input = g_new0(Input, 1);
	input->values = make_values();
	input->started_at = G_GINT64_CONSTANT(1700000000000000);
	input->parsed = g_ptr_array_new_with_free_func(g_object_unref);
	for (int i = 0; i < n_runs; i++)
		g_ptr_array_add(input->parsed,
				wrap_run(make_run(input->values + (gsize)i * n_series)));
	return input;
}

static void
input_free(Input *input)
{
	g_free(input->values);
	g_ptr_array_unref(input->parsed);
	g_free(input);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Input, input_free)

static double
bench_writing(Input *input, PerfdashStore *store)
{
	g_autofree char *by_run = path_of("by-run.db");
	g_autofree char *by_series = path_of("by-series.db");
	double n_results = n_runs * (double)n_series;
	double rate = time_store(store, input);
	double run_rate = time_rows(by_run, ROWS_BY_RUN, TRUE, input->values);
	double series_rate = time_rows(by_series, ROWS_BY_SERIES, FALSE, input->values);
	g_print("writing %d runs of %d results, one transaction each:\n", n_runs, n_series);
	g_print("  store, background work included %9.0f results/s\n", rate);
	g_print("  rows keyed (run, series)        %9.0f results/s, %4.1f B each: store %.1f x\n",
		run_rate,
		file_size(by_run) / n_results,
		rate / run_rate);
	g_print("  rows keyed (series, time)       %9.0f results/s, %4.1f B each: store %.1f x\n",
		series_rate,
		file_size(by_series) / n_results,
		rate / series_rate);
	return rate;
}

static void
bench_reading(Input *input, const char *path)
{
	g_autofree char *ordered = path_of("ordered.db");
	double opened;
	ReadTimes rows = time_reading_rows(ordered, input->values);
	ReadTimes store = time_reading_store(path, &opened);
	g_assert_cmpfloat(store.checksum, !=, 0);
	g_print("reading a series of %d points, for the first time and again:\n", n_filled);
	g_print("  rows keyed (series, time)       %9.1f us %9.1f us\n", rows.first, rows.again);
	g_print("  store                           %9.1f us %9.1f us: %.1f x, %.0f x\n",
		store.first,
		store.again,
		rows.first / store.first,
		rows.again / store.again);
	g_print("  store, opening it included      %9.1f us\n", opened);
}

static void
bench_growth(Input *input, const char *path, double rate)
{
	double n_results = n_filled * (double)n_series;
	g_autoptr(PerfdashStore) store = open_store(path);
	double grown = time_store(store, input);
	g_print("writing with %.3g M results in it:\n", n_results / 1e6);
	g_print("  store                           %9.0f results/s: %.0f %%\n",
		grown,
		100 * grown / rate);
}

static void
bench(const char *path)
{
	g_autoptr(Input) input = make_input();
	g_autoptr(PerfdashStore) store = open_store(path);
	double rate = bench_writing(input, store);
	fill_store(store, input, n_filled - n_runs);
	g_clear_object(&store);
	g_print("size of the whole file:\n");
	g_print("  store                           %9.2f B a result\n",
		file_size(path) / n_filled / n_series);
	bench_reading(input, path);
	bench_growth(input, path, rate);
}

static gboolean
parse_options(int argc, char **argv)
{
	g_autoptr(GOptionContext) context = g_option_context_new("- how fast the store is");
	g_autoptr(GError) error = NULL;
	g_option_context_add_main_entries(context, options, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error)) {
		g_printerr("%s\n", error->message);
		return FALSE;
	}
	if (n_runs < 1 || n_read < 1 || n_read >= n_series || n_filled < n_runs) {
		g_printerr(
			"fewer series must be read than a run has, and runs filled than timed\n");
		return FALSE;
	}
	return TRUE;
}

static void
remove_files(void)
{
	g_autoptr(GDir) files = g_dir_open(directory, 0, NULL);
	const char *name;
	while ((name = g_dir_read_name(files)) != NULL) {
		g_autofree char *path = path_of(name);
		g_unlink(path);
	}
	g_rmdir(directory);
}

int
main(int argc, char **argv)
{
	struct rlimit files;
	if (!parse_options(argc, argv))
		return EXIT_FAILURE;
	/* every log that waits is an open file */
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	g_autofree char *template = g_build_filename(directory != NULL ? directory
								       : g_get_tmp_dir(),
						     "perfdash-bench-XXXXXX",
						     NULL);
	directory = g_mkdtemp(template);
	g_assert_nonnull(directory);
	g_autofree char *path = path_of("perfdash.db");
	bench(path);
	remove_files();
	return EXIT_SUCCESS;
}
