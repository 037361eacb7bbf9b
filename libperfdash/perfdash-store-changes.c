/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The public functions of a store that are about changes. */

#include "perfdash-change-private.h"
#include "perfdash-error.h"
#include "perfdash-grouping.h"
#include "perfdash-stats.h"
#include "perfdash-store-private.h"

/**
 * perfdash_store_find_changes:
 * @self: a #PerfdashStore
 * @new_since: a time in microseconds since 1970 UTC; a change of runs before that is historic when
 *   it is found, not new
 * @cancellable: (nullable): a #GCancellable
 * @error: return location for an error, or %NULL
 *
 * Analyses the series that have results which the analysis has not seen, and brings the stored
 * changes to what it finds. A change keeps its identity when one in the same direction is found
 * within five results of where it was; one that is not found any more goes, or is withdrawn when a
 * person touched it. Blocks; when it fails the rest stays due.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_STORE or %G_IO_ERROR_CANCELLED
 *
 * Since: 0.1
 */
gboolean
perfdash_store_find_changes(PerfdashStore *self,
			    gint64 new_since,
			    GCancellable *cancellable,
			    GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), FALSE);
	return PERFDASH_STORE_GET_CLASS(self)->find_changes(self, new_since, cancellable, error);
}

/* id of a change -> what its p is among all series of the day */
static GHashTable *
adjust_day(PerfdashStore *self, gint64 day, GError **error)
{
	guint n_series;
	g_autoptr(GArray) changes =
		PERFDASH_STORE_GET_CLASS(self)->list_day_changes(self, day, &n_series, error);
	if (changes == NULL)
		return NULL;
	GHashTable *adjusted = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	g_autofree double *p = g_new(double, changes->len);
	for (guint i = 0; i < changes->len; i++)
		p[i] = g_array_index(changes, PerfdashDayChange, i).p;
	perfdash_stats_adjust(p, changes->len, n_series);
	for (guint i = 0; i < changes->len; i++)
		g_hash_table_insert(
			adjusted,
			g_memdup2(&g_array_index(changes, PerfdashDayChange, i).id, sizeof(gint64)),
			g_memdup2(&p[i], sizeof(double)));
	return adjusted;
}

/* what p says depends on how many series there were to look at; only of changes nobody looked at,
 * for only there it is of use */
static gboolean
adjust(PerfdashStore *self, GPtrArray *changes, GError **error)
{
	g_autoptr(GHashTable) days = g_hash_table_new_full(g_int64_hash,
							   g_int64_equal,
							   g_free,
							   (GDestroyNotify)g_hash_table_unref);
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		gint64 day = perfdash_change_find_day(change->time);
		if (change->state != PERFDASH_CHANGE_STATE_NEW || g_hash_table_contains(days, &day))
			continue;
		GHashTable *adjusted = adjust_day(self, day, error);
		if (adjusted == NULL)
			return FALSE;
		g_hash_table_insert(days, g_memdup2(&day, sizeof(day)), adjusted);
	}
	for (guint i = 0; i < changes->len; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		gint64 day = perfdash_change_find_day(change->time);
		GHashTable *adjusted = change->state == PERFDASH_CHANGE_STATE_NEW
					       ? g_hash_table_lookup(days, &day)
					       : NULL;
		double *p = adjusted != NULL ? g_hash_table_lookup(adjusted, &change->id) : NULL;
		if (p != NULL)
			change->p_adjusted = *p;
	}
	return TRUE;
}

/* what code cannot move gets no better or worse by it */
static void
mark_control(PerfdashStore *self, PerfdashChange *change)
{
	change->is_control = perfdash_store_is_control(self, change->info);
	if (change->is_control)
		change->point->kind = PERFDASH_CHANGE_KIND_NEITHER;
}

static GPtrArray *
list_adjusted(PerfdashStore *self, const char *series, GError **error)
{
	g_autoptr(GPtrArray)
		changes = PERFDASH_STORE_GET_CLASS(self)->list_changes(self, series, error);
	if (changes == NULL || !adjust(self, changes, error))
		return NULL;
	for (guint i = 0; i < changes->len; i++)
		mark_control(self, g_ptr_array_index(changes, i));
	return g_steal_pointer(&changes);
}

