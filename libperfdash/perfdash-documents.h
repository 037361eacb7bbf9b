/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-parser-module.h"
#include "perfdash-xml-span.h"

G_BEGIN_DECLS

/* the JSON and XML documents among the lines of a text, one after another */
typedef struct {
	const char *p;
	const char *end;
	PerfdashXmlSpans xml;
	gboolean has_lines;  /* others than those of documents and blank ones */
	const char *counted; /* up to where lines are counted */
	guint line;          /* that it is in, from 1 */
} PerfdashDocuments;

/* what a document is, where it is, and the line that it begins in */
typedef struct {
	PerfdashParserKind kind;
	const char *begin;
	gsize size;
	guint line;
} PerfdashDocument;

/* takes roots, what the root elements of XML documents begin with */
void
perfdash_documents_init(PerfdashDocuments *self, const char *text, gsize size, GPtrArray *roots);
void
perfdash_documents_clear(PerfdashDocuments *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PerfdashDocuments, perfdash_documents_clear)
/* the kind of the document that the next line begins with, or 0 */
PerfdashParserKind
perfdash_documents_begin(const PerfdashDocuments *self);
/* FALSE when there is none any more */
gboolean
perfdash_documents_next(PerfdashDocuments *self, PerfdashDocument *document);

G_END_DECLS
