/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A person hides a run, and all that is made of series is as if it had never come; and takes it
 * back, and all is as it was. */

#include "change-fixture.h"

#include <string.h>

#include "perfdash-comparison-list.h"
#include "perfdash-error.h"

#define METRIC "latency"

static void
describe_run(PerfdashRunBuilder *builder, const char *metric, guint day, double value)
{
	g_autofree char *build = g_strdup_printf("%u", 1000 + day);
	perfdash_run_builder_set_label(builder, "lab", "dfw");
	perfdash_run_builder_set_label(builder, "suite", "checkout");
	perfdash_run_builder_set_started_at(builder, START + day * DAY);
	perfdash_run_builder_set_build(builder, build);
	perfdash_run_builder_set_environment(builder, "kernel", day < 30 ? "6.1.0" : "6.1.1");
	perfdash_run_builder_add_result(builder,
					"GET /cart",
					metric,
					"s",
					PERFDASH_DIRECTION_LOWER,
					value);
}

static gint64
add_of(StoreFixture *fixture, const char *metric, guint day, double value)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	describe_run(builder, metric, day, value);
	return store_fixture_add_one(fixture, builder);
}

static gint64
add(StoreFixture *fixture, guint day, double level)
{
	return add_of(fixture, METRIC, day, change_fixture_value(level, day));
}

/* the first run of a log */
static gint64
add_all(StoreFixture *fixture, PerfdashRunBuilder *builder)
{
	g_autoptr(GError) error = NULL;
	gsize n;
	g_autoptr(PerfdashLogRecord) record = store_fixture_add(fixture, builder, &error);
	g_assert_no_error(error);
	return perfdash_log_record_get_runs(record, &n)[0];
}

/* the run of the first day */
static gint64
add_days(StoreFixture *fixture, guint begin, guint end, double level)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	for (guint day = begin; day < end; day++) {
		if (day > begin)
			perfdash_run_builder_next_run(builder);
		describe_run(builder, METRIC, day, change_fixture_value(level, day));
	}
	return add_all(fixture, builder);
}

static void
hide(StoreFixture *fixture, gint64 first, gsize n)
{
	g_autoptr(GError) error = NULL;
	g_autofree gint64 *ids = g_new(gint64, n + 1);
	for (gsize i = 0; i < n; i++)
		ids[i] = first + i;
	perfdash_store_hide_runs(fixture->store, ids, n, "wrong machine", "ann", &error);
	g_assert_no_error(error);
}

static void
show(StoreFixture *fixture, gint64 first, gsize n)
{
	g_autoptr(GError) error = NULL;
	g_autofree gint64 *ids = g_new(gint64, n + 1);
	for (gsize i = 0; i < n; i++)
		ids[i] = first + i;
	perfdash_store_show_runs(fixture->store, ids, n, "bob", &error);
	g_assert_no_error(error);
}

static char *
series_id(void)
{
	g_autoptr(PerfdashLabels) labels = perfdash_labels_new();
	static const char *const pairs[][2] = {{"lab", "dfw"},
					       {"suite", "checkout"},
					       {"benchmark", "GET /cart"},
					       {"metric", METRIC}};
	for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
		g_autoptr(PerfdashLabels) before = labels;
		labels = perfdash_labels_with(before, pairs[i][0], pairs[i][1], NULL);
	}
	g_autoptr(PerfdashSeriesInfo)
		info = perfdash_series_info_new(labels, "s", PERFDASH_DIRECTION_LOWER);
	return g_strdup(perfdash_series_info_get_id(info));
}

static PerfdashSeries *
load(StoreFixture *fixture)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *id = series_id();
	PerfdashSeries *series = perfdash_store_load_series(fixture->store, id, &error);
	g_assert_no_error(error);
	return series;
}

static void
print_changes(GString *text, StoreFixture *fixture)
{
	g_autoptr(GPtrArray) changes = change_fixture_find(fixture);
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		g_autofree char *sentence = perfdash_change_describe(change);
		PerfdashChangePoint *point = perfdash_change_get_point(change);
		g_string_append_printf(text,
				       "%s at %" G_GINT64_FORMAT ", %.17g to %.17g, p %g\n",
				       sentence,
				       perfdash_change_get_time(change),
				       perfdash_change_point_get_before(point, NULL, NULL),
				       perfdash_change_point_get_after(point, NULL, NULL),
				       perfdash_change_get_p_adjusted(change));
	}
}

