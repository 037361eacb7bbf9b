/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-store-private.h"

#include "perfdash-error.h"
#include "sqlite/perfdash-sqlite-store.h"

typedef struct {
	char *uri;
	GMainContext *context; /* where "changed" is emitted */
	GPtrArray *controls;   /* of PerfdashSelector, nullable */
} PerfdashStorePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(PerfdashStore, perfdash_store, G_TYPE_OBJECT)

#define GET_PRIVATE(o) ((PerfdashStorePrivate *)perfdash_store_get_instance_private(o))

G_DEFINE_FLAGS_TYPE(PerfdashStoreFlags,
		    perfdash_store_flags,
		    G_DEFINE_ENUM_VALUE(PERFDASH_STORE_FLAGS_NONE, "none"),
		    G_DEFINE_ENUM_VALUE(PERFDASH_STORE_FLAGS_READ_ONLY, "read-only"))

enum {
	SIGNAL_CHANGED,
	N_SIGNALS,
};
static guint signals[N_SIGNALS];

typedef struct {
	PerfdashStore *store;
	guint64 generation;
	GStrv series; /* nullable */
} Change;

static void
change_free(Change *change)
{
	g_object_unref(change->store);
	g_strfreev(change->series);
	g_free(change);
}

static gboolean
emit_changed_cb(gpointer data)
{
	Change *change = data;
	g_signal_emit(change->store,
		      signals[SIGNAL_CHANGED],
		      0,
		      change->generation,
		      change->series);
	return G_SOURCE_REMOVE;
}

void
perfdash_store_emit_changed(PerfdashStore *self, guint64 generation, const char *const *series)
{
	g_autoptr(GSource) source = g_idle_source_new();
	Change *change = NULL;
	if (!g_signal_has_handler_pending(self, signals[SIGNAL_CHANGED], 0, TRUE))
		return;
	change = g_new0(Change, 1);
	change->store = g_object_ref(self);
	change->generation = generation;
	change->series = g_strdupv((GStrv)series);
	g_source_set_priority(source, G_PRIORITY_DEFAULT);
	g_source_set_callback(source, emit_changed_cb, change, (GDestroyNotify)change_free);
	g_source_attach(source, GET_PRIVATE(self)->context);
}

/**
 * perfdash_store_set_controls:
 * @self: a #PerfdashStore
 * @selectors: (element-type PerfdashSelector): which series are controls
 *
 * Says which series code cannot move, such as the time of a loop that is never built again. Their
 * changes are no regressions, but evidence for or against the lab. To be called before others use
 * the store.
 *
 * Since: 0.1
 */
void
perfdash_store_set_controls(PerfdashStore *self, GPtrArray *selectors)
{
	g_return_if_fail(PERFDASH_IS_STORE(self) && selectors != NULL);
	PerfdashStorePrivate *priv = GET_PRIVATE(self);
	g_clear_pointer(&priv->controls, g_ptr_array_unref);
	priv->controls = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_selector_unref);
	for (guint i = 0; i < selectors->len; i++)
		g_ptr_array_add(priv->controls,
				perfdash_selector_ref(g_ptr_array_index(selectors, i)));
}

gboolean
perfdash_store_is_control(PerfdashStore *self, PerfdashSeriesInfo *info)
{
	GPtrArray *controls = GET_PRIVATE(self)->controls;
	PerfdashLabels *labels = perfdash_series_info_get_labels(info);
	for (guint i = 0; controls != NULL && i < controls->len; i++) {
		if (perfdash_selector_matches(g_ptr_array_index(controls, i), labels))
			return TRUE;
	}
	return FALSE;
}

