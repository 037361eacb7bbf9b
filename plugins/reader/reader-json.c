/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader-json.h"

#include <math.h>
#include <string.h>

#include "reader-json-tree.h"
#include "reader-text.h"

/* what Python and printf() write for numbers that JSON has no word for */
static gsize
match_no_number(const char *p, const char *end)
{
	static const char *const words[] =
		{"NaN", "Infinity", "-Infinity", "nan", "-nan", "inf", "-inf"};
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		gsize length = strlen(words[i]);
		if ((gsize)(end - p) >= length && memcmp(p, words[i], length) == 0)
			return length;
	}
	return 0;
}

/* a text with null in place of them, or NULL when it has none */
static GString *
replace_no_numbers(const char *text, gsize size)
{
	const char *end = text + size;
	gboolean in_string = FALSE;
	if (memmem(text, size, "NaN", 3) == NULL && memmem(text, size, "Infinity", 8) == NULL &&
	    memmem(text, size, "nan", 3) == NULL && memmem(text, size, "inf", 3) == NULL)
		return NULL;
	GString *replaced = g_string_sized_new(size);
	for (const char *p = text; p < end; p++) {
		gsize length = in_string ? 0 : match_no_number(p, end);
		if (length > 0) {
			g_string_append(replaced, "null");
			p += length - 1;
			continue;
		}
		in_string ^= *p == '"';
		g_string_append_c(replaced, *p);
		if (in_string && *p == '\\' && p + 1 < end)
			g_string_append_c(replaced, *++p);
	}
	return replaced;
}

/* json-glib does not keep lines, so they are taken down while it reads */
typedef struct {
	GHashTable *lines; /* of objects that are ended */
	GArray *begun;     /* lines of those that are not */
} Lines;

static void
object_begins_cb(JsonParser *parser, gpointer user_data)
{
	Lines *self = user_data;
	guint line = json_parser_get_current_line(parser);
	g_array_append_val(self->begun, line);
}

static void
object_ends_cb(JsonParser *parser, JsonObject *object, gpointer user_data)
{
	Lines *self = user_data;
	guint last = self->begun->len - 1;
	g_hash_table_insert(self->lines,
			    object,
			    GUINT_TO_POINTER(g_array_index(self->begun, guint, last)));
	g_array_set_size(self->begun, last);
}

/* lines is nullable */
static JsonParser *
load(const char *text, gsize size, GHashTable *lines, GError **error)
{
	g_autoptr(GArray) begun = g_array_new(FALSE, FALSE, sizeof(guint));
	Lines places = {lines, begun};
	g_autoptr(JsonParser) parser = json_parser_new_immutable();
	g_autoptr(GError) local = NULL;
	if (lines != NULL) {
		g_signal_connect(parser, "object-start", G_CALLBACK(object_begins_cb), &places);
		g_signal_connect(parser, "object-end", G_CALLBACK(object_ends_cb), &places);
	}
	if (!json_parser_load_from_data(parser, text, size, &local)) {
		/* json-glib says "<data>:LINE:COLUMN: what" */
		const char *where = strchr(local->message, ':');
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_BROKEN,
			    "invalid JSON at %s",
			    where != NULL ? where + 1 : local->message);
		return NULL;
	}
	return g_steal_pointer(&parser);
}

JsonParser *
reader_json_load_with_lines(const char *text, gsize size, GHashTable *lines, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, size);
	if (!perfdash_json_check_depth(bytes, PERFDASH_JSON_MAX_DEPTH, error))
		return NULL;
	/* json-glib knows why it is wrong, and reads more than RFC 8259 allows */
	JsonParser *tree = reader_json_tree_load(text, size, lines);
	if (tree != NULL)
		return tree;
	GString *replaced = replace_no_numbers(text, size);
	if (replaced == NULL)
		return load(text, size, lines, error);
	JsonParser *parser = load(replaced->str, replaced->len, lines, error);
	g_string_free(replaced, TRUE);
	return parser;
}

JsonParser *
reader_json_load(const char *text, gsize size, GError **error)
{
	return reader_json_load_with_lines(text, size, NULL, error);
}

static JsonParser *
load_closed(const char *text, const char *end, const char *closing, GHashTable *lines)
{
	g_autoptr(GString) whole = g_string_new_len(text, end - text);
	g_string_append(whole, closing);
	return reader_json_load_with_lines(whole->str, whole->len, lines, NULL);
}

/* behind the last object or array that leaves as many brackets open as closing closes, or NULL */
static const char *
find_last_row(const char *text, gsize size, char bracket, const char *closing)
{
	const char *last = NULL;
	gboolean in_string = FALSE;
	gsize depth = 0, wanted = 0;
	for (; *closing != '\0'; closing++)
		wanted += *closing == ']' || *closing == '}';
	for (const char *p = text; p < text + size; p++) {
		if (in_string && *p == '\\') {
			p++;
		} else if (*p == '"') {
			in_string = !in_string;
		} else if (!in_string && (*p == '{' || *p == '[')) {
			depth++;
		} else if (!in_string && depth > 0 && (*p == '}' || *p == ']')) {
			depth--;
			last = *p == bracket && depth == wanted ? p + 1 : last;
		}
	}
	return depth > 0 ? last : NULL;
}