typedef struct {
	PerfdashSelector *selector; /* nullable */
	const char *state;          /* nullable */
	const char *kind;           /* nullable */
	gint64 since;
} Filter;

static gboolean
is_wanted(const Filter *filter, PerfdashChange *change)
{
	PerfdashChangePoint *point = perfdash_change_get_point(change);
	const char *state = perfdash_change_state_to_string(perfdash_change_get_state(change));
	const char *kind = perfdash_change_kind_to_string(perfdash_change_point_get_kind(point));
	PerfdashSeriesInfo *info = perfdash_change_get_info(change);
	return perfdash_change_get_time(change) >= filter->since &&
	       (filter->state == NULL || g_str_equal(filter->state, state)) &&
	       (filter->kind == NULL || g_str_equal(filter->kind, kind)) &&
	       (filter->selector == NULL ||
		perfdash_selector_matches(filter->selector, perfdash_series_info_get_labels(info)));
}

static gboolean
check_filter(const Filter *filter, GError **error)
{
	PerfdashChangeState state;
	if (filter->state != NULL && !perfdash_change_state_from_string(filter->state, &state)) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "state \"%.64s\" is none of new, acknowledged, ignored, fixed, "
			    "historic, withdrawn, unsure",
			    filter->state);
		return FALSE;
	}
	for (guint i = 0; filter->kind != NULL; i++) {
		if (i > PERFDASH_CHANGE_KIND_IMPROVEMENT) {
			g_set_error(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_INVALID,
				    "direction \"%.64s\" is none of regression, improvement, "
				    "neither",
				    filter->kind);
			return FALSE;
		}
		if (g_str_equal(filter->kind, perfdash_change_kind_to_string(i)))
			break;
	}
	return TRUE;
}

