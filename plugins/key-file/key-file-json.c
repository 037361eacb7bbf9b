/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Results that are values of a JSON document, found by paths. */

#include <string.h>

#include "key-file-reading.h"
#include "reader-json.h"
#include "reader-text.h"

typedef struct {
	KeyFileReading *reading;
	KeyFileResult *result;
	GHashTable *lines; /* JsonObject -> line that it begins in */
	guint before;      /* lines of the log before the document */
	guint n_items;
} Items;

static char *
look_up(gpointer data, const KeyFileReference *reference)
{
	return key_file_path_get(reference->path, data);
}

/* of the innermost object on the way to an item */
static guint
find_line(GHashTable *lines, GArray *steps)
{
	for (guint i = steps->len; i > 0; i--) {
		JsonNode *node = g_array_index(steps, KeyFileStep, i - 1).node;
		if (JSON_NODE_HOLDS_OBJECT(node))
			return GPOINTER_TO_UINT(
				g_hash_table_lookup(lines, json_node_get_object(node)));
	}
	return 1;
}

static void
visit_item(GArray *steps, gpointer data)
{
	Items *self = data;
	KeyFileSource source = {look_up, steps};
	self->n_items++;
	if (self->reading->error == NULL)
		key_file_reading_add(self->reading,
				     self->result,
				     &source,
				     self->before + find_line(self->lines, steps));
}

/* for people who wonder */
static void
explain_nothing(KeyFileReading *reading, const guint *n_items)
{
	for (guint i = 0; i < reading->file->results->len; i++) {
		const KeyFileResult *result = g_ptr_array_index(reading->file->results, i);
		g_autofree char *place = key_file_place_to_string(&result->place);
		perfdash_run_builder_add_warning(reading->builder,
						 "%s: [result %s] gives no result: items= "
						 "leads to %u items%s",
						 place,
						 result->name,
						 n_items[i],
						 n_items[i] > 0 ? " without value=, or that "
								  "only.NAME= leaves out"
								: "");
	}
}

/* n_items counts what each items= leads to */
static void
read_results(KeyFileReading *reading,
	     JsonNode *root,
	     GHashTable *lines,
	     guint before,
	     guint *n_items)
{
	for (guint i = 0; i < reading->file->results->len; i++) {
		KeyFileResult *result = g_ptr_array_index(reading->file->results, i);
		Items items = {reading, result, lines, before, 0};
		key_file_path_visit(result->items, root, visit_item, &items);
		n_items[i] += items.n_items;
	}
}

static gboolean
sniff(KeyFile *file, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, strnlen(text, PERFDASH_PARSER_HEAD_SIZE));
	for (guint i = 0; i < file->sniffs->len; i++) {
		if (!key_file_regex_match(g_ptr_array_index(file->sniffs, i), valid, 1, NULL, NULL))
			return FALSE;
	}
	return TRUE;
}

void
key_file_json_explain_sniff(KeyFile *file, PerfdashRunBuilder *builder)
{
	KeyFileRegex *first = g_ptr_array_index(file->sniffs, 0);
	g_autofree char *place = key_file_place_to_string(&first->place);
	perfdash_run_builder_add_warning(builder,
					 "%s: does not match the first %d KiB of the document",
					 place,
					 PERFDASH_PARSER_HEAD_SIZE >> 10);
}

gboolean
key_file_json_sniff(KeyFile *file, GBytes *head)
{
	gsize size = MIN(g_bytes_get_size(head), PERFDASH_PARSER_HEAD_SIZE);
	g_autoptr(GBytes) begin = g_bytes_new_from_bytes(head, 0, size);
	g_autofree char *text = reader_text(begin);
	return sniff(file, text);
}

/* facts of the first document are those of the run */
static void
set_facts(KeyFileReading *reading, JsonNode *root, gboolean is_first)
{
	g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(KeyFileStep));
	KeyFileStep first = {root, NULL, 0};
	KeyFileSource source = {look_up, steps};
	g_array_append_val(steps, first);
	if (is_first)
		key_file_reading_set_facts(reading, &source);
	else
		key_file_reading_check_failed(reading, &source);
}

gboolean
key_file_json_parse(KeyFile *file, GBytes *log, PerfdashRunBuilder *builder, GError **error)
{
	g_auto(KeyFileReading) reading = {0};
	g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);
	g_autofree guint *n_items = g_new0(guint, file->results->len);
	gsize size;
	const char *text = g_bytes_get_data(log, &size);
	g_autoptr(JsonParser) parser = reader_json_load_with_lines(text, size, lines, error);
	JsonNode *root = parser != NULL ? json_parser_get_root(parser) : NULL;
	if (parser == NULL)
		return FALSE;
	if (root == NULL)
		return TRUE;
	key_file_reading_init(&reading, file, builder);
	read_results(&reading, root, lines, 0, n_items);
	if (reading.n_results == 0 && reading.error == NULL)
		explain_nothing(&reading, n_items);
	set_facts(&reading, root, TRUE);
	key_file_reading_end_run(&reading);
	return key_file_reading_end(&reading, error);
}

/* a line that is no document is of somebody else, but for the last one, which may be cut off */
static gboolean
read_line(KeyFileReading *reading,
	  const char *line,
	  const ReaderLines *place,
	  gboolean is_first,
	  guint *n_items)
{
	g_autoptr(GHashTable) lines = g_hash_table_new(NULL, NULL);
	if (line[strspn(line, " \t")] != '{' || !sniff(reading->file, line))
		return FALSE;
	g_autoptr(JsonParser) parser = reader_json_load_with_lines(line, strlen(line), lines, NULL);
	JsonNode *root = parser != NULL ? json_parser_get_root(parser) : NULL;
	if (root == NULL) {
		if (place->is_cut)
			key_file_reading_set_partial(reading,
						     "the last line is cut off and is not read");
		return FALSE;
	}
	read_results(reading, root, lines, place->number - 1, n_items);
	set_facts(reading, root, is_first);
	return TRUE;
}

gboolean
key_file_json_parse_lines(KeyFile *file, GBytes *log, PerfdashRunBuilder *builder, GError **error)
{
	g_auto(KeyFileReading) reading = {0};
	g_auto(ReaderLines) lines = {0};
	g_autofree guint *n_items = g_new0(guint, file->results->len);
	gboolean is_first = TRUE;
	const char *line;
	key_file_reading_init(&reading, file, builder);
	reader_lines_init(&lines, log, builder);
	while (reading.error == NULL && (line = reader_lines_next(&lines)) != NULL) {
		if (read_line(&reading, line, &lines, is_first, n_items))
			is_first = FALSE;
	}
	if (reading.n_results == 0 && reading.error == NULL)
		explain_nothing(&reading, n_items);
	key_file_reading_end_run(&reading);
	return key_file_reading_end(&reading, error);
}
