/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Removes the bytes of logs that limits do not let stay; what the logs said stays. The oldest go
 * first. A log is marked as removed before its file goes, so that nobody is sent to a file that is
 * not there; the last batch that was marked is removed again first, for a process may have ended in
 * between. */

#include "perfdash-pruning.h"

#include <string.h>

#include "perfdash-log-record.h"
#include "perfdash-store-private.h"

#define BATCH PERFDASH_STORE_REMOVED_TOGETHER
#define MOST  10000 /* logs of one call */

typedef struct {
	PerfdashStore *store;
	PerfdashArchive *archive;
	guint64 quota;   /* bytes, 0: none */
	gint64 received; /* logs from before that are too old, 0: none is */
	char *too_old;   /* why a log is removed */
	char *too_many;
	gboolean dry_run;
	GHashTable *held; /* set of ids of logs */
	guint64 n_left;   /* bytes that are kept still */
	PerfdashPruning *pruning;
} Limits;

static void
limits_clear(Limits *self)
{
	g_free(self->too_old);
	g_free(self->too_many);
	g_clear_pointer(&self->held, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Limits, limits_clear)

/* why a log is to go, or NULL */
static const char *
get_reason(const Limits *self, PerfdashLogRecord *log)
{
	if (perfdash_log_record_get_received_at(log) < self->received)
		return self->too_old;
	return self->quota != 0 && self->n_left > self->quota ? self->too_many : NULL;
}

/* a log with the same bytes may have come since they were marked; it is stored before the archive
 * counts on the bytes that are there */
static gboolean
remove_file(Limits *self, const char *digest, GError **error)
{
	if (!perfdash_archive_set_aside(self->archive, digest, error))
		return FALSE;
	g_autoptr(PerfdashLogRecord)
		newest = perfdash_store_find_log(self->store, digest, NULL, error);
	if (newest == NULL)
		return FALSE;
	return perfdash_log_record_get_removed_at(newest) != 0
		       ? perfdash_archive_remove(self->archive, digest, error)
		       : perfdash_archive_put_back(self->archive, digest, error);
}

/* of logs that are marked */
static gboolean
remove_files(Limits *self, GPtrArray *logs, GError **error)
{
	for (guint i = 0; i < logs->len; i++) {
		PerfdashLogRecord *log = g_ptr_array_index(logs, i);
		if (!remove_file(self, perfdash_log_record_get_digest(log), error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
finish_last(Limits *self, GError **error)
{
	PerfdashStoreClass *class = PERFDASH_STORE_GET_CLASS(self->store);
	if (self->dry_run)
		return TRUE;
	g_autoptr(GPtrArray) last = class->list_removed_logs(self->store, BATCH, error);
	return last != NULL && remove_files(self, last, error);
}

/* logs that are removed for the same reason */
static gboolean
remove_logs(Limits *self, GPtrArray *logs, const char *reason, GError **error)
{
	PerfdashStoreClass *class = PERFDASH_STORE_GET_CLASS(self->store);
	if (logs->len == 0 || self->dry_run)
		return TRUE;
	return class->mark_logs_removed(self->store, logs, reason, error) &&
	       remove_files(self, logs, error);
}

/* whether a log is to go */
static gboolean
judge(Limits *self, PerfdashLogRecord *log)
{
	PerfdashPruning *pruning = self->pruning;
	gint64 id = perfdash_log_record_get_id(log);
	const char *digest = perfdash_log_record_get_digest(log);
	guint64 size = perfdash_archive_get_size(self->archive, digest);
	if (g_hash_table_contains(self->held, &id)) {
		pruning->n_held++;
		pruning->n_held_bytes += size;
		return FALSE;
	}
	pruning->n_removed++;
	pruning->n_removed_bytes += size;
	self->n_left -= MIN(size, self->n_left);
	return TRUE;
}

/* FALSE when no later log is to go, or on an error */
static gboolean
prune_batch(Limits *self, GPtrArray *logs, GError **error)
{
	g_autoptr(GPtrArray) old = g_ptr_array_new();
	g_autoptr(GPtrArray) many = g_ptr_array_new();
	gboolean is_more = logs->len > 0;
	for (guint i = 0; i < logs->len && is_more; i++) {
		PerfdashLogRecord *log = g_ptr_array_index(logs, i);
		const char *reason = get_reason(self, log);
		is_more = reason != NULL;
		if (is_more && judge(self, log))
			g_ptr_array_add(reason == self->too_old ? old : many, log);
	}
	return remove_logs(self, old, self->too_old, error) &&
	       remove_logs(self, many, self->too_many, error) && is_more;
}

static gboolean
prune(Limits *self, GCancellable *cancellable, GError **error)
{
	PerfdashStoreClass *class = PERFDASH_STORE_GET_CLASS(self->store);
	g_autoptr(GError) local = NULL;
	gint64 after = 0;
	gboolean is_more = TRUE;
	while (is_more && !g_cancellable_set_error_if_cancelled(cancellable, &local)) {
		g_autoptr(GPtrArray)
			logs = class->list_kept_logs(self->store, after, BATCH, &local);
		if (logs == NULL)
			break;
		if (logs->len > 0)
			after = perfdash_log_record_get_id(g_ptr_array_index(logs, logs->len - 1));
		is_more = prune_batch(self, logs, &local);
		if (is_more && self->pruning->n_removed >= MOST && !self->dry_run) {
			self->pruning->is_more = TRUE;
			break;
		}
	}
	if (local == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&local));
	return FALSE;
}

/**
 * perfdash_pruning_run:
 * @store: what knows the logs
 * @archive: where they are kept
 * @quota: bytes that all logs may take on disk together, or 0
 * @age: how long ago a log may have come, in microseconds, or 0
 * @dry_run: only tell
 * @pruning: (out caller-allocates): what was done, or would be
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error, or %NULL
 *
 * Removes the bytes of the oldest logs until the others keep to the limits. Their records stay, and
 * say when and why; so do their runs and results. Logs of runs that an open change (new, unsure or
 * acknowledged) refers to stay, and so do those that are not stored yet. Blocks; removes up to
 * 10,000 logs.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_STORE, %PERFDASH_ERROR_IO or %G_IO_ERROR_CANCELLED
 *
 * Since: 0.1
 */
gboolean
perfdash_pruning_run(PerfdashStore *store,
		     PerfdashArchive *archive,
		     guint64 quota,
		     GTimeSpan age,
		     gboolean dry_run,
		     PerfdashPruning *pruning,
		     GCancellable *cancellable,
		     GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(store) && PERFDASH_IS_ARCHIVE(archive), FALSE);
	g_return_val_if_fail(pruning != NULL, FALSE);
	g_autofree char *size = g_format_size_full(quota, G_FORMAT_SIZE_IEC_UNITS);
	g_auto(Limits) limits = {
		.store = store,
		.archive = archive,
		.quota = quota,
		.received = age != 0 ? g_get_real_time() - age : 0,
		.too_old = g_strdup_printf("it was older than %" G_GINT64_FORMAT " days",
					   (gint64)(age / G_TIME_SPAN_DAY)),
		.too_many = g_strdup_printf("all logs took more than %s", size),
		.dry_run = dry_run,
		.pruning = pruning,
	};
	memset(pruning, 0, sizeof *pruning);
	if (!finish_last(&limits, error) ||
	    !perfdash_archive_measure(archive, &pruning->n_logs, &pruning->n_bytes, error))
		return FALSE;
	limits.n_left = pruning->n_bytes;
	limits.held = PERFDASH_STORE_GET_CLASS(store)->list_held_logs(store, error);
	return limits.held != NULL && prune(&limits, cancellable, error);
}
