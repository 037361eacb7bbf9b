/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is in the file of a store, and what can happen to it. */

#include "store-fixture.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "perfdash-error.h"

#define START G_GINT64_CONSTANT(1700000000000000)

static const char *program;

static void
assert_refused(const char *uri, PerfdashStoreFlags flags, PerfdashError code, const char *words)
{
	g_autoptr(GError) error = NULL;
	g_assert_null(perfdash_store_open(uri, flags, &error));
	g_assert_error(error, PERFDASH_ERROR, (int)code);
	g_assert_nonnull(strstr(error->message, words));
	g_assert_null(strchr(error->message, '\n'));
}

static void
execute(const char *path, const char *sql)
{
	sqlite3 *handle;
	g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_exec(handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
	sqlite3_close(handle);
}

static gint64
count(const char *path, const char *sql)
{
	sqlite3 *handle;
	sqlite3_stmt *query;
	g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_prepare_v2(handle, sql, -1, &query, NULL), ==, SQLITE_OK);
	g_assert_cmpint(sqlite3_step(query), ==, SQLITE_ROW);
	gint64 n = sqlite3_column_int64(query, 0);
	sqlite3_finalize(query);
	sqlite3_close(handle);
	return n;
}

static void
test_refused(StoreFixture *fixture, gconstpointer data)
{
	g_autofree char *other = g_build_filename(fixture->directory, "other.db", NULL);
	g_autofree char *other_uri = g_strconcat("sqlite://", other, NULL);
	g_autofree char *nowhere = g_strconcat(fixture->uri, "/no/such.db", NULL);
	assert_refused("mysql://x", 0, PERFDASH_ERROR_INVALID, "mysql://x");
	assert_refused(nowhere, 0, PERFDASH_ERROR_IO, "such.db");
	assert_refused(other_uri, PERFDASH_STORE_FLAGS_READ_ONLY, PERFDASH_ERROR_STORE, "other.db");
	assert_refused(fixture->uri, 0, PERFDASH_ERROR_STORE, "another process");
	g_clear_object(&fixture->store);
	execute(other, "CREATE TABLE t (x)");
	assert_refused(other_uri, 0, PERFDASH_ERROR_NOT_OURS, "another program");
	g_assert_true(
		g_file_set_contents(other, "not a database, but long enough to be read", -1, NULL));
	assert_refused(other_uri, 0, PERFDASH_ERROR_NOT_OURS, "not a database");
	g_autofree char *restore = g_strdup_printf("PRAGMA user_version = %" G_GINT64_FORMAT,
						   count(fixture->path, "PRAGMA user_version"));
	execute(fixture->path, "PRAGMA user_version = 99");
	assert_refused(fixture->uri, 0, PERFDASH_ERROR_TOO_NEW, "version 99");
	execute(fixture->path, restore);
	store_fixture_open(fixture);
}

static void
add_many(StoreFixture *fixture, guint n)
{
	for (guint i = 0; i < n; i++) {
		g_autoptr(PerfdashRunBuilder) builder = store_fixture_start_run("dfw", START + i);
		perfdash_run_builder_add_result(builder, "x", "a", "s", 1, i);
		perfdash_run_builder_add_result(builder, "x", "b", "s", 1, i + 0.5);
		store_fixture_add_one(fixture, builder);
	}
	g_assert_true(perfdash_store_flush(fixture->store, NULL));
}

static void
assert_store_error(GError **error, const char *words)
{
	g_assert_error(*error, PERFDASH_ERROR, PERFDASH_ERROR_STORE);
	g_assert_nonnull(strstr((*error)->message, words));
	g_clear_error(error);
}

/* a damaged row is an error of its run, and of those that are written near to it */
static void
test_damaged_row(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	add_many(fixture, 300);
	g_clear_object(&fixture->store);
	execute(fixture->path, "UPDATE run SET points = x'00' WHERE id = 5");
	store_fixture_open(fixture);
	g_assert_null(perfdash_store_load_run(fixture->store, 5, &error));
	assert_store_error(&error, "run 5");
	for (guint i = 1; i <= 300; i++) {
		g_autoptr(PerfdashRun) run = perfdash_store_load_run(fixture->store, i, NULL);
		g_assert_true((run != NULL) == (i != 5));
	}
	g_autoptr(PerfdashSeries)
		a = store_fixture_load_only(fixture, (const char *const[]){"metric:a", NULL});
	g_assert_cmpuint(perfdash_series_get_length(a), ==, 300);
}

