/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a log says now takes the place of what it said, wherever its runs are: in segments or in the
 * tail, a base that others are near to or not; and nothing else changes. */

#include "perfdash-rereading.h"

#include "perfdash-pairing.h"
#include "store-fixture.h"

#define N_LOGS 300 /* more than a segment */

typedef struct {
	StoreFixture base;
	GPtrArray *logs; /* of PerfdashLogRecord */
	double expected[N_LOGS];
} Fixture;

static PerfdashRunBuilder *
build_run(guint number, double value, const char *lab)
{
	PerfdashRunBuilder *builder = store_fixture_start_run(lab, (number + 1) * G_TIME_SPAN_HOUR);
	for (guint i = 0; i < 20; i++) {
		g_autofree char *benchmark = g_strdup_printf("case %u", i);
		perfdash_run_builder_add_result(builder,
						benchmark,
						"latency",
						"ms",
						PERFDASH_DIRECTION_LOWER,
						value + i);
	}
	return builder;
}

static PerfdashParseResult *
read_log(PerfdashRunBuilder *builder)
{
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, NULL);
	g_object_unref(builder);
	return perfdash_parse_result_new("test", "2", runs);
}

static void
set_up(Fixture *fixture, gconstpointer data)
{
	store_fixture_set_up(&fixture->base, data);
	fixture->logs = g_ptr_array_new_with_free_func(g_object_unref);
	for (guint i = 0; i < N_LOGS; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(PerfdashRunBuilder) builder = build_run(i, 1000 + i % 7, "dfw");
		g_ptr_array_add(fixture->logs, store_fixture_add(&fixture->base, builder, &error));
		g_assert_no_error(error);
		fixture->expected[i] = (1000 + i % 7) / 1000.;
	}
}

static void
tear_down(Fixture *fixture, gconstpointer data)
{
	g_ptr_array_unref(fixture->logs);
	store_fixture_tear_down(&fixture->base, data);
}

static void
assert_values(Fixture *fixture)
{
	static const char *const matches[] = {"benchmark:case 0", "lab:dfw", NULL};
	g_autoptr(PerfdashSeries) series = store_fixture_load_only(&fixture->base, matches);
	gsize n;
	const double *values = perfdash_series_get_values(series, &n);
	g_assert_cmpuint(n, ==, N_LOGS);
	for (guint i = 0; i < N_LOGS; i++)
		g_assert_cmpfloat_with_epsilon(values[i], fixture->expected[i], 1e-12);
}

/* a value in ms instead of the one there is */
static void
reread(Fixture *fixture, guint number, double value, const char *lab)
{
	g_autoptr(GError) error = NULL;
	PerfdashLogRecord *record = g_ptr_array_index(fixture->logs, number);
	gsize n;
	const gint64 *ids = perfdash_log_record_get_runs(record, &n);
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(g_object_unref);
	g_autoptr(GPtrArray) rereadings = g_ptr_array_new_with_free_func(g_object_unref);
	g_autoptr(PerfdashParseResult) parsed = read_log(build_run(number, value, lab));
	g_ptr_array_add(runs, perfdash_store_load_run(fixture->base.store, ids[0], &error));
	g_assert_no_error(error);
	g_ptr_array_add(rereadings, perfdash_rereading_new(record, runs, parsed));
	g_assert_true(perfdash_store_replace_logs(fixture->base.store, rereadings, &error));
	g_assert_no_error(error);
	fixture->expected[number] = value / 1000;
}

/* the first run is the base of others; runs of segments and of the tail, each by itself */
static void
test_in_place(Fixture *fixture, gconstpointer data)
{
	static const guint numbers[] = {0, 1, 255, 256, N_LOGS - 1, 0};
	g_autoptr(GError) error = NULL;
	guint64 generation = perfdash_store_get_generation(fixture->base.store);
	PerfdashTotals before;
	PerfdashTotals after;
	perfdash_store_get_totals(fixture->base.store, &before);
	assert_values(fixture);
	for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
		reread(fixture, numbers[i], 7000 + 3.25 * i, "dfw");
		assert_values(fixture);
	}
	g_assert_cmpuint(perfdash_store_get_generation(fixture->base.store), >, generation);
	perfdash_store_get_totals(fixture->base.store, &after);
	g_assert_cmpmem(&after, sizeof(after), &before, sizeof(before));
	store_fixture_reopen(&fixture->base);
	assert_values(fixture);
	g_assert_true(perfdash_store_rebuild(fixture->base.store, &error));
	assert_values(fixture);
}

static PerfdashRun *
load_run(Fixture *fixture, gint64 id)
{
	g_autoptr(GError) error = NULL;
	PerfdashRun *run = perfdash_store_load_run(fixture->base.store, id, &error);
	g_assert_no_error(error);
	return run;
}

