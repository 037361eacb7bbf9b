/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Takes logs in without blocking, each in a thread of its own. */

#include "perfdash-pipeline.h"

/* what a call waits with in a thread */
typedef struct {
	PerfdashLog *log;
	PerfdashOrigin *origin;
	PerfdashSelector *allowed; /* nullable */
	gboolean is_new;
} Call;

static void
call_free(Call *call)
{
	g_object_unref(call->log);
	g_object_unref(call->origin);
	g_clear_pointer(&call->allowed, perfdash_selector_unref);
	g_free(call);
}

static void
ingest_thread(GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
	Call *call = task_data;
	GError *error = NULL;
	PerfdashLogRecord *record = perfdash_pipeline_ingest(source,
							     call->log,
							     call->origin,
							     call->allowed,
							     &call->is_new,
							     cancellable,
							     &error);
	if (record != NULL)
		g_task_return_pointer(task, record, g_object_unref);
	else
		g_task_return_error(task, error);
}

/**
 * perfdash_pipeline_ingest_async:
 * @self: a #PerfdashPipeline
 * @log: a log
 * @origin: where it came from, and what is known of it there
 * @allowed: (nullable): what the labels of each result must match, or %NULL
 * @cancellable: (nullable): a #GCancellable
 * @callback: called in the caller's main context
 * @user_data: passed to @callback
 *
 * Like perfdash_pipeline_ingest(), without blocking.
 *
 * Since: 0.1
 */
void
perfdash_pipeline_ingest_async(PerfdashPipeline *self,
			       PerfdashLog *log,
			       PerfdashOrigin *origin,
			       PerfdashSelector *allowed,
			       GCancellable *cancellable,
			       GAsyncReadyCallback callback,
			       gpointer user_data)
{
	g_return_if_fail(PERFDASH_IS_PIPELINE(self) && PERFDASH_IS_LOG(log) && origin != NULL);
	g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
	Call *call = g_new0(Call, 1);
	call->log = g_object_ref(log);
	call->origin = g_object_ref(origin);
	call->allowed = allowed != NULL ? perfdash_selector_ref(allowed) : NULL;
	g_task_set_source_tag(task, perfdash_pipeline_ingest_async);
	g_task_set_task_data(task, call, (GDestroyNotify)call_free);
	g_task_run_in_thread(task, ingest_thread);
}

/**
 * perfdash_pipeline_ingest_finish:
 * @self: a #PerfdashPipeline
 * @result: what the callback was given
 * @is_new: (out) (optional): whether the log was not seen before
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): the record of the log, or %NULL as perfdash_pipeline_ingest() does
 *
 * Since: 0.1
 */
PerfdashLogRecord *
perfdash_pipeline_ingest_finish(PerfdashPipeline *self,
				GAsyncResult *result,
				gboolean *is_new,
				GError **error)
{
	g_return_val_if_fail(g_task_is_valid(result, self), NULL);
	Call *call = g_task_get_task_data(G_TASK(result));
	if (is_new != NULL)
		*is_new = call->is_new;
	return g_task_propagate_pointer(G_TASK(result), error);
}
