/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Blocks in which pages show what a terminal printed: between fences in Markdown (CommonMark 0.31,
 * section 4.5), between tags in HTML, between delimiters in AsciiDoc, indented below what says so
 * in reStructuredText. Tools print rulers of dashes and dots, so those are delimiters only below an
 * attribute such as [source], or as AsciiDoc's writers mostly have them, four, in a text with a
 * heading of AsciiDoc. What is opened and never closed hides nothing, but for a page of HTML. */

#include "perfdash-markup.h"

#include <string.h>

#define MIN_FENCE      3 /* characters */
#define MAX_FENCE      5 /* more are a ruler */
#define MIN_DELIMITER  4
#define MAX_ATTRIBUTES 4 /* lines of them above a block */

/* kinds of delimiters: fences by their length, then the others */
#define TILDES         (MAX_FENCE + 1)
#define DASHES         (2 * TILDES)
#define DOTS           (DASHES + 1)
#define TAGS           (DOTS + 1)

static const char *const tags[] = {"html", "pre", "textarea", "code", "samp"};

G_STATIC_ASSERT(TAGS + G_N_ELEMENTS(tags) <= PERFDASH_MARKUP_N_KINDS);

/* a tab is as wide as what Markdown wants, wherever it stands */
guint
perfdash_markup_count_columns(const char *p, const char *end, const char **behind)
{
	guint columns = 0;
	for (; p < end && (*p == ' ' || *p == '\t'); p++)
		columns += *p == '\t' ? PERFDASH_MARKUP_TAB : 1;
	*behind = p;
	return columns;
}

PerfdashMarkupLine
perfdash_markup_read_line(const char *p, const char *end)
{
	const char *newline = memchr(p, '\n', end - p);
	PerfdashMarkupLine line = {.end = newline != NULL ? newline : end};
	line.next = newline != NULL ? newline + 1 : end;
	line.columns = perfdash_markup_count_columns(p, line.end, &line.begin);
	while (line.end > line.begin && g_ascii_isspace(line.end[-1]))
		line.end--;
	return line;
}

static gboolean
is_blank(const PerfdashMarkupLine *line)
{
	return line->begin == line->end;
}

static gboolean
starts_with(const char *p, const char *end, const char *prefix)
{
	gsize length = strlen(prefix);
	return (gsize)(end - p) >= length && g_ascii_strncasecmp(p, prefix, length) == 0;
}

/* which fence a line is, or 0; only one that opens may say what is in it, and what it says is none
 * of the ~~~ ^ that compilers put below a line */
static guint
get_fence(const PerfdashMarkupLine *line, gboolean opens)
{
	const char *p = line->begin;
	if (is_blank(line) || (*p != '`' && *p != '~'))
		return 0;
	while (p < line->end && *p == *line->begin)
		p++;
	gsize n = p - line->begin;
	if (n < MIN_FENCE || n > MAX_FENCE || (p < line->end && !opens))
		return 0;
	while (p < line->end && g_ascii_isspace(*p))
		p++;
	if (p < line->end && !g_ascii_isalnum(*p) && *p != '{' && *p != '.')
		return 0;
	for (; p < line->end; p++) {
		if (*p == '`' || *p == '~')
			return 0;
	}
	return n + (*line->begin == '~' ? TILDES : 0);
}

static const char *
skip_fenced(PerfdashMarkup *self, const PerfdashMarkupLine *opening)
{
	guint fence = get_fence(opening, TRUE);
	if (fence == 0 || self->is_unclosed[fence])
		return NULL;
	for (const char *p = opening->next; p < self->end;) {
		PerfdashMarkupLine line = perfdash_markup_read_line(p, self->end);
		p = line.next;
		if (get_fence(&line, FALSE) == fence)
			return p;
	}
	self->is_unclosed[fence] = TRUE;
	return NULL;
}

/* the characters of a delimiter of AsciiDoc, or 0 */
static gsize
count_delimiter(const PerfdashMarkupLine *line)
{
	gsize length = line->end - line->begin;
	if (length < MIN_DELIMITER || line->columns > 0 ||
	    (*line->begin != '-' && *line->begin != '.'))
		return 0;
	for (const char *p = line->begin; p < line->end; p++) {
		if (*p != *line->begin)
			return 0;
	}
	return length;
}

