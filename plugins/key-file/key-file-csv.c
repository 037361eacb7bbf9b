/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Results that stand in the columns of a table. A table begins with a line that has all columns the
 * results refer to, and ends with a line that is none of a table: so it may stand in a console, and
 * behind lines that say what was tested. */

#include <string.h>

#include "key-file-reading.h"
#include "reader-csv.h"
#include "reader-text.h"

#define MAX_TABLES 1000

typedef struct {
	KeyFileReading *reading;
	GBytes *log;
	GPtrArray *wanted;   /* names of columns that a header must have */
	guint most;          /* of them were in one line */
	char *nearest;       /* what that line lacks, for people; nullable */
	GHashTable *columns; /* name -> index, of the table that is being read */
	GPtrArray *fields;   /* of the record that is being read; nullable */
	GHashTable *first;   /* name -> value of the first record: what [run] refers to */
	guint n_tables;
} Csv;

static gboolean
is_group(KeyFile *file, const char *name)
{
	GPtrArray *const several[] = {file->run.lines, file->sniffs};
	for (guint i = 0; i < G_N_ELEMENTS(several); i++) {
		for (guint j = 0; j < several[i]->len; j++) {
			if (key_file_regex_has_group(g_ptr_array_index(several[i], j), name))
				return TRUE;
		}
	}
	return FALSE;
}

static void
want(Csv *self, const char *name)
{
	if (!is_group(self->reading->file, name) &&
	    !g_ptr_array_find_with_equal_func(self->wanted, name, g_str_equal, NULL))
		g_ptr_array_add(self->wanted, (char *)name);
}

static void
want_all(Csv *self, const KeyFileTemplate *template)
{
	for (guint i = 0; template != NULL && i < template->references->len; i++)
		want(self, ((KeyFileReference *)g_ptr_array_index(template->references, i))->name);
}

static void
list_wanted(Csv *self)
{
	GPtrArray *results = self->reading->file->results;
	for (guint i = 0; i < results->len; i++) {
		const KeyFileResult *result = g_ptr_array_index(results, i);
		const KeyFileTemplate *const fields[] = {result->value,
							 result->benchmark,
							 result->metric,
							 result->unit,
							 result->direction,
							 result->stat};
		for (guint j = 0; j < G_N_ELEMENTS(fields); j++)
			want_all(self, fields[j]);
		for (guint j = 0; j < result->labels->len; j++)
			want_all(self,
				 ((KeyFilePair *)g_ptr_array_index(result->labels, j))->value);
		for (guint j = 0; j < result->only->len; j++)
			want(self,
			     ((KeyFileCondition *)g_ptr_array_index(result->only, j))
				     ->reference->name);
	}
}

static char *
look_up(gpointer data, const KeyFileReference *reference)
{
	const Csv *self = data;
	gpointer index;
	if (self->fields != NULL &&
	    g_hash_table_lookup_extended(self->columns, reference->name, NULL, &index))
		return g_strdup(reader_csv_get(self->fields, GPOINTER_TO_INT(index)));
	const char *fact = g_hash_table_lookup(self->reading->facts, reference->name);
	return g_strdup(fact != NULL ? fact : g_hash_table_lookup(self->first, reference->name));
}

static void
keep_first(Csv *self, GPtrArray *fields)
{
	GHashTableIter iter;
	gpointer name;
	gpointer index;
	if (g_hash_table_size(self->first) > 0)
		return;
	g_hash_table_iter_init(&iter, self->columns);
	while (g_hash_table_iter_next(&iter, &name, &index))
		g_hash_table_replace(self->first,
				     g_strdup(name),
				     g_strdup(reader_csv_get(fields, GPOINTER_TO_INT(index))));
}

static void
set_columns(Csv *self, GPtrArray *header)
{
	g_hash_table_remove_all(self->columns);
	for (guint i = header->len; i > 0; i--) {
		g_autofree char *name = g_strdup(g_ptr_array_index(header, i - 1));
		g_hash_table_replace(self->columns,
				     g_strdup(g_strstrip(name)),
				     GINT_TO_POINTER(i - 1));
	}
}

static const char *
find_missing(Csv *self, guint *n_found)
{
	const char *missing = NULL;
	*n_found = 0;
	for (guint i = 0; i < self->wanted->len; i++) {
		const char *name = g_ptr_array_index(self->wanted, i);
		if (g_hash_table_contains(self->columns, name))
			++*n_found;
		else if (missing == NULL)
			missing = name;
	}
	return missing;
}

static void
note_missing(Csv *self, const char *missing, guint n_found, guint line)
{
	if (n_found <= self->most)
		return;
	self->most = n_found;
	g_free(self->nearest);
	self->nearest = g_strdup_printf("line %u has %u of the %u columns; it has no \"%s\"",
					line,
					n_found,
					self->wanted->len,
					missing);
}

