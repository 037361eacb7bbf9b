/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Documents begin where a line begins, or where another document has ended: files that have no line
 * end at their end are printed so. */

#include "perfdash-documents.h"

#include <string.h>

#include "perfdash-json-span.h"

#define MIN_DOCUMENT 8 /* bytes */

void
perfdash_documents_init(PerfdashDocuments *self, const char *text, gsize size, GPtrArray *roots)
{
	*self = (PerfdashDocuments){.p = text, .end = text + size, .counted = text, .line = 1};
	self->xml = (PerfdashXmlSpans){text + size, roots, TRUE, TRUE};
}

void
perfdash_documents_clear(PerfdashDocuments *self)
{
	g_ptr_array_unref(self->xml.roots);
}

PerfdashParserKind
perfdash_documents_begin(const PerfdashDocuments *self)
{
	if (self->p == self->end)
		return 0;
	if (perfdash_json_span_begins(self->p, self->end))
		return PERFDASH_PARSER_JSON;
	return perfdash_xml_spans_begin_at(&self->xml, self->p) ? PERFDASH_PARSER_XML : 0;
}

static guint
count_lines(PerfdashDocuments *self, const char *place)
{
	const char *newline = self->counted;
	while ((newline = memchr(newline, '\n', place - newline)) != NULL) {
		newline++;
		self->line++;
	}
	self->counted = place;
	return self->line;
}

static void
skip_line(PerfdashDocuments *self)
{
	const char *newline = memchr(self->p, '\n', self->end - self->p);
	const char *end = newline != NULL ? newline : self->end;
	while (self->p < end && g_ascii_isspace(*self->p))
		self->p++;
	self->has_lines |= self->p < end;
	self->p = newline != NULL ? newline + 1 : self->end;
}

/* at the begin of a document */
static void
skip_document(PerfdashDocuments *self, PerfdashParserKind kind)
{
	self->p = kind == PERFDASH_PARSER_JSON ? perfdash_json_span_find_end(self->p, self->end)
					       : perfdash_xml_spans_find_end(&self->xml, self->p);
}

gboolean
perfdash_documents_next(PerfdashDocuments *self, PerfdashDocument *document)
{
	while (self->p < self->end) {
		const char *begin = self->p;
		PerfdashParserKind kind = perfdash_documents_begin(self);
		if (kind == 0) {
			skip_line(self);
			continue;
		}
		skip_document(self, kind);
		gsize size = self->p - begin;
		/* what was cut off may end behind its line */
		gboolean goes_on = self->p[-1] == '\n' || perfdash_documents_begin(self) != 0;
		if (!goes_on)
			skip_line(self);
		if (size < MIN_DOCUMENT)
			continue;
		*document = (PerfdashDocument){kind, begin, size, count_lines(self, begin)};
		return TRUE;
	}
	return FALSE;
}
