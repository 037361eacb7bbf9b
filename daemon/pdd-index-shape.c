/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads an index of logs in JSON, whatever its members are called. A preset is a set of such names;
 * each may be set otherwise. */

#include "pdd-index-shape.h"

#include <libsoup/soup.h>
#include <string.h>

#define MAX_ITEMS (1000 * 1000) /* of one page */

const char *const pdd_index_keys[PDD_INDEX_N_KEYS] = {
	[PDD_INDEX_ITEMS] = "items",
	[PDD_INDEX_ITEM_NAME] = "item-name",
	[PDD_INDEX_ITEM_LINK] = "item-link",
	[PDD_INDEX_ITEM_TIME] = "item-time",
	[PDD_INDEX_ITEM_SIZE] = "item-size",
	[PDD_INDEX_ITEM_DIGEST] = "item-digest",
	[PDD_INDEX_ITEM_DIRECTORY] = "item-directory",
	[PDD_INDEX_ITEM_BODY] = "item-body",
	[PDD_INDEX_NEXT] = "next",
	[PDD_INDEX_NEXT_ITEM] = "next-item",
	[PDD_INDEX_NEXT_TO] = "next-to",
	[PDD_INDEX_REQUEST] = "request",
};

static const struct {
	const char *name;
	const char *paths[PDD_INDEX_N_KEYS];
} presets[] = {
	{"nginx",
	 {[PDD_INDEX_ITEMS] = "",
	  [PDD_INDEX_ITEM_NAME] = "name",
	  [PDD_INDEX_ITEM_TIME] = "mtime",
	  [PDD_INDEX_ITEM_SIZE] = "size",
	  [PDD_INDEX_ITEM_DIRECTORY] = "type=directory"}},
	{"swift",
	 {[PDD_INDEX_ITEMS] = "",
	  [PDD_INDEX_ITEM_NAME] = "name",
	  [PDD_INDEX_ITEM_TIME] = "last_modified",
	  [PDD_INDEX_ITEM_SIZE] = "bytes",
	  [PDD_INDEX_ITEM_DIGEST] = "hash",
	  [PDD_INDEX_NEXT_ITEM] = "name",
	  [PDD_INDEX_NEXT_TO] = "marker"}},
	{"elasticsearch",
	 {[PDD_INDEX_ITEMS] = "hits.hits",
	  [PDD_INDEX_ITEM_NAME] = "_id",
	  [PDD_INDEX_ITEM_TIME] = "_source.@timestamp",
	  [PDD_INDEX_ITEM_DIGEST] = "_seq_no",
	  [PDD_INDEX_ITEM_BODY] = "_source",
	  [PDD_INDEX_NEXT_ITEM] = "sort",
	  [PDD_INDEX_NEXT_TO] = "search_after",
	  [PDD_INDEX_REQUEST] = "{\"size\":500,\"seq_no_primary_term\":true,"
				"\"sort\":[{\"@timestamp\":\"asc\"},{\"_doc\":\"asc\"}]}"}},
	{"perfdash",
	 {[PDD_INDEX_ITEMS] = "items",
	  [PDD_INDEX_ITEM_NAME] = "name",
	  [PDD_INDEX_ITEM_LINK] = "link",
	  [PDD_INDEX_ITEM_TIME] = "time",
	  [PDD_INDEX_ITEM_SIZE] = "size",
	  [PDD_INDEX_ITEM_DIGEST] = "digest",
	  [PDD_INDEX_ITEM_BODY] = "log",
	  [PDD_INDEX_NEXT] = "next"}},
};

PddIndexShape *
pdd_index_shape_new(void)
{
	return g_new0(PddIndexShape, 1);
}

void
pdd_index_shape_free(PddIndexShape *self)
{
	for (guint i = 0; i < PDD_INDEX_N_KEYS; i++)
		g_free(self->paths[i]);
	g_free(self);
}

