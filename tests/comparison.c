/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "perfdash-comparison.h"
#include "perfdash-error.h"

#define MOST 12

typedef struct {
	const char *name;
	double before[MOST];
	gsize n_before;
	double after[MOST];
	gsize n_after;
	PerfdashDirection direction;
	double margin;
	double change;
	gboolean relative;
	PerfdashVerdict verdict;
	guint runs_needed;
} Case;

#define LOWER  PERFDASH_DIRECTION_LOWER
#define HIGHER PERFDASH_DIRECTION_HIGHER
#define NONE   PERFDASH_DIRECTION_NONE

static const Case cases[] = {
	{"one and one",
	 {10},
	 1,
	 {20},
	 1,
	 LOWER,
	 0.02,
	 1,
	 TRUE,
	 PERFDASH_VERDICT_NOT_ENOUGH_DATA,
	 4},
	{"one and many",
	 {10},
	 1,
	 {20, 21, 22, 23, 24},
	 5,
	 LOWER,
	 0.02,
	 1.2,
	 TRUE,
	 PERFDASH_VERDICT_NOT_ENOUGH_DATA,
	 6},
	{"three and three cannot tell",
	 {10, 11, 12},
	 3,
	 {20, 21, 22},
	 3,
	 LOWER,
	 0.02,
	 10.0 / 11,
	 TRUE,
	 PERFDASH_VERDICT_NOT_ENOUGH_DATA,
	 6},
	{"slower",
	 {10, 11, 12, 13},
	 4,
	 {21, 20, 23, 22},
	 4,
	 LOWER,
	 0.02,
	 10 / 11.5,
	 TRUE,
	 PERFDASH_VERDICT_WORSE,
	 0},
	{"more throughput",
	 {10, 11, 12, 13},
	 4,
	 {21, 20, 23, 22},
	 4,
	 HIGHER,
	 0.02,
	 10 / 11.5,
	 TRUE,
	 PERFDASH_VERDICT_BETTER,
	 0},
	{"faster",
	 {10, 11, 12, 13, 14},
	 5,
	 {1, 2, 3, 4, 5},
	 5,
	 LOWER,
	 0.02,
	 -0.75,
	 TRUE,
	 PERFDASH_VERDICT_BETTER,
	 0},
	{"less throughput",
	 {10, 11, 12, 13, 14},
	 5,
	 {1, 2, 3, 4, 5},
	 5,
	 HIGHER,
	 0.02,
	 -0.75,
	 TRUE,
	 PERFDASH_VERDICT_WORSE,
	 0},
	{"neither way is better",
	 {10, 11, 12, 13, 14},
	 5,
	 {1, 2, 3, 4, 5},
	 5,
	 NONE,
	 0.02,
	 -0.75,
	 TRUE,
	 PERFDASH_VERDICT_CHANGED,
	 0},
	{"all equal",
	 {7, 7, 7, 7},
	 4,
	 {7, 7, 7, 7},
	 4,
	 LOWER,
	 0,
	 0,
	 TRUE,
	 PERFDASH_VERDICT_SAME,
	 0},
	{"all equal on each side",
	 {7, 7, 7, 7, 7},
	 5,
	 {8, 8, 8, 8, 8},
	 5,
	 LOWER,
	 0.02,
	 1.0 / 7,
	 TRUE,
	 PERFDASH_VERDICT_WORSE,
	 0},
	{"a change within the margin, of which there is no doubt",
	 {1000, 1001, 1002, 1003, 1004},
	 5,
	 {1005, 1006, 1007, 1008, 1009},
	 5,
	 LOWER,
	 0.02,
	 5.0 / 1002,
	 TRUE,
	 PERFDASH_VERDICT_SAME,
	 0},
	{"the same change without a margin",
	 {1000, 1001, 1002, 1003, 1004},
	 5,
	 {1005, 1006, 1007, 1008, 1009},
	 5,
	 LOWER,
	 0,
	 5.0 / 1002,
	 TRUE,
	 PERFDASH_VERDICT_WORSE,
	 0},
	{"no errors at all",
	 {0, 0, 0, 0},
	 4,
	 {0, 0, 0, 0},
	 4,
	 LOWER,
	 0.02,
	 0,
	 FALSE,
	 PERFDASH_VERDICT_SAME,
	 0},
	{"first errors",
	 {0, 0, 0, 0, 0},
	 5,
	 {3, 4, 3, 5, 3},
	 5,
	 LOWER,
	 0.02,
	 3,
	 FALSE,
	 PERFDASH_VERDICT_WORSE,
	 0},
	{"negative values",
	 {-10, -11, -12, -13, -14},
	 5,
	 {-1, -2, -3, -4, -5},
	 5,
	 HIGHER,
	 0.02,
	 9,
	 FALSE,
	 PERFDASH_VERDICT_BETTER,
	 0},
	{"the margin of negative values is a share of them",
	 {-1000, -1001, -1002, -1003, -1004},
	 5,
	 {-1005, -1006, -1007, -1008, -1009},
	 5,
	 LOWER,
	 0.02,
	 -5,
	 FALSE,
	 PERFDASH_VERDICT_SAME,
	 0},
};

