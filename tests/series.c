/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "perfdash-series-private.h"
#include "perfdash-summary.h"

#define DAY (G_TIME_SPAN_DAY)

/* run i starts at times[i] and has id 100 + i */
static PerfdashSeries *
make(const gint64 *times, const double *values, guint n)
{
	g_autoptr(PerfdashLabels) labels = perfdash_labels_new();
	g_autoptr(PerfdashSeriesInfo)
		info = perfdash_series_info_new(labels, "s", PERFDASH_DIRECTION_LOWER);
	g_autoptr(PerfdashTimeline) timeline = g_new0(PerfdashTimeline, 1);
	g_autofree guint32 *positions = g_new(guint32, n);
	g_atomic_ref_count_init(&timeline->refs);
	timeline->n_runs = n;
	timeline->times = g_memdup2(times, n * sizeof(gint64));
	timeline->runs = g_new(gint64, n);
	timeline->outcomes = g_new0(guint8, n);
	timeline->builds = g_new0(guint32, n);
	timeline->revisions = g_new0(guint32, n);
	timeline->text = g_strdup("");
	timeline->text_size = 1;
	for (guint i = 0; i < n; i++) {
		timeline->runs[i] = 100 + i;
		positions[i] = i;
	}
	return perfdash_series_new_take(info,
					timeline,
					0,
					g_steal_pointer(&positions),
					g_memdup2(values, n * sizeof(double)),
					n);
}

/* of a series without changes */
static PerfdashSummary *
summarize(PerfdashSeries *series)
{
	g_autoptr(GPtrArray) none = g_ptr_array_new();
	return perfdash_summary_new(series, none);
}

static void
test_order(void)
{
	const gint64 times[] = {50, 10, 30, 10, 40};
	const double values[] = {5, 1, 3, 2, 4};
	g_autoptr(PerfdashSeries) series = make(times, values, 5);
	gsize n;
	const double *ordered = perfdash_series_get_values(series, &n);
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	const double expected[] = {1, 2, 3, 4, 5};
	const gint64 expected_runs[] = {101, 103, 102, 104, 100};
	g_assert_cmpmem(ordered, n * sizeof(double), expected, sizeof(expected));
	g_assert_cmpmem(runs, n * sizeof(gint64), expected_runs, sizeof(expected_runs));
}

static void
test_slice(void)
{
	const gint64 times[] = {10, 20, 20, 30};
	const double values[] = {1, 2, 3, 4};
	static const struct {
		gint64 from;
		gint64 to;
		guint n;
		double first;
	} cases[] = {{0, 100, 4, 1},
		     {10, 30, 3, 1},
		     {11, 20, 0, 0},
		     {20, 21, 2, 2},
		     {30, 30, 0, 0},
		     {30, 31, 1, 4},
		     {40, 10, 0, 0}};
	g_autoptr(PerfdashSeries) series = make(times, values, 4);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		gsize n;
		g_autoptr(PerfdashSeries)
			slice = perfdash_series_slice(series, cases[i].from, cases[i].to);
		const double *sliced = perfdash_series_get_values(slice, &n);
		g_assert_cmpuint(n, ==, cases[i].n);
		if (n > 0)
			g_assert_cmpfloat(sliced[0], ==, cases[i].first);
	}
}

/* the extremes of every stretch are kept, in order, and no more points than asked */
static void
test_sample(void)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(2);
	gint64 times[1000];
	double values[1000];
	for (guint i = 0; i < 1000; i++) {
		times[i] = i;
		values[i] = g_rand_double(random);
	}
	g_autoptr(PerfdashSeries) series = make(times, values, 1000);
	for (guint max = 2; max <= 1100; max += 7) {
		gsize n;
		g_autofree guint *indices = perfdash_series_sample(series, max, &n);
		g_assert_cmpuint(n, <=, max);
		gboolean has_low = FALSE;
		gboolean has_high = FALSE;
		double low = 1;
		double high = 0;
		for (guint i = 0; i < 1000; i++) {
			low = MIN(low, values[i]);
			high = MAX(high, values[i]);
		}
		for (gsize i = 0; i < n; i++) {
			g_assert_true(i == 0 || indices[i - 1] < indices[i]);
			has_low |= values[indices[i]] == low;
			has_high |= values[indices[i]] == high;
		}
		g_assert_true(has_low && has_high);
	}
}

static void
test_summary(void)
{
	const gint64 times[] =
		{1 * DAY, 5 * DAY, 6 * DAY, 7 * DAY, 8 * DAY + 1, 12 * DAY, 15 * DAY};
	const double values[] = {1000, 10, 30, 20, 40, 10, 20};
	g_autoptr(PerfdashSeries) series = make(times, values, 7);
	g_autoptr(PerfdashSummary) summary = summarize(series);
	double before;
	double after;
	double change;
	gsize n;
	/* the last week is after day 8, the one before after day 1 */
	g_assert_true(perfdash_summary_get_week(summary, &before, &after, &change));
	g_assert_cmpfloat(before, ==, 20);
	g_assert_cmpfloat(after, ==, 20);
	g_assert_cmpfloat(change, ==, 0);
	g_assert_cmpfloat(perfdash_summary_get_last_value(summary), ==, 20);
	g_assert_cmpint(perfdash_summary_get_last_time(summary), ==, 15 * DAY);
	g_assert_cmpint(perfdash_summary_get_last_run(summary), ==, 106);
	g_assert_cmpuint(perfdash_summary_get_length(summary), ==, 7);
	g_assert_cmpfloat(perfdash_summary_get_spark(summary, &n)[0], ==, 1000);
	g_assert_cmpuint(n, ==, 7);
}

static void
test_summary_without_week(void)
{
	static const struct {
		gint64 times[2];
		double values[2];
		guint n;
	} cases[] = {{{0}, {0}, 0},
		     {{9 * DAY}, {5}, 1},
		     {{1 * DAY, 20 * DAY}, {5, 6}, 2},
		     {{1 * DAY, 9 * DAY}, {0, 6}, 2}};
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		double before;
		double after;
		double change;
		g_autoptr(PerfdashSeries)
			series = make(cases[i].times, cases[i].values, cases[i].n);
		g_autoptr(PerfdashSummary) summary = summarize(series);
		g_assert_false(perfdash_summary_get_week(summary, &before, &after, &change));
		g_assert_true(cases[i].n > 0 || isnan(perfdash_summary_get_last_value(summary)));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/series/order", test_order);
	g_test_add_func("/series/slice", test_slice);
	g_test_add_func("/series/sample", test_sample);
	g_test_add_func("/series/summary", test_summary);
	g_test_add_func("/series/summary-without-week", test_summary_without_week);
	return g_test_run();
}
