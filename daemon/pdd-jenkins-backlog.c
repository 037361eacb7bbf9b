/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Builds of a job that were listed and are not taken in: their logs are on their way, or could not
 * be had yet. While it lives nothing is listed twice; what outlives it is the start up to which all
 * builds are taken in. */

#include "pdd-jenkins-backlog.h"

/* what a build is known by; its logs are below that */
char *
pdd_jenkins_build_key(const char *job, gint64 number)
{
	return g_strdup_printf("%s#%" G_GINT64_FORMAT, job, number);
}

/* listed: start up to which all builds are taken in, 0: none */
PddJenkinsBacklog *
pdd_jenkins_backlog_new(const char *job, gint64 listed)
{
	PddJenkinsBacklog *self = g_new0(PddJenkinsBacklog, 1);
	self->job = g_strdup(job);
	self->listed = listed;
	self->builds = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	return self;
}

void
pdd_jenkins_backlog_free(gpointer data)
{
	PddJenkinsBacklog *self = data;
	g_hash_table_unref(self->builds);
	g_free(self->job);
	g_free(self);
}

void
pdd_jenkins_backlog_add(PddJenkinsBacklog *self, const PddJenkinsListed *build)
{
	PddJenkinsListed *kept = g_memdup2(build, sizeof *build);
	g_hash_table_replace(self->builds, &kept->number, kept);
}

void
pdd_jenkins_backlog_remove(PddJenkinsBacklog *self, gint64 number)
{
	g_hash_table_remove(self->builds, &number);
}

/* of PddJenkinsListed; the caller's */
GArray *
pdd_jenkins_backlog_list(PddJenkinsBacklog *self)
{
	GArray *builds = g_array_new(FALSE, FALSE, sizeof(PddJenkinsListed));
	GHashTableIter iter;
	gpointer build;
	g_hash_table_iter_init(&iter, self->builds);
	while (g_hash_table_iter_next(&iter, NULL, &build))
		g_array_append_vals(builds, build, 1);
	return builds;
}

/* leaves what is not known */
void
pdd_jenkins_backlog_drop_known(PddJenkinsBacklog *self, PddSourceRemote *remote)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, self->builds);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const PddJenkinsListed *build = value;
		g_autofree char *key = pdd_jenkins_build_key(self->job, build->number);
		if (pdd_source_remote_is_known(remote, key, &build->state))
			g_hash_table_iter_remove(&iter);
	}
}

/* remembers for good up to where everything is taken in; TRUE when nothing is left */
gboolean
pdd_jenkins_backlog_settle(PddJenkinsBacklog *self, PddSourceRemote *remote)
{
	g_autofree char *key = g_strconcat(self->job, "#", NULL);
	PddFileState before = {0};
	PddFileState covered = {.modified_at = self->listed};
	GHashTableIter iter;
	gpointer build;
	pdd_jenkins_backlog_drop_known(self, remote);
	g_hash_table_iter_init(&iter, self->builds);
	while (g_hash_table_iter_next(&iter, NULL, &build)) {
		gint64 start = ((PddJenkinsListed *)build)->state.modified_at;
		covered.modified_at = MIN(covered.modified_at, start - 1);
	}
	pdd_source_remote_get_whole(remote, key, &before);
	if (covered.modified_at > before.modified_at)
		pdd_source_remote_add_whole(remote, key, &covered);
	return g_hash_table_size(self->builds) == 0;
}