static PerfdashComparison *
compare(const double *before,
	gsize n_before,
	const double *after,
	gsize n_after,
	PerfdashDirection direction,
	double margin)
{
	g_autoptr(GError) error = NULL;
	PerfdashComparison *comparison = perfdash_comparison_new(before,
								 n_before,
								 after,
								 n_after,
								 direction,
								 margin,
								 &error);
	g_assert_no_error(error);
	return comparison;
}

static void
test_verdicts(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		const Case *c = &cases[i];
		double low;
		double high;
		g_test_message("%s", c->name);
		g_autoptr(PerfdashComparison) comparison = compare(c->before,
								   c->n_before,
								   c->after,
								   c->n_after,
								   c->direction,
								   c->margin);
		g_assert_cmpuint(perfdash_comparison_get_n_before(comparison), ==, c->n_before);
		g_assert_cmpuint(perfdash_comparison_get_n_after(comparison), ==, c->n_after);
		g_assert_true(perfdash_comparison_is_relative(comparison) == c->relative);
		g_assert_cmpfloat_with_epsilon(perfdash_comparison_get_change(comparison),
					       c->change,
					       1e-12);
		g_assert_cmpstr(
			perfdash_verdict_to_string(perfdash_comparison_get_verdict(comparison)),
			==,
			perfdash_verdict_to_string(c->verdict));
		g_assert_cmpuint(perfdash_comparison_get_runs_needed(comparison),
				 ==,
				 c->runs_needed);
		gboolean has_interval = perfdash_comparison_get_interval(comparison, &low, &high);
		g_assert_true(has_interval == (MIN(c->n_before, c->n_after) > 1));
		g_assert_true(has_interval ? low <= high : isnan(low) && isnan(high));
	}
}

