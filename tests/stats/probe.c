/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Answers lines of "NAME SET [SET]", where a set is numbers with commas between them, with the
 * numbers that the statistic gives; for test_stats.py, which asks others the same. */

#include <stdio.h>
#include <string.h>

#include "perfdash-bootstrap.h"
#include "perfdash-distribution.h"
#include "perfdash-mann-whitney.h"
#include "perfdash-power.h"
#include "perfdash-stats.h"

typedef struct {
	double *values;
	gsize n;
} Set;

typedef struct {
	const char *name;
	void (*print)(const Set *a, const Set *b);
} Statistic;

static void
print(double value)
{
	printf("%.17g ", value);
}

static void
quantile(const Set *a, const Set *b)
{
	g_autofree double *sorted = perfdash_stats_sort(a->values, a->n);
	for (gsize i = 0; i < b->n; i++)
		print(perfdash_stats_quantile(sorted, a->n, b->values[i]));
}

static void
mad(const Set *a, const Set *b)
{
	print(perfdash_stats_mad(a->values, a->n));
}

static void
mean_interval(const Set *a, const Set *b)
{
	double mean;
	double low;
	double high;
	perfdash_stats_mean_interval(a->values, a->n, &mean, &low, &high);
	print(mean);
	print(low);
	print(high);
}

static void
difference_interval(const Set *a, const Set *b)
{
	double low;
	double high;
	perfdash_stats_difference_interval(a->values, a->n, b->values, b->n, &low, &high);
	print(low);
	print(high);
}

static void
adjust(const Set *a, const Set *b)
{
	perfdash_stats_adjust(a->values, a->n, a->n);
	for (gsize i = 0; i < a->n; i++)
		print(a->values[i]);
}

static void
normal(const Set *a, const Set *b)
{
	for (gsize i = 0; i < a->n; i++)
		print(perfdash_normal_cdf(a->values[i]));
}

static void
normal_quantile(const Set *a, const Set *b)
{
	for (gsize i = 0; i < a->n; i++)
		print(perfdash_normal_quantile(a->values[i]));
}

static void
student(const Set *a, const Set *b)
{
	for (gsize i = 0; i < a->n; i++)
		print(perfdash_t_cdf(a->values[i], b->values[i]));
}

static void
student_quantile(const Set *a, const Set *b)
{
	for (gsize i = 0; i < a->n; i++)
		print(perfdash_t_quantile(a->values[i], b->values[i]));
}

static void
mann_whitney(const Set *a, const Set *b)
{
	double u;
	g_autofree double *before = perfdash_stats_sort(a->values, a->n);
	g_autofree double *after = perfdash_stats_sort(b->values, b->n);
	double p = perfdash_mann_whitney(before, a->n, after, b->n, &u);
	print(u);
	print(p);
	print(perfdash_cliffs_delta(u, a->n, b->n));
	print(perfdash_mann_whitney_least_p(a->n, b->n));
}

static void
print_bootstrap(PerfdashScale scale, const Set *a, const Set *b)
{
	double low;
	double high;
	g_autofree double *before = perfdash_stats_sort(a->values, a->n);
	g_autofree double *after = perfdash_stats_sort(b->values, b->n);
	perfdash_bootstrap_medians(scale, before, a->n, after, b->n, &low, &high);
	print(low);
	print(high);
}

static void
bootstrap(const Set *a, const Set *b)
{
	print_bootstrap(PERFDASH_SCALE_LINEAR, a, b);
}

static void
bootstrap_log(const Set *a, const Set *b)
{
	print_bootstrap(PERFDASH_SCALE_LOG, a, b);
}

/* of effect, noise and level, or margin and noise */
static void
power(const Set *a, const Set *b)
{
	if (a->n == 3)
		print(perfdash_power_to_see(a->values[0], a->values[1], a->values[2]));
	else
		print(perfdash_power_to_exclude(a->values[0], a->values[1]));
}

static const Statistic statistics[] = {
	{"quantile", quantile},
	{"mad", mad},
	{"mean-interval", mean_interval},
	{"difference-interval", difference_interval},
	{"adjust", adjust},
	{"normal", normal},
	{"normal-quantile", normal_quantile},
	{"student", student},
	{"student-quantile", student_quantile},
	{"mann-whitney", mann_whitney},
	{"bootstrap", bootstrap},
	{"bootstrap-log", bootstrap_log},
	{"power", power},
};

static Set
read_set(const char *text)
{
	g_auto(GStrv) numbers = g_strsplit(text != NULL ? text : "", ",", -1);
	Set set = {NULL, g_strv_length(numbers)};
	set.values = g_new(double, set.n);
	for (gsize i = 0; i < set.n; i++)
		set.values[i] = g_ascii_strtod(numbers[i], NULL);
	return set;
}

static void
answer(char *line)
{
	g_auto(GStrv) words = g_strsplit(g_strchomp(line), " ", 3);
	Set a = read_set(words[1]);
	Set b = read_set(words[1] != NULL ? words[2] : NULL);
	for (guint i = 0; i < G_N_ELEMENTS(statistics); i++) {
		if (g_str_equal(words[0], statistics[i].name))
			statistics[i].print(&a, &b);
	}
	printf("\n");
	fflush(stdout);
	g_free(a.values);
	g_free(b.values);
}

int
main(void)
{
	char *line = NULL;
	size_t size = 0;
	while (getline(&line, &size, stdin) >= 0)
		answer(line);
	free(line);
	return 0;
}
