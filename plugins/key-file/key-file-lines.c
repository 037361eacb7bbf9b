/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Results that stand in lines of text, each found by an expression. The log may be a console in
 * which other tools wrote, too: nothing is read unless every sniff matches some line of it. */

#include <string.h>

#include "key-file-reading.h"
#include "reader-text.h"

typedef struct {
	KeyFileReading *reading;
	gboolean is_in_run; /* lines are of a run */
	GHashTable *before; /* facts that stood before the first run */
} Lines;

/* a match, and the facts for what it has not */
typedef struct {
	GMatchInfo *match; /* nullable */
	GHashTable *facts;
} Groups;

const char *
key_file_lines_make_valid(const char *line, GString *copy)
{
	if (strlen(line) > KEY_FILE_MAX_LINE)
		return NULL;
	if (g_utf8_validate(line, -1, NULL))
		return line;
	g_autofree char *valid = g_utf8_make_valid(line, -1);
	g_string_assign(copy, valid);
	return copy->str;
}

static char *
look_up(gpointer data, const KeyFileReference *reference)
{
	const Groups *groups = data;
	g_autofree char *value = groups->match != NULL
					 ? g_match_info_fetch_named(groups->match, reference->name)
					 : NULL;
	if (value != NULL && *value != '\0')
		return g_steal_pointer(&value);
	return g_strdup(g_hash_table_lookup(groups->facts, reference->name));
}

/* for people who wonder */
static void
explain_sniff(KeyFileReading *reading, const KeyFileRegex *sniff)
{
	g_autofree char *place = key_file_place_to_string(&sniff->place);
	perfdash_run_builder_add_warning(reading->builder, "%s: matches no line of the log", place);
}

gboolean
key_file_lines_sniff(KeyFileReading *reading, GBytes *log)
{
	g_auto(ReaderLines) lines = {0};
	g_autoptr(GPtrArray) left = g_ptr_array_new();
	g_autoptr(GString) copy = g_string_new(NULL);
	const char *raw;
	g_ptr_array_extend(left, reading->file->sniffs, NULL, NULL);
	reader_lines_init(&lines, log, NULL);
	while (left->len > 0 && reading->error == NULL &&
	       (raw = reader_lines_next(&lines)) != NULL) {
		const char *line = key_file_lines_make_valid(raw, copy);
		for (guint i = left->len; line != NULL && i > 0; i--) {
			if (key_file_reading_take_facts(reading,
							g_ptr_array_index(left, i - 1),
							line,
							lines.number))
				g_ptr_array_remove_index(left, i - 1);
		}
	}
	if (left->len > 0 && reading->error == NULL)
		explain_sniff(reading, g_ptr_array_index(left, 0));
	return left->len == 0 && reading->error == NULL;
}

static void
end_run(Lines *self)
{
	Groups groups = {NULL, self->reading->facts};
	KeyFileSource source = {look_up, &groups};
	key_file_reading_set_facts(self->reading, &source);
	key_file_reading_end_run(self->reading);
}

static gboolean
has_something(KeyFileReading *reading)
{
	return reading->n_of_run > 0 || reading->has_failed;
}

static void
set_facts(GHashTable *facts, GHashTable *from)
{
	GHashTableIter iter;
	gpointer name;
	gpointer value;
	g_hash_table_iter_init(&iter, from);
	while (g_hash_table_iter_next(&iter, &name, &value))
		g_hash_table_replace(facts, g_strdup(name), g_strdup(value));
}

/* facts of one run are none of the next; what stood before the first is of all */
static void
begin_run(Lines *self)
{
	KeyFileReading *reading = self->reading;
	if (has_something(reading)) {
		end_run(self);
		perfdash_run_builder_next_run(reading->builder);
	}
	if (!self->is_in_run && reading->n_runs == 0)
		set_facts(self->before, reading->facts);
	g_hash_table_remove_all(reading->facts);
	set_facts(reading->facts, self->before);
	reading->has_ended = FALSE;
	self->is_in_run = TRUE;
}

static void
add_results(Lines *self, const char *line, guint number, gboolean is_cut)
{
	KeyFileReading *reading = self->reading;
	for (guint i = 0; i < reading->file->results->len && reading->error == NULL; i++) {
		KeyFileResult *result = g_ptr_array_index(reading->file->results, i);
		g_autoptr(GMatchInfo) match = NULL;
		if (!key_file_reading_match(reading, result->line, line, number, &match))
			continue;
		if (is_cut) {
			key_file_reading_set_partial(reading,
						     "the last line has no end and is not read");
			return;
		}
		/* without begin=, what follows an end is another run */
		if (reading->has_ended && reading->file->run.begin == NULL)
			begin_run(self);
		Groups groups = {match, reading->facts};
		KeyFileSource source = {look_up, &groups};
		key_file_reading_add(reading, result, &source, number);
	}
}

static void
read_line(Lines *self, const char *line, guint number, gboolean is_cut)
{
	KeyFileReading *reading = self->reading;
	KeyFileRegex *begin = reading->file->run.begin;
	g_autoptr(GMatchInfo) match = NULL;
	if (begin != NULL && key_file_reading_match(reading, begin, line, number, &match)) {
		begin_run(self);
		key_file_reading_take_facts(reading, begin, line, number);
	}
	key_file_reading_take_line(reading, line, number);
	if (self->is_in_run && (!reading->has_ended || begin == NULL))
		add_results(self, line, number, is_cut);
}

/* for people who wonder */
static void
explain_nothing(KeyFileReading *reading)
{
	for (guint i = 0; i < reading->file->results->len; i++) {
		KeyFileResult *result = g_ptr_array_index(reading->file->results, i);
		g_autofree char *place = key_file_place_to_string(&result->line->place);
		perfdash_run_builder_add_warning(
			reading->builder,
			"%s: matches no line of the log%s",
			place,
			reading->file->run.begin != NULL ? " behind one that begin= matches" : "");
	}
}

gboolean
key_file_lines_parse(KeyFile *file, GBytes *log, PerfdashRunBuilder *builder, GError **error)
{
	g_auto(KeyFileReading) reading = {0};
	g_auto(ReaderLines) lines = {0};
	g_autoptr(GString) copy = g_string_new(NULL);
	g_autoptr(GHashTable)
		before = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	Lines self = {&reading, file->run.begin == NULL, before};
	const char *raw;
	key_file_reading_init(&reading, file, builder);
	reader_lines_init(&lines, log, builder);
	if (!key_file_lines_sniff(&reading, log))
		return key_file_reading_end(&reading, error);
	while (reading.error == NULL && (raw = reader_lines_next(&lines)) != NULL) {
		const char *line = key_file_lines_make_valid(raw, copy);
		if (line != NULL)
			read_line(&self, line, lines.number, lines.is_cut);
	}
	if (reading.error == NULL && reading.n_results == 0)
		explain_nothing(&reading);
	if (has_something(&reading) || reading.n_runs == 0)
		end_run(&self);
	return key_file_reading_end(&reading, error);
}