/* a damaged chunk is an error of its series, until it is derived again */
static void
test_rebuild(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	add_many(fixture, 300);
	g_autoptr(PerfdashSeries)
		a = store_fixture_load_only(fixture, (const char *const[]){"metric:a", NULL});
	const char *id = perfdash_series_info_get_id(perfdash_series_get_info(a));
	g_clear_object(&fixture->store);
	execute(fixture->path,
		"UPDATE chunk SET points = substr(points, 1, 9) WHERE id % 4294967296 = 1");
	store_fixture_open(fixture);
	g_assert_null(perfdash_store_load_series(fixture->store, id, &error));
	assert_store_error(&error, "perfdash rebuild");
	g_autoptr(PerfdashSeries)
		b = store_fixture_load_only(fixture, (const char *const[]){"metric:b", NULL});
	g_assert_cmpuint(perfdash_series_get_length(b), ==, 300);
	g_assert_true(perfdash_store_rebuild(fixture->store, &error));
	g_autoptr(PerfdashSeries) rebuilt = perfdash_store_load_series(fixture->store, id, &error);
	g_assert_no_error(error);
	g_assert_cmpmem(perfdash_series_peek_values(rebuilt),
			perfdash_series_get_length(rebuilt) * sizeof(double),
			perfdash_series_peek_values(a),
			300 * sizeof(double));
	store_fixture_reopen(fixture);
	g_autoptr(PerfdashSeries) again = perfdash_store_load_series(fixture->store, id, &error);
	g_assert_cmpuint(perfdash_series_get_length(again), ==, 300);
}

/* small segments become large ones; a log may bring many runs at once */
static void
test_segments(StoreFixture *fixture, gconstpointer data)
{
	const guint n_logs = 50;
	const guint n_runs = 110;
	for (guint i = 0; i < n_logs; i++) {
		g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
		for (guint j = 0; j < n_runs; j++) {
			guint number = i * n_runs + j;
			if (j > 0)
				perfdash_run_builder_next_run(builder);
			perfdash_run_builder_set_started_at(builder, START + number);
			perfdash_run_builder_add_result(builder, "x", "a", "s", 1, number / 8.0);
			if (number % 900 > 0)
				perfdash_run_builder_add_result(builder, "x", "b", "s", 1, number);
		}
		g_autoptr(GError) error = NULL;
		g_autoptr(PerfdashLogRecord) record = store_fixture_add(fixture, builder, &error);
		g_assert_no_error(error);
	}
	g_assert_true(perfdash_store_flush(fixture->store, NULL));
	g_assert_cmpint(count(fixture->path, "SELECT max(n_runs) FROM segment"), >=, 4096);
	g_assert_cmpint(count(fixture->path, "SELECT count(*) FROM segment"), <, 18);
	g_autoptr(PerfdashSeries)
		a = store_fixture_load_only(fixture, (const char *const[]){"metric:a", NULL});
	g_autoptr(PerfdashSeries)
		b = store_fixture_load_only(fixture, (const char *const[]){"metric:b", NULL});
	const double *a_values = perfdash_series_peek_values(a);
	const double *b_values = perfdash_series_peek_values(b);
	g_assert_cmpuint(perfdash_series_get_length(a), ==, n_logs * n_runs);
	for (guint i = 0, at = 0; i < n_logs * n_runs; i++) {
		g_assert_true(a_values[i] == i / 8.0);
		g_assert_true(i % 900 == 0 || b_values[at++] == i);
	}
}

static void
add_odd_runs(StoreFixture *fixture, guint begin, guint end)
{
	g_autoptr(PerfdashRunBuilder) builder = store_fixture_start_run("dfw", START + begin);
	for (guint i = begin; i < end; i++) {
		if (i > begin) {
			perfdash_run_builder_next_run(builder);
			perfdash_run_builder_set_label(builder, "lab", "dfw");
			perfdash_run_builder_set_label(builder, "suite", "checkout");
			perfdash_run_builder_set_started_at(builder, START + i);
		}
		perfdash_run_builder_add_result(builder, "x", i % 7 ? "a" : "b", "s", 1, i);
	}
	g_autoptr(PerfdashLogRecord) record = store_fixture_add(fixture, builder, NULL);
	g_assert_nonnull(record);
}

/* any runs are hidden and shown, in segments and in the tail, of a series that is in most of them
 */