/* the month before the step with that after it */
static void
print_comparison(GString *text, StoreFixture *fixture)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashSelector)
		selector = perfdash_selector_new((const char *const[]){NULL}, NULL, &error);
	g_autoptr(PerfdashComparisonList) list = perfdash_comparison_list_new(fixture->store,
									      selector,
									      "build:~^10[0-2]",
									      "build:~^10[3-5]",
									      0.02,
									      &error);
	if (list == NULL) {
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
		return;
	}
	for (guint i = 0; i < perfdash_comparison_list_get_length(list); i++) {
		PerfdashComparison *row = perfdash_comparison_list_get_comparison(list, i);
		g_string_append_printf(text,
				       "%u to %u runs: %.17g to %.17g, p %g\n",
				       (guint)perfdash_comparison_get_n_before(row),
				       (guint)perfdash_comparison_get_n_after(row),
				       perfdash_comparison_get_before(row),
				       perfdash_comparison_get_after(row),
				       perfdash_comparison_get_p(row));
	}
}

static void
print_summary(GString *text, StoreFixture *fixture)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *id = series_id();
	g_autoptr(PerfdashSummary)
		summary = perfdash_store_load_summary(fixture->store, id, &error);
	double before;
	double after;
	double change;
	gsize n;
	g_assert_no_error(error);
	const double *spark = perfdash_summary_get_spark(summary, &n);
	perfdash_summary_get_week(summary, &before, &after, &change);
	g_string_append_printf(text,
			       "%u results, last %.17g of build %s; week %.17g to %.17g; spark",
			       (guint)perfdash_summary_get_length(summary),
			       perfdash_summary_get_last_value(summary),
			       perfdash_summary_get_last_build(summary),
			       before,
			       after);
	for (gsize i = 0; i < n; i++)
		g_string_append_printf(text, " %.17g", spark[i]);
	g_string_append(text, "\n");
}

/* everything that is said of the series, but ids */
static char *
describe(StoreFixture *fixture)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(PerfdashSeries) series = load(fixture);
	gsize n;
	const double *values = perfdash_series_get_values(series, &n);
	const gint64 *times = perfdash_series_get_times(series, &n);
	for (gsize i = 0; i < n; i++)
		g_string_append_printf(text,
				       "%" G_GINT64_FORMAT " %.17g %s\n",
				       times[i],
				       values[i],
				       perfdash_series_get_build(series, i));
	print_changes(text, fixture);
	print_summary(text, fixture);
	print_comparison(text, fixture);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
assert_said(StoreFixture *fixture, const char *expected)
{
	g_autofree char *said = describe(fixture);
	g_assert_cmpstr(said, ==, expected);
}

static void
assert_same(StoreFixture *fixture, StoreFixture *other)
{
	g_autofree char *expected = describe(other);
	assert_said(fixture, expected);
}

static void
flush(StoreFixture *fixture)
{
	g_assert_true(perfdash_store_flush(fixture->store, NULL));
}

/* a step, and on the way bad runs: what is said is what a store says in which they never came; when
 * they are shown again, it is what was said at first. data: the runs are in segments, not in the
 * tail */
static void
test_never_came(StoreFixture *fixture, gconstpointer data)
{
	StoreFixture other = {0};
	store_fixture_set_up(&other, NULL);
	add_days(fixture, 0, 20, 0.030);
	gint64 bad = add(fixture, 20, 0.300);
	add(fixture, 21, 0.300);
	add_days(fixture, 22, 30, 0.030);
	add_days(fixture, 30, 60, 0.036);
	add_days(&other, 0, 20, 0.030);
	add_days(&other, 22, 30, 0.030);
	add_days(&other, 30, 60, 0.036);
	if (data != NULL)
		flush(fixture);
	g_autofree char *first = describe(fixture);
	g_autofree char *cleaned = describe(&other);
	g_assert_cmpstr(first, !=, cleaned);
	hide(fixture, bad, 2);
	assert_said(fixture, cleaned);
	store_fixture_reopen(fixture);
	assert_said(fixture, cleaned);
	g_assert_true(perfdash_store_rebuild(fixture->store, NULL));
	assert_said(fixture, cleaned);
	show(fixture, bad, 2);
	assert_said(fixture, first);
	store_fixture_reopen(fixture);
	assert_said(fixture, first);
	hide(fixture, bad, 2);
	/* late ones, too */
	for (guint day = 60; day < 70; day++) {
		add(fixture, day % 2 ? 129 - day : day, 0.036);
		add(&other, day % 2 ? 129 - day : day, 0.036);
		assert_same(fixture, &other);
	}
	store_fixture_tear_down(&other, NULL);
}