static void
assert_refused(const double *before, gsize n_before, double after, double margin, const char *words)
{
	g_autoptr(GError) error = NULL;
	g_assert_null(perfdash_comparison_new(before, n_before, &after, 1, LOWER, margin, &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	g_assert_nonnull(strstr(error->message, words));
}

static void
test_refused(void)
{
	const double odd[] = {1, NAN, INFINITY, -INFINITY};
	assert_refused(NULL, 0, 1, 0.02, "no values before");
	assert_refused(odd, 2, 1, 0.02, "value 2 of those before is NaN");
	assert_refused(odd + 2, 1, 1, 0.02, "value 1 of those before is infinite");
	assert_refused(odd, 1, NAN, 0.02, "value 1 of those after is NaN");
	assert_refused(odd, 1, odd[3], 0.02, "infinite");
	assert_refused(odd, 1, 1, -0.1, "margin -0.1");
	assert_refused(odd, 1, 1, NAN, "margin nan");
	assert_refused((const double[]){1e-300}, 1, 1e300, 0.02, "too far apart");
	assert_refused((const double[]){-1.7e308}, 1, 1.7e308, 0.02, "too far apart");
}

/* values of a benchmark: normal noise of some percent */
static void
draw(GRand *rand, double *values, gsize n, double level, double noise)
{
	for (gsize i = 0; i < n; i++) {
		double radius = sqrt(-2 * log(1 - g_rand_double(rand)));
		values[i] = level * (1 + noise * radius * cos(2 * G_PI * g_rand_double(rand)));
	}
}

static void
assert_like(PerfdashComparison *one, PerfdashComparison *other, double factor)
{
	double low[2];
	double high[2];
	perfdash_comparison_get_interval(one, &low[0], &high[0]);
	perfdash_comparison_get_interval(other, &low[1], &high[1]);
	g_assert_cmpfloat_with_epsilon(low[0], low[1] * factor, 1e-9 * fabs(low[0]));
	g_assert_cmpfloat_with_epsilon(high[0], high[1] * factor, 1e-9 * fabs(high[0]));
	g_assert_cmpfloat(perfdash_comparison_get_p(one), ==, perfdash_comparison_get_p(other));
	g_assert_cmpfloat(perfdash_comparison_get_delta(one),
			  ==,
			  perfdash_comparison_get_delta(other));
	g_assert_cmpint(perfdash_comparison_get_verdict(one),
			==,
			perfdash_comparison_get_verdict(other));
	g_assert_cmpuint(perfdash_comparison_get_runs_needed(one),
			 ==,
			 perfdash_comparison_get_runs_needed(other));
}

/* a comparison knows no unit and no order, and sides can be swapped */
static void
test_invariance(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);
	for (int round = 0; round < 50; round++) {
		double before[MOST];
		double after[MOST];
		double scaled[2][MOST];
		gsize n = g_rand_int_range(rand, 2, MOST);
		gsize m = g_rand_int_range(rand, 2, MOST);
		double low[2];
		double high[2];
		draw(rand, before, n, 1, 0.05);
		draw(rand, after, m, g_rand_double_range(rand, 0.9, 1.1), 0.05);
		for (gsize i = 0; i < n; i++)
			scaled[0][i] = before[n - 1 - i] * 1024;
		for (gsize i = 0; i < m; i++)
			scaled[1][i] = after[m - 1 - i] * 1024;
		g_autoptr(PerfdashComparison) one = compare(before, n, after, m, LOWER, 0.02);
		g_autoptr(PerfdashComparison)
			other = compare(scaled[0], n, scaled[1], m, LOWER, 0.02);
		g_autoptr(PerfdashComparison) back = compare(after, m, before, n, LOWER, 0.02);
		assert_like(one, other, 1);
		perfdash_comparison_get_interval(one, &low[0], &high[0]);
		perfdash_comparison_get_interval(back, &low[1], &high[1]);
		g_assert_cmpfloat_with_epsilon((1 + low[0]) * (1 + high[1]), 1, 1e-9);
		g_assert_cmpfloat_with_epsilon((1 + high[0]) * (1 + low[1]), 1, 1e-9);
		g_assert_cmpfloat(perfdash_comparison_get_p(one),
				  ==,
				  perfdash_comparison_get_p(back));
	}
}

static void
test_difference_invariance(void)
{
	const double before[] = {-3, 1, 4, 1, 5, -9, 2};
	const double after[] = {6, 5, 3, 5, 8, 9};
	double scaled[2][7];
	for (gsize i = 0; i < 7; i++)
		scaled[0][i] = before[i] * 0.001;
	for (gsize i = 0; i < 6; i++)
		scaled[1][i] = after[i] * 0.001;
	g_autoptr(PerfdashComparison) one = compare(before, 7, after, 6, LOWER, 0.02);
	g_autoptr(PerfdashComparison) other = compare(scaled[0], 7, scaled[1], 6, LOWER, 0.02);
	assert_like(one, other, 1000);
}

/* as many runs as were asked for do give a verdict, mostly */
static void
test_runs_needed(void)
{
	static const struct {
		double change;
		double noise;
	} truths[] = {{0.03, 0.03}, {0, 0.015}, {0.2, 0.2}, {-0.1, 0.1}};
	g_autoptr(GRand) rand = g_rand_new_with_seed(2);
	for (guint i = 0; i < G_N_ELEMENTS(truths); i++) {
		double before[400];
		double after[400];
		guint decided = 0;
		/* six values at the quantiles of a normal distribution: its noise, and the change
		 */
		static const double quantiles[] = {-1.383, -0.674, -0.21, 0.21, 0.674, 1.383};
		double probe[2][G_N_ELEMENTS(quantiles)];
		for (gsize k = 0; k < G_N_ELEMENTS(quantiles); k++) {
			probe[0][k] = 1 + truths[i].noise * quantiles[k];
			probe[1][k] = (1 + truths[i].change) * probe[0][k];
		}
		g_autoptr(PerfdashComparison) few = compare(probe[0], 6, probe[1], 6, LOWER, 0.02);
		guint n = perfdash_comparison_get_runs_needed(few);
		g_assert_cmpuint(n, >, 6);
		g_assert_cmpuint(n, <=, G_N_ELEMENTS(before));
		for (int round = 0; round < 100; round++) {
			draw(rand, before, n, 1, truths[i].noise);
			draw(rand, after, n, 1 + truths[i].change, truths[i].noise);
			g_autoptr(PerfdashComparison)
				told = compare(before, n, after, n, LOWER, 0.02);
			decided += perfdash_comparison_get_verdict(told) !=
				   PERFDASH_VERDICT_NOT_ENOUGH_DATA;
		}
		g_test_message("change %g, noise %g: %u runs, %u of 100 decided",
			       truths[i].change,
			       truths[i].noise,
			       n,
			       decided);
		g_assert_cmpuint(decided, >=, 65);
	}
}

static GPtrArray *
list_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_comparison_unref);
}

