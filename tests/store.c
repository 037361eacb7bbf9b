/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One table of cases, run over every kind of store. */

#include "store-fixture.h"

#include <math.h>
#include <string.h>

#include "perfdash-error.h"

/* everything a run says comes back */
static void
test_run(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashRunBuilder) builder = store_fixture_start_run("dfw", 1700000000123456);
	perfdash_run_builder_set_build(builder, "812");
	perfdash_run_builder_set_revision(builder, "77be01c");
	perfdash_run_builder_set_url(builder, "https://ci.example/812/");
	perfdash_run_builder_set_outcome(builder, PERFDASH_OUTCOME_PARTIAL);
	perfdash_run_builder_set_parser(builder, "test");
	perfdash_run_builder_set_environment(builder, "kernel", "6.1.0");
	perfdash_run_builder_set_parameter(builder, "threads", "4");
	perfdash_run_builder_add_warning(builder, "cut at line %d", 7);
	perfdash_run_builder_add_result(builder,
					"login",
					"latency",
					"ms",
					PERFDASH_DIRECTION_LOWER,
					31.15);
	perfdash_run_builder_add_stat(builder, "n", 40);
	perfdash_run_builder_add_stat(builder, "max", 99.5);
	perfdash_run_builder_add_stat(builder, "p99", 88.25);
	perfdash_run_builder_add_replicate(builder, 31.1);
	perfdash_run_builder_add_replicate(builder, 31.2);
	perfdash_run_builder_add_result(builder,
					"login",
					"requests",
					"1",
					PERFDASH_DIRECTION_NONE,
					1.0 / 3);
	gint64 id = store_fixture_add_one(fixture, builder);
	store_fixture_reopen(fixture);
	g_autoptr(PerfdashRun) run = perfdash_store_load_run(fixture->store, id, &error);
	g_assert_no_error(error);
	g_autoptr(GVariant) variant = g_variant_ref_sink(perfdash_run_to_variant(run));
	g_autoptr(GVariant) expected = g_variant_parse(
		g_variant_get_type(variant),
		"({'lab': 'dfw', 'suite': 'checkout'}, '812', '77be01c', "
		"'https://ci.example/812/', "
		"1700000000123456, 0x01, 'test', {'kernel': '6.1.0'}, {'threads': '4'}, "
		"['cut at line 7'], [({'benchmark': 'login', 'metric': 'latency'}, 's', 0x01, "
		"0.03115, "
		"[('n', 40.0), ('max', 0.0995), ('p99', 0.08825)], [0.0311, 0.0312], uint32 0), "
		"({'benchmark': 'login', 'metric': 'requests'}, '1', 0x00, 0.33333333333333331, "
		"[], [], uint32 0)])",
		NULL,
		NULL,
		&error);
	g_assert_no_error(error);
	g_assert_cmpvariant(variant, expected);
	g_assert_cmpstr(perfdash_run_get_log_name(run), ==, "a.log");
	g_autoptr(PerfdashSeries)
		p99 = store_fixture_load_only(fixture, (const char *const[]){"stat:p99", NULL});
	g_assert_cmpfloat(*(const double *)perfdash_series_peek_values(p99), ==, 0.08825);
	g_assert_cmpstr(perfdash_series_get_build(p99, 0), ==, "812");
	g_assert_cmpstr(perfdash_series_get_revision(p99, 0), ==, "77be01c");
	g_assert_cmpint(perfdash_series_get_outcome(p99, 0), ==, PERFDASH_OUTCOME_PARTIAL);
}

/* runs arrive late and in any order, with gaps, values of every kind, across blocks, and stay as a
 * plain list would have them */
