/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The life of changes: they keep their identity whatever arrives, and what people said of them. */

#include "store-fixture.h"

#include <sqlite3.h>
#include <string.h>

#include "perfdash-change-private.h"
#include "perfdash-error.h"

#define DAY   (24 * G_TIME_SPAN_HOUR)
#define START G_GINT64_CONSTANT(1700000000000000)

/* noise that is the same each time: up to 1 % of the level */
static double
value_at(double level, guint i)
{
	guint hash = (i + 1) * 2654435761u;
	return level * (0.99 + (hash >> 16) % 1000 * 0.00002);
}

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
					value_at(level, day));
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

static GPtrArray *
list(StoreFixture *fixture)
{
	g_autoptr(GError) error = NULL;
	GPtrArray *changes =
		perfdash_store_list_changes(fixture->store, NULL, NULL, NULL, 0, &error);
	g_assert_no_error(error);
	return changes;
}

static void
find_since(StoreFixture *fixture, gint64 since)
{
	g_autoptr(GError) error = NULL;
	perfdash_store_find_changes(fixture->store, since, NULL, &error);
	g_assert_no_error(error);
}

static GPtrArray *
find(StoreFixture *fixture)
{
	find_since(fixture, 0);
	return list(fixture);
}

static void
assert_state(PerfdashChange *change, const char *state)
{
	g_assert_cmpstr(perfdash_change_state_to_string(perfdash_change_get_state(change)),
			==,
			state);
}

static PerfdashChange *
find_only(StoreFixture *fixture)
{
	g_autoptr(GPtrArray) changes = find(fixture);
	g_assert_cmpuint(changes->len, ==, 1);
	return perfdash_change_ref(g_ptr_array_index(changes, 0));
}

static gboolean
edit(StoreFixture *fixture, gint64 id, const char *field, const char *value, GError **error)
{
	g_autoptr(PerfdashChangeEdit) edit = perfdash_change_edit_new("ann");
	g_assert_true(perfdash_change_edit_set(edit, field, value, NULL));
	return perfdash_store_update_change(fixture->store, id, edit, error);
}

