/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A key file as a whole: the group [parser], and that the others are there. */

#include "key-file-rules.h"

#include <string.h>

#define ANY              (KEY_FILE_LINES | KEY_FILE_CSV | KEY_FILE_JSON)
#define RESULT_PREFIX    "result "
#define MAX_RESULTS      100
#define DIGEST_LENGTH    12
#define SCORE_OF_CONTENT 90
#define SCORE_OF_NAME    70

static gboolean
read_name(KeyFileCursor *cursor, gpointer field, GError **error)
{
	const char *name = cursor->entry->value;
	if (!g_ascii_islower(*name) || strlen(name) > 64 ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		return key_file_block(error,
				      &cursor->entry->place,
				      "\"%s\" is not [a-z][a-z0-9-]* of at most 64 letters",
				      name);
	return key_file_read_text(cursor, field, error);
}

/* it was read before all others, which depend on it */
static gboolean
read_nothing(KeyFileCursor *cursor, gpointer field, GError **error)
{
	return TRUE;
}

static gboolean
read_separator(KeyFileCursor *cursor, gpointer field, GError **error)
{
	const char *value = cursor->entry->value;
	gboolean is_tab = g_str_equal(value, "tab");
	if (!is_tab && (strlen(value) != 1 || strchr(",;|:", *value) == NULL))
		return key_file_block(error,
				      &cursor->entry->place,
				      "\"%s\" is none of , ; | : tab",
				      value);
	*(char *)field = is_tab ? '\t' : *value;
	return TRUE;
}

static gboolean
read_decimal(KeyFileCursor *cursor, gpointer field, GError **error)
{
	const char *value = cursor->entry->value;
	if (!g_str_equal(value, ".") && !g_str_equal(value, ","))
		return key_file_block(error,
				      &cursor->entry->place,
				      "\"%s\" is none of . and ,",
				      value);
	*(char *)field = *value;
	return TRUE;
}

static gboolean
read_thousands(KeyFileCursor *cursor, gpointer field, GError **error)
{
	const char *value = cursor->entry->value;
	gboolean is_space = g_str_equal(value, "space");
	if (!is_space && (strlen(value) != 1 || strchr(".,'_", *value) == NULL))
		return key_file_block(error,
				      &cursor->entry->place,
				      "\"%s\" is none of . , ' _ space",
				      value);
	*(char *)field = is_space ? ' ' : *value;
	return TRUE;
}

static gboolean
read_time_zone(KeyFileCursor *cursor, gpointer field, GError **error)
{
	*(GTimeZone **)field = g_time_zone_new_identifier(cursor->entry->value);
	return *(GTimeZone **)field != NULL ||
	       key_file_block(error,
			      &cursor->entry->place,
			      "\"%s\" is no time zone such as UTC, +02:00 or Europe/Berlin",
			      cursor->entry->value);
}

static gboolean
read_score(KeyFileCursor *cursor, gpointer field, GError **error)
{
	guint64 score;
	if (!g_ascii_string_to_unsigned(cursor->entry->value, 10, 1, 100, &score, NULL))
		return key_file_block(error,
				      &cursor->entry->place,
				      "\"%s\" is not 1 to 100; 60 and more count as sure",
				      cursor->entry->value);
	*(guint *)field = score;
	return TRUE;
}

#define PARSER(field) G_STRUCT_OFFSET(KeyFile, field)

static const KeyFileKey parser_keys[] = {
	{"name", ANY, read_name, PARSER(name)},
	{"version", ANY, key_file_read_text, PARSER(version)},
	{"description", ANY, key_file_read_text, PARSER(description)},
	{"tool", ANY, key_file_read_text, PARSER(tool)},
	{"format", ANY, read_nothing, 0},
	{"glob", ANY, key_file_read_text, PARSER(globs)},
	{"sniff", ANY, key_file_read_regexes, PARSER(sniffs)},
	{"score", KEY_FILE_JSON, read_score, PARSER(score)},
	{"separator", KEY_FILE_CSV, read_separator, PARSER(separator)},
	{"decimal", ANY, read_decimal, PARSER(decimal)},
	{"thousands", ANY, read_thousands, PARSER(thousands)},
	{"time-zone", ANY, read_time_zone, PARSER(time_zone)},
	{NULL},
};

static const KeyFileEntry *
find_entry(const KeyFileGroup *group, const char *key)
{
	for (guint i = 0; i < group->entries->len; i++) {
		const KeyFileEntry *entry = g_ptr_array_index(group->entries, i);
		if (g_str_equal(entry->key, key))
			return entry;
	}
	return NULL;
}

static gboolean
read_format(KeyFile *self, const KeyFileGroup *group, GError **error)
{
	static const struct {
		const char *name;
		KeyFileFormat format;
		gboolean is_by_line;
	} formats[] = {{"lines", KEY_FILE_LINES, FALSE},
		       {"csv", KEY_FILE_CSV, FALSE},
		       {"json", KEY_FILE_JSON, FALSE},
		       {"json-lines", KEY_FILE_JSON, TRUE}};
	const KeyFileEntry *entry = find_entry(group, "format");
	if (entry == NULL)
		return key_file_block(error,
				      &group->place,
				      "[parser] needs format=: lines, csv, json or json-lines");
	for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (g_str_equal(entry->value, formats[i].name)) {
			self->format = formats[i].format;
			self->is_by_line = formats[i].is_by_line;
			return TRUE;
		}
	}
	return key_file_block(error,
			      &entry->place,
			      "\"%s\" is none of lines, csv, json, json-lines",
			      entry->value);
}

