/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-run-builder.h"

#include <math.h>
#include <string.h>

#include "perfdash-error.h"

static void
add(PerfdashRunBuilder *builder, const char *benchmark, double value)
{
	perfdash_run_builder_add_result(builder,
					benchmark,
					"latency",
					"ms",
					PERFDASH_DIRECTION_LOWER,
					value);
}

/* a run becomes a variant and the same run again */
static void
test_round_trip(void)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	g_autoptr(GError) error = NULL;
	perfdash_run_builder_set_label(builder, "lab", "dfw");
	perfdash_run_builder_set_build(builder, "812");
	perfdash_run_builder_set_started_at(builder, 1700000000000001);
	perfdash_run_builder_set_environment(builder, "kernel", "6.1");
	perfdash_run_builder_add_warning(builder, "odd\nline %d", 3);
	add(builder, "a", 31.15);
	perfdash_run_builder_add_stat(builder, "n", 40);
	perfdash_run_builder_add_stat(builder, "p99.9", 88);
	perfdash_run_builder_add_replicate(builder, 31);
	perfdash_run_builder_add_result_label(builder, "threads", "4");
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, &error);
	g_assert_no_error(error);
	g_autoptr(GVariant) variant = g_variant_ref_sink(perfdash_run_to_variant(runs->pdata[0]));
	g_autoptr(PerfdashRun) again = perfdash_run_new_from_variant(variant, &error);
	g_assert_no_error(error);
	g_autoptr(GVariant) variant_again = g_variant_ref_sink(perfdash_run_to_variant(again));
	g_assert_cmpvariant(variant, variant_again);
	g_assert_cmpstr(perfdash_run_get_warnings(again)[0], ==, "odd line 3");
	PerfdashResult *result = perfdash_run_get_result(again, 0);
	double value;
	g_assert_true(perfdash_result_get_value(result) == 0.03115);
	g_assert_true(perfdash_result_get_stat(result, "n", &value) && value == 40);
	g_assert_true(perfdash_result_get_stat(result, "p99.9", &value) && value == 0.088);
	g_assert_null(perfdash_run_get_result(again, 1));
}

static void
test_instances(void)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	add(builder, "a", 1);
	add(builder, "b", 2);
	add(builder, "a", 3);
	add(builder, "a", 4);
	perfdash_run_builder_next_run(builder);
	add(builder, "a", 5);
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, NULL);
	static const char *const instances[] = {NULL, NULL, "2", "3"};
	for (guint i = 0; i < G_N_ELEMENTS(instances); i++) {
		PerfdashResult *result = perfdash_run_get_result(runs->pdata[0], i);
		g_assert_cmpstr(perfdash_labels_get(perfdash_result_get_labels(result), "instance"),
				==,
				instances[i]);
	}
	g_assert_cmpuint(runs->len, ==, 2);
	g_assert_cmpuint(perfdash_run_get_n_results(runs->pdata[1]), ==, 1);
}

static void
set_benchmark(PerfdashRunBuilder *builder)
{
	perfdash_run_builder_set_label(builder, "benchmark", "x");
}

static void
set_control(PerfdashRunBuilder *builder)
{
	perfdash_run_builder_set_build(builder, "a\x1b");
}

static void
set_url(PerfdashRunBuilder *builder)
{
	perfdash_run_builder_set_url(builder, "javascript:alert(1)");
}

static void
set_time(PerfdashRunBuilder *builder)
{
	perfdash_run_builder_set_started_at(builder, G_MAXINT64);
}

static void
add_nan(PerfdashRunBuilder *builder)
{
	add(builder, "a", NAN);
}

static void
add_infinity(PerfdashRunBuilder *builder)
{
	perfdash_run_builder_add_result(builder, "a", "m", "TiB", PERFDASH_DIRECTION_NONE, 1e300);
}

static void
add_empty(PerfdashRunBuilder *builder)
{
	add(builder, "", 1);
}

