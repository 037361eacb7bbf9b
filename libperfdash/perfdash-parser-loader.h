/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-parser-module.h"

G_BEGIN_DECLS

/* what the names of key files end with */
#define PERFDASH_KEY_FILE_SUFFIX ".parser"

/* the module that interprets key files, or NULL; the text must stay */
void
perfdash_parser_loader_set_interpreter(const char *path);

/* the parser of a module, which stays for the rest of the process, or of a key file, and what it
 * says of itself in texts that live as long as the parser. NULL with PERFDASH_ERROR_BLOCKED, which
 * says why it cannot be used */
PerfdashParser *
perfdash_parser_loader_open(const char *path, PerfdashParserModule *described, GError **error);

/* what a parser reads from a log: runs that carry its name, at least one. rest, nullable: where the
 * document that the log begins with ends before the log does, or 0 */
GPtrArray *
perfdash_parser_loader_read(PerfdashParser *parser,
			    const char *parser_name,
			    const char *log_name,
			    GBytes *log,
			    gsize *rest,
			    GError **error);

G_END_DECLS
