/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Builds the tree of json-glib, whose own parser takes most of its time to find out where a token
 * ends: a recursive descent (RFC 8259) over text that is known to be UTF-8. Numbers are exact:
 * those whose digits and power of ten are exact as doubles are rounded once (Clinger, "How to read
 * floating point numbers accurately", PLDI 1990), the others are left to strtod(). */

#include "reader-json-tree.h"

#include <string.h>

#define MAX_EXACT_DIGITS 15 /* that a double holds, whatever they are */
#define MAX_EXACT_POWER  22
#define MAX_DIGITS       18 /* of an integer of 64 bits, whatever they are */
#define MAX_NUMBER       400

typedef struct {
	const char *p;
	const char *end;
	guint line;
	GHashTable *lines; /* nullable */
	GString *text;     /* of the string that was read last, when it has escapes */
} Reading;

static JsonNode *
read_value(Reading *self);

static void
skip_blanks(Reading *self)
{
	for (; self->p < self->end; self->p++) {
		if (*self->p == '\n')
			self->line++;
		else if (*self->p != ' ' && *self->p != '\t' && *self->p != '\r')
			return;
	}
}

static gboolean
skip(Reading *self, char wanted)
{
	skip_blanks(self);
	if (self->p == self->end || *self->p != wanted)
		return FALSE;
	self->p++;
	return TRUE;
}

static gboolean
read_hex(Reading *self, gunichar *value)
{
	*value = 0;
	if (self->end - self->p < 4)
		return FALSE;
	for (guint i = 0; i < 4; i++) {
		int digit = g_ascii_xdigit_value(*self->p++);
		if (digit < 0)
			return FALSE;
		*value = *value * 16 + digit;
	}
	return TRUE;
}

/* behind "\u"; characters beyond the first 65536 are two of these */
static gboolean
read_character(Reading *self)
{
	gunichar first, second;
	if (!read_hex(self, &first) || first == 0)
		return FALSE;
	if (first >= 0xd800 && first < 0xdc00) {
		if (self->end - self->p < 6 || self->p[0] != '\\' || self->p[1] != 'u')
			return FALSE;
		self->p += 2;
		if (!read_hex(self, &second) || second < 0xdc00 || second > 0xdfff)
			return FALSE;
		first = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
	} else if (first >= 0xdc00 && first <= 0xdfff) {
		return FALSE;
	}
	g_string_append_unichar(self->text, first);
	return TRUE;
}

/* behind a backslash */
static gboolean
read_escape(Reading *self)
{
	static const char escapes[] = "\"\\/bfnrt";
	static const char meanings[] = "\"\\/\b\f\n\r\t";
	if (self->p == self->end)
		return FALSE;
	char escape = *self->p++;
	const char *place = escape != '\0' ? strchr(escapes, escape) : NULL;
	if (escape == 'u')
		return read_character(self);
	if (place != NULL)
		g_string_append_c(self->text, meanings[place - escapes]);
	return place != NULL;
}

static gboolean
is_plain(char c)
{
	return (guchar)c >= 0x20 && c != '"' && c != '\\';
}

/* behind the quote that opens it; to be freed */
static char *
read_string(Reading *self)
{
	const char *begin = self->p;
	while (self->p < self->end && is_plain(*self->p))
		self->p++;
	if (self->p < self->end && *self->p == '"')
		return g_strndup(begin, self->p++ - begin);
	g_string_truncate(self->text, 0);
	g_string_append_len(self->text, begin, self->p - begin);
	while (self->p < self->end && *self->p == '\\') {
		self->p++;
		if (!read_escape(self))
			return NULL;
		for (begin = self->p; self->p < self->end && is_plain(*self->p);)
			self->p++;
		g_string_append_len(self->text, begin, self->p - begin);
	}
	if (self->p == self->end || *self->p != '"')
		return NULL;
	self->p++;
	return g_strndup(self->text->str, self->text->len);
}

/* digits are added to those before */
static gsize
read_digits(Reading *self, guint64 *value)
{
	const char *begin = self->p;
	for (; self->p < self->end && g_ascii_isdigit(*self->p); self->p++)
		*value = *value * 10 + (*self->p - '0');
	return self->p - begin;
}

static gboolean
read_exponent(Reading *self, gint64 *exponent)
{
	guint64 value = 0;
	gboolean is_negative = FALSE;
	*exponent = 0;
	if (self->p == self->end || (*self->p != 'e' && *self->p != 'E'))
		return TRUE;
	self->p++;
	if (self->p < self->end && (*self->p == '-' || *self->p == '+'))
		is_negative = *self->p++ == '-';
	gsize n = read_digits(self, &value);
	*exponent = is_negative ? -(gint64)value : (gint64)value;
	return n > 0 && n < 10;
}

static JsonNode *
make_double(double value)
{
	return json_node_init_double(json_node_alloc(), value);
}

static JsonNode *
read_exactly(const char *begin, gsize size)
{
	char text[MAX_NUMBER + 1];
	if (size > MAX_NUMBER)
		return NULL;
	memcpy(text, begin, size);
	text[size] = '\0';
	return make_double(g_ascii_strtod(text, NULL));
}

static JsonNode *
read_number(Reading *self)
{
	static const double powers[MAX_EXACT_POWER + 1] = {
		1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
		1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
	};
	const char *begin = self->p;
	gboolean is_negative = *self->p == '-';
	guint64 digits = 0;
	gsize n_fraction = 0;
	gint64 exponent;
	self->p += is_negative;
	const char *first = self->p;
	gsize n = read_digits(self, &digits);
	gboolean is_integer = self->p == self->end || strchr(".eE", *self->p) == NULL;
	if (n == 0 || (n > 1 && *first == '0'))
		return NULL;
	if (self->p < self->end && *self->p == '.') {
		self->p++;
		n_fraction = read_digits(self, &digits);
		if (n_fraction == 0)
			return NULL;
	}
	if (!read_exponent(self, &exponent))
		return NULL;
	if (is_integer && n <= MAX_DIGITS)
		return json_node_init_int(json_node_alloc(),
					  is_negative ? -(gint64)digits : (gint64)digits);
	exponent -= n_fraction;
	if (n + n_fraction > MAX_EXACT_DIGITS || exponent < -MAX_EXACT_POWER ||
	    exponent > MAX_EXACT_POWER)
		return read_exactly(begin, self->p - begin);
	double value = is_negative ? -(double)digits : (double)digits;
	return make_double(exponent < 0 ? value / powers[-exponent] : value * powers[exponent]);
}

static JsonNode *
read_word(Reading *self)
{
	static const struct {
		const char *word;
		int value; /* -1: null */
	} words[] = {
		{"null", -1},
		{"true", TRUE},
		{"false", FALSE},
		{"NaN", -1},
		{"Infinity", -1},
		{"-Infinity", -1},
		/* as printf() writes them */
		{"nan", -1},
		{"-nan", -1},
		{"inf", -1},
		{"-inf", -1},
	};
	for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
		gsize length = strlen(words[i].word);
		if ((gsize)(self->end - self->p) < length ||
		    memcmp(self->p, words[i].word, length) != 0)
			continue;
		self->p += length;
		return words[i].value < 0
			       ? json_node_init_null(json_node_alloc())
			       : json_node_init_boolean(json_node_alloc(), words[i].value);
	}
	return NULL;
}

