/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-parser-registry.h"
#include "perfdash-recognizer.h"

G_BEGIN_DECLS

struct _PerfdashParserInfo {
	gatomicrefcount refs;
	char *name;
	char *version;
	char *description;
	GStrv globs;
	char *marks;
	guint kind; /* PerfdashParserKind */
	char *path;
	char *blocked;          /* nullable */
	PerfdashParser *parser; /* of this process, nullable */
};

PerfdashParserInfo *
perfdash_parser_info_new(const char *name,
			 const char *version,
			 const char *description,
			 const char *path);

/* the object of a parser that lives in this process, or NULL */
PerfdashParser *
perfdash_parser_info_get_parser(PerfdashParserInfo *self);
PerfdashCandidate *
perfdash_parser_info_to_candidate(PerfdashParserInfo *self);
/* the module that reads key files, or "" */
const char *
perfdash_parser_registry_get_interpreter(PerfdashParserRegistry *self);

G_END_DECLS
