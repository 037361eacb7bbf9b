/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The life of changes: they keep their identity whatever arrives, and what people said of them. */

#include "change-fixture.h"

#include <sqlite3.h>
#include <string.h>

#include "perfdash-error.h"

static gint64
add(StoreFixture *fixture, guint day, double level)
{
	g_autoptr(PerfdashRunBuilder) builder = store_fixture_start_run("dfw", START + day * DAY);
	g_autofree char *build = g_strdup_printf("%u", 1000 + day);
	g_autofree char *revision = g_strdup_printf("%08x", day);
	perfdash_run_builder_set_build(builder, build);
	perfdash_run_builder_set_revision(builder, revision);
	perfdash_run_builder_add_result(builder,
					"GET /cart",
					"latency",
					"s",
					PERFDASH_DIRECTION_LOWER,
					change_fixture_value(level, day));
	return store_fixture_add_one(fixture, builder);
}

/* the run of the first day that is not before begin */
static gint64
add_days(StoreFixture *fixture, guint begin, guint end, double level)
{
	gint64 first = 0;
	for (guint day = begin; day < end; day++) {
		gint64 run = add(fixture, day, level);
		first = first != 0 ? first : run;
	}
	return first;
}

static void
test_found(StoreFixture *fixture, gconstpointer data)
{
	const char *previous;
	gint64 first;
	gint64 last;
	add_days(fixture, 0, 30, 0.030);
	gint64 run = add_days(fixture, 30, 60, 0.036);
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	PerfdashChangePoint *point = perfdash_change_get_point(change);
	g_assert_cmpint(perfdash_change_get_run(change), ==, run);
	g_assert_cmpint(perfdash_change_get_previous_run(change), ==, run - 1);
	g_assert_cmpint(perfdash_change_get_time(change), ==, START + 30 * DAY);
	g_assert_cmpstr(perfdash_change_get_build(change, &previous), ==, "1030");
	g_assert_cmpstr(previous, ==, "1029");
	g_assert_cmpstr(perfdash_change_get_revision(change, &previous), ==, "0000001e");
	g_assert_cmpstr(previous, ==, "0000001d");
	perfdash_change_get_run_range(change, &first, &last);
	g_assert_cmpint(first, <=, run);
	g_assert_cmpint(last, >=, run);
	g_assert_cmpint(perfdash_change_point_get_kind(point), ==, PERFDASH_CHANGE_KIND_REGRESSION);
	g_assert_cmpfloat_with_epsilon(perfdash_change_point_get_change(point, NULL, NULL),
				       0.2,
				       0.01);
	change_fixture_assert_state(change, "new");
	g_autofree char *sentence = perfdash_change_describe(change);
	g_assert_true(g_str_has_prefix(sentence, "GET /cart latency (checkout, dfw) is "));
	g_assert_nonnull(strstr(sentence, "higher, which is worse"));
	g_assert_nonnull(strstr(sentence, "since build 1030 (0000001d..0000001e) of 2023-12-14"));
}

/* the same analysis again, one of everything anew, and one after the store was closed change
 * nothing
 */
static void
test_repeated(StoreFixture *fixture, gconstpointer data)
{
	add_days(fixture, 0, 30, 0.030);
	add_days(fixture, 30, 60, 0.036);
	add_days(fixture, 60, 80, 0.031);
	g_autoptr(GPtrArray) first = change_fixture_find(fixture);
	g_assert_cmpuint(first->len, ==, 2);
	guint64 generation = perfdash_store_get_generation(fixture->store);
	for (guint round = 0; round < 4; round++) {
		if (round == 1)
			g_assert_true(perfdash_store_rebuild(fixture->store, NULL));
		if (round == 2)
			store_fixture_reopen(fixture);
		if (round == 3)
			g_assert_true(perfdash_store_rebuild(fixture->store, NULL));
		g_autoptr(GPtrArray) again = change_fixture_find(fixture);
		g_assert_cmpuint(again->len, ==, 2);
		for (guint i = 0; i < 2; i++) {
			PerfdashChange *one = g_ptr_array_index(first, i);
			PerfdashChange *other = g_ptr_array_index(again, i);
			g_assert_cmpint(one->id, ==, other->id);
			g_assert_cmpint(one->run, ==, other->run);
			g_assert_cmpint(one->detected_at, ==, other->detected_at);
			g_assert_true(perfdash_change_point_equal(one->point, other->point));
		}
		g_assert_cmpuint(perfdash_store_get_generation(fixture->store), ==, generation);
	}
}