/* one run is hidden in place of another: there are as many results as before, and the last one is
 * the same, but what is long past changed */
static void
test_exchanged(StoreFixture *fixture, gconstpointer data)
{
	StoreFixture other = {0};
	store_fixture_set_up(&other, NULL);
	gint64 first = add_days(fixture, 0, 300, 0.030);
	add_days(fixture, 300, 900, 0.036);
	add_days(&other, 0, 299, 0.030);
	add_days(&other, 300, 900, 0.036);
	hide(fixture, first, 1);
	change_fixture_find_since(fixture, 0);
	show(fixture, first, 1);
	hide(fixture, first + 299, 1);
	assert_same(fixture, &other);
	store_fixture_tear_down(&other, NULL);
}

static void
test_newest(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *id = series_id();
	add_days(fixture, 0, 20, 0.030);
	gint64 newest = add(fixture, 20, 0.3);
	hide(fixture, newest, 1);
	g_autoptr(PerfdashSummary)
		summary = perfdash_store_load_summary(fixture->store, id, &error);
	g_assert_no_error(error);
	g_assert_cmpint(perfdash_summary_get_last_run(summary), ==, newest - 1);
	g_assert_cmpfloat(perfdash_summary_get_last_value(summary),
			  ==,
			  change_fixture_value(0.030, 19));
	g_assert_cmpuint(perfdash_summary_get_length(summary), ==, 20);
}

static guint
count_series(StoreFixture *fixture)
{
	PerfdashTotals totals;
	g_autoptr(GPtrArray) infos = perfdash_store_list_series(fixture->store, NULL, NULL);
	perfdash_store_get_totals(fixture->store, &totals);
	g_assert_cmpuint(totals.series, ==, infos->len);
	return infos->len;
}

static guint
count_active(StoreFixture *fixture, guint day)
{
	g_autoptr(GPtrArray) infos = perfdash_store_list_active_series(fixture->store,
								       START + day * DAY,
								       START + (day + 1) * DAY,
								       NULL);
	return infos->len;
}

/* a series without a run that is shown is in no list, but still there for who has its id */
static void
test_all(StoreFixture *fixture, gconstpointer data)
{
	gint64 first = add_days(fixture, 0, 20, 0.030);
	add_days(fixture, 20, 40, 0.036);
	gint64 errors = add_of(fixture, "errors", 40, 3);
	g_autofree char *said = describe(fixture);
	g_assert_cmpuint(count_series(fixture), ==, 2);
	g_assert_cmpuint(count_active(fixture, 3), ==, 1);
	hide(fixture, first, 40);
	g_assert_cmpuint(count_series(fixture), ==, 1);
	g_assert_cmpuint(count_active(fixture, 3), ==, 0);
	for (guint round = 0; round < 2; round++) {
		g_autoptr(PerfdashSeries) series = load(fixture);
		g_autofree char *nothing = describe(fixture);
		g_autoptr(GPtrArray) changes = change_fixture_find(fixture);
		g_assert_cmpuint(perfdash_series_get_length(series), ==, 0);
		g_assert_cmpuint(changes->len, ==, 0);
		store_fixture_reopen(fixture);
		g_assert_cmpuint(count_series(fixture), ==, 1);
	}
	show(fixture, first, 40);
	assert_said(fixture, said);
	hide(fixture, first, 40);
	hide(fixture, errors, 1);
	g_assert_cmpuint(count_series(fixture), ==, 0);
	add(fixture, 50, 0.030);
	g_assert_cmpuint(count_series(fixture), ==, 1);
	g_autoptr(PerfdashSeries) series = load(fixture);
	g_assert_cmpuint(perfdash_series_get_length(series), ==, 1);
}

/* the first runs of the new level are hidden: the change is the same, and begins with the next one;
 * also when somebody has its hand on it */
