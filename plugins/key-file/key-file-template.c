/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "key-file-template.h"

#include <string.h>

KeyFileReference *
key_file_reference_new(const char *name,
		       gboolean is_path,
		       const KeyFilePlace *place,
		       GError **error)
{
	KeyFilePath *path = NULL;
	if (is_path && (path = key_file_path_new(name, FALSE, place, error)) == NULL)
		return NULL;
	KeyFileReference *self = g_new0(KeyFileReference, 1);
	self->name = g_strdup(name);
	self->path = path;
	return self;
}

void
key_file_reference_free(KeyFileReference *self)
{
	g_free(self->name);
	g_clear_pointer(&self->path, key_file_path_free);
	g_free(self);
}

static KeyFileTemplate *
template_new(const KeyFilePlace *place)
{
	KeyFileTemplate *self = g_new0(KeyFileTemplate, 1);
	self->parts = g_ptr_array_new_with_free_func(g_free);
	self->references = g_ptr_array_new_with_free_func((GDestroyNotify)key_file_reference_free);
	self->place = *place;
	return self;
}

void
key_file_template_free(KeyFileTemplate *self)
{
	g_ptr_array_unref(self->parts);
	g_ptr_array_unref(self->references);
	g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KeyFileTemplate, key_file_template_free)

static void
add_reference(KeyFileTemplate *self, KeyFileReference *reference)
{
	g_ptr_array_add(self->parts, NULL);
	g_ptr_array_add(self->references, reference);
}

static void
add_text(KeyFileTemplate *self, GString *text)
{
	if (text->len > 0)
		g_ptr_array_add(self->parts, g_strdup(text->str));
	g_string_truncate(text, 0);
}

/* behind the } that closes the reference that begins at p */
static const char *
read_reference(KeyFileTemplate *self, const char *p, gboolean are_paths, GError **error)
{
	const char *end = strchr(p, '}');
	if (end == NULL || end == p) {
		key_file_block(error,
			       &self->place,
			       "{ begins a reference such as {value}; {{ stands for itself");
		return NULL;
	}
	g_autofree char *name = g_strndup(p, end - p);
	KeyFileReference *reference = key_file_reference_new(name, are_paths, &self->place, error);
	if (reference == NULL)
		return NULL;
	add_reference(self, reference);
	return end + 1;
}

KeyFileTemplate *
key_file_template_new(const KeyFileEntry *entry, gboolean are_paths, GError **error)
{
	g_autoptr(KeyFileTemplate) self = template_new(&entry->place);
	g_autoptr(GString) text = g_string_new(NULL);
	for (const char *p = entry->value; *p != '\0';) {
		if (*p == '{' && p[1] != '{') {
			add_text(self, text);
			p = read_reference(self, p + 1, are_paths, error);
			if (p == NULL)
				return NULL;
			continue;
		}
		p += (*p == '{' || *p == '}') && p[1] == *p;
		g_string_append_c(text, *p++);
	}
	add_text(self, text);
	if (self->parts->len == 0) {
		key_file_block(error, &entry->place, "needs a value");
		return NULL;
	}
	return g_steal_pointer(&self);
}

KeyFileTemplate *
key_file_template_new_reference(const KeyFilePlace *place, const char *name)
{
	KeyFileTemplate *self = template_new(place);
	add_reference(self, key_file_reference_new(name, FALSE, place, NULL));
	return self;
}

KeyFileTemplate *
key_file_template_new_text(const KeyFilePlace *place, const char *text)
{
	KeyFileTemplate *self = template_new(place);
	g_ptr_array_add(self->parts, g_strdup(text));
	return self;
}

const char *
key_file_template_get_constant(const KeyFileTemplate *self)
{
	return self->references->len == 0 ? g_ptr_array_index(self->parts, 0) : NULL;
}

char *
key_file_template_fill(const KeyFileTemplate *self, const KeyFileSource *source)
{
	g_autoptr(GString) text = g_string_new(NULL);
	guint n = 0;
	for (guint i = 0; i < self->parts->len; i++) {
		const char *part = g_ptr_array_index(self->parts, i);
		g_autofree char *value = NULL;
		if (part == NULL)
			value = source->lookup(source->data,
					       g_ptr_array_index(self->references, n++));
		if (part == NULL && value == NULL)
			return NULL;
		g_string_append(text, part != NULL ? part : value);
	}
	return g_strdup(g_strstrip(text->str));
}