static gboolean
read_member(Reading *self, JsonObject *object)
{
	if (!skip(self, '"'))
		return FALSE;
	g_autofree char *name = read_string(self);
	JsonNode *value = name != NULL && skip(self, ':') ? read_value(self) : NULL;
	if (value != NULL)
		json_object_set_member(object, name, value);
	return value != NULL;
}

static JsonNode *
read_object(Reading *self)
{
	g_autoptr(JsonObject) object = json_object_new();
	gpointer line = GUINT_TO_POINTER(self->line);
	self->p++;
	if (!skip(self, '}')) {
		do {
			if (!read_member(self, object))
				return NULL;
		} while (skip(self, ','));
		if (!skip(self, '}'))
			return NULL;
	}
	if (self->lines != NULL)
		g_hash_table_insert(self->lines, object, line);
	return json_node_init_object(json_node_alloc(), object);
}

static JsonNode *
read_array(Reading *self)
{
	g_autoptr(JsonArray) array = json_array_new();
	self->p++;
	if (!skip(self, ']')) {
		do {
			JsonNode *element = read_value(self);
			if (element == NULL)
				return NULL;
			json_array_add_element(array, element);
		} while (skip(self, ','));
		if (!skip(self, ']'))
			return NULL;
	}
	return json_node_init_array(json_node_alloc(), array);
}

static JsonNode *
read_text(Reading *self)
{
	self->p++;
	g_autofree char *text = read_string(self);
	return text != NULL ? json_node_init_string(json_node_alloc(), text) : NULL;
}

/* NULL when there is none */
static JsonNode *
read_value(Reading *self)
{
	skip_blanks(self);
	if (self->p == self->end)
		return NULL;
	if (*self->p == '{')
		return read_object(self);
	if (*self->p == '[')
		return read_array(self);
	if (*self->p == '"')
		return read_text(self);
	if (g_ascii_isdigit(*self->p) ||
	    (*self->p == '-' && self->end - self->p > 1 && g_ascii_isdigit(self->p[1])))
		return read_number(self);
	return read_word(self);
}

/* json-glib makes a parser hold a document only by reading one */
static JsonParser *
hold(JsonNode *root)
{
	g_autoptr(JsonParser) parser = json_parser_new();
	gboolean is_object = JSON_NODE_HOLDS_OBJECT(root);
	if (!is_object && !JSON_NODE_HOLDS_ARRAY(root))
		return NULL;
	if (!json_parser_load_from_data(parser, is_object ? "{}" : "[]", 2, NULL))
		return NULL;
	if (is_object)
		json_node_set_object(json_parser_get_root(parser), json_node_get_object(root));
	else
		json_node_set_array(json_parser_get_root(parser), json_node_get_array(root));
	return g_steal_pointer(&parser);
}

JsonParser *
reader_json_tree_load(const char *text, gsize size, GHashTable *lines)
{
	g_autoptr(GString) string = g_string_new(NULL);
	Reading reading = {text, text + size, 1, lines, string};
	if (!g_utf8_validate_len(text, size, NULL))
		return NULL;
	g_autoptr(JsonNode) root = read_value(&reading);
	skip_blanks(&reading);
	JsonParser *parser = root != NULL && reading.p == reading.end ? hold(root) : NULL;
	if (parser == NULL && lines != NULL)
		g_hash_table_remove_all(lines);
	return parser;
}
