/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "pdd-config-value.h"
#include "pdd-index-shape.h"
#include "pdd-jenkins-build.h"
#include "pdd-source-layout.h"

G_BEGIN_DECLS

typedef struct {
	char *name;
	char *type;
	char *path;
	PddSourceLayout *layout; /* nullable */
	PerfdashLabels *labels;
	char *parser; /* nullable: the parsers decide */

	/* of a source on another machine */
	char *url;        /* nullable */
	char *location;   /* of path or url, for people: a query may hold a key; nullable */
	char *user;       /* nullable: the token is a bearer's */
	char *token_file; /* nullable: no credentials */
	GTimeSpan least;  /* bounds of the time between two polls */
	GTimeSpan most;
	guint parallel;       /* requests to its host at a time */
	guint timeout;        /* seconds without a byte */
	GPtrArray *files;     /* of GPatternSpec: paths that are logs; empty: all */
	PddIndexShape *shape; /* of a data store */
	char *preset;         /* nullable: of shape */
	GPtrArray *jobs;      /* of GPatternSpec: jobs of a Jenkins; empty: all */
	GPtrArray *rules;     /* of PddJenkinsRule */
	char *repository;     /* nullable: glob of the one under test */
	gboolean has_console; /* the console of a build is a log */
	GPtrArray *entries;   /* of PddConfigEntry: what is set, for messages */
	GTimeSpan reach;      /* how far back the first import goes, 0: to the beginning */

	char *file; /* where it stands */
	guint line;
} PddSourceConfig;

PddSourceConfig *
pdd_config_source_new(const char *name, const PddConfigEntry *entry);
void
pdd_config_source_free(PddSourceConfig *self);
void
pdd_config_source_read(PddSourceConfig *self, const PddConfigEntry *entry, GPtrArray *errors);
gboolean
pdd_config_source_wants_file(const PddSourceConfig *self, const char *path);
gboolean
pdd_config_source_wants_job(const PddSourceConfig *self, const char *name);
void
pdd_config_source_check(PddSourceConfig *self, GPtrArray *errors);

G_END_DECLS
