/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-selector.h"

#include <string.h>

#include "perfdash-error.h"

static const struct {
	const char *matches; /* separated by blanks */
	const char *words;
	gboolean selected; /* lab=dfw suite=Checkout benchmark=GET /login */
} cases[] = {
	{"", NULL, TRUE},
	{"lab:dfw", NULL, TRUE},
	{"lab:ord", NULL, FALSE},
	{"lab:DFW", NULL, FALSE},
	{"lab:ord lab:dfw", NULL, TRUE},
	{"lab:dfw suite:other", NULL, FALSE},
	{"lab:ord suite:Checkout lab:lon", NULL, FALSE},
	{"lab:~^d", NULL, TRUE},
	{"lab:~f", NULL, TRUE},
	{"lab:~x lab:dfw", NULL, TRUE},
	{"lab:!dfw", NULL, FALSE},
	{"lab:!ord lab:!lon", NULL, TRUE},
	{"lab:!ord lab:!dfw", NULL, FALSE},
	{"lab:dfw lab:!dfw", NULL, FALSE},
	{"stat:p99", NULL, FALSE},
	{"stat:~.", NULL, FALSE},
	{"stat:!p99", NULL, TRUE},
	{"", "checkout", TRUE},
	{"", "LOGIN  dfw", TRUE},
	{"", "login nothing", FALSE},
	{"lab:dfw", "ord", FALSE},
	{"", "dfw\tGET", TRUE},
};

static PerfdashLabels *
make_labels(void)
{
	g_autoptr(GVariant) variant = g_variant_ref_sink(g_variant_new_parsed(
		"{'lab': 'dfw', 'suite': 'Checkout', 'benchmark': 'GET /login'}"));
	return perfdash_labels_new_from_variant(variant, NULL);
}

static void
test_matches(void)
{
	g_autoptr(PerfdashLabels) labels = make_labels();
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_auto(GStrv) matches = *cases[i].matches != '\0'
						? g_strsplit(cases[i].matches, " ", -1)
						: NULL;
		g_autoptr(PerfdashSelector)
			selector = perfdash_selector_new((const char *const *)matches,
							 cases[i].words,
							 &error);
		g_assert_no_error(error);
		g_test_message("%s %s", cases[i].matches, cases[i].words);
		g_assert_cmpint(perfdash_selector_matches(selector, labels), ==, cases[i].selected);
	}
}

static void
test_without(void)
{
	g_autoptr(PerfdashLabels) labels = make_labels();
	g_autoptr(PerfdashSelector) selector = perfdash_selector_new(
		(const char *const[]){"lab:ord", "suite:Checkout", "lab:~x", NULL},
		"login",
		NULL);
	g_autoptr(PerfdashSelector) without_lab = perfdash_selector_without(selector, "lab");
	g_autoptr(PerfdashSelector) without_suite = perfdash_selector_without(selector, "suite");
	g_assert_false(perfdash_selector_matches(selector, labels));
	g_assert_true(perfdash_selector_matches(without_lab, labels));
	g_assert_false(perfdash_selector_matches(without_suite, labels));
}

static void
test_matches_value(void)
{
	g_autoptr(PerfdashSelector) selector = perfdash_selector_new(
		(const char *const[]){"lab:ord", "run:~^1", "lab:dfw", "run:!12", NULL},
		"login",
		NULL);
	g_assert_true(perfdash_selector_matches_value(selector, "lab", "dfw"));
	g_assert_false(perfdash_selector_matches_value(selector, "lab", "lon"));
	g_assert_false(perfdash_selector_matches_value(selector, "lab", NULL));
	g_assert_true(perfdash_selector_matches_value(selector, "run", "13"));
	g_assert_false(perfdash_selector_matches_value(selector, "run", "12"));
	g_assert_true(perfdash_selector_matches_value(selector, "suite", NULL));
}

static void
test_refused(void)
{
	static const char *const wrong[] = {"lab", ":dfw", "lab:", "lab:~(", ""};
	for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
		g_autoptr(GError) error = NULL;
		const char *const matches[] = {"suite:x", wrong[i], NULL};
		g_assert_null(perfdash_selector_new(matches, NULL, &error));
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
		g_assert_nonnull(strstr(error->message, wrong[i]));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/selector/matches", test_matches);
	g_test_add_func("/selector/without", test_without);
	g_test_add_func("/selector/matches-value", test_matches_value);
	g_test_add_func("/selector/refused", test_refused);
	return g_test_run();
}
