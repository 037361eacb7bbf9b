/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "perfdash-budget-report.h"
#include "perfdash-error.h"
#include "perfdash-trend.h"
#include "store-fixture.h"

#define DAY   G_TIME_SPAN_DAY
#define START (G_GINT64_CONSTANT(1780000000) * G_USEC_PER_SEC)
#define OLD   12 /* runs of the baseline */
#define DAYS  60

typedef struct {
	const char *benchmark;
	PerfdashDirection direction;
	double level;
	double change; /* from the first day to the last */
	double noise;  /* a share of the level */
	PerfdashBudgetState state;
	gboolean ends; /* it is used up at some time, if drift goes on */
} Case;

#define LOWER  PERFDASH_DIRECTION_LOWER
#define HIGHER PERFDASH_DIRECTION_HIGHER
#define NONE   PERFDASH_DIRECTION_NONE

/* a limit of 5 % */
static const Case cases[] = {
	{"steady", LOWER, 10, 0, 0.01, PERFDASH_BUDGET_STATE_KEPT, FALSE},
	{"creeps", LOWER, 10, 0.03, 0.004, PERFDASH_BUDGET_STATE_KEPT, TRUE},
	{"worse", LOWER, 10, 0.15, 0.01, PERFDASH_BUDGET_STATE_EXCEEDED, FALSE},
	{"better", LOWER, 10, -0.15, 0.01, PERFDASH_BUDGET_STATE_KEPT, FALSE},
	{"at the limit", LOWER, 10, 0.058, 0.02, PERFDASH_BUDGET_STATE_UNCLEAR, TRUE},
	{"noisy", LOWER, 10, 0, 0.2, PERFDASH_BUDGET_STATE_UNCLEAR, FALSE},
	{"less", HIGHER, 10, -0.15, 0.01, PERFDASH_BUDGET_STATE_EXCEEDED, FALSE},
	{"fewer", HIGHER, 10, -0.03, 0.004, PERFDASH_BUDGET_STATE_KEPT, TRUE},
	{"more", HIGHER, 10, 0.15, 0.01, PERFDASH_BUDGET_STATE_KEPT, FALSE},
	{"up", NONE, 10, 0.15, 0.01, PERFDASH_BUDGET_STATE_EXCEEDED, FALSE},
	{"down", NONE, 10, -0.15, 0.01, PERFDASH_BUDGET_STATE_EXCEEDED, FALSE},
	{"still", NONE, 10, 0, 0.01, PERFDASH_BUDGET_STATE_KEPT, FALSE},
	{"errors", LOWER, 0, 0, 0, PERFDASH_BUDGET_STATE_KEPT, FALSE},
};

/* noise that is the same each time, between -1 and 1 */
static double
noise_at(guint i)
{
	return (((i + 1) * 2654435761u) >> 16) % 1000 / 500.0 - 1;
}

static PerfdashRunBuilder *
start_day(const char *lab, guint day)
{
	PerfdashRunBuilder *builder = store_fixture_start_run(lab, START + day * DAY);
	perfdash_run_builder_set_revision(builder, day < OLD ? "2.4" : "next");
	return builder;
}

static void
add_days(StoreFixture *fixture)
{
	for (guint day = 0; day < DAYS; day++) {
		g_autoptr(PerfdashRunBuilder) builder = start_day("dfw", day);
		for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
			const Case *one = &cases[i];
			double share = one->change * day / (DAYS - 1) +
				       one->noise * noise_at(day * 31 + i);
			perfdash_run_builder_add_result(builder,
							one->benchmark,
							"latency",
							"s",
							one->direction,
							one->level * (1 + share));
		}
		/* new since the baseline, and no longer measured */
		perfdash_run_builder_add_result(builder,
						day < OLD ? "old" : "new",
						"latency",
						"s",
						LOWER,
						1);
		store_fixture_add_one(fixture, builder);
	}
}

