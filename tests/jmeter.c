/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jmeter-csv.h"
#include "jmeter-index.h"
#include "jmeter-times.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* text in which what matters is frequent */
static void
fill_text(GRand *random, char *text, gsize size)
{
	static const char frequent[] = ",,,\n\"abc";
	for (gsize i = 0; i < size; i++)
		text[i] = g_rand_int_range(random, 0, 20) == 0
				  ? g_rand_int_range(random, 0, 256)
				  : frequent[g_rand_int_range(random, 0, strlen(frequent))];
}

static void
test_indexers(void)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(1);
	static JmeterIndex expected, found;
	char text[5 * 64];
	for (guint round = 0; round < 20000; round++) {
		gsize n_blocks = g_rand_int_range(random, 0, 6);
		fill_text(random, text, sizeof(text));
		jmeter_index_get(0)(text, n_blocks, ',', &expected);
		for (guint i = 1; jmeter_index_get(i) != NULL; i++) {
			jmeter_index_get(i)(text, n_blocks, ',', &found);
			gsize n_bytes = (found.n_blocks + 2) * sizeof(guint64);
			g_assert_cmpuint(found.n_blocks, ==, expected.n_blocks);
			g_assert_cmpmem(found.ends, n_bytes, expected.ends, n_bytes);
			g_assert_cmpmem(found.row_ends,
					found.n_rows * sizeof(guint16),
					expected.row_ends,
					expected.n_rows * sizeof(guint16));
		}
	}
}

/* bit by bit, as long as every quote opens or closes */
/* ends that one look shows and the next one would show again */
static void
test_index_looks(void)
{
	static JmeterIndex index;
	static const gsize places[] = {3, 57, 59, 63, 64, 118, 127};
	gsize ends[G_N_ELEMENTS(places)];
	char text[128];
	memset(text, 'x', sizeof(text));
	for (guint i = 0; i < G_N_ELEMENTS(places); i++)
		text[places[i]] = i + 1 < G_N_ELEMENTS(places) ? ',' : '\n';
	jmeter_index_get(0)(text, 2, ',', &index);
	for (gsize begin = 0; begin <= places[0]; begin++) {
		jmeter_index_find_ends(&index, begin, G_N_ELEMENTS(ends), ends);
		g_assert_cmpmem(ends, sizeof(ends), places, sizeof(places));
		jmeter_index_find_near_ends(&index, begin, G_N_ELEMENTS(ends), ends);
		g_assert_cmpmem(ends, sizeof(ends), places, sizeof(places));
	}
}

static void
test_index_masks(void)
{
	static JmeterIndex index;
	char text[64] = "1,\"a,\n\"\"b\",\n2,,c\n";
	jmeter_index_get(0)(text, 1, ',', &index);
	g_assert_cmpuint(index.n_blocks, ==, 1);
	gsize ends[8];
	jmeter_index_find_ends(&index, 0, G_N_ELEMENTS(ends), ends);
	const gsize expected[] = {1, 10, 11, 13, 14, 16, 64, 65};
	g_assert_cmpmem(ends, sizeof(ends), expected, sizeof(expected));
	jmeter_index_find_near_ends(&index, 2, 4, ends);
	g_assert_cmpmem(ends, 4 * sizeof(gsize), expected + 1, 4 * sizeof(gsize));
	g_assert_cmpuint(index.n_rows, ==, 2);
	g_assert_cmpuint(index.row_ends[0], ==, 11);
	g_assert_cmpuint(index.row_ends[1], ==, 16);
	text[40] = '"';
	jmeter_index_get(0)(text, 1, ',', &index);
	g_assert_cmpuint(index.n_blocks, ==, 0);
}

static int
compare_times(gconstpointer a, gconstpointer b)
{
	guint32 left = *(const guint32 *)a;
	guint32 right = *(const guint32 *)b;
	return (left > right) - (left < right);
}

/* of n times between 1 ms and a month */
static void
check_times(gsize n, double bound)
{
	static const double percents[] = {0, 1, 50, 90, 99, 99.9, 100};
	double values[G_N_ELEMENTS(percents)];
	g_autoptr(GRand) random = g_rand_new_with_seed(n);
	g_autofree guint32 *times = g_new(guint32, n);
	JmeterTimes halves[2];
	jmeter_times_init(&halves[0]);
	jmeter_times_init(&halves[1]);
	for (gsize i = 0; i < n; i++) {
		times[i] = exp(g_rand_double_range(random, 0, 21.6));
		jmeter_times_add(&halves[i % 2], times[i]);
	}
	jmeter_times_merge(&halves[0], &halves[1]);
	qsort(times, n, sizeof(guint32), compare_times);
	jmeter_times_get_percentiles(&halves[0], percents, G_N_ELEMENTS(percents), values);
	for (guint i = 0; i < G_N_ELEMENTS(percents); i++) {
		gsize rank = MAX(ceil(percents[i] * n / 100), 1);
		g_assert_cmpfloat(fabs(values[i] - times[rank - 1]), <=, bound * values[i]);
	}
	g_assert_cmpuint(halves[0].min, ==, times[0]);
	g_assert_cmpuint(halves[0].max, ==, times[n - 1]);
	jmeter_times_clear(&halves[0]);
	jmeter_times_clear(&halves[1]);
}

