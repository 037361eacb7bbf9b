/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the place of a file says about its run: "{lab}/{suite}/{build}_{revision}/{name}". The
 * directories of a pattern are compared with those of a path one by one, and the last part with
 * the name of the file, so that a path that fits in part says what it can. */

#include "pdd-source-layout.h"

#include <string.h>

typedef struct {
	GRegex *regex;
	GPtrArray *keys; /* of char *: what the groups of regex are */
} Part;

struct _PddSourceLayout {
	GPtrArray *directories; /* of Part */
	Part *name;
};

static void
part_free(Part *part)
{
	g_clear_pointer(&part->regex, g_regex_unref);
	g_ptr_array_unref(part->keys);
	g_free(part);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Part, part_free)

/* whether a source may give its runs this label */
gboolean
pdd_source_layout_check_label(const char *key, GError **error)
{
	g_autoptr(PerfdashRunBuilder) builder = perfdash_run_builder_new();
	perfdash_run_builder_set_label(builder, key, "x");
	g_autoptr(GPtrArray) runs = perfdash_run_builder_end(builder, error);
	return runs != NULL;
}

static gboolean
check_key(const char *key, GError **error)
{
	static const char *const special[] = {"build", "revision", "name", NULL};
	return g_strv_contains(special, key) || pdd_source_layout_check_label(key, error);
}

static gboolean
set_error(GError **error, const char *pattern, const char *what)
{
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "layout \"%s\" %s",
		    pattern,
		    what);
	return FALSE;
}

/* from text, "{key}" or what stands before the next one, to a regular expression */
static const char *
translate(Part *part, GString *regex, const char *text, GError **error)
{
	if (*text != '{') {
		gsize length = strcspn(text, "{");
		g_autofree char *escaped = g_regex_escape_string(text, length);
		g_string_append(regex, escaped);
		return text + length;
	}
	const char *end = strchr(text, '}');
	if (end == NULL) {
		set_error(error, text, "has a { without its }");
		return NULL;
	}
	char *key = g_strndup(text + 1, end - text - 1);
	g_ptr_array_add(part->keys, key);
	g_string_append(regex, "(.+?)");
	return check_key(key, error) ? end + 1 : NULL;
}

static Part *
part_new(const char *text, GError **error)
{
	g_autoptr(Part) part = g_new0(Part, 1);
	g_autoptr(GString) regex = g_string_new("^");
	part->keys = g_ptr_array_new_with_free_func(g_free);
	if (*text == '\0') {
		set_error(error, text, "has an empty part");
		return NULL;
	}
	while (*text != '\0') {
		text = translate(part, regex, text, error);
		if (text == NULL)
			return NULL;
	}
	g_string_append(regex, "\\z");
	part->regex = g_regex_new(regex->str, G_REGEX_DOTALL, 0, NULL);
	return g_steal_pointer(&part);
}

PddSourceLayout *
pdd_source_layout_new(const char *pattern, GError **error)
{
	g_autoptr(PddSourceLayout) self = g_new0(PddSourceLayout, 1);
	g_auto(GStrv) texts = g_strsplit(pattern, "/", -1);
	self->directories = g_ptr_array_new_with_free_func((GDestroyNotify)part_free);
	for (guint i = 0; texts[i] != NULL; i++) {
		Part *part = part_new(texts[i], error);
		if (part == NULL)
			return NULL;
		if (texts[i + 1] != NULL)
			g_ptr_array_add(self->directories, part);
		else
			self->name = part;
	}
	if (self->name == NULL) {
		set_error(error, pattern, "is empty");
		return NULL;
	}
	return g_steal_pointer(&self);
}

void
pdd_source_layout_free(PddSourceLayout *self)
{
	g_ptr_array_unref(self->directories);
	g_clear_pointer(&self->name, part_free);
	g_free(self);
}

static void
set_value(PerfdashRunBuilder *builder, const char *key, const char *value)
{
	if (g_str_equal(key, "build"))
		perfdash_run_builder_set_build(builder, value);
	else if (g_str_equal(key, "revision"))
		perfdash_run_builder_set_revision(builder, value);
	else if (!g_str_equal(key, "name"))
		perfdash_run_builder_set_label(builder, key, value);
}

static void
apply_part(Part *part, const char *text, PerfdashRunBuilder *builder)
{
	g_autoptr(GMatchInfo) match = NULL;
	if (!g_regex_match(part->regex, text, 0, &match))
		return;
	for (guint i = 0; i < part->keys->len; i++) {
		g_autofree char *value = g_match_info_fetch(match, i + 1);
		set_value(builder, g_ptr_array_index(part->keys, i), value);
	}
}

/* path is UTF-8 and relative to the directory of the source */
void
pdd_source_layout_apply(PddSourceLayout *self, const char *path, PerfdashRunBuilder *builder)
{
	g_auto(GStrv) texts = g_strsplit(path, "/", -1);
	guint last = g_strv_length(texts) - 1;
	for (guint i = 0; i < MIN(last, self->directories->len); i++)
		apply_part(g_ptr_array_index(self->directories, i), texts[i], builder);
	apply_part(self->name, texts[last], builder);
}
