/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-parser-module.h"

G_BEGIN_DECLS

/* loads a module for the rest of the process, or says why it cannot be used: PERFDASH_ERROR_BLOCKED
 */
const PerfdashParserModule *
perfdash_parser_loader_open(const char *path, GError **error);

/* what a parser reads from a log: runs that carry its name, at least one */
GPtrArray *
perfdash_parser_loader_read(PerfdashParser *parser,
			    const char *parser_name,
			    const char *log_name,
			    GBytes *log,
			    GError **error);

G_END_DECLS
