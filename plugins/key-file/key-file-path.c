/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "key-file-path.h"

#include <string.h>

typedef enum {
	TO_ROOT,
	TO_AROUND, /* the object around */
	TO_MEMBER,
	TO_ELEMENT,
	TO_ALL,   /* members or elements */
	TO_NAME,  /* of the member that the item is, or that it is an element of */
	TO_INDEX, /* of the element that the item is */
} Direction;

typedef struct {
	Direction direction;
	char *name;
	guint index;
} Turn;

struct _KeyFilePath {
	GArray *turns;
};

static void
clear_turn(gpointer data)
{
	g_free(((Turn *)data)->name);
}

void
key_file_path_free(KeyFilePath *self)
{
	g_array_unref(self->turns);
	g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeyFilePath, key_file_path_free)

static void
add_turn(KeyFilePath *self, Direction direction, const char *name, gsize length, guint index)
{
	Turn turn = {direction, name != NULL ? g_strndup(name, length) : NULL, index};
	g_array_append_val(self->turns, turn);
}

/* ['name'], [3] or [*]; behind the bracket, or NULL */
static const char *
read_bracket(KeyFilePath *self, const char *p)
{
	char quote = p[1];
	if (quote == '\'' || quote == '"') {
		const char *end = strchr(p + 2, quote);
		if (end == NULL || end[1] != ']')
			return NULL;
		add_turn(self, TO_MEMBER, p + 2, end - p - 2, 0);
		return end + 2;
	}
	gsize length = strspn(p + 1, "0123456789");
	if (g_str_has_prefix(p, "[*]"))
		add_turn(self, TO_ALL, NULL, 0, 0);
	else if (length > 0 && length < 9 && p[1 + length] == ']')
		add_turn(self, TO_ELEMENT, NULL, 0, g_ascii_strtoull(p + 1, NULL, 10));
	else
		return NULL;
	return strchr(p, ']') + 1;
}

/* a name or *; behind it, or NULL */
static const char *
read_member(KeyFilePath *self, const char *p)
{
	gsize length = strcspn(p, ".[");
	if (length == 0)
		return NULL;
	if (length == 1 && *p == '*')
		add_turn(self, TO_ALL, NULL, 0, 0);
	else
		add_turn(self, TO_MEMBER, p, length, 0);
	return p + length;
}

/* "$", "^.^" and what else a path may begin with; NULL when it is wrong already */
static const char *
read_beginning(KeyFilePath *self, const char *p)
{
	if (*p == '$') {
		add_turn(self, TO_ROOT, NULL, 0, 0);
		return p + 1;
	}
	while (*p == '^') {
		add_turn(self, TO_AROUND, NULL, 0, 0);
		p++;
		if (*p == '\0' || *p == '[')
			return p;
		if (*p != '.')
			return NULL;
		p++;
	}
	if (g_str_equal(p, "@name") || g_str_equal(p, "@index")) {
		add_turn(self, p[1] == 'n' ? TO_NAME : TO_INDEX, NULL, 0, 0);
		return p + strlen(p);
	}
	if (g_str_equal(p, ".") || *p == '[')
		return *p == '.' ? p + 1 : p;
	return read_member(self, p);
}

static gboolean
read_path(KeyFilePath *self, const char *text)
{
	const char *p = read_beginning(self, text);
	while (p != NULL && *p != '\0') {
		if (*p == '[')
			p = read_bracket(self, p);
		else
			p = *p == '.' ? read_member(self, p + 1) : NULL;
	}
	return p != NULL;
}

static gboolean
has_all(KeyFilePath *self)
{
	for (guint i = 0; i < self->turns->len; i++) {
		if (g_array_index(self->turns, Turn, i).direction == TO_ALL)
			return TRUE;
	}
	return FALSE;
}

KeyFilePath *
key_file_path_new(const char *text, gboolean is_of_items, const KeyFilePlace *place, GError **error)
{
	g_autoptr(KeyFilePath) self = g_new0(KeyFilePath, 1);
	self->turns = g_array_new(FALSE, FALSE, sizeof(Turn));
	g_array_set_clear_func(self->turns, clear_turn);
	if (!read_path(self, text) || (is_of_items && *text != '$')) {
		key_file_block(error,
			       place,
			       "\"%s\" is no path; paths are such as %s",
			       text,
			       is_of_items ? "$.results[*], $.jobs.* or $['odd name'][0]"
					   : "mean, stats.p99, ['odd name'], ^.name, $.version, "
					     "@name, @index or .");
		return NULL;
	}
	if (!is_of_items && has_all(self)) {
		key_file_block(error,
			       place,
			       "\"%s\" leads to many values; only items= may do that",
			       text);
		return NULL;
	}
	return g_steal_pointer(&self);
}

const char *
key_file_path_get_member(const KeyFilePath *self)
{
	for (guint i = self->turns->len; i > 0; i--) {
		const Turn *turn = &g_array_index(self->turns, Turn, i - 1);
		if (turn->direction == TO_MEMBER)
			return turn->name;
	}
	return NULL;
}