JsonParser *
reader_json_load_rows_with_lines(const char *text,
				 gsize size,
				 GHashTable *lines,
				 const char *row_end,
				 const char *closing,
				 gboolean *is_cut,
				 GError **error)
{
	g_autoptr(GError) local = NULL;
	JsonParser *parser = reader_json_load_with_lines(text, size, lines, &local);
	*is_cut = parser == NULL;
	if (parser != NULL)
		return parser;
	const char *last = g_strrstr_len(text, size, row_end);
	if (last != NULL)
		parser = load_closed(text, last + strlen(row_end), closing, lines);
	/* another indentation, or none */
	char bracket = row_end[strlen(row_end) - 1];
	last = parser == NULL ? find_last_row(text, size, bracket, closing) : NULL;
	if (last != NULL)
		parser = load_closed(text, last, closing, lines);
	if (parser == NULL)
		g_propagate_error(error, g_steal_pointer(&local));
	return parser;
}

JsonParser *
reader_json_load_rows(const char *text,
		      gsize size,
		      const char *row_end,
		      const char *closing,
		      gboolean *is_cut,
		      GError **error)
{
	return reader_json_load_rows_with_lines(text, size, NULL, row_end, closing, is_cut, error);
}

void
reader_json_set_line(PerfdashRunBuilder *builder, GHashTable *lines, JsonObject *object)
{
	gpointer line = g_hash_table_lookup(lines, object);
	if (line != NULL)
		perfdash_run_builder_set_line(builder, GPOINTER_TO_UINT(line));
}

/* what stands behind the bracket that closes the first one, or NULL */
static const char *
skip_document(const char *p, const char *end)
{
	gsize depth = 0;
	gboolean in_string = FALSE;
	for (; p < end; p++) {
		if (in_string && *p == '\\')
			p++;
		else if (*p == '"')
			in_string = !in_string;
		else if (!in_string && (*p == '{' || *p == '['))
			depth++;
		else if (!in_string && (*p == '}' || *p == ']') && --depth == 0)
			return p + 1;
	}
	return NULL;
}

gsize
reader_json_measure(const char *text, gsize size)
{
	const char *behind = skip_document(text, text + size);
	return behind != NULL ? behind - text : 0;
}

gboolean
reader_json_is_document(const char *text, gsize size)
{
	const char *end = text + size;
	while (text < end && g_ascii_isspace(*text))
		text++;
	if (text == end || (*text != '{' && *text != '['))
		return FALSE;
	text = skip_document(text, end);
	for (; text != NULL && text < end; text++) {
		if (!g_ascii_isspace(*text) && *text != '\0')
			return FALSE;
	}
	return TRUE;
}

gboolean
reader_json_is_whole(const char *line)
{
	g_autoptr(JsonParser) parser = reader_json_load(line, strlen(line), NULL);
	return parser != NULL;
}

gboolean
reader_json_is_own(GBytes *log, gboolean (*is_own)(const char *text))
{
	gsize size;
	const char *data = g_bytes_get_data(log, &size);
	if (!reader_json_is_document(data, size))
		return FALSE;
	g_autofree char *text = reader_text(log);
	return is_own(text);
}

JsonObject *
reader_json_root_object(JsonParser *parser)
{
	JsonNode *root = json_parser_get_root(parser);
	return root != NULL && JSON_NODE_HOLDS_OBJECT(root) ? json_node_get_object(root) : NULL;
}

JsonArray *
reader_json_root_array(JsonParser *parser)
{
	JsonNode *root = json_parser_get_root(parser);
	return root != NULL && JSON_NODE_HOLDS_ARRAY(root) ? json_node_get_array(root) : NULL;
}

gboolean
reader_json_read_object(GBytes *document,
			void (*read)(JsonObject *root, PerfdashRunBuilder *builder),
			PerfdashRunBuilder *builder,
			GError **error)
{
	gsize size;
	const char *text = g_bytes_get_data(document, &size);
	g_autoptr(JsonParser) parser = reader_json_load(text, size, error);
	JsonObject *root = parser != NULL ? reader_json_root_object(parser) : NULL;
	if (root != NULL)
		read(root, builder);
	return parser != NULL;
}

static JsonNode *
get(JsonObject *object, const char *name, JsonNodeType type)
{
	JsonNode *node = json_object_get_member(object, name);
	return node != NULL && json_node_get_node_type(node) == type ? node : NULL;
}

JsonObject *
reader_json_object(JsonObject *object, const char *name)
{
	JsonNode *node = get(object, name, JSON_NODE_OBJECT);
	return node != NULL ? json_node_get_object(node) : NULL;
}

JsonArray *
reader_json_array(JsonObject *object, const char *name)
{
	JsonNode *node = get(object, name, JSON_NODE_ARRAY);
	return node != NULL ? json_node_get_array(node) : NULL;
}

const char *
reader_json_string(JsonObject *object, const char *name)
{
	JsonNode *node = get(object, name, JSON_NODE_VALUE);
	return node != NULL && json_node_get_value_type(node) == G_TYPE_STRING
		       ? json_node_get_string(node)
		       : NULL;
}

JsonObject *
reader_json_element(JsonArray *array, guint index)
{
	JsonNode *node = json_array_get_element(array, index);
	return JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static gboolean
get_number(JsonNode *node, double *value)
{
	GType type = node != NULL ? json_node_get_value_type(node) : G_TYPE_NONE;
	if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
		return FALSE;
	*value = json_node_get_double(node);
	return isfinite(*value);
}

gboolean
reader_json_number(JsonObject *object, const char *name, double *value)
{
	return get_number(get(object, name, JSON_NODE_VALUE), value);
}

gboolean
reader_json_number_at(JsonArray *array, guint index, double *value)
{
	JsonNode *node = json_array_get_element(array, index);
	return JSON_NODE_HOLDS_VALUE(node) && get_number(node, value);
}
