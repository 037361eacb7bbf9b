/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-json-span.h"

#include <string.h>

/* a text, and how much of it is the document it begins with; 0 for none */
static const struct {
	const char *name;
	const char *text;
	const char *document;
} cases[] = {
	{"object",
	 "{\"a\": [1, -2.5e-3, \"]}\", true, null, {}]}\nb\n",
	 "{\"a\": [1, -2.5e-3, \"]}\", true, null, {}]}"},
	{"array", "[\n{\"a\": \"\\\"\\\\\"},\n{}\n]\n[1]\n", "[\n{\"a\": \"\\\"\\\\\"},\n{}\n]"},
	{"no-numbers",
	 "{\"a\": NaN, \"b\": -Infinity, \"c\": -nan}",
	 "{\"a\": NaN, \"b\": -Infinity, \"c\": -nan}"},
	{"comma-at-the-end", "{\"a\": [1,],}\n", "{\"a\": [1,],}"},
	{"prose", "[INFO] done\n", ""},
	{"braces", "{ echo a; }\n", ""},
	{"no-end", "{\"a\": {\"b\": 1", "{\"a\": {\"b\": 1"},
	{"killed", "{\n \"a\": 1,\n \"b\": 2\nTerminated\n{}\n", "{\n \"a\": 1,\n \"b\": 2\n"},
	{"killed-in-a-line", "{\n \"a\": 1,\n \"b\": 2Killed\n", "{\n \"a\": 1,\n"},
	{"killed-in-a-string", "{\n \"a\": 1,\n \"b+ true\n \"}\n", "{\n \"a\": 1,\n"},
	{"killed-in-one-line", "{\"a\": [1, 2Killed\n]}\n", "{\"a\": [1, "},
	{"begun-again", "{\n \"a\": 1,\n{\n \"a\": 1\n}\n", "{\n \"a\": 1,\n"},
	{"other-bracket", "{\n \"a\": 1,\n]\n", "{\n \"a\": 1,\n"},
	{"stamp", "{\n \"a\": 1,\n10:00:00 b\n", "{\n \"a\": 1,\n"},
};

static void
test_case(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	const char *text = cases[i].text;
	const char *end = text + strlen(text);
	gboolean begins = *cases[i].document != '\0';
	g_assert_cmpint(perfdash_json_span_begins(text, end), ==, begins);
	if (!begins)
		return;
	g_autofree char *document = g_strndup(text, perfdash_json_span_find_end(text, end) - text);
	g_assert_cmpstr(document, ==, cases[i].document);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = g_strdup_printf("/json-span/%s", cases[i].name);
		g_test_add_data_func(name, GUINT_TO_POINTER(i), test_case);
	}
	return g_test_run();
}
