/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "perfdash-error.h"
#include "perfdash-labels-private.h"

static PerfdashLabels *
make(const char *text)
{
	g_autoptr(GVariant)
		variant = g_variant_parse(G_VARIANT_TYPE("a{ss}"), text, NULL, NULL, NULL);
	g_autoptr(GError) error = NULL;
	PerfdashLabels *labels = perfdash_labels_new_from_variant(variant, &error);
	g_assert_no_error(error);
	return labels;
}

static void
assert_text(PerfdashLabels *labels, const char *expected)
{
	g_autofree char *text = perfdash_labels_to_string(labels);
	g_assert_cmpstr(text, ==, expected);
}

/* the order in which labels were set is no part of them */
static void
test_identity(void)
{
	g_autoptr(PerfdashLabels) a = make("{'lab': 'dfw', 'benchmark': 'login', 'a': 'x'}");
	g_autoptr(PerfdashLabels)
		b = make("{'a': 'x', 'lab': 'ord', 'benchmark': 'login', 'lab': 'dfw'}");
	g_autoptr(PerfdashLabels) c = perfdash_labels_with(a, "lab", "ord", NULL);
	assert_text(a, "a=x benchmark=login lab=dfw");
	g_assert_true(perfdash_labels_equal(a, b));
	g_assert_cmpuint(perfdash_labels_hash(a), ==, perfdash_labels_hash(b));
	g_assert_false(perfdash_labels_equal(a, c));
	assert_text(a, "a=x benchmark=login lab=dfw");
	g_assert_cmpstr(perfdash_labels_get(c, "lab"), ==, "ord");
	g_assert_null(perfdash_labels_get(c, "la"));
	g_assert_cmpuint(perfdash_labels_get_length(c), ==, 3);
	g_assert_null(perfdash_labels_get_nth(c, 3, NULL));
}

static void
test_merge(void)
{
	g_autoptr(PerfdashLabels) none = perfdash_labels_new();
	g_autoptr(PerfdashLabels) a = make("{'a': '1', 'c': '3', 'd': '4'}");
	g_autoptr(PerfdashLabels) b = make("{'b': '2', 'c': 'three'}");
	g_autoptr(PerfdashLabels) ab = perfdash_labels_merge(a, b);
	g_autoptr(PerfdashLabels) ba = perfdash_labels_merge(b, a);
	g_autoptr(PerfdashLabels) an = perfdash_labels_merge(a, none);
	assert_text(ab, "a=1 b=2 c=three d=4");
	assert_text(ba, "a=1 b=2 c=3 d=4");
	g_assert_cmpuint(perfdash_labels_get_length(ab), ==, 4);
	g_assert_true(perfdash_labels_equal(an, a));
}

static void
test_refused(void)
{
	g_autofree char *long_key = g_strnfill(65, 'k');
	g_autofree char *long_value = g_strnfill(1025, 'v');
	const char *const cases[][3] = {
		{"", "v", "label key"},
		{"Lab", "v", "label key"},
		{"1a", "v", "label key"},
		{"a b", "v", "label key"},
		{long_key, "v", "label key"},
		{"lab", "", "empty"},
		{"lab", "a\nb", "control character or invalid UTF-8 at byte 1"},
		{"lab", "ab\x1b[0m", "at byte 2"},
		{"lab", "\xff", "at byte 0"},
		{"lab", "x\xc2\x9b", "at byte 1"},
		{"lab", long_value, "1025 bytes"},
	};
	g_autoptr(PerfdashLabels) none = perfdash_labels_new();
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_assert_null(perfdash_labels_with(none, cases[i][0], cases[i][1], &error));
		g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
		g_assert_nonnull(strstr(error->message, cases[i][2]));
		g_assert_null(strpbrk(error->message, "\n\x1b"));
	}
}

static void
test_many(void)
{
	g_autoptr(PerfdashLabels) labels = perfdash_labels_new();
	g_autoptr(GError) error = NULL;
	for (guint i = 0; i < 64; i++) {
		g_autofree char *key = g_strdup_printf("k%u", i);
		PerfdashLabels *next = perfdash_labels_with(labels, key, "v", &error);
		g_assert_no_error(error);
		perfdash_labels_unref(labels);
		labels = next;
	}
	g_assert_null(perfdash_labels_with(labels, "one-more", "v", &error));
	g_assert_error(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID);
	g_autoptr(PerfdashLabels) replaced = perfdash_labels_with(labels, "k7", "w", NULL);
	g_assert_nonnull(replaced);
}

/* what a file holds is read, or refused, and never more than that */
static void
test_packed(void)
{
	g_autoptr(PerfdashLabels) labels = make("{'lab': 'dfw', 'benchmark': 'GET /é'}");
	g_autoptr(GRand) random = g_rand_new_with_seed(5);
	gsize size;
	const char *packed = perfdash_labels_get_packed(labels, &size);
	g_autoptr(PerfdashLabels) same = perfdash_labels_new_from_packed(packed, size, NULL);
	g_assert_true(perfdash_labels_equal(labels, same));
	for (guint i = 0; i < 20000; i++) {
		g_autofree char *copy = g_memdup2(packed, size);
		copy[g_rand_int_range(random, 0, size)] = g_rand_int(random);
		gsize cut = g_rand_int_range(random, 0, size + 1);
		g_autoptr(GError) error = NULL;
		g_autoptr(PerfdashLabels) read = perfdash_labels_new_from_packed(copy, cut, &error);
		g_assert_true((read == NULL) == (error != NULL));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/labels/identity", test_identity);
	g_test_add_func("/labels/merge", test_merge);
	g_test_add_func("/labels/refused", test_refused);
	g_test_add_func("/labels/many", test_many);
	g_test_add_func("/labels/packed", test_packed);
	return g_test_run();
}
