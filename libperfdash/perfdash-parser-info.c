/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-parser-registry-private.h"

#include "perfdash-parser-loader.h"

G_DEFINE_BOXED_TYPE(PerfdashParserInfo,
		    perfdash_parser_info,
		    perfdash_parser_info_ref,
		    perfdash_parser_info_unref)

PerfdashParserInfo *
perfdash_parser_info_new(const char *name,
			 const char *version,
			 const char *description,
			 const char *path)
{
	PerfdashParserInfo *self = g_new0(PerfdashParserInfo, 1);
	g_atomic_ref_count_init(&self->refs);
	self->name = g_strdup(name);
	self->version = g_strdup(version);
	self->description = g_strdup(description);
	self->globs = g_new0(char *, 1);
	self->path = g_strdup(path);
	return self;
}

/**
 * perfdash_parser_info_ref:
 * @self: a #PerfdashParserInfo
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashParserInfo *
perfdash_parser_info_ref(PerfdashParserInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_parser_info_unref:
 * @self: (transfer full): a #PerfdashParserInfo
 *
 * Since: 0.1
 */
void
perfdash_parser_info_unref(PerfdashParserInfo *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_free(self->name);
	g_free(self->version);
	g_free(self->description);
	g_strfreev(self->globs);
	g_free(self->marks);
	g_free(self->path);
	g_free(self->blocked);
	g_clear_object(&self->parser);
	g_free(self);
}

/**
 * perfdash_parser_info_get_name:
 * @self: a #PerfdashParserInfo
 *
 * Returns: the name of the parser; of one that cannot say it, its file name without ending
 *
 * Since: 0.1
 */
const char *
perfdash_parser_info_get_name(PerfdashParserInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->name;
}

/**
 * perfdash_parser_info_get_version:
 * @self: a #PerfdashParserInfo
 *
 * Returns: the version of the parser, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_parser_info_get_version(PerfdashParserInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->version;
}

/**
 * perfdash_parser_info_get_description:
 * @self: a #PerfdashParserInfo
 *
 * Returns: one line for people, or ""
 *
 * Since: 0.1
 */
const char *
perfdash_parser_info_get_description(PerfdashParserInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->description;
}

/**
 * perfdash_parser_info_get_globs:
 * @self: a #PerfdashParserInfo
 *
 * Returns: (transfer none) (array zero-terminated=1): likely file names
 *
 * Since: 0.1
 */
const char *const *
perfdash_parser_info_get_globs(PerfdashParserInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return (const char *const *)self->globs;
}

/**
 * perfdash_parser_info_get_path:
 * @self: a #PerfdashParserInfo
 *
 * Returns: the module or key file, or "" of a parser that lives in this process
 *
 * Since: 0.1
 */
const char *
perfdash_parser_info_get_path(PerfdashParserInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->path;
}

/**
 * perfdash_parser_info_get_kind:
 * @self: a #PerfdashParserInfo
 *
 * Returns: what the parser is: `module`, `key-file`, or `object` when it lives in this process
 *
 * Since: 0.1
 */
const char *
perfdash_parser_info_get_kind(PerfdashParserInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	if (*self->path == '\0')
		return "object";
	return g_str_has_suffix(self->path, PERFDASH_KEY_FILE_SUFFIX) ? "key-file" : "module";
}

/**
 * perfdash_parser_info_dup_places:
 * @self: a #PerfdashParserInfo
 *
 * Returns: (transfer full) (array zero-terminated=1): where the parser finds what it reads:
 * `document` (a whole log), `json` and `xml` (any such document of a log),
 * `console` (anywhere in a log)
 *
 * Since: 0.1
 */
GStrv
perfdash_parser_info_dup_places(PerfdashParserInfo *self)
{
	static const struct {
		PerfdashParserKind kind;
		const char *name;
	} places[] = {{PERFDASH_PARSER_DOCUMENT, "document"},
		      {PERFDASH_PARSER_JSON, "json"},
		      {PERFDASH_PARSER_XML, "xml"},
		      {PERFDASH_PARSER_CONSOLE, "console"}};
	g_return_val_if_fail(self != NULL, NULL);
	g_autoptr(GStrvBuilder) names = g_strv_builder_new();
	for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
		if ((self->kind & places[i].kind) != 0)
			g_strv_builder_add(names, places[i].name);
	}
	return g_strv_builder_end(names);
}

/**
 * perfdash_parser_info_dup_marks:
 * @self: a #PerfdashParserInfo
 *
 * Returns: (transfer full) (array zero-terminated=1): texts of which a log must have one for the
 * parser to look at it; none when it looks at every log
 *
 * Since: 0.1
 */
GStrv
perfdash_parser_info_dup_marks(PerfdashParserInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	if (self->marks == NULL || *self->marks == '\0')
		return g_new0(char *, 1);
	return g_strsplit(self->marks, "\n", -1);
}

/**
 * perfdash_parser_info_get_blocked:
 * @self: a #PerfdashParserInfo
 *
 * Returns: (nullable): why the parser cannot be used, or %NULL when it can
 *
 * Since: 0.1
 */
const char *
perfdash_parser_info_get_blocked(PerfdashParserInfo *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->blocked;
}

PerfdashParser *
perfdash_parser_info_get_parser(PerfdashParserInfo *self)
{
	return self->parser;
}

PerfdashCandidate *
perfdash_parser_info_to_candidate(PerfdashParserInfo *self)
{
	g_autofree char *globs = g_strjoinv(";", self->globs);
	PerfdashCandidate *candidate = perfdash_candidate_new(self->path,
							      self->name,
							      self->version,
							      globs,
							      self->marks != NULL ? self->marks
										  : "",
							      self->kind);
	g_set_object(&candidate->parser, self->parser);
	return candidate;
}
