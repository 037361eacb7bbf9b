/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdd-red-job.h"

PddRedJob *
pdd_red_job_ref(PddRedJob *self)
{
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

void
pdd_red_job_unref(PddRedJob *self)
{
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_free(self->job);
	g_free(self->result);
	g_free(self->url);
	g_free(self);
}

/* of PddRedJob */
GPtrArray *
pdd_red_jobs_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)pdd_red_job_unref);
}
