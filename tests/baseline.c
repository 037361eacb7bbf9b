/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The newest level against that of 30 days before: what changes in between make of it. */

#include "perfdash-baseline.h"

#include <math.h>

#include "perfdash-change-private.h"

#define NOW (100 * G_TIME_SPAN_DAY)

/* a change so many days ago from one level to another, each known to within 1 % */
typedef struct {
	guint age;
	double before;
	double after;
	gboolean is_withdrawn;
} Step;

static const struct {
	const char *name;
	Step steps[3];
	guint n_results;
	PerfdashDirection direction;
	PerfdashVerdict verdict;
	guint n_changes;
	double change; /* NaN is unknown */
} cases[] = {
	{"few", {{0}}, 7, PERFDASH_DIRECTION_LOWER, PERFDASH_VERDICT_NOT_ENOUGH_DATA, 0, NAN},
	{"none", {{0}}, 8, PERFDASH_DIRECTION_LOWER, PERFDASH_VERDICT_SAME, 0, NAN},
	{"old", {{31, 10, 12}}, 60, PERFDASH_DIRECTION_LOWER, PERFDASH_VERDICT_SAME, 0, NAN},
	{"worse", {{29, 10, 12}}, 60, PERFDASH_DIRECTION_LOWER, PERFDASH_VERDICT_WORSE, 1, 0.2},
	{"better", {{29, 10, 12}}, 60, PERFDASH_DIRECTION_HIGHER, PERFDASH_VERDICT_BETTER, 1, 0.2},
	{"changed", {{5, 10, 8}}, 60, PERFDASH_DIRECTION_NONE, PERFDASH_VERDICT_CHANGED, 1, -0.2},
	/* only what lies within 30 days counts, and it counts together */
	{"several",
	 {{50, 5, 10}, {20, 10, 12}, {9, 12, 15}},
	 60,
	 PERFDASH_DIRECTION_LOWER,
	 PERFDASH_VERDICT_WORSE,
	 2,
	 0.5},
	{"returned",
	 {{20, 10, 12}, {9, 12, 10.01}},
	 60,
	 PERFDASH_DIRECTION_LOWER,
	 PERFDASH_VERDICT_SAME,
	 2,
	 0.001},
	{"withdrawn",
	 {{20, 10, 12, TRUE}},
	 60,
	 PERFDASH_DIRECTION_LOWER,
	 PERFDASH_VERDICT_SAME,
	 0,
	 NAN},
	{"negative",
	 {{20, -10, -12}, {9, -12, -8}},
	 60,
	 PERFDASH_DIRECTION_LOWER,
	 PERFDASH_VERDICT_WORSE,
	 2,
	 0.2},
	{"zero",
	 {{20, 0, 1}, {9, 1, 2}},
	 60,
	 PERFDASH_DIRECTION_LOWER,
	 PERFDASH_VERDICT_WORSE,
	 2,
	 NAN},
};

static PerfdashEstimate
level(double value)
{
	return (PerfdashEstimate){value, value - fabs(value) / 100, value + fabs(value) / 100};
}

static PerfdashChange *
make_change(const Step *step)
{
	g_autoptr(PerfdashLabels) labels = perfdash_labels_new();
	g_autoptr(PerfdashSeriesInfo)
		info = perfdash_series_info_new(labels, "s", PERFDASH_DIRECTION_LOWER);
	PerfdashChange *change = perfdash_change_new(info);
	double size = (step->after - step->before) / fabs(step->before);
	change->time = NOW - step->age * G_TIME_SPAN_DAY;
	change->is_found = !step->is_withdrawn;
	change->point = perfdash_change_point_new();
	change->point->before = level(step->before);
	change->point->after = level(step->after);
	change->point->change = (PerfdashEstimate){size, size - 0.01, size + 0.01};
	return change;
}

static void
test_case(gconstpointer data)
{
	guint which = GPOINTER_TO_UINT(data);
	g_autoptr(GPtrArray)
		changes = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_change_unref);
	for (guint i = 0; i < 3 && cases[which].steps[i].age != 0; i++)
		g_ptr_array_add(changes, make_change(&cases[which].steps[i]));
	g_autoptr(PerfdashBaseline) baseline =
		perfdash_baseline_new(changes, cases[which].direction, NOW, cases[which].n_results);
	double low;
	double high;
	double change = perfdash_baseline_get_change(baseline, &low, &high);
	g_assert_cmpint(perfdash_baseline_get_verdict(baseline), ==, cases[which].verdict);
	g_assert_cmpuint(perfdash_baseline_get_n_changes(baseline), ==, cases[which].n_changes);
	g_assert_cmpint(isnan(change), ==, isnan(cases[which].change));
	if (isnan(change))
		return;
	g_assert_cmpfloat_with_epsilon(change, cases[which].change, 1e-9);
	g_assert_true(low < change && change < high);
}

/* the bounds of a quotient of two levels that are known to within 1 % and 2 % */
static void
test_bounds(void)
{
	const Step steps[] = {{20, 10, 12}, {9, 12, 15}};
	g_autoptr(GPtrArray)
		changes = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_change_unref);
	for (guint i = 0; i < G_N_ELEMENTS(steps); i++)
		g_ptr_array_add(changes, make_change(&steps[i]));
	PerfdashChange *last = g_ptr_array_index(changes, 1);
	last->point->after = (PerfdashEstimate){15, 14.7, 15.3};
	g_autoptr(PerfdashBaseline)
		baseline = perfdash_baseline_new(changes, PERFDASH_DIRECTION_LOWER, NOW, 60);
	double low;
	double high;
	perfdash_baseline_get_change(baseline, &low, &high);
	g_assert_cmpfloat_with_epsilon(high - 0.5, 1.5 * hypot(0.01, 0.02), 1e-9);
	g_assert_cmpfloat_with_epsilon(0.5 - low, 1.5 * hypot(0.01, 0.02), 1e-9);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = g_strdup_printf("/baseline/%s", cases[i].name);
		g_test_add_data_func(name, GUINT_TO_POINTER(i), test_case);
	}
	g_test_add_func("/baseline/bounds", test_bounds);
	return g_test_run();
}
