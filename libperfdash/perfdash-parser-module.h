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
 * PerfdashParserModule: (skip)
 * @abi_version: %PERFDASH_PARSER_ABI_VERSION the module was compiled against
 * @struct_size: size of this struct when the module was compiled
 * @name: name of the parser, `[a-z][a-z0-9-]*`
 * @version: version of the parser; logs read by another version can be read again
 * @description: one line for people
 * @globs: file names that are likely in this format, separated by `;`, maybe empty
 * @get_type: type of the parser
 *
 * What a parser module exports, as `perfdash_parser_module`.
 *
 * Since: 0.1
 */
typedef struct {
	guint32 abi_version;
	guint32 struct_size;
	const char *name;
	const char *version;
	const char *description;
	const char *globs;
	GType (*get_type)(void);
	/*< private >*/
	gpointer reserved[8];
} PerfdashParserModule;

/**
 * PERFDASH_DEFINE_PARSER_MODULE: (skip)
 * @NAME: name of the parser
 * @VERSION: version of the parser
 * @DESCRIPTION: one line for people
 * @GLOBS: likely file names, separated by `;`
 * @GET_TYPE: function that gives the parser's type
 *
 * Exports the one symbol a parser module has.
 *
 * Since: 0.1
 */
#define PERFDASH_DEFINE_PARSER_MODULE(NAME, VERSION, DESCRIPTION, GLOBS, GET_TYPE)                 \
	_PERFDASH_EXTERN const PerfdashParserModule perfdash_parser_module;                        \
	const PerfdashParserModule perfdash_parser_module = {                                      \
		.abi_version = PERFDASH_PARSER_ABI_VERSION,                                        \
		.struct_size = sizeof(PerfdashParserModule),                                       \
		.name = (NAME),                                                                    \
		.version = (VERSION),                                                              \
		.description = (DESCRIPTION),                                                      \
		.globs = (GLOBS),                                                                  \
		.get_type = (GET_TYPE),                                                            \
	};

G_END_DECLS