/* results that arrive one by one, and late ones that move every index */
static void
test_late(StoreFixture *fixture, gconstpointer data)
{
	add_days(fixture, 20, 40, 0.030);
	add_days(fixture, 40, 60, 0.036);
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	for (guint day = 60; day < 70; day++) {
		add(fixture, day, 0.036);
		g_autoptr(PerfdashChange) again = change_fixture_find_only(fixture);
		g_assert_cmpint(again->id, ==, change->id);
		g_assert_cmpint(again->run, ==, change->run);
	}
	for (guint day = 0; day < 20; day++) {
		add(fixture, 19 - day, 0.030);
		g_autoptr(PerfdashChange) again = change_fixture_find_only(fixture);
		g_assert_cmpint(again->id, ==, change->id);
		g_assert_cmpint(again->run, ==, change->run);
		g_assert_cmpuint(perfdash_change_point_get_index(again->point), ==, 21 + day);
	}
}

static void
test_fixed(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	add_days(fixture, 0, 30, 0.030);
	add_days(fixture, 30, 60, 0.036);
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	g_assert_true(change_fixture_edit(fixture, change->id, "state", "acknowledged", &error));
	/* half of it is not enough */
	add_days(fixture, 60, 80, 0.033);
	change_fixture_find_since(fixture, 0);
	g_autoptr(PerfdashChange)
		half = perfdash_store_load_change(fixture->store, change->id, &error);
	change_fixture_assert_state(half, "acknowledged");
	gint64 back = add_days(fixture, 80, 100, 0.0305);
	change_fixture_find_since(fixture, 0);
	g_autoptr(PerfdashChange)
		fixed = perfdash_store_load_change(fixture->store, change->id, &error);
	change_fixture_assert_state(fixed, "fixed");
	g_assert_cmpint(perfdash_change_get_fixed_run(fixed), ==, back);
	g_autoptr(GPtrArray) changes = change_fixture_list(fixture);
	g_assert_cmpuint(changes->len, ==, 3);
	change_fixture_assert_state(g_ptr_array_index(changes, 0), "new");
}

static void
assert_events(StoreFixture *fixture, gint64 id, const char *expected)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) events = perfdash_store_list_change_events(fixture->store, id, NULL);
	for (guint i = 0; i < events->len; i++) {
		PerfdashChangeEvent *event = g_ptr_array_index(events, i);
		g_string_append_printf(text,
				       "%s:%s=%s;",
				       perfdash_change_event_get_who(event),
				       perfdash_change_event_get_what(event),
				       perfdash_change_event_get_value(event));
	}
	g_assert_cmpstr(text->str, ==, expected);
}