/* one clear change among many that are chance */
static void
test_adjust(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(3);
	g_autoptr(GPtrArray) list = list_new();
	guint n_alone = 0;
	guint n_adjusted = 0;
	double before[8];
	double after[8];
	for (int i = 0; i < 200; i++) {
		draw(rand, before, 8, 1, 0.1);
		draw(rand, after, 8, i == 0 ? 2 : 1, 0.1);
		g_ptr_array_add(list, compare(before, 8, after, 8, LOWER, 0.001));
	}
	g_ptr_array_add(list, compare(before, 1, after, 1, LOWER, 0.001));
	g_autoptr(GPtrArray) adjusted = perfdash_comparison_adjust(list);
	g_assert_cmpuint(adjusted->len, ==, list->len);
	for (guint i = 0; i < list->len; i++) {
		PerfdashComparison *alone = g_ptr_array_index(list, i);
		PerfdashComparison *among = g_ptr_array_index(adjusted, i);
		double p = perfdash_comparison_get_p(alone);
		g_assert_cmpfloat(perfdash_comparison_get_p_adjusted(alone), ==, p);
		g_assert_cmpfloat(perfdash_comparison_get_p(among), ==, p);
		g_assert_cmpfloat(perfdash_comparison_get_p_adjusted(among), >=, p);
		n_alone += perfdash_comparison_get_verdict(alone) == PERFDASH_VERDICT_WORSE;
		n_adjusted += perfdash_comparison_get_verdict(among) == PERFDASH_VERDICT_WORSE;
	}
	g_assert_cmpuint(n_alone, >, 1);
	g_assert_cmpuint(n_adjusted, ==, 1);
	g_assert_cmpint(perfdash_comparison_get_verdict(g_ptr_array_index(adjusted, 0)),
			==,
			PERFDASH_VERDICT_WORSE);
	g_autoptr(GPtrArray) none = list_new();
	g_autoptr(GPtrArray) still_none = perfdash_comparison_adjust(none);
	g_assert_cmpuint(still_none->len, ==, 0);
}

static void
test_mean_ratio(void)
{
	g_autoptr(GPtrArray) list = list_new();
	double ratio;
	double low;
	double high;
	g_assert_false(perfdash_comparison_get_mean_ratio(list, &ratio, &low, &high));
	g_assert_true(isnan(ratio) && isnan(low) && isnan(high));
	g_ptr_array_add(list, compare((double[]){0}, 1, (double[]){5}, 1, LOWER, 0));
	g_assert_false(perfdash_comparison_get_mean_ratio(list, &ratio, &low, &high));
	g_ptr_array_add(list, compare((double[]){10}, 1, (double[]){20}, 1, LOWER, 0));
	g_assert_true(perfdash_comparison_get_mean_ratio(list, &ratio, &low, &high));
	g_assert_cmpfloat_with_epsilon(ratio, 2, 1e-15);
	g_assert_true(isnan(low) && isnan(high));
	g_ptr_array_add(list, compare((double[]){20}, 1, (double[]){10}, 1, LOWER, 0));
	g_ptr_array_add(list, compare((double[]){1}, 1, (double[]){8}, 1, LOWER, 0));
	g_assert_true(perfdash_comparison_get_mean_ratio(list, &ratio, &low, &high));
	/* exp(mean(l) -+ t.ppf(0.975, 2) * sem(l)) of l = log([2, 0.5, 8]), by numpy and scipy */
	g_assert_cmpfloat_with_epsilon(ratio, 2, 1e-12);
	g_assert_cmpfloat_with_epsilon(low, 0.06388958489227406, 1e-9);
	g_assert_cmpfloat_with_epsilon(high, 62.608013602600586, 1e-7);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/comparison/verdicts", test_verdicts);
	g_test_add_func("/comparison/refused", test_refused);
	g_test_add_func("/comparison/invariance", test_invariance);
	g_test_add_func("/comparison/difference-invariance", test_difference_invariance);
	g_test_add_func("/comparison/runs-needed", test_runs_needed);
	g_test_add_func("/comparison/adjust", test_adjust);
	g_test_add_func("/comparison/mean-ratio", test_mean_ratio);
	return g_test_run();
}
