/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader-xml.h"

#include <string.h>

#include "reader-text.h"

static const char *
find_behind(const char *p, const char *end, const char *text)
{
	const char *found = memmem(p, end - p, text, strlen(text));
	return found != NULL ? found + strlen(text) : end;
}

gboolean
reader_xml_has_root(GBytes *document, const char *root)
{
	gsize size;
	const char *p = g_bytes_get_data(document, &size);
	const char *end = p + size;
	for (;;) {
		while (p < end && g_ascii_isspace(*p))
			p++;
		if (end - p < 2 || *p != '<' || (p[1] != '?' && p[1] != '!'))
			break;
		gboolean is_comment = end - p > 4 && memcmp(p, "<!--", 4) == 0;
		p = find_behind(p, end, is_comment ? "-->" : ">");
	}
	return (gsize)(end - p) >= strlen(root) && memcmp(p, root, strlen(root)) == 0;
}

gboolean
reader_xml_read(GBytes *document, const GMarkupParser *parser, gpointer user_data, GError **error)
{
	g_autoptr(GError) local = NULL;
	g_autofree char *text = reader_text(document);
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	const char *begin = strchr(valid, '<');
	g_autoptr(GMarkupParseContext) context =
		g_markup_parse_context_new(parser, G_MARKUP_TREAT_CDATA_AS_TEXT, user_data, NULL);
	if (begin != NULL && g_markup_parse_context_parse(context, begin, -1, &local))
		return TRUE;
	g_set_error_literal(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    local != NULL ? local->message : "the log is no XML");
	return FALSE;
}

const char *
reader_xml_attribute(const char **names, const char **values, const char *name)
{
	for (guint i = 0; names[i] != NULL; i++) {
		if (g_str_equal(names[i], name))
			return values[i];
	}
	return NULL;
}

guint
reader_xml_line(GMarkupParseContext *context)
{
	int line;
	g_markup_parse_context_get_position(context, &line, NULL);
	return MAX(line, 1);
}
