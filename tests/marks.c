/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-marks.h"

#include <string.h>

/* candidates by their marks, the text, and which are found */
static const struct {
	const char *marks[4];
	const char *text;
	const char *found;
} cases[] = {
	{{"wrk", "fio-\nfio version", "Running"}, "a wrk2 Running", "101"},
	{{"abc", "abcd", "abcde", "bcde"}, "abcd", "1100"},
	{{"abcd\nxy", "wxyz", NULL, ""}, "xyab", "1011"},
	{{"same mark", "same mark", "same", "other"}, "the same mark", "1110"},
	{{"same mark\nsame", "same nark\nfour", "e"}, "same", "101"},
	{{"line\nend", "\n\nlast\n"}, "the last", "01"},
	{{"mark", "m"}, "", "00"},
	/* how far a tool indents one does not matter */
	{{"    indented", "\tword\n \n", "  "}, "indented word", "110"},
};

static void
test_find(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func(
			(GDestroyNotify)perfdash_candidate_free);
		for (guint j = 0; cases[i].found[j] != '\0'; j++)
			g_ptr_array_add(candidates,
					perfdash_candidate_new("",
							       "p",
							       "1",
							       "",
							       cases[i].marks[j],
							       PERFDASH_PARSER_CONSOLE));
		g_autofree gboolean *found = perfdash_marks_find(candidates,
								 cases[i].text,
								 strlen(cases[i].text));
		for (guint j = 0; j < candidates->len; j++)
			g_assert_cmpint(found[j], ==, cases[i].found[j] == '1');
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/marks/find", test_find);
	return g_test_run();
}
