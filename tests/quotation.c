/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-quotation.h"

#include <string.h>

/* a text, and for each line whether a parser is shown it (.) or not (#) whose marks are "mark", and
 * "far" below four blanks */
static const struct {
	const char *name;
	const char *text;
	const char *shown;
} cases[] = {
	{"plain", "a\n\nmark\n\nb\n", "....."},
	{"block", "a\n\n    b\n      mark\n\n    c\n\nd\n", "..##.#.."},
	{"tabs", "a\n\n\tb\n\n\tmark", "..#.#"},
	{"of-another-tool", "a\n\n    b\n\nmark\n", "....."},
	{"no-blank-line", "a\n    mark\n\n    mark\n", "...."},
	{"all-indented", "\n    a\n\n    mark\n", "...."},
	{"too-little", "a\n\n   mark\n", "..."},
	{"own-indentation", "a\n\n    far\n", "..."},
	{"more-than-its-own", "a\n\n    far\n\t    far\n", "..##"},
	{"two", "a\n\n    mark\nb\nmark\n\n    mark\nc\n", "..#...#."},
	{"line-ends-of-dos", "a\r\n\r\n    mark\r\n\r\nb\r\n", "..#.."},
	{"fence", "a\n```\nb\n```\nc\n", ".###."},
	{"kind-of-fence", "~~~~ sh\n```\nb\n~~~~\nc\n", "####."},
	{"fence-in-a-list", "1. a\n     ```\n     b\n     ```\nc\n", ".###."},
	{"open-fence", "a\n```\nb\n~~~\nc\n~~~\n", "...###"},
	{"rulers", "~~~~~~~~\nmark\n~~~~~~~~\n", "..."},
	{"compiler", "~~~ ^\nmark\n~~~\n", "..."},
	{"headings", "~~~ a ~~~\nmark\n~~~ b ~~~\n", "..."},
	{"fence-in-a-block", "a\n\n    ```\n    mark\n\nb\n```\n", "..##..."},
	{"below-a-fence", "```\n```\n\n    mark\n", "##.#"},
	{"shell", "+ ./run\n\n    mark\n\n    mark\na\n\n    mark\n", ".......#"},
	{"npm", "> a@1.0.0 bench\n> node a.js\n\n    mark\n", "...."},
	{"mail", "> How fast?\n\n    mark\n", "..#"},
	{"html", "a\n<p><PRE class=\"x\">b\n\nc\n</PRE></p>\nd\n", ".#.##."},
	{"html-in-a-block", "<p>\n\n      <pre>\nb\n      </pre>\n</p>\n", "..###."},
	{"html-in-one-line", "<pre>a</pre>\nb\n<code>c</code> d\n", "#.#"},
	{"html-without-end", "a\n<pre>\nb\n<code>c</code>\n", "...#"},
	{"html-begins-anew", "<pre>a\nmark\n<pre>b\n</pre>\n", "..##"},
	{"html-in-csv", "a,\"b\n<pre>c\n</pre>\",1\nd\n", "...."},
	{"html-page", "\n<!DOCTYPE html>\n<html>\na\n</HTML>\nb\n", ".####."},
	{"html-page-cut", "<?xml version=\"1.0\"?>\n<html lang=\"en\">\na\n", ".##"},
	{"html-page-below", "a\n<html>\nb\n</html>\n<html>\nc\n", ".###.."},
	{"source", "[source,sh]\n----\na\n\n----\nb\n", "###.#."},
	{"source-with-title", "[listing]\n.A title\n......\na\n....\n......\nb\n", "######."},
	{"source-of-a-paragraph", "[source,sh]\na\nb\n\nc\n", "###.."},
	{"source-without-end", "[source]\n----\na\n-----\n", "...."},
	{"asciidoc", "= A title\nA. Person\n\n----\na\n----\nb\n------\nc\n------\n", "...###...."},
	{"asciidoc-section", "a\n\n== B\n\n....\na\n....\n", "....###"},
	{"rulers-of-tools",
	 "=== RUN   TestA\n----\nmark\n----\n== a ==\n\n----\nb\n----\n",
	 "........."},
	{"literal", "a::\n\n b\n\n  c\nd\n", "#.#.#."},
	{"literal-in-a-list", "- a::\n\n    b\n  c::\n\n   d\n  e\n", "#.##.##"},
	{"no-literal", "a::\n  mark\nb::\n\nmark\n", "....."},
	{"directive", ".. code-block:: sh\n   :linenos:\n\n   a\n\n   b\nc\n", "##.#.#."},
	{"no-directive", ".. a\n   b\n.. c::\nd\n", "...."},
	{"cells", "| a |\n| mark |\n|---|---|\n\n| b |\n| c | mark |\nmark |\n", "###.##."},
	{"grid", "+------+\n| mark |\n+------+\n", "###"},
	{"own-table", "| a | b | mark\n|mark | b |\n", ".."},
	{"nothing", "", ""},
};