static void
add_named_run(GPtrArray *runs, guint hour, const char *benchmark)
{
	g_autoptr(PerfdashRunBuilder)
		builder = store_fixture_start_run("dfw", hour * G_TIME_SPAN_HOUR);
	perfdash_run_builder_add_result(builder, benchmark, "latency", "ms", 1, hour);
	g_autoptr(GPtrArray) built = perfdash_run_builder_end(builder, NULL);
	g_ptr_array_add(runs, g_object_ref(built->pdata[0]));
}

/* of a log that has the newest run first, and whose benchmarks have other names now, the run that
 * another log did not take over stays that run */
static void
test_renamed(void)
{
	g_autoptr(GPtrArray) before = g_ptr_array_new_with_free_func(g_object_unref);
	g_autoptr(GPtrArray) after = g_ptr_array_new_with_free_func(g_object_unref);
	add_named_run(before, 1, "login");
	for (guint hour = 3; hour > 0; hour--)
		add_named_run(after, hour, "sign in");
	g_autoptr(PerfdashPairing) pairing = perfdash_pairing_new_for_runs(before, after);
	g_assert_cmpint(pairing->after[0], ==, 2);
}

/* who hid a run need not do so again */
static void
test_hidden(Fixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	gsize n;
	gint64 id = perfdash_log_record_get_runs(fixture->logs->pdata[5], &n)[0];
	g_assert_true(perfdash_store_hide_runs(fixture->base.store,
					       &id,
					       1,
					       "the wrong disk",
					       "ada",
					       &error));
	reread(fixture, 5, 7000, "dfw");
	g_autoptr(PerfdashRun) same = load_run(fixture, id);
	g_assert_cmpint(perfdash_run_get_standing(same), ==, PERFDASH_STANDING_HIDDEN);
	reread(fixture, 5, 7000, "fra");
	g_autoptr(PerfdashRun) old = load_run(fixture, id);
	g_assert_cmpint(perfdash_run_get_standing(old), ==, PERFDASH_STANDING_REPLACED);
	g_autoptr(PerfdashRun) moved = load_run(fixture, perfdash_run_get_replaced_by(old));
	g_assert_cmpint(perfdash_run_get_standing(moved), ==, PERFDASH_STANDING_HIDDEN);
	PerfdashChangeEvent *event = perfdash_run_get_standing_event(moved);
	g_assert_cmpstr(perfdash_change_event_get_value(event), ==, "the wrong disk");
	g_assert_cmpstr(perfdash_change_event_get_who(event), ==, "ada");
}

/* a run that belongs elsewhere now is one run still */
static void
test_totals(Fixture *fixture, gconstpointer data)
{
	PerfdashTotals before;
	PerfdashTotals after;
	perfdash_store_get_totals(fixture->base.store, &before);
	reread(fixture, 5, 7000, "fra");
	perfdash_store_get_totals(fixture->base.store, &after);
	g_assert_cmpuint(after.runs, ==, before.runs);
	g_assert_cmpuint(after.results, ==, before.results);
	store_fixture_reopen(&fixture->base);
	perfdash_store_get_totals(fixture->base.store, &after);
	g_assert_cmpuint(after.runs, ==, before.runs);
	g_assert_cmpuint(after.results, ==, before.results);
}

/* what becomes of runs and values, by the names of what they are */
static void
test_counts(Fixture *fixture, gconstpointer data)
{
	PerfdashLogRecord *record = g_ptr_array_index(fixture->logs, 0);
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(g_object_unref);
	PerfdashRunBuilder *builder = build_run(0, 1000, "dfw");
	gsize n;
	g_ptr_array_add(runs, load_run(fixture, perfdash_log_record_get_runs(record, &n)[0]));
	perfdash_run_builder_add_result(builder, "new", "size", "B", PERFDASH_DIRECTION_NONE, 3);
	g_autoptr(PerfdashParseResult) parsed = read_log(builder);
	g_autoptr(PerfdashRereading) rereading = perfdash_rereading_new(record, runs, parsed);
	g_assert_false(perfdash_rereading_is_same(rereading));
	g_assert_cmpuint(perfdash_rereading_count_runs(rereading, PERFDASH_REREAD_CHANGED), ==, 1);
	g_assert_cmpuint(perfdash_rereading_count_values(rereading, PERFDASH_REREAD_SAME), ==, 20);
	g_assert_cmpuint(perfdash_rereading_count_values(rereading, PERFDASH_REREAD_APPEARED),
			 ==,
			 1);
	g_assert_cmpuint(perfdash_rereading_get_n_examples(rereading), ==, 1);
}

#define ADD(name, function) g_test_add(name, Fixture, NULL, set_up, function, tear_down)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("/rereading/in-place", test_in_place);
	ADD("/rereading/hidden", test_hidden);
	ADD("/rereading/totals", test_totals);
	ADD("/rereading/counts", test_counts);
	g_test_add_func("/rereading/renamed", test_renamed);
	return g_test_run();
}
