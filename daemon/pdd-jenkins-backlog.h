/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-source-remote.h"

G_BEGIN_DECLS

/* a build that was listed, and is not taken in yet */
typedef struct {
	gint64 number;
	PddFileState state; /* with its start */
} PddJenkinsListed;

/* those of one job */
typedef struct {
	char *job;          /* full name */
	gint64 listed;      /* start up to which all builds were listed, ns since 1970 UTC */
	GHashTable *builds; /* number -> PddJenkinsListed */
} PddJenkinsBacklog;

char *
pdd_jenkins_build_key(const char *job, gint64 number);
PddJenkinsBacklog *
pdd_jenkins_backlog_new(const char *job, gint64 listed);
void
pdd_jenkins_backlog_free(gpointer data);
void
pdd_jenkins_backlog_add(PddJenkinsBacklog *self, const PddJenkinsListed *build);
void
pdd_jenkins_backlog_remove(PddJenkinsBacklog *self, gint64 number);
GArray *
pdd_jenkins_backlog_list(PddJenkinsBacklog *self);
void
pdd_jenkins_backlog_drop_known(PddJenkinsBacklog *self, PddSourceRemote *remote);
gboolean
pdd_jenkins_backlog_settle(PddJenkinsBacklog *self, PddSourceRemote *remote);

G_END_DECLS
