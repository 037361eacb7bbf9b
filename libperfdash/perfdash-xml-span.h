/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* a text in which XML documents are looked for */
typedef struct {
	const char *end;
	GPtrArray *roots;      /* what root elements begin with, such as "<testsuite" */
	gboolean has_comments; /* that are closed, and CDATA, behind what was looked at; TRUE at
				  first */
	gboolean has_cdata;
} PerfdashXmlSpans;

/* whether an XML document of one of the roots begins at a place of the text */
gboolean
perfdash_xml_spans_begin_at(const PerfdashXmlSpans *self, const char *place);
/* Behind the document that begins there. Of one that was cut off, behind its last tag before
 * another document or the end */
const char *
perfdash_xml_spans_find_end(PerfdashXmlSpans *self, const char *place);

G_END_DECLS
