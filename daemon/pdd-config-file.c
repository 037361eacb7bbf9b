/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GKeyFile reads the values; it does not know in which line they stand, and takes the last of two
 * settings of one key without a word. The lines are found here. */

#include "pdd-config-file.h"

#include <string.h>

typedef struct {
	const char *path;
	GKeyFile *values;
	GPtrArray *entries; /* of PddConfigEntry */
	GPtrArray *errors;  /* of char * */
	char *group;        /* of the current line, nullable */
	guint line;
	guint first; /* of the entries, that is of this file */
} Reader;

static void
entry_free(PddConfigEntry *entry)
{
	g_free(entry->group);
	g_free(entry->key);
	g_free(entry->value);
	g_free(entry->file);
	g_free(entry);
}

void
pdd_config_file_add_error(GPtrArray *errors, const PddConfigEntry *entry, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_ptr_array_add(errors, g_strdup_printf("%s:%u: %s", entry->file, entry->line, text));
}

static PddConfigEntry *
add_entry(Reader *self, const char *key)
{
	PddConfigEntry *entry = g_new0(PddConfigEntry, 1);
	entry->group = g_strdup(self->group != NULL ? self->group : "");
	entry->key = g_strdup(key);
	entry->file = g_strdup(self->path);
	entry->line = self->line;
	g_ptr_array_add(self->entries, entry);
	return entry;
}

static gboolean
is_duplicate(Reader *self, const PddConfigEntry *entry)
{
	for (guint i = self->first; i + 1 < self->entries->len; i++) {
		const PddConfigEntry *other = g_ptr_array_index(self->entries, i);
		if (other != entry && g_str_equal(other->group, entry->group) &&
		    g_strcmp0(other->key, entry->key) == 0)
			return TRUE;
	}
	return FALSE;
}

static void
read_group(Reader *self, const char *line)
{
	const char *end = strchr(line, ']');
	g_clear_pointer(&self->group, g_free);
	if (end == NULL || end[1] != '\0' || end == line + 1) {
		PddConfigEntry entry = {.file = (char *)self->path, .line = self->line};
		pdd_config_file_add_error(self->errors, &entry, "\"%s\" is not a [group]", line);
		return;
	}
	self->group = g_strndup(line + 1, end - line - 1);
	PddConfigEntry *entry = add_entry(self, NULL);
	if (is_duplicate(self, entry))
		pdd_config_file_add_error(self->errors,
					  entry,
					  "group [%s] is there twice",
					  self->group);
}

static void
read_setting(Reader *self, const char *line)
{
	const char *equals = strchr(line, '=');
	if (equals == NULL || self->group == NULL) {
		PddConfigEntry entry = {.file = (char *)self->path, .line = self->line};
		pdd_config_file_add_error(self->errors,
					  &entry,
					  self->group == NULL ? "\"%s\" is in no [group]"
							      : "\"%s\" is not key=value",
					  line);
		return;
	}
	g_autofree char *key = g_strndup(line, equals - line);
	PddConfigEntry *entry = add_entry(self, g_strchomp(key));
	g_autoptr(GError) error = NULL;
	entry->value = g_key_file_get_string(self->values, self->group, entry->key, &error);
	if (entry->value == NULL) {
		pdd_config_file_add_error(self->errors, entry, "%s: %s", key, error->message);
		entry->value = g_strdup("");
	}
	g_strchomp(entry->value);
	if (is_duplicate(self, entry))
		pdd_config_file_add_error(self->errors, entry, "%s is set twice", key);
}

static void
read_lines(Reader *self, const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		char *line = g_strstrip(lines[i]);
		self->line = i + 1;
		if (*line == '\0' || *line == '#')
			continue;
		if (*line == '[')
			read_group(self, line);
		else
			read_setting(self, line);
	}
}

static void
read_file(const char *path, GPtrArray *entries, GPtrArray *errors)
{
	g_autoptr(GKeyFile) values = g_key_file_new();
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	gsize size;
	Reader reader = {path, values, entries, errors, NULL, 0, entries->len};
	if (!g_file_get_contents(path, &text, &size, &error)) {
		g_ptr_array_add(errors, g_strdup(error->message));
		return;
	}
	if (!g_utf8_validate_len(text, size, NULL)) {
		g_ptr_array_add(errors, g_strdup_printf("%s: not UTF-8 text", path));
		return;
	}
	/* what it objects to is found again, with its line, below */
	g_key_file_load_from_data(values, text, size, G_KEY_FILE_NONE, NULL);
	read_lines(&reader, text);
	g_free(reader.group);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* FILE.d/ *.conf in the order of their names; there may be none */
static GPtrArray *
list_drop_ins(const char *path)
{
	g_autofree char *directory = g_strconcat(path, ".d", NULL);
	g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
	GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
	const char *name;
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		if (g_str_has_suffix(name, ".conf"))
			g_ptr_array_add(paths, g_build_filename(directory, name, NULL));
	}
	g_ptr_array_sort(paths, compare_names);
	return paths;
}

/* the settings of a file, and of those that add to it, in their order; what is wrong with them is
 * added to errors */
GPtrArray *
pdd_config_file_read(const char *path, GPtrArray *errors)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_autoptr(GPtrArray) others = list_drop_ins(path);
	read_file(path, entries, errors);
	for (guint i = 0; i < others->len; i++)
		read_file(g_ptr_array_index(others, i), entries, errors);
	return entries;
}
