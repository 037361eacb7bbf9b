/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The settings of a source. */

#include "pdd-config-source.h"

#include <string.h>

static gboolean
read_type(gpointer owner, const char *value, GError **error)
{
	if (!g_str_equal(value, "directory"))
		return pdd_config_value_reject(error,
					       "\"%s\" is no type of source: use directory",
					       value);
	return pdd_config_value_set_text(&((PddSourceConfig *)owner)->type, value);
}

static gboolean
read_path(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_path(&((PddSourceConfig *)owner)->path, value, error);
}

static gboolean
read_layout(gpointer owner, const char *value, GError **error)
{
	PddSourceConfig *self = owner;
	g_clear_pointer(&self->layout, pdd_source_layout_free);
	self->layout = pdd_source_layout_new(value, error);
	return self->layout != NULL;
}

static gboolean
add_label(PerfdashLabels **labels, const char *text, GError **error)
{
	const char *equals = strchr(text, '=');
	if (equals == NULL)
		return pdd_config_value_reject(error, "\"%s\" is not key=value", text);
	g_autofree char *key = g_strndup(text, equals - text);
	if (!pdd_source_layout_check_label(g_strstrip(key), error))
		return FALSE;
	g_autofree char *value = g_strdup(equals + 1);
	PerfdashLabels *next = perfdash_labels_with(*labels, key, g_strstrip(value), error);
	if (next == NULL)
		return FALSE;
	perfdash_labels_unref(*labels);
	*labels = next;
	return TRUE;
}

static gboolean
read_labels(gpointer owner, const char *value, GError **error)
{
	PddSourceConfig *self = owner;
	g_auto(GStrv) texts = g_strsplit(value, ";", -1);
	for (guint i = 0; texts[i] != NULL; i++) {
		if (*g_strstrip(texts[i]) != '\0' && !add_label(&self->labels, texts[i], error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
read_parser(gpointer owner, const char *value, GError **error)
{
	return pdd_config_value_set_text(&((PddSourceConfig *)owner)->parser, value);
}

const PddConfigKey pdd_config_source_keys[] = {
	{"type", read_type},
	{"path", read_path},
	{"layout", read_layout},
	{"labels", read_labels},
	{"parser", read_parser},
	{NULL, NULL},
};

/* entry is where it begins */
PddSourceConfig *
pdd_config_source_new(const char *name, const PddConfigEntry *entry)
{
	PddSourceConfig *self = g_new0(PddSourceConfig, 1);
	self->name = g_strdup(name);
	self->labels = perfdash_labels_new();
	self->file = g_strdup(entry->file);
	self->line = entry->line;
	return self;
}

void
pdd_config_source_free(PddSourceConfig *self)
{
	g_free(self->name);
	g_free(self->type);
	g_free(self->path);
	g_clear_pointer(&self->layout, pdd_source_layout_free);
	perfdash_labels_unref(self->labels);
	g_free(self->parser);
	g_free(self->file);
	g_free(self);
}

gboolean
pdd_config_source_is_name(const char *name)
{
	gsize length = strspn(name,
			      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "0123456789_.-");
	return length > 0 && length <= 64 && name[length] == '\0' && name[0] != '.';
}

void
pdd_config_source_check(PddSourceConfig *self, GPtrArray *errors)
{
	PddConfigEntry entry = {.file = self->file, .line = self->line};
	if (self->path == NULL)
		pdd_config_file_add_error(errors, &entry, "[source %s] has no path", self->name);
	if (self->type == NULL)
		self->type = g_strdup("directory");
}