static void
test_model(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(7);
	g_autoptr(GHashTable)
		by_time = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	for (guint i = 0; i < 700; i++) {
		gint64 time = 1700000000000000 +
			      g_rand_int_range(random, 0, 1000000) * (gint64)1000 + i;
		g_autoptr(PerfdashRunBuilder) builder = store_fixture_start_run("dfw", time);
		double value = i % 50 == 0   ? g_rand_double(random)
			       : i % 77 == 0 ? 1e300
					     : g_rand_int_range(random, 90000, 110000) / 1000.0;
		gboolean present = g_rand_int_range(random, 0, 10) > 0;
		perfdash_run_builder_add_result(builder, "x", "always", "1", 0, i);
		if (present) {
			perfdash_run_builder_add_result(builder, "x", "often", "s", 1, value);
			g_hash_table_insert(by_time,
					    g_memdup2(&time, sizeof(time)),
					    g_memdup2(&value, sizeof(value)));
		}
		g_autofree char *build = g_strdup_printf("%u", i / 3);
		perfdash_run_builder_set_build(builder, build);
		store_fixture_add_one(fixture, builder);
		if (i % 200 == 150)
			store_fixture_reopen(fixture);
		if (i % 130 == 90)
			g_assert_true(perfdash_store_flush(fixture->store, NULL));
		if (i % 100 != 99 && i != 699)
			continue;
		gsize n;
		g_autoptr(PerfdashSeries) often = store_fixture_load_only(
			fixture,
			(const char *const[]){"metric:often", NULL});
		const double *values = perfdash_series_get_values(often, &n);
		const gint64 *times = perfdash_series_get_times(often, &n);
		g_assert_cmpuint(n, ==, g_hash_table_size(by_time));
		for (gsize j = 0; j < n; j++) {
			double *expected = g_hash_table_lookup(by_time, &times[j]);
			g_assert_nonnull(expected);
			g_assert_true(*expected == values[j]);
			g_assert_true(j == 0 || times[j - 1] < times[j]);
		}
		g_autoptr(PerfdashSeries) always = store_fixture_load_only(
			fixture,
			(const char *const[]){"metric:always", NULL});
		values = perfdash_series_get_values(always, &n);
		g_assert_cmpuint(n, ==, i + 1);
		for (gsize j = 0; j < n; j++) {
			g_autofree char *expected = g_strdup_printf("%u", (guint)values[j] / 3);
			g_assert_cmpstr(perfdash_series_get_build(always, j), ==, expected);
		}
	}
	PerfdashTotals totals;
	perfdash_store_get_totals(fixture->store, &totals);
	g_assert_cmpuint(totals.runs, ==, 700);
	g_assert_cmpuint(totals.series, ==, 2);
	g_assert_cmpuint(totals.results, ==, 700 + g_hash_table_size(by_time));
}

/* a parser that mends the direction of a metric mends it for the whole series */
static void
test_direction(StoreFixture *fixture, gconstpointer data)
{
	static const PerfdashDirection directions[] = {PERFDASH_DIRECTION_NONE,
						       PERFDASH_DIRECTION_HIGHER};
	for (guint i = 0; i < G_N_ELEMENTS(directions); i++) {
		g_autoptr(PerfdashRunBuilder)
			builder = store_fixture_start_run("dfw", 1700000000000000);
		perfdash_run_builder_add_result(builder, "x", "m", "s", directions[i], i);
		store_fixture_add_one(fixture, builder);
	}
	for (guint i = 0; i < 2; i++) {
		g_autoptr(PerfdashSeries)
			series = store_fixture_load_only(fixture,
							 (const char *const[]){"metric:m", NULL});
		g_assert_cmpint(
			perfdash_series_info_get_direction(perfdash_series_get_info(series)),
			==,
			PERFDASH_DIRECTION_HIGHER);
		g_assert_cmpuint(perfdash_series_get_length(series), ==, 2);
		store_fixture_reopen(fixture);
	}
}

static void
test_same_log(StoreFixture *fixture, gconstpointer data)
{
	guint64 generation = perfdash_store_get_generation(fixture->store);
	for (guint i = 0; i < 3; i++) {
		g_autoptr(PerfdashRunBuilder)
			builder = store_fixture_start_run("dfw", 1700000000000000);
		perfdash_run_builder_add_result(builder, "x", "m", "s", 1, 2);
		fixture->n_logs = 0;
		g_assert_cmpint(store_fixture_add_one(fixture, builder), ==, 1);
		g_assert_cmpuint(perfdash_store_get_generation(fixture->store), ==, generation + 1);
	}
}