static PerfdashBudgetReport *
report(StoreFixture *fixture, const char *since, const char *now, double limit)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashSelector) selector = perfdash_selector_new(NULL, NULL, &error);
	g_assert_no_error(error);
	g_autoptr(PerfdashBudget) budget = perfdash_budget_new(selector, since, now, limit, &error);
	g_assert_no_error(error);
	PerfdashBudgetReport *made = perfdash_budget_report_new(budget, fixture->store, &error);
	g_assert_no_error(error);
	return made;
}

static PerfdashBudgetRow *
find_row(PerfdashBudgetReport *made, const char *benchmark)
{
	GPtrArray *rows = perfdash_budget_report_get_rows(made);
	for (guint i = 0; i < rows->len; i++) {
		PerfdashBudgetRow *row = g_ptr_array_index(rows, i);
		PerfdashLabels *labels = perfdash_budget_row_get_labels(row);
		if (g_str_equal(perfdash_labels_get(labels, "benchmark"), benchmark))
			return row;
	}
	g_assert_not_reached();
}

static void
check_used_up(PerfdashBudgetRow *row, const Case *one)
{
	gint64 first;
	gint64 last;
	g_assert_cmpint(perfdash_budget_row_get_used_up(row, &first, &last), ==, one->ends);
	if (!one->ends)
		return;
	/* a straight line gets there on that day, from which the medians of both sides differ by
	 * half of their lengths */
	double rest = 0.05 / fabs(one->change) * (DAYS - 1) + OLD / 2.0;
	gint64 day = START + (gint64)(rest * DAY);
	g_assert_cmpint(first, >=, START + (gint64)(DAYS - 1) * DAY);
	g_assert_cmpint(first, <=, MAX(day, START + (gint64)(DAYS - 1) * DAY));
	g_assert_cmpint(last, >=, day);
}

static void
test_states(StoreFixture *fixture, gconstpointer data)
{
	add_days(fixture);
	g_autoptr(PerfdashBudgetReport) made = report(fixture, "revision:2.4", NULL, 0.05);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Case *one = &cases[i];
		PerfdashBudgetRow *row = find_row(made, one->benchmark);
		PerfdashComparison *comparison = perfdash_budget_row_get_comparison(row);
		g_test_message("%s: %g used",
			       one->benchmark,
			       perfdash_budget_row_get_used(row, NULL, NULL));
		g_assert_cmpint(perfdash_budget_row_get_state(row), ==, one->state);
		g_assert_cmpuint(perfdash_comparison_get_n_before(comparison), ==, OLD);
		g_assert_cmpuint(perfdash_comparison_get_n_after(comparison), ==, 10);
		g_assert_cmpint(perfdash_budget_row_get_runs_needed(row) > 10,
				==,
				one->state == PERFDASH_BUDGET_STATE_UNCLEAR);
		check_used_up(row, one);
	}
	GPtrArray *rows = perfdash_budget_report_get_rows(made);
	for (guint i = 1; i < rows->len; i++)
		g_assert_cmpint(perfdash_budget_row_get_state(g_ptr_array_index(rows, i - 1)),
				>=,
				perfdash_budget_row_get_state(g_ptr_array_index(rows, i)));
	g_assert_cmpint(perfdash_budget_report_get_state(made), ==, PERFDASH_BUDGET_STATE_EXCEEDED);
	g_assert_cmpuint(perfdash_budget_report_count(made, PERFDASH_BUDGET_STATE_EXCEEDED), ==, 4);
	/* new */
	g_assert_cmpuint(perfdash_budget_report_get_n_without_baseline(made), ==, 1);
	PerfdashBudgetRow *old = find_row(made, "old");
	g_assert_cmpint(perfdash_budget_row_get_state(old),
			==,
			PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA);
	g_assert_null(perfdash_budget_row_get_comparison(old));
}

