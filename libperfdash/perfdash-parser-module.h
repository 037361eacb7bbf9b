/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(PERFDASH_INSIDE) && !defined(PERFDASH_COMPILATION)
#error "Only <perfdash.h> can be included directly."
#endif

#include <perfdash-parser.h>

G_BEGIN_DECLS

/**
 * PERFDASH_PARSER_ABI_VERSION:
 *
 * The version of everything a parser module can see: the descriptor, #PerfdashParserClass and
 * #PerfdashRunBuilder.
 */
#define PERFDASH_PARSER_ABI_VERSION 1

/**
 * PerfdashParserKind: (skip)
 * @PERFDASH_PARSER_DOCUMENT: a whole log is one document, which the parser is asked about
 * @PERFDASH_PARSER_JSON: the parser is asked about every JSON document of a log, which may stand
 *   between other lines, and is given the document alone
 * @PERFDASH_PARSER_CONSOLE: what the parser reads may stand anywhere in a log, several times and
 *   among the output of other tools; the parser is given the whole text without being asked, and
 *   gives runs for what it is certain of, or none; documents that were read are empty lines in it
 * @PERFDASH_PARSER_XML: the parser is asked about every XML document of a log of which the root
 *   element begins with one of its marks, such as `<testsuite`, and is given the document alone
 *
 * How a parser finds what it reads; a parser of several formats may have several ways.
 *
 * Since: 0.1
 */
typedef enum {
	PERFDASH_PARSER_DOCUMENT = 1 << 0,
	PERFDASH_PARSER_JSON = 1 << 1,
	PERFDASH_PARSER_CONSOLE = 1 << 2,
	PERFDASH_PARSER_XML = 1 << 3,
} PerfdashParserKind;

/**
 * PerfdashParserModule: (skip)
 * @abi_version: %PERFDASH_PARSER_ABI_VERSION the module was compiled against
 * @struct_size: size of this struct when the module was compiled
 * @name: name of the parser, `[a-z][a-z0-9-]*`
 * @version: version of the parser; logs read by another version can be read again
 * @description: one line for people
 * @globs: file names that are likely in this format, separated by `;`, maybe empty
 * @marks: texts of which a log must have one for this parser to read it, separated by line ends;
 *   %NULL to be asked about every log. One that the tool indents by four columns or more begins
 * with these blanks: further to the right, below a blank line, it is taken for a quotation
 * @kind: how the parser finds what it reads
 * @get_type: type of the parser
 * @open_key_file: gives the parser that a key file describes, and the rest of this struct as the
 *   file has it, in texts that live as long as the parser; %NULL in all modules but the one that
 *   interprets key files
 *
 * What a parser module exports, as `perfdash_parser_module`.
 *
 * Since: 0.1
 */
typedef struct _PerfdashParserModule PerfdashParserModule;
struct _PerfdashParserModule {
	guint32 abi_version;
	guint32 struct_size;
	const char *name;
	const char *version;
	const char *description;
	const char *globs;
	const char *marks;
	PerfdashParserKind kind;
	GType (*get_type)(void);
	PerfdashParser *(*open_key_file)(const char *path,
					 PerfdashParserModule *described,
					 GError **error);
	/*< private >*/
	gpointer reserved[7];
};

/**
 * PERFDASH_DEFINE_PARSER_MODULE: (skip)
 * @NAME: name of the parser
 * @VERSION: version of the parser
 * @DESCRIPTION: one line for people
 * @GLOBS: likely file names, separated by `;`
 * @KIND: how the parser finds what it reads
 * @MARKS: texts of which a log must have one, separated by line ends, or %NULL
 * @GET_TYPE: function that gives the parser's type
 *
 * Exports the one symbol a parser module has.
 *
 * Since: 0.1
 */
#define PERFDASH_DEFINE_PARSER_MODULE(NAME, VERSION, DESCRIPTION, GLOBS, KIND, MARKS, GET_TYPE)    \
	_PERFDASH_EXTERN const PerfdashParserModule perfdash_parser_module;                        \
	const PerfdashParserModule perfdash_parser_module = {                                      \
		.abi_version = PERFDASH_PARSER_ABI_VERSION,                                        \
		.struct_size = sizeof(PerfdashParserModule),                                       \
		.name = (NAME),                                                                    \
		.version = (VERSION),                                                              \
		.description = (DESCRIPTION),                                                      \
		.globs = (GLOBS),                                                                  \
		.kind = (KIND),                                                                    \
		.marks = (MARKS),                                                                  \
		.get_type = (GET_TYPE),                                                            \
	};

/**
 * PERFDASH_DEFINE_PARSER: (skip)
 * @TypeName: name of the type, such as WrkParser
 * @type_name: the same in small letters, such as wrk_parser
 * @PROBE: function for #PerfdashParserClass, or %NULL
 * @PARSE: function for #PerfdashParserClass
 * @NAME: name of the parser
 * @VERSION: version of the parser
 * @DESCRIPTION: one line for people
 * @GLOBS: likely file names, separated by `;`
 * @KIND: how the parser finds what it reads
 * @MARKS: texts of which a log must have one, separated by line ends, or %NULL
 *
 * Defines a parser that keeps nothing between logs, and the module it is in.
 *
 * Since: 0.1
 */
#define PERFDASH_DEFINE_PARSER(TypeName,                                                           \
			       type_name,                                                          \
			       PROBE,                                                              \
			       PARSE,                                                              \
			       NAME,                                                               \
			       VERSION,                                                            \
			       DESCRIPTION,                                                        \
			       GLOBS,                                                              \
			       KIND,                                                               \
			       MARKS)                                                              \
	typedef struct {                                                                           \
		PerfdashParser parent_instance;                                                    \
	} TypeName;                                                                                \
	typedef PerfdashParserClass TypeName##Class;                                               \
	static GType type_name##_get_type(void);                                                   \
	G_DEFINE_TYPE(TypeName, type_name, PERFDASH_TYPE_PARSER)                                   \
	static void type_name##_class_init(TypeName##Class *klass)                                 \
	{                                                                                          \
		klass->probe = PROBE;                                                              \
		klass->parse = PARSE;                                                              \
	}                                                                                          \
	static void type_name##_init(TypeName *self)                                               \
	{                                                                                          \
	}                                                                                          \
	PERFDASH_DEFINE_PARSER_MODULE(NAME,                                                        \
				      VERSION,                                                     \
				      DESCRIPTION,                                                 \
				      GLOBS,                                                       \
				      KIND,                                                        \
				      MARKS,                                                       \
				      type_name##_get_type)

G_END_DECLS