/* what is set already stays */
gboolean
pdd_index_shape_set_preset(PddIndexShape *self, const char *preset, GError **error)
{
	for (guint i = 0; i < G_N_ELEMENTS(presets); i++) {
		if (!g_str_equal(presets[i].name, preset))
			continue;
		for (guint k = 0; k < PDD_INDEX_N_KEYS; k++) {
			if (self->paths[k] == NULL)
				self->paths[k] = g_strdup(presets[i].paths[k]);
		}
		return TRUE;
	}
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "\"%s\" is none of nginx, swift, elasticsearch, perfdash",
		    preset);
	return FALSE;
}

static JsonObject *
parse_object(const char *text, GError **error)
{
	g_autoptr(JsonParser) parser = json_parser_new();
	JsonNode *root = json_parser_load_from_data(parser, text, -1, error)
				 ? json_parser_get_root(parser)
				 : NULL;
	if (root != NULL && JSON_NODE_HOLDS_OBJECT(root))
		return json_object_ref(json_node_get_object(root));
	if (error != NULL && *error == NULL)
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "it is not a JSON object");
	return NULL;
}

/* whether it can be worked with */
gboolean
pdd_index_shape_check(PddIndexShape *self, GError **error)
{
	const char *what = NULL;
	if (self->paths[PDD_INDEX_ITEMS] == NULL || self->paths[PDD_INDEX_ITEM_NAME] == NULL)
		what = "there is neither preset nor both of items and item-name";
	else if (self->paths[PDD_INDEX_ITEM_DIRECTORY] != NULL &&
		 strchr(self->paths[PDD_INDEX_ITEM_DIRECTORY], '=') == NULL)
		what = "item-directory is not MEMBER=VALUE";
	else if (self->paths[PDD_INDEX_NEXT] != NULL && self->paths[PDD_INDEX_NEXT_ITEM] != NULL)
		what = "there are both next and next-item";
	if (what != NULL) {
		g_set_error_literal(error, PERFDASH_ERROR, PERFDASH_ERROR_INVALID, what);
		return FALSE;
	}
	if (self->paths[PDD_INDEX_REQUEST] == NULL)
		return TRUE;
	g_autoptr(JsonObject) request = parse_object(self->paths[PDD_INDEX_REQUEST], error);
	g_prefix_error(error, "request: ");
	return request != NULL;
}

/* the member at the end of a path, or NULL */
static JsonNode *
find(JsonNode *node, const char *path)
{
	g_auto(GStrv) names = g_strsplit(path, ".", -1);
	for (guint i = 0; node != NULL && names[i] != NULL; i++)
		node = JSON_NODE_HOLDS_OBJECT(node)
			       ? json_object_get_member(json_node_get_object(node), names[i])
			       : NULL;
	return node;
}

static JsonNode *
get(PddIndexShape *self, JsonNode *node, PddIndexKey key)
{
	const char *path = self->paths[key];
	if (path == NULL)
		return NULL;
	return *path != '\0' ? find(node, path) : node;
}

/* a text is as it is, all else as JSON; null is NULL */
static char *
to_text(JsonNode *node)
{
	if (node == NULL || JSON_NODE_HOLDS_NULL(node))
		return NULL;
	if (JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING)
		return json_node_dup_string(node);
	return json_to_string(node, FALSE);
}

static gint64
parse_time(const char *text)
{
	char *end;
	double number = g_ascii_strtod(text, &end);
	if (*end == '\0' && number > 0 && number < 1e14)
		return number > 1e11 ? number * 1000 : number * G_USEC_PER_SEC;
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, utc);
	if (time == NULL)
		time = soup_date_time_new_from_http_string(text);
	return time != NULL ? g_date_time_to_unix(time) * G_USEC_PER_SEC +
				      g_date_time_get_microsecond(time)
			    : 0;
}

