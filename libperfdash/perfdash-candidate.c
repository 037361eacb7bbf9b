/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-candidate.h"

PerfdashCandidate *
perfdash_candidate_new(const char *path,
		       const char *name,
		       const char *version,
		       const char *globs,
		       const char *marks,
		       PerfdashParserKind kind)
{
	PerfdashCandidate *self = g_new0(PerfdashCandidate, 1);
	self->path = g_strdup(path);
	self->name = g_strdup(name);
	self->version = g_strdup(version);
	self->globs = g_strdup(globs);
	self->marks = g_strdup(marks);
	self->kind = kind;
	return self;
}

void
perfdash_candidate_free(PerfdashCandidate *self)
{
	g_free(self->path);
	g_free(self->name);
	g_free(self->version);
	g_free(self->globs);
	g_free(self->marks);
	g_clear_object(&self->parser);
	g_free(self);
}