static gboolean
read_parser(KeyFile *self, GError **error)
{
	KeyFilePlace place = {self->text->path, 1, NULL};
	KeyFileGroup *group = self->text->groups->len > 0 ? g_ptr_array_index(self->text->groups, 0)
							  : NULL;
	if (group == NULL || !g_str_equal(group->name, "parser"))
		return key_file_block(error,
				      group != NULL ? &group->place : &place,
				      "the first group must be [parser]");
	if (!read_format(self, group, error) ||
	    !key_file_read_group(self, group, parser_keys, self, error))
		return FALSE;
	const KeyFileEntry *thousands = find_entry(group, "thousands");
	return self->decimal != self->thousands ||
	       key_file_block(error, &thousands->place, "is the same as decimal=");
}

static gboolean
read_result(KeyFile *self, const KeyFileGroup *group, GError **error)
{
	if (self->results->len == MAX_RESULTS)
		return key_file_block(error,
				      &group->place,
				      "more than %d groups of results",
				      MAX_RESULTS);
	KeyFileResult *result = key_file_result_new(group, group->name + strlen(RESULT_PREFIX));
	g_ptr_array_add(self->results, result);
	return key_file_read_group(self, group, key_file_result_keys, result, error);
}

static gboolean
read_groups(KeyFile *self, GError **error)
{
	for (guint i = 1; i < self->text->groups->len; i++) {
		KeyFileGroup *group = g_ptr_array_index(self->text->groups, i);
		gboolean read = FALSE;
		if (g_str_equal(group->name, "run"))
			read = key_file_read_group(self,
						   group,
						   key_file_run_keys,
						   &self->run,
						   error);
		else if (g_str_has_prefix(group->name, RESULT_PREFIX) &&
			 group->name[strlen(RESULT_PREFIX)] != '\0')
			read = read_result(self, group, error);
		else
			key_file_block(error,
				       &group->place,
				       "there is no group [%s]; there are [parser], [run] and "
				       "[result NAME]",
				       group->name);
		if (!read)
			return FALSE;
	}
	return TRUE;
}

/* A wrong claim is worse than none: two columns may be of these logs alone, one is not. */
static gboolean
check_claim(KeyFile *self, GError **error)
{
	const KeyFileGroup *parser = g_ptr_array_index(self->text->groups, 0);
	if (self->globs != NULL || self->sniffs->len > 0)
		return TRUE;
	guint n = self->format == KEY_FILE_CSV ? key_file_csv_count_columns(self) : 0;
	if (n >= 2)
		return TRUE;
	return key_file_block(
		error,
		&parser->place,
		"[parser] needs sniff=, a regular expression for what only these logs "
		"have, or glob= for their names%s",
		n == 1 ? ": one column is not enough to know them by" : "");
}