/**
 * perfdash_store_list_changes:
 * @self: a #PerfdashStore
 * @selector: (nullable): which labels their series must have, or %NULL for all
 * @state: (nullable): only those in this state, such as `new`
 * @kind: (nullable): only those that are a `regression`, an `improvement` or `neither`
 * @since: only those of runs since then, in microseconds since 1970 UTC
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer container) (element-type PerfdashChange): changes, the newest first, or %NULL
 *   with %PERFDASH_ERROR_INVALID or %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_changes(PerfdashStore *self,
			    PerfdashSelector *selector,
			    const char *state,
			    const char *kind,
			    gint64 since,
			    GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	const Filter filter = {selector, state, kind, since};
	if (!check_filter(&filter, error))
		return NULL;
	g_autoptr(GPtrArray) all = list_adjusted(self, NULL, error);
	if (all == NULL)
		return NULL;
	GPtrArray *changes = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_change_unref);
	for (guint i = 0; i < all->len; i++) {
		PerfdashChange *change = g_ptr_array_index(all, i);
		if (is_wanted(&filter, change))
			g_ptr_array_add(changes, perfdash_change_ref(change));
	}
	return changes;
}

static GPtrArray *
list_active(gint64 from, gint64 to, gpointer data, GError **error)
{
	return perfdash_store_list_active_series(data, from, to, error);
}

static gboolean
is_control(PerfdashSeriesInfo *info, gpointer data)
{
	return perfdash_store_is_control(data, info);
}

static gboolean
is_in_filter(PerfdashChange *change, gconstpointer data)
{
	return is_wanted(data, change);
}

/**
 * perfdash_store_list_change_groups:
 * @self: a #PerfdashStore
 * @selector: (nullable): as for perfdash_store_list_changes()
 * @state: (nullable): likewise
 * @kind: (nullable): likewise
 * @since: likewise
 * @error: return location for an error, or %NULL
 *
 * Puts together the changes, but withdrawn ones, that one cause can explain, and says who is
 * suspected. What is asked for chooses among the groups, and does not make them: a group is there
 * with all its changes when it has one that is wanted.
 *
 * Returns: (transfer container) (element-type PerfdashChangeGroup): groups, the newest first, or
 *   %NULL with %PERFDASH_ERROR_INVALID or %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_change_groups(PerfdashStore *self,
				  PerfdashSelector *selector,
				  const char *state,
				  const char *kind,
				  gint64 since,
				  GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	const Filter filter = {selector, state, kind, since};
	const PerfdashFleet fleet = {list_active, is_control, self};
	const PerfdashWish wish = {is_in_filter, &filter};
	if (!check_filter(&filter, error))
		return NULL;
	g_autoptr(GPtrArray) changes = list_adjusted(self, NULL, error);
	if (changes == NULL)
		return NULL;
	for (guint i = changes->len; i > 0; i--) {
		PerfdashChange *change = g_ptr_array_index(changes, i - 1);
		if (perfdash_change_get_state(change) == PERFDASH_CHANGE_STATE_WITHDRAWN)
			g_ptr_array_remove_index(changes, i - 1);
	}
	return perfdash_grouping_run(changes, &wish, &fleet, error);
}

/**
 * perfdash_store_list_series_changes:
 * @self: a #PerfdashStore
 * @id: the id of a series
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer container) (element-type PerfdashChange): the changes of a series, the oldest
 *   first, or %NULL with %PERFDASH_ERROR_NOT_FOUND or %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_series_changes(PerfdashStore *self, const char *id, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && id != NULL, NULL);
	return list_adjusted(self, id, error);
}

/**
 * perfdash_store_list_active_series:
 * @self: a #PerfdashStore
 * @from: a time in microseconds since 1970 UTC
 * @to: a later time
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer container) (element-type PerfdashSeriesInfo): the series that have results of
 *   runs that started from @from to before @to, in no order, or %NULL with %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_active_series(PerfdashStore *self, gint64 from, gint64 to, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	return PERFDASH_STORE_GET_CLASS(self)->list_active_series(self, from, to, error);
}

static gboolean
is_open(PerfdashChange *change)
{
	PerfdashChangeState state = perfdash_change_get_state(change);
	return state == PERFDASH_CHANGE_STATE_NEW || state == PERFDASH_CHANGE_STATE_UNSURE ||
	       state == PERFDASH_CHANGE_STATE_ACKNOWLEDGED;
}

/**
 * perfdash_store_find_open_change:
 * @self: a #PerfdashStore
 * @summary: of a series
 * @change: (out) (transfer full) (nullable): its newest change that is new, unsure or
 *   acknowledged, among all series of its day
 * @error: return location for an error, or %NULL
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_NOT_FOUND or %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
gboolean
perfdash_store_find_open_change(PerfdashStore *self,
				PerfdashSummary *summary,
				PerfdashChange **change,
				GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && summary != NULL && change != NULL, FALSE);
	PerfdashSeriesInfo *info = perfdash_summary_get_info(summary);
	*change = NULL;
	if (perfdash_summary_get_open_change(summary) == NULL)
		return TRUE;
	g_autoptr(GPtrArray)
		changes = list_adjusted(self, perfdash_series_info_get_id(info), error);
	for (guint i = changes != NULL ? changes->len : 0; i > 0 && *change == NULL; i--) {
		if (is_open(g_ptr_array_index(changes, i - 1)))
			*change = perfdash_change_ref(g_ptr_array_index(changes, i - 1));
	}
	return changes != NULL;
}

/**
 * perfdash_store_load_change:
 * @self: a #PerfdashStore
 * @id: the id of a change
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): the change, or %NULL with %PERFDASH_ERROR_NOT_FOUND or
 *   %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
PerfdashChange *
perfdash_store_load_change(PerfdashStore *self, gint64 id, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	g_autoptr(PerfdashChange)
		change = PERFDASH_STORE_GET_CLASS(self)->load_change(self, id, error);
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	if (change == NULL)
		return NULL;
	g_ptr_array_add(one, change);
	mark_control(self, change);
	return adjust(self, one, error) ? g_steal_pointer(&change) : NULL;
}

/* runs begin to end - 1 of a series */
static GPtrArray *
load_runs(PerfdashStore *self, PerfdashSeries *series, gsize begin, gsize end, GError **error)
{
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(g_object_unref);
	gsize n;
	const gint64 *ids = perfdash_series_get_runs(series, &n);
	for (gsize i = begin; i < end; i++) {
		PerfdashRun *run = perfdash_store_load_run(self, ids[i], error);
		if (run == NULL)
			return NULL;
		g_ptr_array_add(runs, run);
	}
	return g_steal_pointer(&runs);
}

