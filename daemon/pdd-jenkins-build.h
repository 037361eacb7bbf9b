/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <perfdash.h>

G_BEGIN_DECLS

/* "branch=param:BRANCH": what a field of a run is made from */
typedef struct {
	char *field; /* build, revision or a label */
	char *fact;  /* job, folder, branch, node, result, number, name or param:NAME */
} PddJenkinsRule;

GPtrArray *
pdd_jenkins_rules_new(const char *text, GError **error);

/* the members that pdd_jenkins_build_describe() reads, for tree= */
#define PDD_JENKINS_BUILD_TREE                                                                     \
	"number,url,result,building,timestamp,duration,displayName,builtOn,"                       \
	"artifacts[fileName,relativePath],"                                                        \
	"actions[parameters[name,value],causes[upstreamProject,upstreamBuild],"                    \
	"lastBuiltRevision[SHA1,branch[name]],remoteUrls]"

/* a build as Jenkins answers for it, and the job that it is of */
typedef struct {
	JsonObject *build;
	const char *job;        /* full name, decoded: "shop/perf/main" */
	gboolean is_branch;     /* the last part of job is a branch */
	const char *repository; /* nullable: glob of the repository under test */
	GPtrArray *rules;       /* of PddJenkinsRule; before what is known by default */
} PddJenkinsBuild;

void
pdd_jenkins_build_describe(const PddJenkinsBuild *self, PerfdashRunBuilder *builder);
gint64
pdd_jenkins_get_int(JsonObject *object, const char *member);
const char *
pdd_jenkins_get_text(JsonObject *object, const char *member);
JsonArray *
pdd_jenkins_get_array(JsonObject *object, const char *member);
JsonObject *
pdd_jenkins_get_object(JsonObject *object, const char *member);

G_END_DECLS
