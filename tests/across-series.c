/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What a change means among those of other series: whether it may be chance, what may have caused
 * it, and whom to suspect. */

#include <string.h>

#include "change-fixture.h"
#include "perfdash-error.h"

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
			change_fixture_value(i == 0 && day >= 30 ? 1.0195 : 1, day + 500 * i));
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
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	double p = perfdash_change_point_get_p(change->point);
	g_assert_cmpfloat(p, <=, 0.05);
	g_assert_cmpfloat_with_epsilon(perfdash_change_get_p_adjusted(change),
				       MIN(p * n_benchmarks, 1),
				       1e-12);
	change_fixture_assert_state(change, is_alone ? "new" : "unsure");
	g_assert_cmpuint(change_fixture_count(fixture, NULL, "unsure", NULL, 0),
			 ==,
			 is_alone ? 0 : 1);
	g_assert_cmpuint(change_fixture_count(fixture, NULL, "new", NULL, 0), ==, is_alone ? 1 : 0);
	g_assert_true(change_fixture_edit(fixture, change->id, "owner", "bob", &error));
	g_autoptr(PerfdashChange)
		owned = perfdash_store_load_change(fixture->store, change->id, &error);
	change_fixture_assert_state(owned, "new");
}

static void
test_sure_later(StoreFixture *fixture, gconstpointer data)
{
	for (guint day = 0; day < 37; day++)
		add_fleet_day(fixture, day, 200);
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	change_fixture_assert_state(change, "unsure");
	for (guint day = 37; day < 80; day++)
		add_fleet_day(fixture, day, 200);
	g_autoptr(PerfdashChange) again = change_fixture_find_only(fixture);
	g_assert_cmpint(again->id, ==, change->id);
	change_fixture_assert_state(again, "new");
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
		g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
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

/* of what runs say of their environment, only what changed with the level is a cause */
static void
test_causes(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	guint n;
	for (guint day = 0; day < 60; day++) {
		g_autoptr(PerfdashRunBuilder)
			builder = store_fixture_start_run("dfw", START + day * DAY);
		g_autofree char *pid = g_strdup_printf("%u", day);
		gboolean is_after = day >= 30;
		perfdash_run_builder_set_revision(builder, "77be01c");
		perfdash_run_builder_set_environment(builder, "kernel", is_after ? "6.2" : "6.1");
		perfdash_run_builder_set_environment(builder, "cpu", "x");
		perfdash_run_builder_set_environment(builder, "host", day % 2 ? "a" : "b");
		perfdash_run_builder_set_environment(builder, "pid", pid);
		if (is_after)
			perfdash_run_builder_set_parameter(builder, "huge_pages", "never");
		perfdash_run_builder_add_result(
			builder,
			"GET /cart",
			"latency",
			"s",
			PERFDASH_DIRECTION_LOWER,
			change_fixture_value(is_after ? 0.036 : 0.030, day));
		store_fixture_add_one(fixture, builder);
	}
	g_autoptr(PerfdashChange) change = change_fixture_find_only(fixture);
	g_assert_true(perfdash_change_is_without_code(change));
	g_autofree char *sentence = perfdash_change_describe(change);
	g_assert_nonnull(strstr(sentence, "(no code between, 77be01c)"));
	g_autoptr(GPtrArray) causes = perfdash_store_list_causes(fixture->store, change, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(causes->len, ==, 2);
	PerfdashCause *kernel = g_ptr_array_index(causes, 0);
	PerfdashCause *pages = g_ptr_array_index(causes, 1);
	g_assert_cmpstr(perfdash_cause_get_key(kernel), ==, "kernel");
	g_assert_cmpstr(perfdash_cause_get_before(kernel, &n), ==, "6.1");
	g_assert_cmpuint(n, ==, PERFDASH_CAUSE_RUNS);
	g_assert_cmpstr(perfdash_cause_get_after(kernel, NULL), ==, "6.2");
	g_autofree char *said = perfdash_cause_describe(pages);
	g_assert_cmpstr(said, ==, "huge_pages: not said in 5 runs before, never in 5 runs after");
}

/* a control series is no regression, and says that it was the lab */
static void
test_controls(StoreFixture *fixture, gconstpointer data)
{
	const char *const matches[] = {"benchmark:spin", NULL};
	g_autoptr(GPtrArray)
		controls = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_selector_unref);
	g_autoptr(GError) error = NULL;
	for (guint day = 0; day < 60; day++) {
		g_autoptr(PerfdashRunBuilder)
			builder = store_fixture_start_run("dfw", START + day * DAY);
		for (guint i = 0; i < 2; i++)
			perfdash_run_builder_add_result(
				builder,
				i == 0 ? "GET /cart" : "spin",
				"latency",
				"s",
				PERFDASH_DIRECTION_LOWER,
				change_fixture_value(day >= 30 ? 0.036 : 0.030, day));
		store_fixture_add_one(fixture, builder);
	}
	g_ptr_array_add(controls, perfdash_selector_new(matches, NULL, NULL));
	perfdash_store_set_controls(fixture->store, controls);
	change_fixture_find_since(fixture, 0);
	g_assert_cmpuint(change_fixture_count(fixture, NULL, NULL, "regression", 0), ==, 1);
	g_assert_cmpuint(change_fixture_count(fixture, "benchmark:spin", NULL, "neither", 0),
			 ==,
			 1);
	g_autoptr(GPtrArray) groups = perfdash_store_list_change_groups(fixture->store,
									NULL,
									NULL,
									"regression",
									0,
									&error);
	g_assert_no_error(error);
	g_assert_cmpuint(groups->len, ==, 1);
	PerfdashChangeGroup *group = g_ptr_array_index(groups, 0);
	g_assert_cmpint(perfdash_change_group_get_suspect(group), ==, PERFDASH_SUSPECT_LAB);
	g_assert_cmpuint(perfdash_change_group_get_changes(group)->len, ==, 2);
	g_assert_false(perfdash_change_is_control(perfdash_change_group_get_worst(group)));
	g_assert_null(
		perfdash_store_list_change_groups(fixture->store, NULL, "odd", NULL, 0, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
}

static const struct {
	const char *name;
	void (*run)(StoreFixture *, gconstpointer);
	gconstpointer data;
} cases[] = {
	{"one-sure", test_unsure, GUINT_TO_POINTER(1)},
	{"unsure", test_unsure, GUINT_TO_POINTER(200)},
	{"sure-later", test_sure_later, NULL},
	{"active", test_active, NULL},
	{"causes", test_causes, NULL},
	{"controls", test_controls, NULL},
};

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = g_strdup_printf("/across-series/%s", cases[i].name);
		g_test_add(name,
			   StoreFixture,
			   cases[i].data,
			   store_fixture_set_up,
			   cases[i].run,
			   store_fixture_tear_down);
	}
	return g_test_run();
}
