/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* a job of a Jenkins that has left results, and whose newest builds failed; immutable */
typedef struct {
	gatomicrefcount refs;
	char *job; /* full name */
	gint64 build;
	char *result; /* FAILURE, ABORTED or NOT_BUILT */
	gint64 time;  /* start of the build, microseconds since 1970 UTC */
	char *url;
	guint n_builds;       /* that failed in a row */
	gboolean is_harmless; /* it left results all the same, or the job never did */
} PddRedJob;

PddRedJob *
pdd_red_job_ref(PddRedJob *self);
void
pdd_red_job_unref(PddRedJob *self);
GPtrArray *
pdd_red_jobs_new(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(PddRedJob, pdd_red_job_unref)

G_END_DECLS