static void
test_pointed_at(StoreFixture *fixture, gconstpointer data)
{
	add_days(fixture, 0, 30, 0.030);
	gint64 step = add_days(fixture, 30, 60, 0.036);
	gint64 fix = add_days(fixture, 60, 90, 0.030);
	change_fixture_find_since(fixture, 0);
	g_autoptr(GPtrArray) found = change_fixture_list(fixture);
	PerfdashChange *before = g_ptr_array_index(found, 1);
	g_assert_cmpint(before->run, ==, step);
	g_assert_cmpint(before->fixed_run, ==, fix);
	g_assert_true(change_fixture_edit(fixture, before->id, "owner", "bob", NULL));
	hide(fixture, step - 1, 8);
	hide(fixture, fix, 1);
	change_fixture_find_since(fixture, 0);
	g_autoptr(PerfdashChange)
		after = perfdash_store_load_change(fixture->store, before->id, NULL);
	g_assert_cmpint(after->run, ==, step + 7);
	g_assert_cmpint(after->found_run, ==, step + 7);
	g_assert_cmpint(after->previous_run, ==, step - 2);
	g_assert_cmpint(after->fixed_run, ==, fix + 1);
	g_assert_cmpstr(perfdash_change_get_owner(after), ==, "bob");
	change_fixture_assert_state(after, "fixed");
	show(fixture, step - 1, 8);
	show(fixture, fix, 1);
	change_fixture_find_since(fixture, 0);
	g_autoptr(PerfdashChange)
		again = perfdash_store_load_change(fixture->store, before->id, NULL);
	g_assert_cmpint(again->run, ==, step);
	g_assert_cmpint(again->previous_run, ==, step - 1);
	g_assert_cmpint(again->fixed_run, ==, fix);
	g_assert_true(perfdash_change_point_equal(again->point, before->point));
}

/* where somebody put a change it stays; what was another thing around it is still told */
static void
test_moved(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	add_days(fixture, 0, 30, 0.030);
	gint64 step = add_days(fixture, 30, 60, 0.036);
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	g_autoptr(PerfdashChangeEdit) move = perfdash_change_edit_new("ann");
	perfdash_change_edit_set_run(move, step + 2);
	g_assert_true(perfdash_store_update_change(fixture->store, change->id, move, &error));
	hide(fixture, step, 3);
	g_autoptr(PerfdashChange) moved = change_fixture_find_only(fixture);
	g_assert_cmpint(moved->id, ==, change->id);
	g_assert_cmpint(moved->run, ==, step + 2);
	g_assert_cmpint(moved->found_run, ==, step + 3);
	g_autoptr(GPtrArray) causes = perfdash_store_list_causes(fixture->store, moved, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(causes->len, ==, 1);
	g_assert_cmpstr(perfdash_cause_get_key(g_ptr_array_index(causes, 0)), ==, "kernel");
}

static void
assert_events(StoreFixture *fixture, gint64 run, const char *expected)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) events = perfdash_store_list_run_events(fixture->store, run, NULL);
	for (guint i = 0; i < events->len; i++) {
		PerfdashChangeEvent *event = g_ptr_array_index(events, i);
		g_assert_cmpint(perfdash_change_event_get_time(event), >, START);
		g_string_append_printf(text,
				       "%s:%s=%s;",
				       perfdash_change_event_get_who(event),
				       perfdash_change_event_get_what(event),
				       perfdash_change_event_get_value(event));
	}
	g_assert_cmpstr(text->str, ==, expected);
}

static guint
count_runs(StoreFixture *fixture, const char *standing)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray)
		runs = perfdash_store_list_runs(fixture->store, NULL, standing, 0, 100, &error);
	g_assert_no_error(error);
	return runs->len;
}

