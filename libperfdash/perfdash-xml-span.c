/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Where an XML document ends that stands between other lines: at the tag that closes its root
 * element, of which others of the same name may stand within it. What programs printed is in such
 * documents, too, and not all who write them take care of it: so no more is asked of what is
 * between the tags than not to have that tag, and comments and CDATA may have even that. A document
 * whose root is not closed was cut off. What the job printed next looks like more text of it, so it
 * ends behind the last tag that there is. */

#include "perfdash-xml-span.h"

#include <string.h>

/* bytes; they are looked at wherever a document, or a tag, seems to begin */
#define MAX_PROLOG 4096
#define MAX_VALUE  4096
#define MAX_PARTS  16 /* of a prolog */

typedef struct {
	PerfdashXmlSpans *spans;
	const char *end;
	const char *name; /* of the root element */
	gsize length;     /* of the name */
	gsize depth;      /* of elements of that name */
} Span;

static gboolean
starts_with(const char *p, const char *end, const char *text)
{
	gsize length = strlen(text);
	return (gsize)(end - p) >= length && memcmp(p, text, length) == 0;
}

/* behind a text, or NULL */
static const char *
find_behind(const char *p, const char *end, const char *text)
{
	const char *found = memmem(p, end - p, text, strlen(text));
	return found != NULL ? found + strlen(text) : NULL;
}

static const char *
skip_blanks(const char *p, const char *end)
{
	while (p < end && g_ascii_isspace(*p))
		p++;
	return p;
}

static const char *
skip_name(const char *p, const char *end)
{
	while (p < end && (g_ascii_isalnum(*p) || (guchar)*p >= 0x80 || strchr("_:-.", *p)) &&
	       *p != '\0')
		p++;
	return p;
}

/* behind name="value", or NULL */
static const char *
skip_attribute(const char *p, const char *end)
{
	const char *behind = skip_name(p, end);
	if (behind == p)
		return NULL;
	p = skip_blanks(behind, end);
	if (p == end || *p != '=')
		return NULL;
	p = skip_blanks(p + 1, end);
	if (p == end || (*p != '"' && *p != '\''))
		return NULL;
	const char *close = memchr(p + 1, *p, MIN(end - p - 1, MAX_VALUE));
	return close != NULL ? close + 1 : NULL;
}

/* behind the tag that p begins with, or NULL when it is none, or not whole */
static const char *
skip_tag(const char *p, const char *end)
{
	const char *name = p + 1 + (p + 1 < end && p[1] == '/');
	const char *behind = skip_name(name, end);
	if (behind == name || g_ascii_isdigit(*name))
		return NULL;
	while (behind != NULL) {
		p = skip_blanks(behind, end);
		if (starts_with(p, end, "/>"))
			return p + 2;
		if (p < end && *p == '>')
			return p + 1;
		behind = p > behind ? skip_attribute(p, end) : NULL;
	}
	return NULL;
}

/* the root element of the document that text begins with, or NULL */
static const char *
find_root(const char *text, const char *end)
{
	const char *p = text;
	if ((gsize)(end - p) > MAX_PROLOG)
		end = p + MAX_PROLOG;
	if (p == end || *p != '<')
		return NULL;
	/* only a declaration may have something between itself and the root */
	if (!starts_with(p, end, "<?xml"))
		return p;
	for (guint i = 0; p != NULL && i < MAX_PARTS; i++) {
		if (!starts_with(p, end, "<?") && !starts_with(p, end, "<!"))
			break;
		p = find_behind(p, end, starts_with(p, end, "<!--") ? "-->" : ">");
		p = p != NULL ? skip_blanks(p, end) : NULL;
	}
	return p != NULL && p < end && *p == '<' ? p : NULL;
}

gboolean
perfdash_xml_spans_begin_at(const PerfdashXmlSpans *self, const char *place)
{
	const char *root = *place == '<' ? find_root(place, self->end) : NULL;
	/* behind CDATA that was cut off, that is what a test printed unless it is declared */
	if (root == place && !self->has_cdata)
		return FALSE;
	for (guint i = 0; root != NULL && i < self->roots->len; i++) {
		if (starts_with(root, self->end, g_ptr_array_index(self->roots, i)))
			return skip_tag(root, self->end) != NULL;
	}
	return FALSE;
}

/* behind a comment or CDATA; NULL when it has no end, as none behind it has, which need not be
 * looked for */
static const char *
skip_unread(gboolean *has_more, const char *p, const char *end, const char *close)
{
	const char *behind = *has_more ? find_behind(p, end, close) : NULL;
	*has_more = behind != NULL;
	return behind;
}

/* behind a tag; one of the name of the root counts */
static const char *
count_tag(Span *self, const char *p)
{
	gboolean closes = p + 1 < self->end && p[1] == '/';
	const char *name = p + 1 + closes;
	if ((gsize)(self->end - name) <= self->length || *name != *self->name ||
	    memcmp(name, self->name, self->length) != 0 ||
	    skip_name(name, self->end) != name + self->length)
		return p + 1;
	const char *behind = skip_tag(p, self->end);
	if (behind == NULL)
		return p + 1;
	if (closes)
		self->depth--;
	else if (behind[-2] != '/')
		self->depth++;
	return behind;
}

/* behind what begins with the < at p, or NULL when the document was cut off before it */
static const char *
skip_markup(Span *self, const char *p)
{
	if (starts_with(p, self->end, "<!--"))
		return skip_unread(&self->spans->has_comments, p, self->end, "-->");
	if (starts_with(p, self->end, "<![CDATA["))
		return skip_unread(&self->spans->has_cdata, p, self->end, "]]>");
	if (p[-1] == '\n' && starts_with(p, self->end, "<?xml "))
		return NULL;
	return count_tag(self, p);
}

/* behind the last tag before end; there is one at begin */
static const char *
find_last_tag(const char *begin, const char *end)
{
	for (const char *p = end; p > begin && (p = memrchr(begin, '<', p - begin)) != NULL;) {
		const char *behind = skip_tag(p, end);
		if (behind != NULL)
			return behind;
	}
	return skip_tag(begin, end);
}

const char *
perfdash_xml_spans_find_end(PerfdashXmlSpans *self, const char *place)
{
	const char *end = self->end;
	const char *root = find_root(place, end);
	const char *p = skip_tag(root, end);
	Span span = {.spans = self, .end = end, .name = root + 1, .depth = p[-2] != '/'};
	span.length = skip_name(span.name, end) - span.name;
	while (span.depth > 0) {
		const char *markup = memchr(p, '<', end - p);
		p = markup != NULL ? skip_markup(&span, markup) : NULL;
		if (p == NULL)
			return find_last_tag(root, markup != NULL ? markup : end);
	}
	return p;
}
