/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Logs are read several at a time, and written some hundred in one transaction: the segments that
 * hold their runs are then derived again once. */

#include "pdd-reparse.h"

#define BATCH_LOGS   256
#define BATCH_VALUES (128 * 1024)

/* what came of reading a log again */
typedef struct {
	guint index;                  /* of the log */
	PerfdashRereading *rereading; /* nullable */
	GError *error;                /* nullable */
} Outcome;

typedef struct {
	const PddReparse *reparse;
	GPtrArray *logs;
	GAsyncQueue *done; /* of Outcome */
	GHashTable *early; /* of those that were popped, by index */
	GPtrArray *batch;  /* of PerfdashRereading, to be written */
	guint n_batch_values;
} Work;

static void
work_clear(Work *self)
{
	g_async_queue_unref(self->done);
	g_hash_table_unref(self->early);
	g_ptr_array_unref(self->batch);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Work, work_clear)

static void
outcome_free(Outcome *outcome)
{
	g_clear_object(&outcome->rereading);
	g_clear_error(&outcome->error);
	g_free(outcome);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outcome, outcome_free)

/* in a thread; data is an index and 1 */
static void
read_again(gpointer data, gpointer user_data)
{
	Work *self = user_data;
	Outcome *outcome = g_new0(Outcome, 1);
	outcome->index = GPOINTER_TO_UINT(data) - 1;
	outcome->rereading = perfdash_reparser_read(self->reparse->reparser,
						    g_ptr_array_index(self->logs, outcome->index),
						    self->reparse->cancellable,
						    &outcome->error);
	g_async_queue_push(self->done, outcome);
}

/* whichever is read first, logs are taken in their order */
static Outcome *
wait_for(Work *self, guint index)
{
	Outcome *outcome;
	while ((outcome = g_hash_table_lookup(self->early, GUINT_TO_POINTER(index))) == NULL) {
		Outcome *next = g_async_queue_pop(self->done);
		g_hash_table_insert(self->early, GUINT_TO_POINTER(next->index), next);
	}
	g_hash_table_steal(self->early, GUINT_TO_POINTER(index));
	return outcome;
}

/* one that cannot be written does not keep the others from it */
static void
write_one(Work *self, PerfdashRereading *rereading)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	g_ptr_array_add(one, rereading);
	if (!perfdash_store_replace_logs(self->reparse->store, one, &error))
		pdd_reparse_report_add_failure(self->reparse->report,
					       perfdash_rereading_get_record(rereading),
					       error);
}

static void
write_batch(Work *self)
{
	g_autoptr(GError) error = NULL;
	if (self->batch->len > 0 &&
	    !perfdash_store_replace_logs(self->reparse->store, self->batch, &error)) {
		for (guint i = 0; i < self->batch->len; i++)
			write_one(self, g_ptr_array_index(self->batch, i));
	}
	g_ptr_array_set_size(self->batch, 0);
	self->n_batch_values = 0;
}

gboolean
pdd_reparse_is_known(PerfdashRereading *rereading)
{
	PerfdashLogRecord *record = perfdash_rereading_get_record(rereading);
	PerfdashParseResult *parsed = perfdash_rereading_get_parsed(rereading);
	return perfdash_rereading_is_same(rereading) &&
	       g_str_equal(perfdash_log_record_get_parser(record),
			   perfdash_parse_result_get_parser(parsed)) &&
	       g_str_equal(perfdash_log_record_get_parser_version(record),
			   perfdash_parse_result_get_parser_version(parsed));
}

static void
add_failure(Work *self, Outcome *outcome)
{
	PerfdashLogRecord *record = g_ptr_array_index(self->logs, outcome->index);
	if (g_error_matches(outcome->error, PERFDASH_ERROR, PERFDASH_ERROR_NOT_FOUND))
		pdd_reparse_report_add_missing(self->reparse->report, record);
	else if (!g_error_matches(outcome->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		pdd_reparse_report_add_failure(self->reparse->report, record, outcome->error);
}

static void
take(Work *self, Outcome *outcome)
{
	if (outcome->rereading == NULL) {
		add_failure(self, outcome);
		return;
	}
	pdd_reparse_report_add(self->reparse->report, outcome->rereading);
	if (self->reparse->is_preview || pdd_reparse_is_known(outcome->rereading))
		return;
	for (guint i = 0; i < PERFDASH_N_REREADS; i++)
		self->n_batch_values += perfdash_rereading_count_values(outcome->rereading, i);
	g_ptr_array_add(self->batch, g_object_ref(outcome->rereading));
	if (self->batch->len >= BATCH_LOGS || self->n_batch_values >= BATCH_VALUES)
		write_batch(self);
}

static void
take_all(Work *self)
{
	const PddReparse *reparse = self->reparse;
	guint n_threads = reparse->n_threads;
	GThreadPool *threads = g_thread_pool_new(read_again, self, n_threads, FALSE, NULL);
	guint n_pushed = 0;
	for (guint i = 0; i < self->logs->len; i++) {
		if (g_cancellable_is_cancelled(reparse->cancellable))
			break;
		/* few wait to be written, however long that takes */
		while (n_pushed < self->logs->len && n_pushed < i + 4 * n_threads)
			g_thread_pool_push(threads, GUINT_TO_POINTER(++n_pushed), NULL);
		g_autoptr(Outcome) outcome = wait_for(self, i);
		reparse->progress(i,
				  perfdash_log_record_get_name(g_ptr_array_index(self->logs, i)),
				  reparse->user_data);
		take(self, outcome);
	}
	g_thread_pool_free(threads, FALSE, TRUE);
	write_batch(self);
}

void
pdd_reparse_run(const PddReparse *reparse, GPtrArray *logs)
{
	g_auto(Work) work = {.reparse = reparse, .logs = logs};
	work.done = g_async_queue_new_full((GDestroyNotify)outcome_free);
	work.early = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)outcome_free);
	work.batch = g_ptr_array_new_with_free_func(g_object_unref);
	take_all(&work);
}
