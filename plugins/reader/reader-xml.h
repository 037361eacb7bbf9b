/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* whether the root element of an XML document begins so, such as "<testsuite" */
gboolean
reader_xml_has_root(GBytes *document, const char *root);
/* Reads XML of which the end may be missing. FALSE, with PERFDASH_ERROR_BROKEN, when something is
 * no XML; what stands before it has been read */
gboolean
reader_xml_read(GBytes *document, const GMarkupParser *parser, gpointer user_data, GError **error);
/* an attribute of an element, or NULL */
const char *
reader_xml_attribute(const char **names, const char **values, const char *name);
/* where the reading is, from 1 */
guint
reader_xml_line(GMarkupParseContext *context);

G_END_DECLS