/* a log without results is remembered with its error, and makes no run */
static void
test_failed_log(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GError)
		reason = g_error_new(PERFDASH_ERROR, PERFDASH_ERROR_TIMED_OUT, "took too long");
	g_autoptr(GBytes) bytes = g_bytes_new("x", 1);
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_bytes("bad.log", bytes, NULL);
	g_autoptr(PerfdashParseResult)
		parsed = perfdash_parse_result_new_for_error("slow", "2", reason);
	g_autoptr(PerfdashOrigin)
		origin = perfdash_origin_new("push", NULL, NULL, NULL, NULL, 0, NULL);
	g_autoptr(PerfdashLogRecord)
		added = perfdash_store_add_log(fixture->store, log, origin, parsed, &error);
	g_assert_no_error(error);
	store_fixture_reopen(fixture);
	g_autoptr(GPtrArray)
		logs = perfdash_store_list_logs(fixture->store, "failed", NULL, 0, 10, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(logs->len, ==, 1);
	PerfdashLogRecord *record = g_ptr_array_index(logs, 0);
	g_assert_cmpstr(perfdash_log_record_get_name(record), ==, "bad.log");
	g_assert_cmpstr(perfdash_log_record_get_source(record), ==, "push");
	g_assert_cmpstr(perfdash_log_record_get_parser(record), ==, "slow");
	g_assert_error(perfdash_log_record_get_error(record),
		       PERFDASH_ERROR,
		       PERFDASH_ERROR_TIMED_OUT);
	g_autoptr(GPtrArray)
		runs = perfdash_store_list_runs(fixture->store, NULL, NULL, 0, 10, &error);
	g_assert_cmpuint(runs->len, ==, 0);
	g_autoptr(GPtrArray)
		others = perfdash_store_list_logs(fixture->store, "ok", NULL, 0, 10, &error);
	g_assert_cmpuint(others->len, ==, 0);
}

static PerfdashSourceDay *
find_day(GPtrArray *days, const char *source)
{
	for (guint i = 0; i < days->len; i++) {
		PerfdashSourceDay *day = g_ptr_array_index(days, i);
		if (g_str_equal(day->source, source))
			return day;
	}
	return NULL;
}

static void
add_bad_log(StoreFixture *fixture, const char *content)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) reason = g_error_new(PERFDASH_ERROR, PERFDASH_ERROR_BROKEN, "line 3");
	g_autoptr(GBytes) bytes = g_bytes_new(content, strlen(content));
	g_autoptr(PerfdashLog) log = perfdash_log_new_from_bytes(content, bytes, NULL);
	g_autoptr(PerfdashParseResult)
		parsed = perfdash_parse_result_new_for_error("slow", "2", reason);
	g_autoptr(PerfdashOrigin)
		origin = perfdash_origin_new("store", NULL, NULL, NULL, NULL, 0, NULL);
	g_autoptr(PerfdashLogRecord)
		added = perfdash_store_add_log(fixture->store, log, origin, parsed, &error);
	g_assert_no_error(error);
}

/* logs and results are counted by source and day, once each */
static void
test_source_days(StoreFixture *fixture, gconstpointer data)
{
	gint64 now = g_get_real_time();
	for (guint i = 0; i < 3; i++) {
		g_autoptr(PerfdashRunBuilder) builder = store_fixture_start_run("dfw", now + i);
		perfdash_run_builder_add_result(builder, "x", "m", "s", 1, i);
		perfdash_run_builder_add_result(builder, "y", "m", "s", 1, i);
		store_fixture_add_one(fixture, builder);
	}
	add_bad_log(fixture, "one");
	add_bad_log(fixture, "two");
	add_bad_log(fixture, "two");
	store_fixture_reopen(fixture);
	g_autoptr(GPtrArray) days = perfdash_store_list_source_days(fixture->store,
								    now - 2 * G_TIME_SPAN_DAY,
								    NULL);
	PerfdashSourceDay *here = find_day(days, "here");
	PerfdashSourceDay *store = find_day(days, "store");
	g_assert_cmpint(here->day % G_TIME_SPAN_DAY, ==, 0);
	g_assert_cmpint(here->day / G_TIME_SPAN_DAY, ==, now / G_TIME_SPAN_DAY);
	g_assert_cmpuint(here->logs, ==, 3);
	g_assert_cmpuint(here->results, ==, 6);
	g_assert_cmpuint(here->failed, ==, 0);
	g_assert_cmpuint(store->logs, ==, 2);
	g_assert_cmpuint(store->failed, ==, 2);
	g_autoptr(GPtrArray) none = perfdash_store_list_source_days(fixture->store,
								    now + 2 * G_TIME_SPAN_DAY,
								    NULL);
	g_assert_cmpuint(none->len, ==, 0);
	g_autoptr(GPtrArray)
		failed = perfdash_store_list_failed_logs(fixture->store, "store", 1, NULL);
	g_assert_cmpuint(failed->len, ==, 1);
	g_assert_cmpstr(perfdash_log_record_get_name(g_ptr_array_index(failed, 0)), ==, "two");
	g_autoptr(GPtrArray)
		others = perfdash_store_list_failed_logs(fixture->store, "here", 9, NULL);
	g_assert_cmpuint(others->len, ==, 0);
}

