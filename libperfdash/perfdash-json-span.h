/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* whether text begins as an object or an array of values does; a line of prose in brackets does
 * not */
gboolean
perfdash_json_span_begins(const char *text, const char *end);
/* Behind the document that text begins with. Of one that was cut off, behind its last whole line
 * when something else follows, which was printed after its program died; else end */
const char *
perfdash_json_span_find_end(const char *text, const char *end);
/* whether a document has its last bracket */
gboolean
perfdash_json_span_is_whole(const char *text, const char *end);

G_END_DECLS