static JsonNode *
get_member(JsonNode *node, const char *name)
{
	return JSON_NODE_HOLDS_OBJECT(node)
		       ? json_object_get_member(json_node_get_object(node), name)
		       : NULL;
}

static JsonNode *
get_element(JsonNode *node, guint index)
{
	if (!JSON_NODE_HOLDS_ARRAY(node))
		return NULL;
	JsonArray *array = json_node_get_array(node);
	return index < json_array_get_length(array) ? json_array_get_element(array, index) : NULL;
}

typedef struct {
	const KeyFilePath *path;
	GArray *steps;
	KeyFileVisit visit;
	gpointer data;
} Walk;

static void
walk(Walk *self, guint i);

static void
walk_to(Walk *self, JsonNode *node, const char *name, guint index, guint i)
{
	KeyFileStep step = {node, name, index};
	if (node == NULL)
		return;
	g_array_append_val(self->steps, step);
	walk(self, i);
	g_array_set_size(self->steps, self->steps->len - 1);
}

static void
walk_to_all(Walk *self, JsonNode *node, guint i)
{
	if (JSON_NODE_HOLDS_OBJECT(node)) {
		JsonObjectIter iter;
		const char *name;
		JsonNode *member;
		json_object_iter_init_ordered(&iter, json_node_get_object(node));
		while (json_object_iter_next_ordered(&iter, &name, &member))
			walk_to(self, member, name, 0, i);
	} else if (JSON_NODE_HOLDS_ARRAY(node)) {
		guint n = json_array_get_length(json_node_get_array(node));
		for (guint index = 0; index < n; index++)
			walk_to(self, get_element(node, index), NULL, index, i);
	}
}

static void
walk(Walk *self, guint i)
{
	JsonNode *node = g_array_index(self->steps, KeyFileStep, self->steps->len - 1).node;
	if (i == self->path->turns->len) {
		self->visit(self->steps, self->data);
		return;
	}
	const Turn *turn = &g_array_index(self->path->turns, Turn, i);
	if (turn->direction == TO_ALL)
		walk_to_all(self, node, i + 1);
	else if (turn->direction == TO_MEMBER)
		walk_to(self, get_member(node, turn->name), turn->name, 0, i + 1);
	else
		walk_to(self, get_element(node, turn->index), NULL, turn->index, i + 1);
}

void
key_file_path_visit(const KeyFilePath *self, JsonNode *root, KeyFileVisit visit, gpointer data)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(KeyFileStep));
	Walk all = {self, steps, visit, data};
	KeyFileStep first = {root, NULL, 0};
	g_array_append_val(steps, first);
	walk(&all, 1);
}

/* how many steps lead to the object around the item; 0 when there is none */
static guint
find_around(GArray *steps, guint n)
{
	while (n > 1) {
		n--;
		if (JSON_NODE_HOLDS_OBJECT(g_array_index(steps, KeyFileStep, n - 1).node))
			return n;
	}
	return 0;
}

static char *
get_name(GArray *steps, guint n)
{
	for (; n > 0; n--) {
		const char *name = g_array_index(steps, KeyFileStep, n - 1).name;
		if (name != NULL)
			return g_strdup(name);
	}
	return NULL;
}

static char *
node_to_text(JsonNode *node)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];
	if (!JSON_NODE_HOLDS_VALUE(node))
		return NULL;
	switch (json_node_get_value_type(node)) {
	case G_TYPE_STRING:
		return g_strdup(json_node_get_string(node));
	case G_TYPE_INT64:
		return g_strdup_printf("%" G_GINT64_FORMAT, json_node_get_int(node));
	case G_TYPE_DOUBLE:
		return g_strdup(g_ascii_dtostr(digits, sizeof(digits), json_node_get_double(node)));
	default:
		return g_strdup(json_node_get_boolean(node) ? "true" : "false");
	}
}

char *
key_file_path_get(const KeyFilePath *self, GArray *steps)
{
	guint n = steps->len;
	JsonNode *node = g_array_index(steps, KeyFileStep, n - 1).node;
	for (guint i = 0; i < self->turns->len && node != NULL; i++) {
		const Turn *turn = &g_array_index(self->turns, Turn, i);
		if (turn->direction == TO_NAME)
			return get_name(steps, n);
		if (turn->direction == TO_INDEX)
			return g_strdup_printf("%u",
					       g_array_index(steps, KeyFileStep, n - 1).index);
		if (turn->direction == TO_MEMBER) {
			node = get_member(node, turn->name);
		} else if (turn->direction == TO_ELEMENT) {
			node = get_element(node, turn->index);
		} else {
			n = turn->direction == TO_ROOT ? 1 : find_around(steps, n);
			node = n > 0 ? g_array_index(steps, KeyFileStep, n - 1).node : NULL;
		}
	}
	return node != NULL ? node_to_text(node) : NULL;
}