/* labs have the starts of their runs, the newest first, and where these came from */
static void
test_labs(StoreFixture *fixture, gconstpointer data)
{
	const gint64 begin = 1700000000000000;
	for (guint i = 0; i < 6; i++) {
		g_autoptr(PerfdashRunBuilder)
			builder = store_fixture_start_run(i % 3 == 0 ? "ord" : "dfw", begin + i);
		perfdash_run_builder_add_result(builder, "x", "m", "s", 1, i);
		store_fixture_add_one(fixture, builder);
	}
	store_fixture_reopen(fixture);
	g_autoptr(GPtrArray) labs = perfdash_store_list_labs(fixture->store, begin + 2, NULL);
	g_assert_cmpuint(labs->len, ==, 2);
	PerfdashLab *lab = g_ptr_array_index(labs, 0);
	gsize n;
	const gint64 *starts = perfdash_lab_get_starts(lab, &n);
	g_assert_cmpstr(perfdash_lab_get_name(lab), ==, "dfw");
	g_assert_cmpuint(n, ==, 3);
	g_assert_cmpint(starts[0], ==, begin + 5);
	g_assert_cmpint(starts[2], ==, begin + 2);
	g_assert_cmpstr(perfdash_lab_get_sources(lab)[0], ==, "here");
	g_assert_null(perfdash_lab_get_sources(lab)[1]);
	g_autoptr(GPtrArray) none = perfdash_store_list_labs(fixture->store, begin + 9, NULL);
	g_assert_cmpuint(none->len, ==, 0);
}