static void
test_used(StoreFixture *fixture, gconstpointer data)
{
	static const struct {
		const char *benchmark;
		double least;
		double most;
	} shares[] = {{"worse", 2, 3},
		      {"better", -3, -2},
		      {"less", 2, 3},
		      {"more", -3, -2},
		      {"up", 2, 3},
		      {"down", 2, 3}};
	double low;
	double high;
	add_days(fixture);
	g_autoptr(PerfdashBudgetReport) made = report(fixture, "revision:2.4", NULL, 0.05);
	for (guint i = 0; i < G_N_ELEMENTS(shares); i++) {
		PerfdashBudgetRow *row = find_row(made, shares[i].benchmark);
		double used = perfdash_budget_row_get_used(row, &low, &high);
		g_assert_cmpfloat(used, >, shares[i].least);
		g_assert_cmpfloat(used, <, shares[i].most);
		g_assert_cmpfloat(low, <, used);
		g_assert_cmpfloat(high, >, used);
	}
	/* nothing has no share */
	g_assert_true(isnan(perfdash_budget_row_get_used(find_row(made, "errors"), &low, &high)));
	g_assert_true(isnan(low) && isnan(high));
}

/* the first error, which was none before */
static void
test_zero(StoreFixture *fixture, gconstpointer data)
{
	for (guint day = 0; day < 2 * OLD; day++) {
		g_autoptr(PerfdashRunBuilder) builder = start_day("dfw", day);
		perfdash_run_builder_add_result(builder,
						"x",
						"errors",
						"1",
						LOWER,
						day < OLD ? 0 : day);
		store_fixture_add_one(fixture, builder);
	}
	g_autoptr(PerfdashBudgetReport) made = report(fixture, "revision:2.4", NULL, 0.05);
	g_assert_cmpint(perfdash_budget_report_get_state(made), ==, PERFDASH_BUDGET_STATE_EXCEEDED);
}

static void
test_missing(StoreFixture *fixture, gconstpointer data)
{
	g_autoptr(PerfdashBudgetReport) nothing = report(fixture, "revision:2.4", NULL, 0.05);
	g_assert_cmpint(perfdash_budget_report_get_state(nothing),
			==,
			PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA);
	add_days(fixture);
	g_autoptr(PerfdashBudgetReport) none = report(fixture, "revision:2.5", NULL, 0.05);
	g_assert_cmpuint(perfdash_budget_report_get_rows(none)->len, ==, 0);
	g_assert_cmpuint(perfdash_budget_report_get_n_without_baseline(none), >, 10);
	g_assert_cmpint(perfdash_budget_report_get_state(none),
			==,
			PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA);
	/* one run has no interval */
	g_autoptr(PerfdashBudgetReport) one = report(fixture, "to:2026-05-29", NULL, 0.05);
	PerfdashBudgetRow *row = find_row(one, "worse");
	g_assert_cmpint(perfdash_budget_row_get_state(row),
			==,
			PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA);
}

/* what is in the baseline is not of now too */
static void
test_overlap(StoreFixture *fixture, gconstpointer data)
{
	for (guint day = 0; day < OLD + 5; day++) {
		g_autoptr(PerfdashRunBuilder) builder = start_day("dfw", day);
		perfdash_run_builder_add_result(builder, "x", "m", "s", LOWER, 1 + day);
		store_fixture_add_one(fixture, builder);
	}
	g_autoptr(PerfdashBudgetReport) made = report(fixture, "revision:2.4", NULL, 0.05);
	PerfdashComparison *comparison = perfdash_budget_row_get_comparison(find_row(made, "x"));
	g_assert_cmpuint(perfdash_comparison_get_n_before(comparison), ==, OLD);
	g_assert_cmpuint(perfdash_comparison_get_n_after(comparison), ==, 5);
}