/* the separator by which a line is the header of a table, or 0 */
static char
find_separator(Csv *self, const char *line, guint number)
{
	const char *separators = self->reading->file->separator != '\0' ? "" : ",;\t|";
	char own[] = {self->reading->file->separator, '\0'};
	g_autoptr(GBytes) bytes = g_bytes_new(line, strlen(line));
	if (*separators == '\0')
		separators = own;
	for (; *separators != '\0'; separators++) {
		g_auto(ReaderCsv) csv = {0};
		guint n_found;
		reader_csv_init(&csv, bytes, *separators);
		GPtrArray *header = reader_csv_next(&csv);
		if (header == NULL)
			return '\0';
		set_columns(self, header);
		const char *missing = find_missing(self, &n_found);
		if (missing == NULL)
			return *separators;
		note_missing(self, missing, n_found, number);
	}
	return '\0';
}

static void
read_record(Csv *self, GPtrArray *fields, guint line)
{
	GPtrArray *results = self->reading->file->results;
	KeyFileSource source = {look_up, self};
	keep_first(self, fields);
	self->fields = fields;
	for (guint i = 0; i < results->len && self->reading->error == NULL; i++)
		key_file_reading_add(self->reading, g_ptr_array_index(results, i), &source, line);
}

/* reads the table that begins at a line, and goes on behind it */
static void
read_table(Csv *self, ReaderLines *lines, const char *start, char separator)
{
	const char *data = g_bytes_get_data(self->log, NULL);
	guint before = lines->number - 1;
	g_autoptr(GBytes)
		rest = g_bytes_new_from_bytes(self->log, start - data, lines->end - start);
	g_auto(ReaderCsv) csv = {0};
	reader_csv_init(&csv, rest, separator);
	guint n_columns = reader_csv_next(&csv)->len;
	lines->p = csv.p;
	lines->number = before + csv.next_line - 1;
	for (GPtrArray *fields; self->reading->error == NULL;) {
		fields = reader_csv_next(&csv);
		if (fields == NULL || (fields->len == 1 && n_columns > 1))
			break;
		lines->p = MIN(csv.p, lines->end);
		lines->number = before + csv.next_line - 1;
		if (csv.is_cut)
			key_file_reading_set_partial(self->reading,
						     "the last line has no end and is not read");
		else if (fields->len == n_columns)
			read_record(self, fields, before + csv.line);
		else
			perfdash_run_builder_add_warning(self->reading->builder,
							 "line %u has %u fields, not %u: left out",
							 before + csv.line,
							 fields->len,
							 n_columns);
	}
}

static void
read_lines(Csv *self)
{
	g_auto(ReaderLines) lines = {0};
	g_autoptr(GString) copy = g_string_new(NULL);
	const char *first = g_ptr_array_index(self->wanted, 0);
	reader_lines_init(&lines, self->log, self->reading->builder);
	while (self->reading->error == NULL) {
		const char *start = lines.p;
		const char *raw = reader_lines_next(&lines);
		const char *line = raw != NULL ? key_file_lines_make_valid(raw, copy) : NULL;
		if (raw == NULL)
			return;
		if (line == NULL)
			continue;
		key_file_reading_take_line(self->reading, line, lines.number);
		if (self->n_tables == MAX_TABLES || (strstr(line, first) == NULL && self->most > 0))
			continue;
		char separator = find_separator(self, line, lines.number);
		if (separator == '\0')
			continue;
		self->n_tables++;
		read_table(self, &lines, start, separator);
	}
}

static void
explain_nothing(Csv *self)
{
	KeyFileReading *reading = self->reading;
	if (reading->n_results > 0 || reading->error != NULL)
		return;
	g_autofree char *name = g_path_get_basename(reading->file->text->path);
	perfdash_run_builder_add_warning(reading->builder,
					 "%s: %s",
					 name,
					 self->n_tables > 0      ? "no record has a value"
					 : self->nearest != NULL ? self->nearest
					 : reading->file->separator != '\0'
						 ? "no line has one of the columns between "
						   "separator=; without that any separator is tried"
						 : "no line has one of the columns");
}

guint
key_file_csv_count_columns(KeyFile *file)
{
	g_autoptr(GPtrArray) wanted = g_ptr_array_new();
	KeyFileReading reading = {.file = file};
	Csv self = {.reading = &reading, .wanted = wanted};
	list_wanted(&self);
	return wanted->len;
}

gboolean
key_file_csv_parse(KeyFile *file, GBytes *log, PerfdashRunBuilder *builder, GError **error)
{
	g_auto(KeyFileReading) reading = {0};
	g_autoptr(GPtrArray) wanted = g_ptr_array_new();
	g_autoptr(GHashTable)
		columns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GHashTable)
		first_record = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	Csv self = {&reading, log, wanted, 0, NULL, columns, NULL, first_record, 0};
	KeyFileSource source = {look_up, &self};
	key_file_reading_init(&reading, file, builder);
	list_wanted(&self);
	if (!key_file_lines_sniff(&reading, log))
		return key_file_reading_end(&reading, error);
	read_lines(&self);
	explain_nothing(&self);
	self.fields = NULL;
	key_file_reading_set_facts(&reading, &source);
	key_file_reading_end_run(&reading);
	g_free(self.nearest);
	return key_file_reading_end(&reading, error);
}