static void
test_hidden(StoreFixture *fixture, gconstpointer data)
{
	enum { N_RUNS = 400 };
	g_autoptr(GRand) rand = g_rand_new_with_seed(4);
	gboolean is_hidden[N_RUNS] = {FALSE};
	gint64 ids[N_RUNS];
	for (guint i = 0; i < N_RUNS; i++)
		ids[i] = i + 1;
	add_odd_runs(fixture, 0, 300);
	g_assert_true(perfdash_store_flush(fixture->store, NULL));
	add_odd_runs(fixture, 300, N_RUNS);
	for (guint round = 0; round < 20; round++) {
		gsize begin = g_rand_int_range(rand, 0, N_RUNS);
		gsize n = g_rand_int_range(rand, 1, N_RUNS - begin + 1);
		gboolean hides = round % 3 != 2;
		g_assert_true(hides ? perfdash_store_hide_runs(fixture->store,
							       ids + begin,
							       n,
							       "odd",
							       "ann",
							       NULL)
				    : perfdash_store_show_runs(fixture->store,
							       ids + begin,
							       n,
							       "ann",
							       NULL));
		for (gsize i = begin; i < begin + n; i++)
			is_hidden[i] = hides;
		if (round % 5 == 4)
			store_fixture_reopen(fixture);
		g_autoptr(PerfdashSeries)
			series = store_fixture_load_only(fixture,
							 (const char *const[]){"metric:a", NULL});
		const double *values = perfdash_series_get_values(series, &n);
		const gint64 *runs = perfdash_series_get_runs(series, &n);
		gsize at = 0;
		for (guint i = 0; i < N_RUNS; i++) {
			if (is_hidden[i] || i % 7 == 0)
				continue;
			g_assert_cmpuint(at, <, n);
			g_assert_true(values[at] == i && runs[at++] == ids[i]);
		}
		g_assert_cmpuint(at, ==, n);
	}
}

static void
load_dump(const char *path, guint version)
{
	g_autofree char *name = g_strdup_printf("%u.sql", version);
	g_autofree char *dump = g_test_build_filename(G_TEST_DIST, "databases", name, NULL);
	g_autofree char *sql = NULL;
	g_autoptr(GError) error = NULL;
	g_file_get_contents(dump, &sql, NULL, &error);
	g_assert_no_error(error);
	execute(path, sql);
}

static void
assert_dumped_runs(StoreFixture *fixture, guint version)
{
	/* of lab dfw; see databases/make.py */
	const guint n_runs = version >= 4 ? 265 : 266;
	g_autoptr(GError) error = NULL;
	gsize n;
	g_autoptr(PerfdashSeries) latency = store_fixture_load_only(
		fixture,
		(const char *const[]){"lab:dfw", "metric:latency", "stat:!p99", NULL});
	const double *values = perfdash_series_get_values(latency, &n);
	g_assert_cmpuint(n, ==, n_runs);
	g_assert_true(values[0] == 0.0311);
	g_assert_true(values[n - 1] == 0.0316);
	g_assert_cmpstr(perfdash_series_get_build(latency, n - 1), ==, "1079");
	const gint64 *runs = perfdash_series_get_runs(latency, &n);
	g_autoptr(PerfdashSeries) errors = store_fixture_load_only(
		fixture,
		(const char *const[]){"lab:dfw", "metric:errors", NULL});
	values = perfdash_series_get_values(errors, &n);
	g_assert_true(values[n - 1] == 93);
	g_autoptr(PerfdashRun)
		run = perfdash_store_load_run(fixture->store, runs[n_runs - 1], &error);
	g_assert_no_error(error);
	g_assert_cmpstr(perfdash_run_get_revision(run), ==, "6e759fe7");
	g_autoptr(GPtrArray)
		logs = perfdash_store_list_logs(fixture->store, "no-result", NULL, 0, 10, &error);
	g_assert_cmpuint(logs->len, ==, 1);
	g_autoptr(GPtrArray)
		hidden = perfdash_store_list_runs(fixture->store, NULL, "hidden", 0, 10, &error);
	g_assert_cmpuint(hidden->len, ==, version >= 4 ? 1 : 0);
}

/* the store counts as its runs do: percentiles are parts of results */
static void
assert_dumped_totals(StoreFixture *fixture)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray)
		runs = perfdash_store_list_runs(fixture->store, NULL, NULL, 0, 1000, &error);
	guint64 n_results = 0;
	PerfdashTotals totals;
	g_assert_no_error(error);
	for (guint i = 0; i < runs->len; i++)
		n_results += perfdash_run_get_n_results(g_ptr_array_index(runs, i));
	perfdash_store_get_totals(fixture->store, &totals);
	g_assert_cmpuint(totals.runs, ==, runs->len);
	g_assert_cmpuint(totals.results, ==, n_results);
}