static const char *
skip_delimited(PerfdashMarkup *self, const PerfdashMarkupLine *opening)
{
	gsize length = count_delimiter(opening);
	guint kind = *opening->begin == '-' ? DASHES : DOTS;
	if (self->is_unclosed[kind])
		return NULL;
	for (const char *p = opening->next; p < self->end;) {
		PerfdashMarkupLine line = perfdash_markup_read_line(p, self->end);
		p = line.next;
		if (count_delimiter(&line) == length && *line.begin == *opening->begin)
			return p;
	}
	self->is_unclosed[kind] = TRUE;
	return NULL;
}

/* such as [source,console] */
static gboolean
is_attribute(const PerfdashMarkupLine *line)
{
	static const char *const names[] = {
		"[source]",
		"[source,",
		"[source%",
		"[listing",
		"[literal",
		"[,",
	};
	if (line->columns > 0 || is_blank(line) || *line->begin != '[' || line->end[-1] != ']')
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		if (starts_with(line->begin, line->end, names[i]))
			return TRUE;
	}
	return FALSE;
}

/* to the next blank line */
static const char *
skip_paragraph(const PerfdashMarkup *self, const char *p)
{
	while (p < self->end) {
		PerfdashMarkupLine line = perfdash_markup_read_line(p, self->end);
		if (is_blank(&line))
			break;
		p = line.next;
	}
	return p;
}

static const char *
skip_attributed(PerfdashMarkup *self, const PerfdashMarkupLine *attribute)
{
	const char *p = attribute->next;
	for (guint i = 0; i < MAX_ATTRIBUTES && p < self->end; i++) {
		PerfdashMarkupLine line = perfdash_markup_read_line(p, self->end);
		if (is_blank(&line))
			return NULL;
		if (count_delimiter(&line) > 0)
			return skip_delimited(self, &line);
		if (get_fence(&line, TRUE) > 0)
			return skip_fenced(self, &line);
		/* another one, or a title */
		if (*line.begin != '[' && *line.begin != '.')
			return skip_paragraph(self, p);
		p = line.next;
	}
	return NULL;
}

/* "= Title" and "== Section", above a blank line or what a title has of author and attributes */
static gboolean
is_heading(const PerfdashMarkup *self, const PerfdashMarkupLine *line)
{
	const char *p = line->begin;
	while (p < line->end && *p == '=')
		p++;
	gsize level = p - line->begin;
	if (line->columns > 0 || level == 0 || level > 6 || line->end - p < 2 || *p != ' ' ||
	    !g_ascii_isalnum(p[1]) || line->end[-1] == '=')
		return FALSE;
	PerfdashMarkupLine next = perfdash_markup_read_line(line->next, self->end);
	return is_blank(&next) || (level == 1 && line->begin == self->begin);
}

static const char *
skip_asciidoc(PerfdashMarkup *self, const PerfdashMarkupLine *line, gboolean is_below_gap)
{
	if (is_below_gap && is_heading(self, line))
		self->is_asciidoc = TRUE;
	if (is_attribute(line))
		return skip_attributed(self, line);
	if (self->is_asciidoc && count_delimiter(line) == MIN_DELIMITER)
		return skip_delimited(self, line);
	return NULL;
}

/* the lines below one that are indented more, and maybe the blank ones between */
static const char *
skip_indented(const PerfdashMarkup *self, const PerfdashMarkupLine *above)
{
	const char *behind = NULL;
	for (const char *p = above->next; p < self->end;) {
		PerfdashMarkupLine line = perfdash_markup_read_line(p, self->end);
		p = line.next;
		if (is_blank(&line))
			continue;
		if (line.columns <= above->columns)
			break;
		behind = p;
	}
	return behind;
}

/* below ".. code-block:: console", or below a paragraph that ends with "::" and a blank line
 * (docutils' reStructuredText, "Directives" and "Literal Blocks") */
static const char *
skip_restructured(const PerfdashMarkup *self, const PerfdashMarkupLine *line)
{
	gsize length = line->end - line->begin;
	if (starts_with(line->begin, line->end, ".. ") &&
	    memmem(line->begin, length, "::", 2) != NULL)
		return skip_indented(self, line);
	if (length < 2 || line->end[-1] != ':' || line->end[-2] != ':' || line->next == self->end)
		return NULL;
	PerfdashMarkupLine next = perfdash_markup_read_line(line->next, self->end);
	return is_blank(&next) ? skip_indented(self, line) : NULL;
}

