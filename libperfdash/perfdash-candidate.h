/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "perfdash-parser-module.h"

G_BEGIN_DECLS

/* a parser that may be asked */
typedef struct {
	char *path; /* of its module, or "" */
	char *name;
	char *version;
	char *globs;
	char *marks; /* nullable */
	PerfdashParserKind kind;
	PerfdashParser *parser; /* NULL until its module is loaded */
} PerfdashCandidate;

PerfdashCandidate *
perfdash_candidate_new(const char *path,
		       const char *name,
		       const char *version,
		       const char *globs,
		       const char *marks,
		       PerfdashParserKind kind);
void
perfdash_candidate_free(PerfdashCandidate *self);

G_END_DECLS