/* steps up, and between them the level falls by 0.03 % a day: that is the drift */
static void
test_beside_steps(StoreFixture *fixture, gconstpointer data)
{
	double low;
	double high;
	gboolean is_relative;
	g_autoptr(GRand) noise = g_rand_new_with_seed(7);
	for (guint day = 0; day < 120; day++) {
		g_autoptr(PerfdashRunBuilder) builder = start_day("dfw", day);
		double level = 10 * (1 + day / 40 * 0.2) * pow(0.9997, day);
		perfdash_run_builder_add_result(builder,
						"x",
						"m",
						"s",
						LOWER,
						level * g_rand_double_range(noise, 0.99, 1.01));
		store_fixture_add_one(fixture, builder);
	}
	g_autoptr(PerfdashBudgetReport) made = report(fixture, "revision:2.4", NULL, 0.05);
	PerfdashBudgetRow *row = find_row(made, "x");
	g_assert_cmpint(perfdash_budget_row_get_state(row), ==, PERFDASH_BUDGET_STATE_EXCEEDED);
	g_assert_true(perfdash_budget_row_get_drift(row, NULL, &low, &high, &is_relative));
	g_assert_true(is_relative);
	g_assert_cmpfloat(low, <, pow(0.9997, 7) - 1);
	g_assert_cmpfloat(high, >, pow(0.9997, 7) - 1);
	g_assert_cmpfloat(high, <, -0.001);
}

static void
test_refused(void)
{
	static const struct {
		const char *since;
		const char *now;
		double limit;
		const char *word;
	} bad[] = {{"", NULL, 0.05, "empty"},
		   {"nonsense", NULL, 0.05, "nonsense"},
		   {"from:2026-09-01", NULL, 0.05, "baseline"},
		   {"last:10", NULL, 0.05, "baseline"},
		   {"from:60d to:30d", NULL, 0.05, "baseline"},
		   {"to:14d", NULL, 0.05, "baseline"},
		   {"branch:release", NULL, 0.05, "branch"},
		   {"revision:2.4", "last:x", 0.05, "last:x"},
		   {"revision:2.4", NULL, 0, "limit"},
		   {"revision:2.4", NULL, NAN, "limit"}};
	g_autoptr(PerfdashSelector) selector = perfdash_selector_new(NULL, NULL, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_null(perfdash_budget_new(selector,
						  bad[i].since,
						  bad[i].now,
						  bad[i].limit,
						  &error));
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
		g_assert_nonnull(strstr(error->message, bad[i].word));
	}
	g_autoptr(PerfdashBudget)
		budget = perfdash_budget_new(selector, "branch:2.4", "branch:main", 0.03, NULL);
	g_assert_cmpstr(perfdash_budget_get_now(budget), ==, "branch:main last:10");
	g_assert_false(perfdash_budget_is_relative(budget));
	g_autoptr(PerfdashBudget)
		moving = perfdash_budget_new(selector, "revision:2.4", "from:14d", 0.03, NULL);
	g_assert_true(perfdash_budget_is_relative(moving));
}

static void
test_limit(void)
{
	static const char *const bad[] = {"3", "%", "-3%", "0%", "3%%", "nan%", "", "3 percent"};
	double limit;
	g_assert_true(perfdash_budget_parse_limit("2.5 %", &limit, NULL));
	g_assert_cmpfloat(limit, ==, 0.025);
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_false(perfdash_budget_parse_limit(bad[i], &limit, &error));
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	}
}

static const struct {
	const char *name;
	void (*run)(StoreFixture *fixture, gconstpointer data);
} stored[] = {
	{"states", test_states},
	{"used", test_used},
	{"zero", test_zero},
	{"missing", test_missing},
	{"overlap", test_overlap},
	{"beside-steps", test_beside_steps},
};

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/budget/refused", test_refused);
	g_test_add_func("/budget/limit", test_limit);
	for (guint i = 0; i < G_N_ELEMENTS(stored); i++) {
		g_autofree char *name = g_strdup_printf("/budget/%s", stored[i].name);
		g_test_add(name,
			   StoreFixture,
			   NULL,
			   store_fixture_set_up,
			   stored[i].run,
			   store_fixture_tear_down);
	}
	return g_test_run();
}