static void
test_few_times(void)
{
	check_times(1, 0);
	check_times(2, 0);
	check_times(4095, 0);
}

static void
test_many_times(void)
{
	check_times(4097, 1.0 / 4096);
	check_times(100000, 1.0 / 4096);
}

static void
test_spread(void)
{
	JmeterTimes times;
	jmeter_times_init(&times);
	for (guint i = 0; i < 10000; i++)
		jmeter_times_add(&times, i % 2 == 0 ? 4000000u : 4000002u);
	g_assert_cmpfloat(jmeter_times_get_mean(&times), ==, 4000001.0);
	g_assert_cmpfloat_with_epsilon(jmeter_times_get_sd(&times), sqrt(10000.0 / 9999), 1e-6);
	jmeter_times_clear(&times);
}

/* a label that must be quoted, and how CSV quotes it */
static char *
make_label(GRand *random, GString *csv)
{
	static const char *const parts[] = {"a", ",", "\"", "\n", "GET /items?id=", "x y", "1795"};
	g_autoptr(GString) label = g_string_new("\"");
	guint n = g_rand_int_range(random, 1, 30);
	for (guint i = 0; i < n; i++)
		g_string_append(label, parts[g_rand_int_range(random, 0, G_N_ELEMENTS(parts))]);
	g_autofree char *quoted = g_strdup(label->str);
	g_string_replace(label, "\"", "\"\"", 0);
	g_string_append_printf(csv, "\"%s\"", label->str);
	return g_steal_pointer(&quoted);
}

/* rows of all lengths, quoted or not, some with a quote where none belongs */
static void
append_rows(GRand *random, GString *csv, guint n)
{
	for (guint i = 0; i < n; i++) {
		g_string_append_printf(csv, "%" G_GINT64_FORMAT ",", 1795454172000 + i);
		g_string_append_printf(csv, "%u,", 10 + i % 7);
		if (i % 3 == 0)
			g_free(make_label(random, csv));
		else
			g_string_append_printf(csv, "label %u", i % 5);
		g_string_append_printf(csv, ",200,%s", i % 11 == 0 ? "5\" disk" : "OK");
		for (guint j = g_rand_int_range(random, 0, 300); i % 4 == 0 && j > 0; j--)
			g_string_append_c(csv, 'm');
		g_string_append_printf(csv, ",t,text,%s", i % 10 == 0 ? "false" : "true");
		if (i % 5 == 0)
			g_string_append(csv, ",\"but\nwas: {\"\"down\"\"}\"");
		g_string_append(csv, i % 2 == 0 ? "\r\n" : "\n");
	}
}

static double
get_value(PerfdashRun *run, const char *metric)
{
	for (guint i = 0; i < perfdash_run_get_n_results(run); i++) {
		PerfdashResult *one = perfdash_run_get_result(run, i);
		if (g_str_equal(perfdash_result_get_benchmark(one), "TOTAL") &&
		    g_str_equal(perfdash_result_get_metric(one), metric))
			return perfdash_result_get_value(one);
	}
	g_assert_not_reached();
}

static void
test_rows(void)
{
	g_autoptr(GRand) random = g_rand_new_with_seed(3);
	for (guint n = 1; n < 400; n += 7) {
		g_autoptr(GString) csv = g_string_new(NULL);
		g_autoptr(JmeterSamples) samples = jmeter_samples_new();
		g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
		g_autoptr(GError) error = NULL;
		JmeterRemarks remarks;
		append_rows(random, csv, n);
		g_assert_true(jmeter_csv_read(csv->str, csv->len, samples, &remarks, &error));
		g_assert_no_error(error);
		g_assert_cmpuint(remarks.n_bad, ==, 0);
		g_assert_false(remarks.is_cut);
		jmeter_samples_end(samples, TRUE, builder);
		g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, &error);
		g_assert_no_error(error);
		g_assert_cmpfloat(get_value(g_ptr_array_index(runs, 0), "samples"), ==, n);
		g_assert_cmpfloat(get_value(g_ptr_array_index(runs, 0), "errors"),
				  ==,
				  (n + 9) / 10);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/jmeter/index/ways", test_indexers);
	g_test_add_func("/jmeter/index/masks", test_index_masks);
	g_test_add_func("/jmeter/index/looks", test_index_looks);
	g_test_add_func("/jmeter/times/few", test_few_times);
	g_test_add_func("/jmeter/times/many", test_many_times);
	g_test_add_func("/jmeter/times/spread", test_spread);
	g_test_add_func("/jmeter/csv/rows", test_rows);
	return g_test_run();
}