static gboolean
is_directory(PddIndexShape *self, JsonNode *item)
{
	const char *test = self->paths[PDD_INDEX_ITEM_DIRECTORY];
	if (test == NULL)
		return FALSE;
	g_auto(GStrv) sides = g_strsplit(test, "=", 2);
	g_autofree char *value = to_text(find(item, sides[0]));
	return g_strcmp0(value, sides[1]) == 0;
}

static void
entry_free(gpointer data)
{
	PddIndexEntry *entry = data;
	g_free(entry->name);
	g_free(entry->link);
	g_free(entry->digest);
	g_clear_pointer(&entry->body, g_bytes_unref);
	g_free(entry);
}

/* NULL when it has no name: stores put other things into their lists, too */
static PddIndexEntry *
read_entry(PddIndexShape *self, JsonNode *item)
{
	g_autofree char *name = to_text(get(self, item, PDD_INDEX_ITEM_NAME));
	g_autofree char *time = to_text(get(self, item, PDD_INDEX_ITEM_TIME));
	g_autofree char *size = to_text(get(self, item, PDD_INDEX_ITEM_SIZE));
	char *body = to_text(get(self, item, PDD_INDEX_ITEM_BODY));
	if (name == NULL || *name == '\0') {
		g_free(body);
		return NULL;
	}
	PddIndexEntry *entry = g_new0(PddIndexEntry, 1);
	entry->link = to_text(get(self, item, PDD_INDEX_ITEM_LINK));
	entry->time = time != NULL ? parse_time(time) : 0;
	entry->size = size != NULL ? g_ascii_strtoull(size, NULL, 10) : 0;
	entry->digest = to_text(get(self, item, PDD_INDEX_ITEM_DIGEST));
	entry->body = body != NULL ? g_bytes_new_take(body, strlen(body)) : NULL;
	entry->is_directory = is_directory(self, item);
	entry->name = g_steal_pointer(&name);
	return entry;
}

/* what the index says, an array of PddIndexEntry, and the token of the next page or NULL */
GPtrArray *
pdd_index_shape_read(PddIndexShape *self, JsonNode *answer, char **next, GError **error)
{
	JsonNode *list = get(self, answer, PDD_INDEX_ITEMS);
	if (list == NULL || !JSON_NODE_HOLDS_ARRAY(list)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "the index has no list at items=%s: is the shape right?",
			    self->paths[PDD_INDEX_ITEMS]);
		return NULL;
	}
	JsonArray *items = json_node_get_array(list);
	guint n = json_array_get_length(items);
	if (n > MAX_ITEMS) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_OVER_LIMIT,
			    "a page of the index has %u items, more than %d",
			    n,
			    MAX_ITEMS);
		return NULL;
	}
	GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);
	for (guint i = 0; i < n; i++) {
		PddIndexEntry *entry = read_entry(self, json_array_get_element(items, i));
		if (entry != NULL)
			g_ptr_array_add(entries, entry);
	}
	JsonNode *last = n > 0 ? json_array_get_element(items, n - 1) : NULL;
	*next = to_text(get(self, answer, PDD_INDEX_NEXT));
	if (*next == NULL && last != NULL)
		*next = to_text(get(self, last, PDD_INDEX_NEXT_ITEM));
	return entries;
}

/* the body that asks for a page; next is NULL for the first */
char *
pdd_index_shape_build_request(PddIndexShape *self, const char *next)
{
	g_autoptr(JsonObject) request = parse_object(self->paths[PDD_INDEX_REQUEST], NULL);
	const char *member = self->paths[PDD_INDEX_NEXT_TO];
	g_autoptr(JsonNode) root = json_node_init_object(json_node_alloc(), request);
	if (next != NULL && member != NULL) {
		JsonNode *token = json_from_string(next, NULL);
		if (token == NULL)
			token = json_node_init_string(json_node_alloc(), next);
		json_object_set_member(request, member, token);
	}
	return json_to_string(root, FALSE);
}