/* which lines differ */
static char *
compare(const char *text, const char *shown, gsize size)
{
	GString *lines = g_string_new(NULL);
	for (gsize begin = 0; begin < size;) {
		gsize length = strcspn(text + begin, "\n");
		gboolean same = memcmp(text + begin, shown + begin, length) == 0;
		g_string_append_c(lines, same ? '.' : '#');
		begin += length + 1;
	}
	return g_string_free(lines, FALSE);
}

static void
test_case(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	gsize size = strlen(cases[i].text);
	guint first;
	g_autoptr(GBytes) text = g_bytes_new_static(cases[i].text, size);
	g_autoptr(GArray) quotations = perfdash_quotation_find(cases[i].text, size);
	g_autoptr(GBytes)
		shown = perfdash_quotation_hide(quotations, text, "mark\n    far", &first);
	g_assert_cmpuint(g_bytes_get_size(shown), ==, size);
	g_autofree char *lines = compare(cases[i].text, g_bytes_get_data(shown, NULL), size);
	const char *hidden = strchr(cases[i].shown, '#');
	g_assert_cmpstr(lines, ==, cases[i].shown);
	g_assert_cmpuint(first, ==, hidden != NULL ? hidden - cases[i].shown + 1 : 0);
	g_assert_cmpint(shown == text, ==, hidden == NULL);
}

static void
test_at(void)
{
	const char *text = "a\n\n    {}\nb\n```\n[]\n```\n";
	g_autoptr(GArray) quotations = perfdash_quotation_find(text, strlen(text));
	g_assert_cmpuint(quotations->len, ==, 2);
	g_assert_null(perfdash_quotation_at(quotations, 0));
	g_assert_cmpuint(perfdash_quotation_at(quotations, 7)->line, ==, 3);
	g_assert_null(perfdash_quotation_at(quotations, strcspn(text, "b")));
	g_assert_cmpuint(perfdash_quotation_at(quotations, 7)->moved, ==, 4);
	g_assert_cmpuint(perfdash_quotation_at(quotations, strcspn(text, "["))->moved, ==, 0);
	g_assert_null(perfdash_quotation_at(quotations, strlen(text)));
}

/* what is never closed is not searched again and again */
static void
test_hostile(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; i < 200000; i++)
		g_string_append(text, i % 2 == 0 ? "``` a\n" : "~~~~ b\n");
	g_autoptr(GArray) quotations = perfdash_quotation_find(text->str, text->len);
	g_assert_cmpuint(quotations->len, ==, 0);
	g_string_truncate(text, 0);
	for (guint i = 0; i < 200000; i++)
		g_string_append(text, "a\n\n    mark");
	g_string_append_c(text, '\n');
	g_autoptr(GBytes) bytes = g_bytes_new_static(text->str, text->len);
	g_autoptr(GArray) blocks = perfdash_quotation_find(text->str, text->len);
	guint first;
	g_autoptr(GBytes) shown = perfdash_quotation_hide(blocks, bytes, "marka", &first);
	g_assert_cmpuint(first, ==, 3);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = g_strdup_printf("/quotation/%s", cases[i].name);
		g_test_add_data_func(path, GUINT_TO_POINTER(i), test_case);
	}
	g_test_add_func("/quotation/at", test_at);
	g_test_add_func("/quotation/hostile", test_hostile);
	return g_test_run();
}