/**
 * perfdash_store_list_causes:
 * @self: a #PerfdashStore
 * @change: a change of it
 * @error: return location for an error, or %NULL
 *
 * Compares up to %PERFDASH_CAUSE_RUNS runs of the series before the change with as many from it on.
 *
 * Returns: (transfer container) (element-type PerfdashCause): what changed in the environment,
 *   parameters and parser of the runs, maybe nothing; or %NULL with %PERFDASH_ERROR_NOT_FOUND or
 *   %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_causes(PerfdashStore *self, PerfdashChange *change, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && change != NULL, NULL);
	const char *id = perfdash_series_info_get_id(change->info);
	g_autoptr(PerfdashSeries) series = perfdash_store_load_series(self, id, error);
	gsize n;
	gsize place = 0;
	if (series == NULL)
		return NULL;
	const gint64 *ids = perfdash_series_get_runs(series, &n);
	const gint64 *times = perfdash_series_get_times(series, &n);
	while (place < n && ids[place] != change->run)
		place++;
	/* the run is hidden: the next one */
	if (place == n)
		for (place = 0; place < n && times[place] < change->time;)
			place++;
	if (place == 0 || place == n)
		return g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_cause_unref);
	gsize begin = place > PERFDASH_CAUSE_RUNS ? place - PERFDASH_CAUSE_RUNS : 0;
	gsize end = MIN(n, place + PERFDASH_CAUSE_RUNS);
	g_autoptr(GPtrArray) before = load_runs(self, series, begin, place, error);
	g_autoptr(GPtrArray) after = before != NULL ? load_runs(self, series, place, end, error)
						    : NULL;
	return after != NULL ? perfdash_cause_list(before, after) : NULL;
}

/**
 * perfdash_store_list_change_events:
 * @self: a #PerfdashStore
 * @id: the id of a change
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer container) (element-type PerfdashChangeEvent): what happened to the change,
 *   the oldest first, or %NULL with %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_change_events(PerfdashStore *self, gint64 id, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	return PERFDASH_STORE_GET_CLASS(self)->list_change_events(self, id, error);
}

/**
 * perfdash_store_update_change:
 * @self: a #PerfdashStore
 * @id: the id of a change
 * @edit: what somebody says of it
 * @error: return location for an error, or %NULL
 *
 * Like perfdash_store_update_changes(), for one change.
 *
 * Returns: %TRUE, or %FALSE with an error; then nothing has changed
 *
 * Since: 0.1
 */
gboolean
perfdash_store_update_change(PerfdashStore *self,
			     gint64 id,
			     PerfdashChangeEdit *edit,
			     GError **error)
{
	return perfdash_store_update_changes(self, &id, 1, edit, error);
}

/**
 * perfdash_store_update_changes:
 * @self: a #PerfdashStore
 * @ids: (array length=n_ids): the ids of changes
 * @n_ids: how many
 * @edit: what somebody says of all of them
 * @error: return location for an error, or %NULL
 *
 * Does it in one transaction, and says in the history of each who did it and when. Blocks.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_NOT_FOUND, %PERFDASH_ERROR_INVALID (there is no
 *   reason, or no such run) or %PERFDASH_ERROR_STORE; then nothing has changed
 *
 * Since: 0.1
 */
gboolean
perfdash_store_update_changes(PerfdashStore *self,
			      const gint64 *ids,
			      gsize n_ids,
			      PerfdashChangeEdit *edit,
			      GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && PERFDASH_IS_CHANGE_EDIT(edit), FALSE);
	g_return_val_if_fail(ids != NULL || n_ids == 0, FALSE);
	return PERFDASH_STORE_GET_CLASS(self)->update_changes(self, ids, n_ids, edit, error);
}
