/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-xml-span.h"

#include <string.h>

/* a text, and how much of it is the document it begins with; "" for none */
static const struct {
	const char *name;
	const char *text;
	const char *document;
} cases[] = {
	{"element", "<r a=\"1\"/>\nb\n", "<r a=\"1\"/>"},
	{"whole",
	 "<?xml version=\"1.0\"?>\n<r>\n <a/>\n</r>\nb\n",
	 "<?xml version=\"1.0\"?>\n<r>\n <a/>\n</r>"},
	{"prolog",
	 "<?xml version=\"1.0\"?><!-- <s> --><!DOCTYPE r><r></r >b",
	 "<?xml version=\"1.0\"?><!-- <s> --><!DOCTYPE r><r></r >"},
	{"within-itself", "<r><r><r/></r><rr></r></r>", "<r><r><r/></r><rr></r>"},
	{"comment", "<r><!-- </r> --></r>b", "<r><!-- </r> --></r>"},
	{"cdata", "<r><![CDATA[</r>\n<?xml \n]]></r>b", "<r><![CDATA[</r>\n<?xml \n]]></r>"},
	{"quotes", "<r a='>' b=\"/>\"><r c='</r>'/></r>b", "<r a='>' b=\"/>\"><r c='</r>'/></r>"},
	{"no-xml-within", "<r>a < b && <c \"</r>b", "<r>a < b && <c \"</r>"},
	{"killed", "<r>\n <a/>\n <b c=\"Killed\n", "<r>\n <a/>"},
	{"killed-in-cdata", "<r>\n <a/><b><![CDATA[x\n", "<r>\n <a/><b>"},
	{"killed-in-comment", "<r>\n <a/><!-- x\n", "<r>\n <a/>"},
	{"killed-in-close", "<r>\n <a/></r", "<r>\n <a/>"},
	{"begun-again", "<r>\n <a/>\n<b\n<?xml version=\"1.0\"?>\n<r/>", "<r>\n <a/>"},
	{"other-root", "<s></s>", ""},
	{"other-root-behind-prolog", "<?xml version=\"1.0\"?><s><r></r></s>", ""},
	{"begin-only", "<r a=\"1\"", ""},
	{"prolog-only", "<?xml version=\"1.0\"?><!-- ", ""},
	{"no-tag", "<r is a letter>", ""},
	{"text", "r\n", ""},
};

static void
test_case(gconstpointer data)
{
	guint i = GPOINTER_TO_UINT(data);
	const char *text = cases[i].text;
	g_autoptr(GPtrArray) roots = g_ptr_array_new();
	PerfdashXmlSpans spans = {text + strlen(text), roots, TRUE, TRUE};
	gboolean begins = *cases[i].document != '\0';
	g_ptr_array_add(roots, (char *)"<q");
	g_ptr_array_add(roots, (char *)"<r");
	g_assert_cmpint(perfdash_xml_spans_begin_at(&spans, text), ==, begins);
	if (!begins)
		return;
	const char *end = perfdash_xml_spans_find_end(&spans, text);
	g_autofree char *document = g_strndup(text, end - text);
	g_assert_cmpstr(document, ==, cases[i].document);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = g_strdup_printf("/xml-span/%s", cases[i].name);
		g_test_add_data_func(name, GUINT_TO_POINTER(i), test_case);
	}
	return g_test_run();
}
