/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How the settings of a group become fields, and what is said of one that is not known. */

#include <string.h>

#include "key-file-rules.h"

static gboolean
is_open(const KeyFileKey *key)
{
	return g_str_has_suffix(key->name, ".");
}

static const KeyFileKey *
find_key(const KeyFileKey *keys, const char *name)
{
	for (const KeyFileKey *one = keys; one->name != NULL; one++) {
		if (g_str_equal(one->name, name))
			return one;
		if (is_open(one) && g_str_has_prefix(name, one->name) &&
		    name[strlen(one->name)] != '\0')
			return one;
	}
	return NULL;
}

static const char *
format_name(guint formats)
{
	return (formats & KEY_FILE_LINES) != 0 ? "lines"
	       : (formats & KEY_FILE_CSV) != 0 ? "csv"
					       : "json";
}

static gboolean
block_unknown(KeyFile *self, const KeyFileEntry *entry, const KeyFileKey *keys, GError **error)
{
	g_autoptr(GString) names = g_string_new(NULL);
	for (const KeyFileKey *one = keys; one->name != NULL; one++) {
		if ((one->formats & self->format) != 0)
			g_string_append_printf(names,
					       "%s%s%s",
					       names->len > 0 ? ", " : "",
					       one->name,
					       is_open(one) ? "NAME" : "");
	}
	return key_file_block(error,
			      &entry->place,
			      "there is no such key here; there are %s",
			      names->str);
}

static gboolean
check_once(const KeyFileGroup *group, guint i, const KeyFileKey *key, GError **error)
{
	const KeyFileEntry *entry = g_ptr_array_index(group->entries, i);
	for (guint j = 0; j < i && key->read != key_file_read_regexes; j++) {
		const KeyFileEntry *other = g_ptr_array_index(group->entries, j);
		if (g_str_equal(other->key, entry->key))
			return key_file_block(error,
					      &entry->place,
					      "is set twice, first in line %u",
					      other->place.line);
	}
	return TRUE;
}

gboolean
key_file_read_group(KeyFile *self,
		    const KeyFileGroup *group,
		    const KeyFileKey *keys,
		    gpointer target,
		    GError **error)
{
	for (guint i = 0; i < group->entries->len; i++) {
		const KeyFileEntry *entry = g_ptr_array_index(group->entries, i);
		const KeyFileKey *key = find_key(keys, entry->key);
		if (key == NULL)
			return block_unknown(self, entry, keys, error);
		if ((key->formats & self->format) == 0)
			return key_file_block(error,
					      &entry->place,
					      "is for format=%s, not for format=%s",
					      format_name(key->formats),
					      format_name(self->format));
		KeyFileCursor cursor = {self, group, entry, entry->key + strlen(key->name)};
		if (!check_once(group, i, key, error) ||
		    !key->read(&cursor, (char *)target + key->offset, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
key_file_read_text(KeyFileCursor *cursor, gpointer field, GError **error)
{
	if (*cursor->entry->value == '\0')
		return key_file_block(error, &cursor->entry->place, "needs a value");
	g_free(*(char **)field);
	*(char **)field = g_strdup(cursor->entry->value);
	return TRUE;
}

gboolean
key_file_read_regex(KeyFileCursor *cursor, gpointer field, GError **error)
{
	*(KeyFileRegex **)field = key_file_regex_new(cursor->entry, error);
	return *(KeyFileRegex **)field != NULL;
}

gboolean
key_file_read_regexes(KeyFileCursor *cursor, gpointer field, GError **error)
{
	KeyFileRegex *regex = key_file_regex_new(cursor->entry, error);
	if (regex != NULL)
		g_ptr_array_add(*(GPtrArray **)field, regex);
	return regex != NULL;
}

static gboolean
are_paths(KeyFileCursor *cursor)
{
	return cursor->file->format == KEY_FILE_JSON;
}

gboolean
key_file_read_template(KeyFileCursor *cursor, gpointer field, GError **error)
{
	*(KeyFileTemplate **)field = key_file_template_new(cursor->entry, are_paths(cursor), error);
	return *(KeyFileTemplate **)field != NULL;
}

gboolean
key_file_read_pair(KeyFileCursor *cursor, gpointer field, GError **error)
{
	KeyFileTemplate *value = key_file_template_new(cursor->entry, are_paths(cursor), error);
	if (value == NULL)
		return FALSE;
	KeyFilePair *pair = g_new0(KeyFilePair, 1);
	pair->name = g_strdup(cursor->rest);
	pair->value = value;
	g_ptr_array_add(*(GPtrArray **)field, pair);
	return TRUE;
}

/* a pair whose name is a key of labels */
gboolean
key_file_read_label(KeyFileCursor *cursor, gpointer field, GError **error)
{
	g_autoptr(PerfdashLabels) none = perfdash_labels_new();
	g_autoptr(GError) local = NULL;
	g_autoptr(PerfdashLabels)
		labels = perfdash_labels_with(none, cursor->rest, "value", &local);
	if (labels == NULL)
		return key_file_block(error, &cursor->entry->place, "%s", local->message);
	if (g_str_equal(cursor->rest, "benchmark") || g_str_equal(cursor->rest, "metric") ||
	    g_str_equal(cursor->rest, "stat"))
		return key_file_block(error,
				      &cursor->entry->place,
				      "results have it already: use %s=",
				      cursor->rest);
	return key_file_read_pair(cursor, field, error);
}

gboolean
key_file_read_condition(KeyFileCursor *cursor, gpointer field, GError **error)
{
	KeyFileReference *reference = key_file_reference_new(cursor->rest,
							     are_paths(cursor),
							     &cursor->entry->place,
							     error);
	if (reference == NULL)
		return FALSE;
	KeyFileRegex *regex = key_file_regex_new(cursor->entry, error);
	if (regex == NULL) {
		key_file_reference_free(reference);
		return FALSE;
	}
	KeyFileCondition *condition = g_new0(KeyFileCondition, 1);
	condition->reference = reference;
	condition->regex = regex;
	g_ptr_array_add(*(GPtrArray **)field, condition);
	return TRUE;
}