static gboolean
complete_results(KeyFile *self, GError **error)
{
	KeyFilePlace place = {self->text->path, 1, NULL};
	if (self->results->len == 0)
		return key_file_block(
			error,
			&place,
			"there is no [result NAME]; NAME is the metric, such as latency");
	for (guint i = 0; i < self->results->len; i++) {
		if (!key_file_result_complete(self, g_ptr_array_index(self->results, i), error))
			return FALSE;
	}
	return TRUE;
}

/* the text that a log must have for a result: a column, or a member of JSON; NULL when that cannot
 * be told */
static char *
find_mark(KeyFile *self, KeyFileResult *result)
{
	if (result->value->references->len == 0)
		return NULL;
	KeyFileReference *one = g_ptr_array_index(result->value->references, 0);
	const char *name = self->format == KEY_FILE_JSON ? key_file_path_get_member(one->path)
							 : one->name;
	if (name == NULL || strpbrk(name, "\"\\\n") != NULL)
		return NULL;
	return self->format == KEY_FILE_JSON ? g_strdup_printf("\"%s\"", name) : g_strdup(name);
}

static void
set_marks(KeyFile *self)
{
	g_autoptr(GString) marks = g_string_new(NULL);
	for (guint i = 0; i < self->sniffs->len && self->marks == NULL; i++)
		self->marks = key_file_regex_get_beginning(g_ptr_array_index(self->sniffs, i));
	if (self->marks != NULL)
		return;
	for (guint i = 0; i < self->results->len && self->format != KEY_FILE_LINES; i++) {
		g_autofree char *mark = find_mark(self, g_ptr_array_index(self->results, i));
		if (mark == NULL)
			return;
		g_string_append_printf(marks, "%s%s", i > 0 ? "\n" : "", mark);
	}
	self->marks = marks->len > 0 ? g_strdup(marks->str) : NULL;
}

/* Another file, another version: then logs can be read again. */
static void
complete(KeyFile *self)
{
	g_autofree char *stem = g_path_get_basename(self->text->path);
	*strrchr(stem, '.') = '\0';
	if (self->name == NULL)
		self->name = g_ascii_strdown(stem, -1);
	char *version = g_strdup_printf("%s+%.*s",
					self->version != NULL ? self->version : "1",
					DIGEST_LENGTH,
					self->text->digest);
	g_free(self->version);
	self->version = version;
	if (self->description == NULL)
		self->description = g_strdup("");
	if (self->tool == NULL)
		self->tool = g_strdup(self->name);
	if (self->globs == NULL)
		self->globs = g_strdup("");
	if (self->score == 0)
		self->score = self->sniffs->len > 0 ? SCORE_OF_CONTENT : SCORE_OF_NAME;
	set_marks(self);
}

KeyFile *
key_file_load(const char *path, GError **error)
{
	KeyFileText *text = key_file_text_load(path, error);
	if (text == NULL)
		return NULL;
	g_autoptr(KeyFile) self = g_new0(KeyFile, 1);
	self->text = text;
	self->decimal = '.';
	self->sniffs = g_ptr_array_new_with_free_func((GDestroyNotify)key_file_regex_free);
	self->results = g_ptr_array_new_with_free_func((GDestroyNotify)key_file_result_free);
	key_file_run_init(&self->run);
	if (!read_parser(self, error) || !read_groups(self, error) ||
	    !key_file_run_complete(self, error) || !complete_results(self, error) ||
	    !check_claim(self, error))
		return NULL;
	complete(self);
	return g_steal_pointer(&self);
}

void
key_file_free(KeyFile *self)
{
	key_file_text_free(self->text);
	g_free(self->name);
	g_free(self->version);
	g_free(self->description);
	g_free(self->tool);
	g_free(self->globs);
	g_free(self->marks);
	g_ptr_array_unref(self->sniffs);
	g_clear_pointer(&self->time_zone, g_time_zone_unref);
	key_file_run_clear(&self->run);
	g_ptr_array_unref(self->results);
	g_free(self);
}
