/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What is found when results arrive one by one, and what it costs.
 *
 * probe arrive: reads series, a number of values and that many doubles each; prints the places of
 *   the changes, a line for each value from the tenth on
 * probe speed: prints what it takes to analyse series of several lengths */

#include <math.h>
#include <perfdash.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FIRST 10 /* results, at which a trend is asked for first */

static PerfdashTrend *
trend_new(const double *values, gsize n)
{
	return perfdash_trend_new(values, n, NULL, 0, PERFDASH_DIRECTION_LOWER, NULL);
}

static void
print_changes(PerfdashTrend *trend)
{
	GPtrArray *changes = perfdash_trend_get_changes(trend);
	for (guint i = 0; i < changes->len; i++)
		printf("%" G_GSIZE_FORMAT " ",
		       perfdash_change_point_get_index(g_ptr_array_index(changes, i)));
	putchar('\n');
}

static void
let_arrive(const double *values, gsize n)
{
	g_autoptr(PerfdashTrend) trend = trend_new(values, MIN(n, FIRST));
	for (gsize i = FIRST; i <= n; i++) {
		PerfdashTrend *next = perfdash_trend_extend(trend, values, i, NULL, 0, NULL);
		g_object_unref(trend);
		trend = next;
		print_changes(trend);
	}
}

static int
run_arrive(void)
{
	guint64 n;
	while (fread(&n, sizeof(n), 1, stdin) == 1) {
		g_autofree double *values = g_new(double, n);
		if (fread(values, sizeof(double), n, stdin) != n)
			return 1;
		let_arrive(values, n);
	}
	return 0;
}

/* levels of 50 to 150 results, with steps of up to 10 % and noise of 2 % */
static double *
draw(GRand *rand, gsize n)
{
	double *values = g_new(double, n);
	double level = 100;
	gsize next = 0;
	for (gsize i = 0; i < n; i++) {
		if (i == next) {
			level = g_rand_double_range(rand, 90, 110);
			next += g_rand_int_range(rand, 50, 150);
		}
		double radius = sqrt(-2 * log(1 - g_rand_double(rand)));
		values[i] = level + 2 * radius * cos(2 * G_PI * g_rand_double(rand));
	}
	return values;
}

static int
compare(gconstpointer a, gconstpointer b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;
	return (left > right) - (left < right);
}

/* what no analysis can do without */
static void
sum_and_sort(const double *values, gsize n)
{
	static volatile double sink;
	g_autofree double *sorted = g_memdup2(values, n * sizeof(double));
	double sum = 0;
	for (gsize i = 0; i < n; i++)
		sum += values[i];
	qsort(sorted, n, sizeof(double), compare);
	sink = sum + sorted[n / 2];
	(void)sink;
}

static void
analyze(const double *values, gsize n)
{
	g_object_unref(trend_new(values, n));
}

/* microseconds of this thread's own, so that others on the machine count less */
static double
get_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return now.tv_sec * 1e6 + now.tv_nsec / 1e3;
}

/* the median of many runs */
static double
measure(void (*run)(const double *values, gsize n), const double *values, gsize n)
{
	double times[25];
	for (guint i = 0; i < G_N_ELEMENTS(times); i++) {
		double start = get_now();
		run(values, n);
		times[i] = get_now() - start;
	}
	qsort(times, G_N_ELEMENTS(times), sizeof(double), compare);
	return times[G_N_ELEMENTS(times) / 2];
}

static PerfdashTrend *trend_before;

static void
extend(const double *values, gsize n)
{
	g_object_unref(perfdash_trend_extend(trend_before, values, n, NULL, 0, NULL));
}

static void
analyze_task(gpointer data, gpointer user_data)
{
	analyze(data, 300);
}

/* seconds of a clock on the wall */
static double
measure_fleet(GRand *rand, guint n, guint n_threads)
{
	g_autoptr(GPtrArray) fleet = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < n; i++)
		g_ptr_array_add(fleet, draw(rand, 300));
	gint64 start = g_get_monotonic_time();
	GThreadPool *pool = g_thread_pool_new(analyze_task, NULL, n_threads, FALSE, NULL);
	for (guint i = 0; i < n; i++)
		g_thread_pool_push(pool, g_ptr_array_index(fleet, i), NULL);
	g_thread_pool_free(pool, FALSE, TRUE);
	return (g_get_monotonic_time() - start) / 1e6;
}

static int
run_speed(void)
{
	static const gsize lengths[] = {100, 300, 1000, 10000, 100000};
	GRand *rand = g_rand_new_with_seed(1);
	for (guint i = 0; i < G_N_ELEMENTS(lengths); i++) {
		g_autofree double *values = draw(rand, lengths[i]);
		double plain = measure(sum_and_sort, values, lengths[i]);
		double time = measure(analyze, values, lengths[i]);
		printf("%6" G_GSIZE_FORMAT " results: %.3f ms, %.1f times summing and sorting\n",
		       lengths[i],
		       time / 1e3,
		       time / plain);
	}
	g_autofree double *values = draw(rand, 5000);
	trend_before = trend_new(values, 4999);
	printf("one more of 5000: %.3f ms\n", measure(extend, values, 5000) / 1e3);
	g_clear_object(&trend_before);
	printf("10000 series of 300 on 2 cores: %.2f s\n", measure_fleet(rand, 10000, 2));
	g_rand_free(rand);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 2 && g_str_equal(argv[1], "arrive"))
		return run_arrive();
	if (argc == 2 && g_str_equal(argv[1], "speed"))
		return run_speed();
	return 2;
}