static void
test_history(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	gint64 first = add_days(fixture, 0, 5, 0.030);
	gint64 run = first + 2;
	hide(fixture, run, 1);
	guint64 generation = perfdash_store_get_generation(fixture->store);
	g_assert_true(perfdash_store_hide_runs(fixture->store, &run, 1, "no", "eve", &error));
	show(fixture, first, 1);
	hide(fixture, first, 0);
	g_assert_cmpuint(perfdash_store_get_generation(fixture->store), ==, generation);
	store_fixture_reopen(fixture);
	g_assert_cmpuint(perfdash_store_get_generation(fixture->store), ==, generation);
	g_autoptr(PerfdashRun) hidden = perfdash_store_load_run(fixture->store, run, &error);
	PerfdashChangeEvent *event = perfdash_run_get_standing_event(hidden);
	g_assert_cmpint(perfdash_run_get_standing(hidden), ==, PERFDASH_STANDING_HIDDEN);
	g_assert_cmpuint(perfdash_run_get_n_results(hidden), ==, 1);
	g_assert_cmpstr(perfdash_change_event_get_who(event), ==, "ann");
	g_assert_cmpstr(perfdash_change_event_get_value(event), ==, "wrong machine");
	g_assert_cmpuint(count_runs(fixture, NULL), ==, 5);
	g_assert_cmpuint(count_runs(fixture, "shown"), ==, 4);
	g_assert_cmpuint(count_runs(fixture, "hidden"), ==, 1);
	g_assert_cmpuint(count_runs(fixture, "replaced"), ==, 0);
	g_autofree char *id = series_id();
	hide(fixture, add_of(fixture, "errors", 6, 3), 1);
	g_autoptr(GPtrArray) own = perfdash_store_list_hidden_runs(fixture->store, id, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(own->len, ==, 1);
	PerfdashResult *result = perfdash_run_get_result(g_ptr_array_index(own, 0), 0);
	g_assert_cmpint(perfdash_run_get_id(g_ptr_array_index(own, 0)), ==, run);
	g_assert_cmpfloat(perfdash_result_get_value(result), ==, change_fixture_value(0.030, 2));
	g_assert_null(perfdash_store_list_runs(fixture->store, NULL, "odd", 0, 9, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	show(fixture, run, 1);
	g_autoptr(PerfdashRun) shown = perfdash_store_load_run(fixture->store, run, NULL);
	g_assert_cmpint(perfdash_run_get_standing(shown), ==, PERFDASH_STANDING_SHOWN);
	g_assert_null(perfdash_run_get_standing_event(shown));
	assert_events(fixture, run, "ann:hidden=wrong machine;bob:shown=;");
	assert_events(fixture, first, "");
}

/* all or none */
static void
test_refused(StoreFixture *fixture, gconstpointer data)
{
	gint64 ids[] = {add_days(fixture, 0, 5, 0.030), 4711};
	const struct {
		gsize n;
		const char *reason;
		PerfdashError code;
		const char *words;
	} rows[] = {
		{2, "broken", PERFDASH_ERROR_NOT_FOUND, "there is no run 4711"},
		{1, "", PERFDASH_ERROR_INVALID, "say why"},
		{1, "two\nlines", PERFDASH_ERROR_INVALID, "reason"},
	};
	g_autofree char *said = describe(fixture);
	guint64 generation = perfdash_store_get_generation(fixture->store);
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_false(perfdash_store_hide_runs(fixture->store,
							ids,
							rows[i].n,
							rows[i].reason,
							"ann",
							&error));
		g_assert_error(error, PERFDASH_ERROR, (int)rows[i].code);
		g_assert_nonnull(strstr(error->message, rows[i].words));
	}
	assert_said(fixture, said);
	assert_events(fixture, ids[0], "");
	g_assert_cmpuint(perfdash_store_get_generation(fixture->store), ==, generation);
	store_fixture_reopen(fixture);
	assert_said(fixture, said);
}

static gpointer
find_thread(gpointer data)
{
	change_fixture_find_since(data, 0);
	return NULL;
}

/* runs are hidden and shown while they are analysed: what is found afterwards is in the runs that
 * are left */
static void
test_concurrent(StoreFixture *fixture, gconstpointer data)
{
	const guint n_series = 100;
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	for (guint day = 0; day < 60; day++) {
		double level = day < 30 ? 0.030 : 0.036;
		if (day > 0)
			perfdash_run_builder_next_run(builder);
		for (guint i = 0; i < n_series; i++) {
			g_autofree char *metric = g_strdup_printf("latency-%u", i);
			describe_run(builder, metric, day, change_fixture_value(level, day + i));
		}
	}
	gint64 bad = add_all(fixture, builder) + 30;
	for (guint round = 0; round < 10; round++) {
		GThread *finder = g_thread_new("find", find_thread, fixture);
		g_usleep(round * 500);
		if (round % 2 == 0)
			hide(fixture, bad, 30);
		else
			show(fixture, bad, 30);
		g_thread_join(finder);
		g_autoptr(GPtrArray) changes = change_fixture_find(fixture);
		g_assert_cmpuint(changes->len, ==, round % 2 == 0 ? 0 : n_series);
	}
}

static const struct {
	const char *name;
	void (*run)(StoreFixture *, gconstpointer);
	gconstpointer data;
} cases[] = {
	{"never-came", test_never_came, NULL},
	{"never-came-in-segments", test_never_came, "segments"},
	{"exchanged", test_exchanged, NULL},
	{"newest", test_newest, NULL},
	{"all", test_all, NULL},
	{"pointed-at", test_pointed_at, NULL},
	{"moved", test_moved, NULL},
	{"history", test_history, NULL},
	{"refused", test_refused, NULL},
	{"concurrent", test_concurrent, NULL},
};

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = g_strdup_printf("/hidden-runs/%s", cases[i].name);
		g_test_add(name,
			   StoreFixture,
			   cases[i].data,
			   store_fixture_set_up,
			   cases[i].run,
			   store_fixture_tear_down);
	}
	return g_test_run();
}