/* whether a tag begins at a "<"; prefix: what it begins with but for its name */
static gboolean
is_tag(const char *p, const char *end, const char *prefix, const char *name)
{
	if (!starts_with(p, end, prefix))
		return FALSE;
	p += strlen(prefix);
	if (!starts_with(p, end, name))
		return FALSE;
	p += strlen(name);
	return p < end && (*p == '>' || g_ascii_isspace(*p));
}

/* the first such tag, or NULL */
static const char *
find_tag(const char *p, const char *end, const char *prefix, const char *name)
{
	for (; (p = memchr(p, '<', end - p)) != NULL; p++) {
		if (is_tag(p, end, prefix, name))
			return p;
	}
	return NULL;
}

/* behind the line of the tag that ends an element. A string that ends behind it is a field of CSV,
 * which is no page. */
static const char *
skip_end_of_element(const PerfdashMarkup *self, const char *tag)
{
	const char *close = memchr(tag, '>', self->end - tag);
	if (close == NULL || (close + 1 < self->end && close[1] == '"'))
		return NULL;
	const char *newline = memchr(close, '\n', self->end - close);
	return newline != NULL ? newline + 1 : self->end;
}

/* behind an element that does not begin anew before it ends */
static const char *
skip_element_at(PerfdashMarkup *self, const char *begin, guint kind)
{
	const char *p = begin + 1;
	for (; (p = memchr(p, '<', self->end - p)) != NULL; p++) {
		if (is_tag(p, self->end, "<", tags[kind]))
			return NULL;
		if (is_tag(p, self->end, "</", tags[kind]))
			return skip_end_of_element(self, p);
	}
	self->is_unclosed[TAGS + kind] = TRUE;
	return NULL;
}

/* a line of HTML begins with a tag, though maybe not with the one of the block */
static const char *
skip_element(PerfdashMarkup *self, const PerfdashMarkupLine *line)
{
	const char *p = line->begin;
	for (; p < line->end && (p = memchr(p, '<', line->end - p)) != NULL; p++) {
		for (guint kind = 0; kind < G_N_ELEMENTS(tags); kind++) {
			const char *behind = NULL;
			if (!self->is_unclosed[TAGS + kind] &&
			    is_tag(p, line->end, "<", tags[kind]))
				behind = skip_element_at(self, p, kind);
			if (behind != NULL)
				return behind;
		}
	}
	return NULL;
}

/* behind the page of HTML that a text begins with, and be it cut off */
static const char *
skip_page(PerfdashMarkup *self, const PerfdashMarkupLine *line)
{
	const char *p = line->begin;
	for (; p < line->end && (p = memchr(p, '<', line->end - p)) != NULL; p++) {
		if (!starts_with(p, line->end, "<!doctype html") &&
		    !is_tag(p, line->end, "<", tags[0]))
			continue;
		const char *close = find_tag(p, self->end, "</", tags[0]);
		const char *behind = close != NULL ? skip_end_of_element(self, close) : NULL;
		return behind != NULL ? behind : self->end;
	}
	return NULL;
}

/* a line that begins with a tag */
static const char *
skip_html(PerfdashMarkup *self, const PerfdashMarkupLine *line)
{
	const char *behind = self->has_text ? NULL : skip_page(self, line);
	if (!starts_with(line->begin, line->end, "<?xml") &&
	    !starts_with(line->begin, line->end, "<!--"))
		self->has_text = TRUE;
	return behind != NULL ? behind : skip_element(self, line);
}

const char *
perfdash_markup_skip(PerfdashMarkup *self,
		     const PerfdashMarkupLine *line,
		     gboolean is_in_block,
		     gboolean is_below_gap)
{
	if (*line->begin == '<')
		return skip_html(self, line);
	self->has_text = TRUE;
	if (is_in_block)
		return NULL;
	const char *behind = skip_fenced(self, line);
	if (behind == NULL)
		behind = skip_asciidoc(self, line, is_below_gap);
	if (behind == NULL)
		behind = skip_restructured(self, line);
	return behind;
}