static void
test_found(StoreFixture *fixture, gconstpointer data)
{
	const char *previous;
	gint64 first;
	gint64 last;
	add_days(fixture, 0, 30, 0.030);
	gint64 run = add_days(fixture, 30, 60, 0.036);
	g_autoptr(PerfdashChange) change = find_only(fixture);
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
	assert_state(change, "new");
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
	g_autoptr(GPtrArray) first = find(fixture);
	g_assert_cmpuint(first->len, ==, 2);
	guint64 generation = perfdash_store_get_generation(fixture->store);
	for (guint round = 0; round < 4; round++) {
		if (round == 1)
			g_assert_true(perfdash_store_rebuild(fixture->store, NULL));
		if (round == 2)
			store_fixture_reopen(fixture);
		if (round == 3)
			g_assert_true(perfdash_store_rebuild(fixture->store, NULL));
		g_autoptr(GPtrArray) again = find(fixture);
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
	g_autoptr(PerfdashChange) change = find_only(fixture);
	for (guint day = 60; day < 70; day++) {
		add(fixture, day, 0.036);
		g_autoptr(PerfdashChange) again = find_only(fixture);
		g_assert_cmpint(again->id, ==, change->id);
		g_assert_cmpint(again->run, ==, change->run);
	}
	for (guint day = 0; day < 20; day++) {
		add(fixture, 19 - day, 0.030);
		g_autoptr(PerfdashChange) again = find_only(fixture);
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
	g_autoptr(PerfdashChange) change = find_only(fixture);
	g_assert_true(edit(fixture, change->id, "state", "acknowledged", &error));
	/* half of it is not enough */
	add_days(fixture, 60, 80, 0.033);
	find_since(fixture, 0);
	g_autoptr(PerfdashChange)
		half = perfdash_store_load_change(fixture->store, change->id, &error);
	assert_state(half, "acknowledged");
	gint64 back = add_days(fixture, 80, 100, 0.0305);
	find_since(fixture, 0);
	g_autoptr(PerfdashChange)
		fixed = perfdash_store_load_change(fixture->store, change->id, &error);
	assert_state(fixed, "fixed");
	g_assert_cmpint(perfdash_change_get_fixed_run(fixed), ==, back);
	g_autoptr(GPtrArray) changes = list(fixture);
	g_assert_cmpuint(changes->len, ==, 3);
	assert_state(g_ptr_array_index(changes, 0), "new");
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
	g_autoptr(PerfdashChange) change = find_only(fixture);
	g_assert_false(edit(fixture, change->id, "state", "ignored", &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_false(edit(fixture, 99, "owner", "bob", &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
	g_clear_error(&error);
	g_assert_true(edit(fixture, change->id, "owner", "bob", &error));
	g_assert_true(edit(fixture, change->id, "owner", "bob", &error));
	g_autoptr(PerfdashChangeEdit) ignore = perfdash_change_edit_new("ann");
	g_assert_true(perfdash_change_edit_set(ignore, "state", "ignored", NULL));
	g_assert_true(perfdash_change_edit_set(ignore, "reason", "noise", NULL));
	g_assert_true(perfdash_store_update_change(fixture->store, change->id, ignore, &error));
	assert_events(fixture,
		      change->id,
		      ":found=31;ann:owner=bob;ann:reason=noise;ann:state=ignored;");
	store_fixture_reopen(fixture);
	add_days(fixture, 60, 90, 0.036);
	g_autoptr(PerfdashChange) again = find_only(fixture);
	assert_state(again, "ignored");
	g_assert_cmpstr(perfdash_change_get_owner(again), ==, "bob");
	g_assert_cmpstr(perfdash_change_get_reason(again), ==, "noise");
}

static void
test_refused_edits(void)
{
	static const char *const bad[][2] = {{"state", "fixed"},
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
	g_autoptr(GPtrArray) changes = find(fixture);
	g_assert_cmpuint(changes->len, ==, 2);
	gint64 ids[] = {perfdash_change_get_id(g_ptr_array_index(changes, 0)),
			perfdash_change_get_id(g_ptr_array_index(changes, 1)),
			4711};
	g_autoptr(PerfdashChangeEdit) edit = perfdash_change_edit_new("ann");
	g_assert_true(perfdash_change_edit_set(edit, "owner", "bob", NULL));
	g_assert_false(perfdash_store_update_changes(fixture->store, ids, 3, edit, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
	g_clear_error(&error);
	g_autoptr(GPtrArray) before = list(fixture);
	g_assert_cmpstr(perfdash_change_get_owner(g_ptr_array_index(before, 0)), ==, "");
	g_assert_true(perfdash_store_update_changes(fixture->store, ids, 2, edit, &error));
	g_autoptr(GPtrArray) after = list(fixture);
	for (guint i = 0; i < 2; i++)
		g_assert_cmpstr(perfdash_change_get_owner(g_ptr_array_index(after, i)), ==, "bob");
}

static void
test_moved(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	add_days(fixture, 0, 30, 0.030);
	gint64 run = add_days(fixture, 30, 60, 0.036);
	g_autoptr(PerfdashChange) change = find_only(fixture);
	g_autoptr(PerfdashChangeEdit) move = perfdash_change_edit_new("ann");
	perfdash_change_edit_set_run(move, 4711);
	g_assert_false(perfdash_store_update_change(fixture->store, change->id, move, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	g_clear_error(&error);
	perfdash_change_edit_set_run(move, run - 2);
	g_assert_true(perfdash_store_update_change(fixture->store, change->id, move, &error));
	add_days(fixture, 60, 80, 0.036);
	g_autoptr(PerfdashChange) moved = find_only(fixture);
	g_assert_cmpint(moved->id, ==, change->id);
	g_assert_cmpint(moved->run, ==, run - 2);
	g_assert_true(perfdash_change_is_moved(moved));
	g_assert_cmpstr(perfdash_change_get_build(moved, NULL), ==, "1028");
	perfdash_change_edit_set_run(move, 0);
	g_assert_true(perfdash_store_update_change(fixture->store, change->id, move, &error));
	g_autoptr(PerfdashChange) back = find_only(fixture);
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
	g_autoptr(PerfdashChange) change = find_only(fixture);
	if (is_touched)
		g_assert_true(edit(fixture, change->id, "note", "odd", &error));
	/* what was a step is the top of a long rise */
	for (guint day = 30; day < 300; day++)
		add(fixture, day, 0.030 + 0.006 * (day - 30) / 270);
	g_autoptr(GPtrArray) changes = find(fixture);
	PerfdashChange *again = perfdash_store_load_change(fixture->store, change->id, &error);
	if (is_touched) {
		g_assert_no_error(error);
		assert_state(again, "withdrawn");
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
	find_since(fixture, START + 45 * DAY);
	g_autoptr(GPtrArray) changes = list(fixture);
	g_assert_cmpuint(changes->len, ==, 2);
	assert_state(g_ptr_array_index(changes, 0), "new");
	assert_state(g_ptr_array_index(changes, 1), "historic");
}

static guint
count(StoreFixture *fixture, const char *match, const char *state, const char *kind, gint64 since)
{
	const char *const matches[] = {match, NULL};
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashSelector)
		selector = match != NULL ? perfdash_selector_new(matches, NULL, NULL) : NULL;
	g_autoptr(GPtrArray) changes =
		perfdash_store_list_changes(fixture->store, selector, state, kind, since, &error);
	g_assert_no_error(error);
	return changes->len;
}

static void
test_listed(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	add_days(fixture, 0, 30, 0.030);
	add_days(fixture, 30, 60, 0.036);
	add_days(fixture, 60, 90, 0.031);
	find_since(fixture, 0);
	g_assert_cmpuint(count(fixture, NULL, NULL, NULL, 0), ==, 2);
	g_assert_cmpuint(count(fixture, "lab:dfw", NULL, NULL, 0), ==, 2);
	g_assert_cmpuint(count(fixture, "lab:iad", NULL, NULL, 0), ==, 0);
	g_assert_cmpuint(count(fixture, NULL, "new", NULL, 0), ==, 1);
	g_assert_cmpuint(count(fixture, NULL, "fixed", "regression", 0), ==, 1);
	g_assert_cmpuint(count(fixture, NULL, NULL, "improvement", 0), ==, 1);
	g_assert_cmpuint(count(fixture, NULL, NULL, NULL, START + 45 * DAY), ==, 1);
	g_assert_null(perfdash_store_list_changes(fixture->store, NULL, "odd", NULL, 0, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_null(perfdash_store_list_changes(fixture->store, NULL, NULL, "odd", 0, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	g_clear_error(&error);
	g_assert_null(perfdash_store_list_series_changes(fixture->store, "odd", &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND);
}

/* a run of many benchmarks, of which the first gets slower on day 30 */
static void
add_fleet_day(StoreFixture *fixture, guint day, guint n_benchmarks)
{
	g_autoptr(PerfdashRunBuilder) builder = store_fixture_start_run("dfw", START + day * DAY);
	for (guint i = 0; i < n_benchmarks; i++) {
		g_autofree char *name = g_strdup_printf("benchmark %u", i);
		perfdash_run_builder_add_result(
			builder,
			name,
			"latency",
			"s",
			PERFDASH_DIRECTION_LOWER,
			value_at(i == 0 && day >= 30 ? 1.0205 : 1, day + 500 * i));
	}
	store_fixture_add_one(fixture, builder);
}

/* what may well be chance where many series are looked at is nobody's work until more speaks for
 * it, or somebody says so */
static void
test_unsure(StoreFixture *fixture, gconstpointer data)
{
	guint n_benchmarks = GPOINTER_TO_UINT(data);
	gboolean is_alone = n_benchmarks == 1;
	g_autoptr(GError) error = NULL;
	for (guint day = 0; day < 37; day++)
		add_fleet_day(fixture, day, n_benchmarks);
	g_autoptr(PerfdashChange) change = find_only(fixture);
	double p = perfdash_change_point_get_p(change->point);
	g_assert_cmpfloat(p, <=, 0.05);
	g_assert_cmpfloat_with_epsilon(perfdash_change_get_p_adjusted(change),
				       MIN(p * n_benchmarks, 1),
				       1e-12);
	assert_state(change, is_alone ? "new" : "unsure");
	g_assert_cmpuint(count(fixture, NULL, "unsure", NULL, 0), ==, is_alone ? 0 : 1);
	g_assert_cmpuint(count(fixture, NULL, "new", NULL, 0), ==, is_alone ? 1 : 0);
	g_assert_true(edit(fixture, change->id, "owner", "bob", &error));
	g_autoptr(PerfdashChange)
		owned = perfdash_store_load_change(fixture->store, change->id, &error);
	assert_state(owned, "new");
}

static void
test_sure_later(StoreFixture *fixture, gconstpointer data)
{
	for (guint day = 0; day < 37; day++)
		add_fleet_day(fixture, day, 200);
	g_autoptr(PerfdashChange) change = find_only(fixture);
	assert_state(change, "unsure");
	for (guint day = 37; day < 80; day++)
		add_fleet_day(fixture, day, 200);
	g_autoptr(PerfdashChange) again = find_only(fixture);
	g_assert_cmpint(again->id, ==, change->id);
	assert_state(again, "new");
}

/* results of a day that arrive late make its series more */
static void
test_active(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	guint n[2];
	for (guint day = 0; day < 37; day++)
		add_fleet_day(fixture, day, 1);
	for (guint i = 0; i < 2; i++) {
		g_autoptr(PerfdashChange) change = find_only(fixture);
		gint64 begin = change->time;
		g_autoptr(GPtrArray) active = perfdash_store_list_active_series(fixture->store,
										begin,
										begin + DAY,
										&error);
		g_assert_no_error(error);
		n[i] = active->len;
		g_assert_cmpfloat_with_epsilon(perfdash_change_get_p_adjusted(change),
					       MIN(1, n[i] * change->point->p),
					       1e-12);
		add_fleet_day(fixture, (begin - START) / DAY, 3);
	}
	g_assert_cmpuint(n[0], ==, 1);
	g_assert_cmpuint(n[1], ==, 3);
}

static gpointer
find_thread(gpointer data)
{
	StoreFixture *fixture = data;
	for (guint i = 0; i < 40; i++)
		find_since(fixture, 0);
	return NULL;
}

/* results arrive, are analysed and judged at the same time */
static void
test_concurrent(StoreFixture *fixture, gconstpointer data)
{
	add_days(fixture, 0, 30, 0.030);
	add_days(fixture, 30, 40, 0.036);
	g_autoptr(PerfdashChange) change = find_only(fixture);
	GThread *one = g_thread_new("find", find_thread, fixture);
	GThread *other = g_thread_new("find", find_thread, fixture);
	for (guint day = 40; day < 80; day++) {
		g_autofree char *note = g_strdup_printf("day %u", day);
		add(fixture, day, 0.036);
		g_assert_true(edit(fixture, change->id, "note", note, NULL));
	}
	g_thread_join(one);
	g_thread_join(other);
	g_autoptr(PerfdashChange) again = find_only(fixture);
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
	g_autoptr(GPtrArray) none = list(fixture);
	g_assert_cmpuint(none->len, ==, 0);
	g_autoptr(PerfdashChange) change = find_only(fixture);
	g_autoptr(PerfdashSummary) found = load_summary(fixture, change);
	PerfdashBaseline *baseline = perfdash_summary_get_baseline(found);
	g_assert_cmpint(perfdash_baseline_get_verdict(baseline), ==, PERFDASH_VERDICT_WORSE);
	assert_state(perfdash_summary_get_open_change(found), "new");
	g_assert_true(edit(fixture, change->id, "state", "acknowledged", NULL));
	g_autoptr(PerfdashSummary) acknowledged = load_summary(fixture, change);
	assert_state(perfdash_summary_get_open_change(acknowledged), "acknowledged");
	g_autoptr(PerfdashChangeEdit) ignore = perfdash_change_edit_new("ann");
	g_assert_true(perfdash_change_edit_set(ignore, "state", "ignored", NULL));
	g_assert_true(perfdash_change_edit_set(ignore, "reason", "another machine", NULL));
	g_assert_true(perfdash_store_update_change(fixture->store, change->id, ignore, NULL));
	g_autoptr(PerfdashSummary) ignored = load_summary(fixture, change);
	g_assert_null(perfdash_summary_get_open_change(ignored));
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
	{"one-sure", test_unsure, GUINT_TO_POINTER(1)},
	{"unsure", test_unsure, GUINT_TO_POINTER(200)},
	{"sure-later", test_sure_later, NULL},
	{"active", test_active, NULL},
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
