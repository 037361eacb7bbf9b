/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <perfdash.h>

G_BEGIN_DECLS

/* a parser that holds the document; errors name line and column. Depth is checked first. NaN and
 * Infinity, which JSON has not, are null */
JsonParser *
reader_json_load(const char *text, gsize size, GError **error);
/* likewise; lines takes the line that each JsonObject begins in, as GUINT_TO_POINTER() */
JsonParser *
reader_json_load_with_lines(const char *text, gsize size, GHashTable *lines, GError **error);
/* of a document that was cut off, what is whole: everything up to the last row_end, such as "\n }",
 * closed by closing, such as "]}" */
JsonParser *
reader_json_load_rows(const char *text,
		      gsize size,
		      const char *row_end,
		      const char *closing,
		      gboolean *is_cut,
		      GError **error);
/* likewise, with lines */
JsonParser *
reader_json_load_rows_with_lines(const char *text,
				 gsize size,
				 GHashTable *lines,
				 const char *row_end,
				 const char *closing,
				 gboolean *is_cut,
				 GError **error);
/* tells the builder the line that an object begins in, when lines has it */
void
reader_json_set_line(PerfdashRunBuilder *builder, GHashTable *lines, JsonObject *object);
/* whether a text is one document, maybe cut off, and nothing else stands before or behind it */
gboolean
reader_json_is_document(const char *text, gsize size);
/* whether a line is a document that is not cut off */
gboolean
reader_json_is_whole(const char *line);
/* whether a log, or the head of one, is such a document that is_own knows by its text; so parsers
 * that read a tool's JSON and its text tell one from the other */
gboolean
reader_json_is_own(GBytes *log, gboolean (*is_own)(const char *text));
/* the bytes of the document that a text begins with; 0 when it has no end */
gsize
reader_json_measure(const char *text, gsize size);
/* the root of a document, when it is an object or an array */
JsonObject *
reader_json_root_object(JsonParser *parser);
JsonArray *
reader_json_root_array(JsonParser *parser);
/* hands the object that a document is to read; one that is something else has nothing */
gboolean
reader_json_read_object(GBytes *document,
			void (*read)(JsonObject *root, PerfdashRunBuilder *builder),
			PerfdashRunBuilder *builder,
			GError **error);
/* NULL when there is no such member or it is something else */
JsonObject *
reader_json_object(JsonObject *object, const char *name);
JsonArray *
reader_json_array(JsonObject *object, const char *name);
const char *
reader_json_string(JsonObject *object, const char *name);
/* an object that is an element of an array, or NULL */
JsonObject *
reader_json_element(JsonArray *array, guint index);
/* FALSE when there is no such member or it is no finite number */
gboolean
reader_json_number(JsonObject *object, const char *name, double *value);
/* likewise, of an element */
gboolean
reader_json_number_at(JsonArray *array, guint index, double *value);

G_END_DECLS