static void
add_unit(PerfdashRunBuilder *builder)
{
	perfdash_run_builder_add_result(builder, "a", "m", "", PERFDASH_DIRECTION_NONE, 1);
}

static void
add_stat(PerfdashRunBuilder *builder)
{
	add(builder, "a", 1);
	perfdash_run_builder_add_stat(builder, "p101", 1);
}

static void
add_stat_twice(PerfdashRunBuilder *builder)
{
	add(builder, "a", 1);
	perfdash_run_builder_add_stat(builder, "min", 1);
	perfdash_run_builder_add_stat(builder, "min", 2);
}

/* the first thing that is wrong is told; the builder can be used again */
/* a number that the log itself gave is not given twice */
static void
test_own_instance(void)
{
	static const char *const instances[] = {NULL, "2", "3"};
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	g_autoptr(GError) error = NULL;
	for (guint i = 0; i < G_N_ELEMENTS(instances); i++) {
		perfdash_run_builder_add_result(builder, "x", "a", "s", 1, i);
		if (i == 1)
			perfdash_run_builder_add_result_label(builder, "instance", "2");
	}
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, &error);
	g_assert_no_error(error);
	for (guint i = 0; i < G_N_ELEMENTS(instances); i++) {
		PerfdashResult *result = perfdash_run_get_result(g_ptr_array_index(runs, 0), i);
		g_assert_cmpstr(perfdash_labels_get(perfdash_result_get_labels(result), "instance"),
				==,
				instances[i]);
	}
}

static void
test_refused(void)
{
	static const struct {
		void (*act)(PerfdashRunBuilder *);
		const char *words;
	} cases[] = {
		{set_benchmark, "label benchmark"},
		{set_control, "build \"a\\033\""},
		{set_url, "url \"javascript:"},
		{set_time, "between 1970 and 2200"},
		{add_nan, "a latency is not a finite number"},
		{add_infinity, "a m is not a finite number"},
		{add_empty, "label benchmark is empty"},
		{add_unit, "unit"},
		{add_stat, "p101"},
		{add_stat_twice, "min of a latency"},
	};
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		cases[i].act(builder);
		set_url(builder);
		g_assert_null(perfdash_run_builder_end(builder, &error));
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
		g_test_message("%s", error->message);
		g_assert_nonnull(strstr(error->message, cases[i].words));
		g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, &error);
		g_assert_nonnull(runs);
	}
}

static void
test_defaults(void)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	perfdash_run_builder_set_label(builder, "lab", "of the log");
	perfdash_run_builder_set_build(builder, "7");
	add(builder, "a", 1);
	g_autoptr(GPtrArray) logs = perfdash_run_builder_end(builder, NULL);
	perfdash_run_builder_set_label(builder, "lab", "of the source");
	perfdash_run_builder_set_label(builder, "suite", "of the source");
	perfdash_run_builder_set_build(builder, "8");
	perfdash_run_builder_set_revision(builder, "77be01c");
	g_autoptr(GPtrArray) sources = perfdash_run_builder_end(builder, NULL);
	g_autoptr(PerfdashRun) run = perfdash_run_with_defaults(logs->pdata[0], sources->pdata[0]);
	g_assert_cmpstr(perfdash_labels_get(perfdash_run_get_labels(run), "lab"), ==, "of the log");
	g_assert_cmpstr(perfdash_labels_get(perfdash_run_get_labels(run), "suite"),
			==,
			"of the source");
	g_assert_cmpstr(perfdash_run_get_build(run), ==, "7");
	g_assert_cmpstr(perfdash_run_get_revision(run), ==, "77be01c");
	g_assert_cmpuint(perfdash_run_get_n_results(run), ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/run-builder/round-trip", test_round_trip);
	g_test_add_func("/run-builder/instances", test_instances);
	g_test_add_func("/run-builder/own-instance", test_own_instance);
	g_test_add_func("/run-builder/refused", test_refused);
	g_test_add_func("/run-builder/defaults", test_defaults);
	return g_test_run();
}