static void
assert_dumped_change(StoreFixture *fixture)
{
	const char *const matches[] = {"lab:dfw", "metric:time", NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashSelector) selector = perfdash_selector_new(matches, NULL, NULL);
	g_autoptr(GPtrArray) changes =
		perfdash_store_list_changes(fixture->store, selector, NULL, NULL, 0, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(changes->len, ==, 1);
	PerfdashChange *change = g_ptr_array_index(changes, 0);
	g_assert_cmpint(perfdash_change_get_state(change), ==, PERFDASH_CHANGE_STATE_HISTORIC);
	g_assert_cmpstr(perfdash_change_get_build(change, NULL), ==, "1001");
}

/* where a file lies that was written again, and which log was there before */
static void
assert_dumped_place(StoreFixture *fixture, guint version)
{
	const char *sql = "SELECT count(*) FROM place JOIN log ON log.id = place.log "
			  "JOIN log AS former ON former.replaced_by = log.id "
			  "WHERE path LIKE '%7/again.json' AND place.source = 'found'";
	g_assert_cmpint(count(fixture->path, sql), ==, version >= 5);
}

/* a database of every version there was is brought up to now, and says what it said */
static void
test_versions(StoreFixture *fixture, gconstpointer data)
{
	gint64 newest = count(fixture->path, "PRAGMA user_version");
	for (guint version = 1; version <= newest; version++) {
		g_clear_object(&fixture->store);
		g_unlink(fixture->path);
		load_dump(fixture->path, version);
		store_fixture_open(fixture);
		assert_dumped_runs(fixture, version);
		assert_dumped_totals(fixture);
		/* what was known of the logs of an old version was not kept */
		g_assert_cmpint(count(fixture->path, "SELECT count(*) FROM log WHERE origin = ''"),
				==,
				version < 4 ? 2 : 0);
		if (version >= 2)
			assert_dumped_change(fixture);
		assert_dumped_place(fixture, version);
		g_assert_true(perfdash_store_rebuild(fixture->store, NULL));
		assert_dumped_runs(fixture, version);
		assert_dumped_totals(fixture);
		g_assert_cmpint(count(fixture->path, "PRAGMA user_version"), ==, newest);
	}
}

/* adds logs until it is killed, and says of each on standard output that it is in */
G_GNUC_NORETURN static void
write_until_killed(char *uri)
{
	/* logs that earlier writers did not have */
	StoreFixture fixture = {.uri = uri, .n_logs = (guint)g_get_monotonic_time()};
	store_fixture_open(&fixture);
	for (guint i = 0;; i++) {
		g_autoptr(PerfdashRunBuilder) builder = store_fixture_start_run("dfw", START + i);
		perfdash_run_builder_add_result(builder, "x", "a", "s", 1, i);
		gint64 run = store_fixture_add_one(&fixture, builder);
		g_assert_cmpint(write(STDOUT_FILENO, &run, sizeof(run)), ==, sizeof(run));
	}
}

/* the last run of which a writer said that it is in before it was killed */
static gint64
kill_writer(StoreFixture *fixture, guint n_runs)
{
	const char *argv[] = {program, "--write", fixture->uri, NULL};
	g_autoptr(GError) error = NULL;
	GPid pid;
	int output;
	gint64 run = 0;
	g_assert_true(g_spawn_async_with_pipes(NULL,
					       (char **)argv,
					       NULL,
					       G_SPAWN_DO_NOT_REAP_CHILD,
					       NULL,
					       NULL,
					       &pid,
					       NULL,
					       &output,
					       NULL,
					       &error));
	for (guint i = 0; i < n_runs; i++)
		g_assert_cmpint(read(output, &run, sizeof(run)), ==, sizeof(run));
	g_assert_cmpint(kill(pid, SIGKILL), ==, 0);
	while (read(output, &run, sizeof(run)) == sizeof(run))
		;
	g_close(output, NULL);
	g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
	return run;
}

/* what was said to be in is in, whatever the writer was doing when it was killed */
static void
test_killed(StoreFixture *fixture, gconstpointer data)
{
	const guint n_kills = 8;
	g_clear_object(&fixture->store);
	for (guint i = 0; i < n_kills; i++) {
		gsize n;
		gint64 last = kill_writer(fixture, 90 + 17 * i);
		store_fixture_open(fixture);
		g_autoptr(PerfdashSeries)
			series = store_fixture_load_only(fixture, (const char *const[]){NULL});
		const double *values = perfdash_series_get_values(series, &n);
		const gint64 *times = perfdash_series_get_times(series, &n);
		g_assert_cmpuint(n, >=, last);
		for (gsize j = 0; j < n; j++)
			g_assert_true(values[j] == times[j] - START);
		g_clear_object(&fixture->store);
		g_assert_cmpint(count(fixture->path,
				      "SELECT count(*) FROM pragma_quick_check "
				      "WHERE quick_check <> 'ok'"),
				==,
				0);
	}
}

/* runs of one store that differ from the labels of their results only in where these stand */
static void
test_same_labels(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(PerfdashRunBuilder) first = store_fixture_start_run("dfw", START);
	g_autoptr(PerfdashRunBuilder) second = store_fixture_start_run("dfw", START + 1);
	perfdash_run_builder_set_label(first, "os", "linux");
	perfdash_run_builder_add_result(first, "x", "a", "s", 1, 1);
	perfdash_run_builder_add_result(second, "x", "a", "s", 1, 2);
	perfdash_run_builder_add_result_label(second, "os", "linux");
	store_fixture_add_one(fixture, first);
	store_fixture_add_one(fixture, second);
	for (guint round = 0; round < 2; round++) {
		g_autoptr(GPtrArray) infos = perfdash_store_list_series(fixture->store, NULL, NULL);
		double sum = 0;
		g_assert_cmpuint(infos->len, ==, 2);
		for (guint i = 0; i < infos->len; i++) {
			const char *id = perfdash_series_info_get_id(g_ptr_array_index(infos, i));
			g_autoptr(PerfdashSeries)
				series = perfdash_store_load_series(fixture->store, id, NULL);
			g_assert_cmpuint(perfdash_series_get_length(series), ==, 1);
			sum += *(const double *)perfdash_series_peek_values(series);
		}
		g_assert_true(sum == 3);
		store_fixture_reopen(fixture);
	}
}

/* a second process may read while this one writes */
static void
test_read_only(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashRunBuilder) builder = store_fixture_start_run("dfw", START);
	perfdash_run_builder_add_result(builder, "x", "m", "s", 1, 2);
	store_fixture_add_one(fixture, builder);
	g_autoptr(PerfdashStore)
		reader = perfdash_store_open(fixture->uri, PERFDASH_STORE_FLAGS_READ_ONLY, &error);
	g_assert_no_error(error);
	PerfdashTotals totals;
	perfdash_store_get_totals(reader, &totals);
	g_assert_cmpuint(totals.results, ==, 1);
	g_assert_false(perfdash_store_flush(reader, &error));
	assert_store_error(&error, "reading only");
	perfdash_run_builder_set_label(builder, "suite", "other");
	perfdash_run_builder_add_result(builder, "x", "new", "s", 1, 2);
	gint64 newer = store_fixture_add_one(fixture, builder);
	g_assert_null(perfdash_store_load_run(reader, newer, &error));
	assert_store_error(&error, "open it again");
	g_autoptr(GPtrArray) runs = perfdash_store_list_runs(reader, NULL, NULL, 0, 10, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(runs->len, ==, 1);
	g_assert_cmpuint(perfdash_run_get_n_results(g_ptr_array_index(runs, 0)), ==, 1);
}

static const struct {
	const char *name;
	void (*run)(StoreFixture *, gconstpointer);
} cases[] = {
	{"refused", test_refused},
	{"damaged-row", test_damaged_row},
	{"rebuild", test_rebuild},
	{"hidden", test_hidden},
	{"segments", test_segments},
	{"versions", test_versions},
	{"killed", test_killed},
	{"same-labels", test_same_labels},
	{"read-only", test_read_only},
};

int
main(int argc, char **argv)
{
	program = argv[0];
	if (argc == 3 && g_str_equal(argv[1], "--write"))
		write_until_killed(argv[2]);
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = g_strdup_printf("/sqlite-store/%s", cases[i].name);
		g_test_add(name,
			   StoreFixture,
			   NULL,
			   store_fixture_set_up,
			   cases[i].run,
			   store_fixture_tear_down);
	}
	return g_test_run();
}