static void
test_edited(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	add_days(fixture, 0, 30, 0.030);
	add_days(fixture, 30, 60, 0.036);
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	g_assert_false(change_fixture_edit(fixture, change->id, "state", "ignored", &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_false(change_fixture_edit(fixture, 99, "owner", "bob", &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
	g_clear_error(&error);
	g_assert_true(change_fixture_edit(fixture, change->id, "owner", "bob", &error));
	g_assert_true(change_fixture_edit(fixture, change->id, "owner", "bob", &error));
	g_autoptr(PerfdashChangeEdit) ignore = perfdash_change_edit_new("ann");
	g_assert_true(perfdash_change_edit_set(ignore, "state", "ignored", NULL));
	g_assert_true(perfdash_change_edit_set(ignore, "reason", "noise", NULL));
	g_assert_true(perfdash_store_update_change(fixture->store, change->id, ignore, &error));
	assert_events(fixture,
		      change->id,
		      ":found=31;ann:owner=bob;ann:reason=noise;ann:state=ignored;");
	store_fixture_reopen(fixture);
	add_days(fixture, 60, 90, 0.036);
	g_autoptr(PerfdashChange) again = change_fixture_find_only(fixture);
	change_fixture_assert_state(again, "ignored");
	g_assert_cmpstr(perfdash_change_get_owner(again), ==, "bob");
	g_assert_cmpstr(perfdash_change_get_reason(again), ==, "noise");
}

static void
test_refused_edits(void)
{
	static const char *const bad[][2] = {{"state", "fixed"},
					     {"state", "unsure"},
					     {"state", "historic"},
					     {"state", "historic"},
					     {"state", "odd"},
					     {"link", "javascript:alert(1)"},
					     {"owner", "two\nlines"},
					     {"note", "\xff"},
					     {"colour", "red"}};
	g_autoptr(PerfdashChangeEdit) edit = perfdash_change_edit_new("ann");
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_false(perfdash_change_edit_set(edit, bad[i][0], bad[i][1], &error));
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	}
	g_assert_true(perfdash_change_edit_set(edit, "link", "https://tracker.example/1", NULL));
	g_assert_true(perfdash_change_edit_set(edit, "link", "", NULL));
}

/* all or none */
static void
test_bulk(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	add_days(fixture, 0, 30, 0.030);
	add_days(fixture, 30, 60, 0.036);
	add_days(fixture, 60, 90, 0.031);
	g_autoptr(GPtrArray) changes = change_fixture_find(fixture);
	g_assert_cmpuint(changes->len, ==, 2);
	gint64 ids[] = {perfdash_change_get_id(g_ptr_array_index(changes, 0)),
			perfdash_change_get_id(g_ptr_array_index(changes, 1)),
			4711};
	g_autoptr(PerfdashChangeEdit) edit = perfdash_change_edit_new("ann");
	g_assert_true(perfdash_change_edit_set(edit, "owner", "bob", NULL));
	g_assert_false(perfdash_store_update_changes(fixture->store, ids, 3, edit, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
	g_clear_error(&error);
	g_autoptr(GPtrArray) before = change_fixture_list(fixture);
	g_assert_cmpstr(perfdash_change_get_owner(g_ptr_array_index(before, 0)), ==, "");
	g_assert_true(perfdash_store_update_changes(fixture->store, ids, 2, edit, &error));
	g_autoptr(GPtrArray) after = change_fixture_list(fixture);
	for (guint i = 0; i < 2; i++)
		g_assert_cmpstr(perfdash_change_get_owner(g_ptr_array_index(after, i)), ==, "bob");
}

static void
test_moved(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	add_days(fixture, 0, 30, 0.030);
	gint64 run = add_days(fixture, 30, 60, 0.036);
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	g_autoptr(PerfdashChangeEdit) move = perfdash_change_edit_new("ann");
	perfdash_change_edit_set_run(move, 4711);
	g_assert_false(perfdash_store_update_change(fixture->store, change->id, move, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	g_clear_error(&error);
	perfdash_change_edit_set_run(move, run - 2);
	g_assert_true(perfdash_store_update_change(fixture->store, change->id, move, &error));
	add_days(fixture, 60, 80, 0.036);
	g_autoptr(PerfdashChange) moved = change_fixture_find_only(fixture);
	g_assert_cmpint(moved->id, ==, change->id);
	g_assert_cmpint(moved->run, ==, run - 2);
	g_assert_true(perfdash_change_is_moved(moved));
	g_assert_cmpstr(perfdash_change_get_build(moved, NULL), ==, "1028");
	perfdash_change_edit_set_run(move, 0);
	g_assert_true(perfdash_store_update_change(fixture->store, change->id, move, &error));
	g_autoptr(PerfdashChange) back = change_fixture_find_only(fixture);
	g_assert_cmpint(back->run, ==, run);
	g_assert_false(perfdash_change_is_moved(back));
}

/* late results show that there was none: it goes, or stays as withdrawn when somebody touched it */
static void
test_withdrawn(StoreFixture *fixture, gconstpointer data)
{
	gboolean is_touched = data != NULL;
	g_autoptr(GError) error = NULL;
	add_days(fixture, 0, 30, 0.030);
	for (guint i = 0; i < 8; i++)
		add(fixture, 300 + i, 0.036);
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	if (is_touched)
		g_assert_true(change_fixture_edit(fixture, change->id, "note", "odd", &error));
	/* what was a step is the top of a long rise */
	for (guint day = 30; day < 300; day++)
		add(fixture, day, 0.030 + 0.006 * (day - 30) / 270);
	g_autoptr(GPtrArray) changes = change_fixture_find(fixture);
	PerfdashChange *again = perfdash_store_load_change(fixture->store, change->id, &error);
	if (is_touched) {
		g_assert_no_error(error);
		change_fixture_assert_state(again, "withdrawn");
		perfdash_change_unref(again);
	} else {
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
	}
}

static void
test_historic(StoreFixture *fixture, gconstpointer data)
{
	add_days(fixture, 0, 30, 0.030);
	add_days(fixture, 30, 60, 0.036);
	add_days(fixture, 60, 90, 0.042);
	change_fixture_find_since(fixture, START + 45 * DAY);
	g_autoptr(GPtrArray) changes = change_fixture_list(fixture);
	g_assert_cmpuint(changes->len, ==, 2);
	change_fixture_assert_state(g_ptr_array_index(changes, 0), "new");
	change_fixture_assert_state(g_ptr_array_index(changes, 1), "historic");
}

static void
test_listed(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	add_days(fixture, 0, 30, 0.030);
	add_days(fixture, 30, 60, 0.036);
	add_days(fixture, 60, 90, 0.031);
	change_fixture_find_since(fixture, 0);
	g_assert_cmpuint(change_fixture_count(fixture, NULL, NULL, NULL, 0), ==, 2);
	g_assert_cmpuint(change_fixture_count(fixture, "lab:dfw", NULL, NULL, 0), ==, 2);
	g_assert_cmpuint(change_fixture_count(fixture, "lab:iad", NULL, NULL, 0), ==, 0);
	g_assert_cmpuint(change_fixture_count(fixture, NULL, "new", NULL, 0), ==, 1);
	g_assert_cmpuint(change_fixture_count(fixture, NULL, "fixed", "regression", 0), ==, 1);
	g_assert_cmpuint(change_fixture_count(fixture, NULL, NULL, "improvement", 0), ==, 1);
	g_assert_cmpuint(change_fixture_count(fixture, NULL, NULL, NULL, START + 45 * DAY), ==, 1);
	g_assert_null(perfdash_store_list_changes(fixture->store, NULL, "odd", NULL, 0, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_null(perfdash_store_list_changes(fixture->store, NULL, NULL, "odd", 0, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_null(perfdash_store_list_series_changes(fixture->store, "odd", &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
}

static gpointer
find_thread(gpointer data)
{
	StoreFixture *fixture = data;
	for (guint i = 0; i < 40; i++)
		change_fixture_find_since(fixture, 0);
	return NULL;
}

/* results arrive, are analysed and judged at the same time */
static void
test_concurrent(StoreFixture *fixture, gconstpointer data)
{
	add_days(fixture, 0, 30, 0.030);
	add_days(fixture, 30, 40, 0.036);
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	GThread *one = g_thread_new("find", find_thread, fixture);
	GThread *other = g_thread_new("find", find_thread, fixture);
	for (guint day = 40; day < 80; day++) {
		g_autofree char *note = g_strdup_printf("day %u", day);
		add(fixture, day, 0.036);
		g_assert_true(change_fixture_edit(fixture, change->id, "note", note, NULL));
	}
	g_thread_join(one);
	g_thread_join(other);
	g_autoptr(PerfdashChange) again = change_fixture_find_only(fixture);
	g_assert_cmpint(again->id, ==, change->id);
	g_assert_cmpstr(perfdash_change_get_note(again), ==, "day 79");
}

static PerfdashSummary *
load_summary(StoreFixture *fixture, PerfdashChange *change)
{
	g_autoptr(GError) error = NULL;
	const char *id = perfdash_series_info_get_id(perfdash_change_get_info(change));
	PerfdashSummary *summary = perfdash_store_load_summary(fixture->store, id, &error);
	g_assert_no_error(error);
	return summary;
}

/* a list knows at once of what was found and what somebody said, though no result came */
static void
test_summary(StoreFixture *fixture, gconstpointer data)
{
	add_days(fixture, 0, 30, 0.030);
	add_days(fixture, 30, 45, 0.036);
	g_autoptr(GPtrArray) none = change_fixture_list(fixture);
	g_assert_cmpuint(none->len, ==, 0);
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	g_autoptr(PerfdashSummary) found = load_summary(fixture, change);
	PerfdashBaseline *baseline = perfdash_summary_get_baseline(found);
	g_assert_cmpint(perfdash_baseline_get_verdict(baseline), ==, PERFDASH_VERDICT_WORSE);
	change_fixture_assert_state(perfdash_summary_get_open_change(found), "new");
	g_assert_true(change_fixture_edit(fixture, change->id, "state", "acknowledged", NULL));
	g_autoptr(PerfdashSummary) acknowledged = load_summary(fixture, change);
	change_fixture_assert_state(perfdash_summary_get_open_change(acknowledged), "acknowledged");
	g_autoptr(PerfdashChangeEdit) ignore = perfdash_change_edit_new("ann");
	g_assert_true(perfdash_change_edit_set(ignore, "state", "ignored", NULL));
	g_assert_true(perfdash_change_edit_set(ignore, "reason", "another machine", NULL));
	g_assert_true(perfdash_store_update_change(fixture->store, change->id, ignore, NULL));
	g_autoptr(PerfdashSummary) ignored = load_summary(fixture, change);
	g_assert_null(perfdash_summary_get_open_change(ignored));
}

/* what is said of a change concerns the summary of its series, and not its results: they are read
 * again only when there are others */
static void
test_unread(StoreFixture *fixture, gconstpointer data)
{
	add_days(fixture, 0, 30, 0.030);
	add_days(fixture, 30, 60, 0.036);
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	const char *id = perfdash_series_info_get_id(perfdash_change_get_info(change));
	g_autoptr(PerfdashSeries) before = perfdash_store_load_series(fixture->store, id, NULL);
	g_assert_true(change_fixture_edit(fixture, change->id, "state", "acknowledged", NULL));
	g_autoptr(PerfdashSeries) after = perfdash_store_load_series(fixture->store, id, NULL);
	g_assert_true(before == after);
	g_autoptr(PerfdashSummary) summary = load_summary(fixture, change);
	change_fixture_assert_state(perfdash_summary_get_open_change(summary), "acknowledged");
	add_days(fixture, 60, 61, 0.036);
	g_autoptr(PerfdashSeries) more = perfdash_store_load_series(fixture->store, id, NULL);
	g_assert_cmpuint(perfdash_series_get_length(more), ==, 61);
}

static const struct {
	const char *name;
	void (*run)(StoreFixture *, gconstpointer);
	gconstpointer data;
} cases[] = {
	{"found", test_found, NULL},
	{"repeated", test_repeated, NULL},
	{"late", test_late, NULL},
	{"fixed", test_fixed, NULL},
	{"edited", test_edited, NULL},
	{"bulk", test_bulk, NULL},
	{"moved", test_moved, NULL},
	{"withdrawn", test_withdrawn, "touched"},
	{"gone", test_withdrawn, NULL},
	{"historic", test_historic, NULL},
	{"listed", test_listed, NULL},
	{"summary", test_summary, NULL},
	{"unread", test_unread, NULL},
	{"concurrent", test_concurrent, NULL},
};

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/changes/refused-edits", test_refused_edits);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = g_strdup_printf("/changes/%s", cases[i].name);
		g_test_add(name,
			   StoreFixture,
			   cases[i].data,
			   store_fixture_set_up,
			   cases[i].run,
			   store_fixture_tear_down);
	}
	return g_test_run();
}
