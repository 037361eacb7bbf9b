/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Parsers that are no program: a key file says how a log is recognised, and what in it is a result.
 * The module is asked for one parser for each key file; without one it reads nothing. What key
 * files may have stands in docs/key-files.md. */

#include "key-file-reading.h"
#include "key-file-rules.h"

typedef struct {
	PerfdashParser parent_instance;
	KeyFile *file; /* nullable */
} KeyFileParser;
typedef PerfdashParserClass KeyFileParserClass;

static GType
key_file_parser_get_type(void);
G_DEFINE_TYPE(KeyFileParser, key_file_parser, PERFDASH_TYPE_PARSER)

static gboolean
fits_globs(const char *globs, const char *name)
{
	g_auto(GStrv) patterns = g_strsplit(globs, ";", -1);
	for (guint i = 0; patterns[i] != NULL; i++) {
		if (g_pattern_match_simple(g_strstrip(patterns[i]), name))
			return TRUE;
	}
	return *globs == '\0';
}

static guint
key_file_parser_probe(PerfdashParser *parser, const char *name, GBytes *head)
{
	KeyFile *file = ((KeyFileParser *)parser)->file;
	if (file == NULL || !fits_globs(file->globs, name) || !key_file_json_sniff(file, head))
		return 0;
	return file->score;
}

static gboolean
key_file_parser_parse(PerfdashParser *parser,
		      const char *name,
		      GBytes *log,
		      PerfdashRunBuilder *builder,
		      GError **error)
{
	KeyFile *file = ((KeyFileParser *)parser)->file;
	if (file == NULL)
		return TRUE;
	if (!fits_globs(file->globs, name)) {
		perfdash_run_builder_add_warning(builder,
						 "%s: glob=%s does not fit \"%s\"",
						 file->name,
						 file->globs,
						 name);
		return TRUE;
	}
	if (file->is_by_line)
		return key_file_json_parse_lines(file, log, builder, error);
	if (file->format == KEY_FILE_JSON && !key_file_json_sniff(file, log)) {
		key_file_json_explain_sniff(file, builder);
		return TRUE;
	}
	if (file->format == KEY_FILE_JSON)
		return key_file_json_parse(file, log, builder, error);
	if (file->format == KEY_FILE_CSV)
		return key_file_csv_parse(file, log, builder, error);
	return key_file_lines_parse(file, log, builder, error);
}

static PerfdashParser *
open_key_file(const char *path, PerfdashParserModule *described, GError **error)
{
	KeyFile *file = key_file_load(path, error);
	if (file == NULL)
		return NULL;
	KeyFileParser *self = g_object_new(key_file_parser_get_type(), NULL);
	self->file = file;
	described->name = file->name;
	described->version = file->version;
	described->description = file->description;
	described->globs = file->globs;
	described->marks = file->marks;
	gboolean is_document = file->format == KEY_FILE_JSON && !file->is_by_line;
	described->kind = is_document ? PERFDASH_PARSER_JSON : PERFDASH_PARSER_CONSOLE;
	return &self->parent_instance;
}

static void
key_file_parser_finalize(GObject *object)
{
	KeyFileParser *self = (KeyFileParser *)object;
	g_clear_pointer(&self->file, key_file_free);
	G_OBJECT_CLASS(key_file_parser_parent_class)->finalize(object);
}

static void
key_file_parser_class_init(KeyFileParserClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = key_file_parser_finalize;
	klass->probe = key_file_parser_probe;
	klass->parse = key_file_parser_parse;
}

static void
key_file_parser_init(KeyFileParser *self)
{
}

_PERFDASH_EXTERN const PerfdashParserModule perfdash_parser_module;
const PerfdashParserModule perfdash_parser_module = {
	.abi_version = PERFDASH_PARSER_ABI_VERSION,
	.struct_size = sizeof(PerfdashParserModule),
	.name = "key-file",
	.version = "1",
	.description = "key files, parsers without a compiler: lines of text, CSV, JSON",
	.globs = "",
	.get_type = key_file_parser_get_type,
	.open_key_file = open_key_file,
};