static void
test_lists(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	const char *labs[] = {"dfw", "ord", "lon"};
	for (guint i = 0; i < 9; i++) {
		g_autoptr(PerfdashRunBuilder)
			builder = store_fixture_start_run(labs[i % 3], 1700000000000000 + i);
		perfdash_run_builder_add_result(builder, "x", "m", "s", 1, i);
		store_fixture_add_one(fixture, builder);
	}
	g_autoptr(PerfdashSelector)
		selector = perfdash_selector_new((const char *const[]){"lab:ord", NULL},
						 NULL,
						 NULL);
	g_autoptr(GPtrArray)
		runs = perfdash_store_list_runs(fixture->store, selector, NULL, 8, 2, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(runs->len, ==, 2);
	g_assert_cmpint(perfdash_run_get_id(g_ptr_array_index(runs, 0)), ==, 5);
	g_assert_cmpint(perfdash_run_get_id(g_ptr_array_index(runs, 1)), ==, 2);
	g_autoptr(GPtrArray) infos = perfdash_store_list_series(fixture->store, NULL, &error);
	g_assert_cmpuint(infos->len, ==, 3);
	for (guint i = 0; i < 3; i++) {
		PerfdashLabels *labels = perfdash_series_info_get_labels(
			g_ptr_array_index(infos, i));
		g_assert_cmpstr(perfdash_labels_get(labels, "lab"),
				==,
				((const char *[]){"dfw", "lon", "ord"})[i]);
	}
	g_assert_null(perfdash_store_load_run(fixture->store, 99, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
	g_clear_error(&error);
	g_assert_null(perfdash_store_load_series(fixture->store, "nope", &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
	g_clear_error(&error);
	g_assert_null(perfdash_store_find_log(fixture->store, "nope", NULL, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
}

static void
changed_cb(PerfdashStore *store, guint64 generation, GStrv series, gpointer data)
{
	guint *n_series = data;
	*n_series = series != NULL ? g_strv_length(series) : G_MAXUINT;
}

static void
test_changed(StoreFixture *fixture, gconstpointer data)
{
	static const guint cases[][2] = {{3, 3}, {501, G_MAXUINT}};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		guint seen = 0;
		g_autoptr(PerfdashRunBuilder)
			builder = store_fixture_start_run("dfw", 1700000000000000);
		for (guint j = 0; j < cases[i][0]; j++) {
			g_autofree char *name = g_strdup_printf("b%u", j);
			perfdash_run_builder_add_result(builder, name, "m", "s", 1, j);
		}
		gulong handler =
			g_signal_connect(fixture->store, "changed", G_CALLBACK(changed_cb), &seen);
		store_fixture_add_one(fixture, builder);
		while (seen == 0)
			g_main_context_iteration(NULL, TRUE);
		g_assert_cmpuint(seen, ==, cases[i][1]);
		g_signal_handler_disconnect(fixture->store, handler);
	}
}

typedef struct {
	PerfdashStore *store;
	const char *id;
	gint stop;
} Reading;

static gpointer
read_always(gpointer data)
{
	Reading *reading = data;
	gsize before = 0;
	while (!g_atomic_int_get(&reading->stop)) {
		g_autoptr(GError) error = NULL;
		g_autoptr(PerfdashSeries)
			series = perfdash_store_load_series(reading->store, reading->id, &error);
		gsize n;
		g_assert_no_error(error);
		const double *values = perfdash_series_get_values(series, &n);
		g_assert_cmpuint(n, >=, before);
		before = n;
		for (gsize i = 0; i < n; i++)
			g_assert_cmpfloat(values[i], ==, i);
	}
	return NULL;
}

/* readers see every acknowledged run, once, while chunks are made under them */
static void
test_threads(StoreFixture *fixture, gconstpointer data)
{
	Reading reading = {fixture->store, NULL, 0};
	GThread *threads[4];
	g_autoptr(PerfdashSeriesInfo) info = NULL;
	for (guint i = 0; i < 1500; i++) {
		g_autoptr(PerfdashRunBuilder)
			builder = store_fixture_start_run("dfw", 1700000000000000 + i);
		perfdash_run_builder_add_result(builder, "x", "m", "s", 1, i);
		store_fixture_add_one(fixture, builder);
		if (i == 0) {
			g_autoptr(GPtrArray)
				infos = perfdash_store_list_series(fixture->store, NULL, NULL);
			info = perfdash_series_info_ref(g_ptr_array_index(infos, 0));
			reading.id = perfdash_series_info_get_id(info);
			for (guint j = 0; j < G_N_ELEMENTS(threads); j++)
				threads[j] = g_thread_new("reader", read_always, &reading);
		}
		if (i % 97 == 0)
			g_assert_true(perfdash_store_flush(fixture->store, NULL));
		g_autoptr(PerfdashSeries)
			series = perfdash_store_load_series(fixture->store, reading.id, NULL);
		g_assert_cmpuint(perfdash_series_get_length(series), ==, i + 1);
	}
	g_atomic_int_set(&reading.stop, 1);
	for (guint j = 0; j < G_N_ELEMENTS(threads); j++)
		g_thread_join(threads[j]);
}
static const struct {
	const char *name;
	void (*run)(StoreFixture *, gconstpointer);
} cases[] = {
	{"run", test_run},
	{"model", test_model},
	{"direction", test_direction},
	{"same-log", test_same_log},
	{"failed-log", test_failed_log},
	{"source-days", test_source_days},
	{"labs", test_labs},
	{"lists", test_lists},
	{"changed", test_changed},
	{"threads", test_threads},
};

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = g_strdup_printf("/store/sqlite/%s", cases[i].name);
		g_test_add(name,
			   StoreFixture,
			   NULL,
			   store_fixture_set_up,
			   cases[i].run,
			   store_fixture_tear_down);
	}
	return g_test_run();
}