/**
 * perfdash_store_open:
 * @uri: `sqlite:///absolute/path` or `sqlite:relative/path` of a database, which is made when it is
 * not there
 * @flags: how to open it
 * @error: return location for an error, or %NULL
 *
 * Opens a store. One process may have it open for writing, any number for reading; a store that is
 * open for reading only shows what was there when it was opened. All functions of a store may be
 * called from any thread.
 *
 * Returns: (transfer full): a store, or %NULL with %PERFDASH_ERROR_INVALID (the URI),
 * %PERFDASH_ERROR_NOT_OURS, %PERFDASH_ERROR_TOO_NEW, %PERFDASH_ERROR_IO or %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
PerfdashStore *
perfdash_store_open(const char *uri, PerfdashStoreFlags flags, GError **error)
{
	g_return_val_if_fail(uri != NULL, NULL);
	const char *path = uri + strlen("sqlite:");
	if (!g_str_has_prefix(uri, "sqlite:") || *path == '\0') {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "store \"%s\" is not sqlite:///absolute/path or sqlite:relative/path",
			    uri);
		return NULL;
	}
	if (g_str_has_prefix(path, "//"))
		path += strlen("//");
	PerfdashStore *self = perfdash_sqlite_store_open(path,
							 (flags & PERFDASH_STORE_FLAGS_READ_ONLY) !=
								 0,
							 error);
	if (self != NULL)
		GET_PRIVATE(self)->uri = g_strdup(uri);
	return self;
}

/**
 * perfdash_store_get_uri:
 * @self: a #PerfdashStore
 *
 * Returns: what the store was opened by
 *
 * Since: 0.1
 */
const char *
perfdash_store_get_uri(PerfdashStore *self)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	return GET_PRIVATE(self)->uri;
}

/**
 * perfdash_store_get_uuid:
 * @self: a #PerfdashStore
 *
 * Returns: hexadecimal digits that tell this database from every other
 *
 * Since: 0.1
 */
const char *
perfdash_store_get_uuid(PerfdashStore *self)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	return PERFDASH_STORE_GET_CLASS(self)->get_uuid(self);
}

/**
 * perfdash_store_get_generation:
 * @self: a #PerfdashStore
 *
 * Returns: a number that grows whenever the store changes, and outlives the process
 *
 * Since: 0.1
 */
guint64
perfdash_store_get_generation(PerfdashStore *self)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), 0);
	return PERFDASH_STORE_GET_CLASS(self)->get_generation(self);
}

/**
 * perfdash_store_get_totals:
 * @self: a #PerfdashStore
 * @totals: (out caller-allocates): how much the store holds
 *
 * Since: 0.1
 */
void
perfdash_store_get_totals(PerfdashStore *self, PerfdashTotals *totals)
{
	g_return_if_fail(PERFDASH_IS_STORE(self) && totals != NULL);
	PERFDASH_STORE_GET_CLASS(self)->get_totals(self, totals);
}

/**
 * perfdash_store_add_log:
 * @self: a #PerfdashStore
 * @log: a log
 * @origin: where it came from
 * @parsed: what was read from it, completed by what is known there
 * @error: return location for an error, or %NULL
 *
 * Stores what was read from a log, in one transaction: when this returns it is written, and every
 * later read sees it. Runs that are whole or partial and have results are stored; of the others the
 * record of the log tells. A log that is in the store already, the same bytes with the same facts,
 * changes nothing. Blocks.
 *
 * Returns: (transfer full): the record of the log, or %NULL with %PERFDASH_ERROR_STORE; then
 * nothing has changed
 *
 * Since: 0.1
 */
PerfdashLogRecord *
perfdash_store_add_log(PerfdashStore *self,
		       PerfdashLog *log,
		       PerfdashOrigin *origin,
		       PerfdashParseResult *parsed,
		       GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && PERFDASH_IS_LOG(log), NULL);
	g_return_val_if_fail(PERFDASH_IS_ORIGIN(origin) && PERFDASH_IS_PARSE_RESULT(parsed), NULL);
	return PERFDASH_STORE_GET_CLASS(self)->add_log(self, log, origin, parsed, error);
}

