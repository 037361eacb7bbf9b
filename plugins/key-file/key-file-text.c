/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The syntax is GKeyFile's, which is not used: it does not tell lines, takes the last of two
 * settings of a key without a word, and takes the backslashes of regular expressions for its own.
 */

#include "key-file-text.h"

#include <string.h>

#define MAX_SIZE (256 << 10) /* bytes */

gboolean
key_file_block(GError **error, const KeyFilePlace *place, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *reason = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_BLOCKED,
		    "%s:%u: %s%s%s%s",
		    place->path,
		    place->line,
		    place->key != NULL ? "key " : "",
		    place->key != NULL ? place->key : "",
		    place->key != NULL ? ": " : "",
		    reason);
	return FALSE;
}

char *
key_file_place_to_string(const KeyFilePlace *place)
{
	g_autofree char *name = g_path_get_basename(place->path);
	return g_strdup_printf("%s:%u%s%s",
			       name,
			       place->line,
			       place->key != NULL ? ": key " : "",
			       place->key != NULL ? place->key : "");
}

static void
entry_free(KeyFileEntry *entry)
{
	g_free(entry->key);
	g_free(entry->value);
	g_free(entry);
}

static void
group_free(KeyFileGroup *group)
{
	g_free(group->name);
	g_ptr_array_unref(group->entries);
	g_free(group);
}

void
key_file_text_free(KeyFileText *self)
{
	g_free(self->path);
	g_free(self->digest);
	g_ptr_array_unref(self->groups);
	g_free(self);
}

static gboolean
read_group(KeyFileText *self, const char *line, guint number, GError **error)
{
	KeyFilePlace place = {self->path, number, NULL};
	gsize length = strlen(line);
	if (length < 3 || line[length - 1] != ']')
		return key_file_block(error, &place, "\"%s\" is not a [group]", line);
	g_autofree char *name = g_strndup(line + 1, length - 2);
	for (guint i = 0; i < self->groups->len; i++) {
		KeyFileGroup *other = g_ptr_array_index(self->groups, i);
		if (g_str_equal(other->name, name))
			return key_file_block(error,
					      &place,
					      "group [%s] is there twice, first in line %u",
					      name,
					      other->place.line);
	}
	KeyFileGroup *group = g_new0(KeyFileGroup, 1);
	group->name = g_steal_pointer(&name);
	group->place = place;
	group->entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_ptr_array_add(self->groups, group);
	return TRUE;
}

static gboolean
read_entry(KeyFileText *self, const char *line, guint number, GError **error)
{
	KeyFilePlace place = {self->path, number, NULL};
	const char *equals = strchr(line, '=');
	if (self->groups->len == 0)
		return key_file_block(error, &place, "\"%s\" is in no [group]", line);
	if (equals == NULL || equals == line)
		return key_file_block(error, &place, "\"%s\" is not key=value", line);
	KeyFileGroup *group = g_ptr_array_index(self->groups, self->groups->len - 1);
	KeyFileEntry *entry = g_new0(KeyFileEntry, 1);
	entry->key = g_strchomp(g_strndup(line, equals - line));
	entry->value = g_strdup(equals + 1 + strspn(equals + 1, " \t"));
	entry->place = place;
	entry->place.key = entry->key;
	g_ptr_array_add(group->entries, entry);
	return TRUE;
}

static gboolean
read_lines(KeyFileText *self, const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i] != NULL; i++) {
		char *line = g_strstrip(lines[i]);
		if (*line == '\0' || *line == '#')
			continue;
		if (!(*line == '[' ? read_group : read_entry)(self, line, i + 1, error))
			return FALSE;
	}
	return TRUE;
}

KeyFileText *
key_file_text_load(const char *path, GError **error)
{
	g_autoptr(KeyFileText) self = g_new0(KeyFileText, 1);
	g_autoptr(GError) local = NULL;
	g_autofree char *text = NULL;
	gsize size;
	self->path = g_strdup(path);
	self->groups = g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
	KeyFilePlace place = {self->path, 1, NULL};
	if (!g_file_get_contents(path, &text, &size, &local)) {
		g_set_error(error, PERFDASH_ERROR, PERFDASH_ERROR_BLOCKED, "%s", local->message);
		return NULL;
	}
	if (size > MAX_SIZE || !g_utf8_validate_len(text, size, NULL)) {
		key_file_block(error, &place, "not UTF-8 text of at most %d bytes", MAX_SIZE);
		return NULL;
	}
	self->digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)text, size);
	return read_lines(self, text, error) ? g_steal_pointer(&self) : NULL;
}