/**
 * perfdash_store_replace_logs:
 * @self: a #PerfdashStore
 * @rereadings: (element-type PerfdashRereading): logs that were read again
 * @error: return location for an error, or %NULL
 *
 * Puts what logs say now in the place of what they said before, in one transaction: each log is
 * either as it was or as it is now. What is the same is not written again. A run that is the same
 * keeps its id, its standing and its place in its series; one whose labels are others, or that is
 * not there any more, is replaced. A change goes with the value it is at. Of the series that other
 * values are in all is due for perfdash_store_find_changes(). Blocks.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_STORE; then nothing has changed
 *
 * Since: 0.1
 */
gboolean
perfdash_store_replace_logs(PerfdashStore *self, GPtrArray *rereadings, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && rereadings != NULL, FALSE);
	return PERFDASH_STORE_GET_CLASS(self)->replace_logs(self, rereadings, error);
}

/**
 * perfdash_store_flush:
 * @self: a #PerfdashStore
 * @error: return location for an error, or %NULL
 *
 * Waits until everything that is derived in the background is written. Nothing depends on it but
 * measurements.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
gboolean
perfdash_store_flush(PerfdashStore *self, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), FALSE);
	return PERFDASH_STORE_GET_CLASS(self)->flush(self, error);
}

/**
 * perfdash_store_rebuild:
 * @self: a #PerfdashStore
 * @error: return location for an error, or %NULL
 *
 * Throws away what is derived from the runs, and derives it again: for a file that is damaged
 * there. Takes about as long as writing the results did; readers go on meanwhile, and no run is
 * lost if it fails or is interrupted.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
gboolean
perfdash_store_rebuild(PerfdashStore *self, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), FALSE);
	return PERFDASH_STORE_GET_CLASS(self)->rebuild(self, error);
}

/**
 * perfdash_store_find_log:
 * @self: a #PerfdashStore
 * @digest: the SHA-256 of a log in hexadecimal
 * @origin: (nullable): perfdash_origin_get_digest() of where it came from, or %NULL for the newest
 * log with these bytes
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): the record of the log, or %NULL with %PERFDASH_ERROR_NOT_FOUND or
 * %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
PerfdashLogRecord *
perfdash_store_find_log(PerfdashStore *self, const char *digest, const char *origin, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && digest != NULL, NULL);
	return PERFDASH_STORE_GET_CLASS(self)->find_log(self, digest, origin, error);
}

/**
 * perfdash_store_load_log:
 * @self: a #PerfdashStore
 * @log: the id of a log
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): the record of the log, or %NULL with %PERFDASH_ERROR_NOT_FOUND or
 * %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
PerfdashLogRecord *
perfdash_store_load_log(PerfdashStore *self, gint64 log, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	return PERFDASH_STORE_GET_CLASS(self)->load_log(self, log, error);
}

/**
 * perfdash_store_list_logs:
 * @self: a #PerfdashStore
 * @outcome: (nullable): `ok`, `partial`, `failed` or `no-result`, or %NULL for all
 * @digest: (nullable): only logs with these bytes, by their SHA-256 in hexadecimal
 * @before: only logs with a smaller id, or 0
 * @limit: how many at most
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer container) (element-type PerfdashLogRecord): logs, the one that came last
 * first, or %NULL with %PERFDASH_ERROR_INVALID or %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_logs(PerfdashStore *self,
			 const char *outcome,
			 const char *digest,
			 gint64 before,
			 guint limit,
			 GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	return PERFDASH_STORE_GET_CLASS(self)
		->list_logs(self, outcome, digest, before, limit, error);
}

/**
 * perfdash_store_list_failed_logs:
 * @self: a #PerfdashStore
 * @source: where the logs came from
 * @limit: how many at most
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer container) (element-type PerfdashLogRecord): the logs of @source that could
 * not be read, the one that came last first, or %NULL with %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_failed_logs(PerfdashStore *self,
				const char *source,
				guint limit,
				GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && source != NULL, NULL);
	return PERFDASH_STORE_GET_CLASS(self)->list_failed_logs(self, source, limit, error);
}

/**
 * perfdash_store_list_source_days:
 * @self: a #PerfdashStore
 * @since: a time of the first day, in microseconds since 1970 UTC
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer container) (element-type PerfdashSourceDay): the UTC days on which logs came,
 * by source and then by day, or %NULL with %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_source_days(PerfdashStore *self, gint64 since, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	return PERFDASH_STORE_GET_CLASS(self)->list_source_days(self, since, error);
}

/**
 * perfdash_store_list_labs:
 * @self: a #PerfdashStore
 * @since: the start of the oldest run of interest, in microseconds since 1970 UTC
 * @error: return location for an error, or %NULL
 *
 * Of more than 200,000 runs the newest count.
 *
 * Returns: (transfer container) (element-type PerfdashLab): the labs that had runs, by name, or
 * %NULL with %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_labs(PerfdashStore *self, gint64 since, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	return PERFDASH_STORE_GET_CLASS(self)->list_labs(self, since, error);
}

/**
 * perfdash_store_list_series:
 * @self: a #PerfdashStore
 * @selector: (nullable): which labels series must have, or %NULL for all
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer container) (element-type PerfdashSeriesInfo): the series, ordered by project,
 * suite, benchmark, metric, stat, branch and lab, or %NULL with %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_series(PerfdashStore *self, PerfdashSelector *selector, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	return PERFDASH_STORE_GET_CLASS(self)->list_series(self, selector, error);
}

/**
 * perfdash_store_load_series:
 * @self: a #PerfdashStore
 * @id: the id of a series
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): the series with all its results, or %NULL with
 * %PERFDASH_ERROR_NOT_FOUND or %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
PerfdashSeries *
perfdash_store_load_series(PerfdashStore *self, const char *id, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && id != NULL, NULL);
	return PERFDASH_STORE_GET_CLASS(self)->load_series(self, id, error);
}

/**
 * perfdash_store_load_summary:
 * @self: a #PerfdashStore
 * @id: the id of a series
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): the summary of a series, or %NULL with %PERFDASH_ERROR_NOT_FOUND or
 * %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
PerfdashSummary *
perfdash_store_load_summary(PerfdashStore *self, const char *id, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && id != NULL, NULL);
	return PERFDASH_STORE_GET_CLASS(self)->load_summary(self, id, error);
}

static void
perfdash_store_finalize(GObject *object)
{
	PerfdashStorePrivate *priv = GET_PRIVATE(PERFDASH_STORE(object));
	g_free(priv->uri);
	g_clear_pointer(&priv->controls, g_ptr_array_unref);
	g_main_context_unref(priv->context);
	G_OBJECT_CLASS(perfdash_store_parent_class)->finalize(object);
}

static void
perfdash_store_class_init(PerfdashStoreClass *klass)
{
	G_OBJECT_CLASS(klass)->finalize = perfdash_store_finalize;

	/**
	 * PerfdashStore::changed:
	 * @self: a #PerfdashStore
	 * @generation: the generation after the change
	 * @series: (nullable) (array zero-terminated=1): the ids of the series that have new
	 * results, or %NULL when they are too many
	 *
	 * Emitted after a log was added, in the main context that was the thread's default when the
	 * store was opened.
	 *
	 * Since: 0.1
	 */
	signals[SIGNAL_CHANGED] = g_signal_new("changed",
					       PERFDASH_TYPE_STORE,
					       G_SIGNAL_RUN_LAST,
					       0,
					       NULL,
					       NULL,
					       NULL,
					       G_TYPE_NONE,
					       2,
					       G_TYPE_UINT64,
					       G_TYPE_STRV);
}

static void
perfdash_store_init(PerfdashStore *self)
{
	GET_PRIVATE(self)->context = g_main_context_ref_thread_default();
}
