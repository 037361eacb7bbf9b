/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The public functions of a store that are about runs. */

#include "perfdash-change-edit.h"
#include "perfdash-error.h"
#include "perfdash-store-private.h"

/**
 * perfdash_store_load_run:
 * @self: a #PerfdashStore
 * @run: the id of a run
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer full): the run with all its results, or %NULL with %PERFDASH_ERROR_NOT_FOUND
 * or %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
PerfdashRun *
perfdash_store_load_run(PerfdashStore *self, gint64 run, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	return PERFDASH_STORE_GET_CLASS(self)->load_run(self, run, error);
}

/**
 * perfdash_store_list_runs:
 * @self: a #PerfdashStore
 * @selector: (nullable): which labels runs must have, or %NULL for all
 * @standing: (nullable): only those that are `shown`, `hidden` or `replaced`; %NULL for all that
 * are not replaced
 * @before: only runs with a smaller id, or 0
 * @limit: how many at most
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer container) (element-type PerfdashRun): runs, the one that came last first,
 * without their results, which perfdash_store_load_run() reads; or %NULL with
 * %PERFDASH_ERROR_INVALID (@standing) or %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_runs(PerfdashStore *self,
			 PerfdashSelector *selector,
			 const char *standing,
			 gint64 before,
			 guint limit,
			 GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	return PERFDASH_STORE_GET_CLASS(self)
		->list_runs(self, selector, standing, before, limit, error);
}

/* a reason is what a reason of a change may be, and there is one */
static gboolean
check_reason(const char *reason, GError **error)
{
	g_autoptr(PerfdashChangeEdit) edit = perfdash_change_edit_new("");
	if (*reason != '\0')
		return perfdash_change_edit_set(edit, "reason", reason, error);
	g_set_error_literal(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_INVALID,
			    "reason: say why the run is hidden");
	return FALSE;
}

/**
 * perfdash_store_hide_runs:
 * @self: a #PerfdashStore
 * @ids: (array length=n_ids): the ids of runs
 * @n_ids: how many
 * @reason: why they are no measurements, such as "wrong machine"
 * @who: who says it, for the history
 * @error: return location for an error, or %NULL
 *
 * Hides runs, in one transaction: their results are in no series any more, and so not in what is
 * made of series, such as comparisons, baselines and budgets, and the analysis of their series is
 * due again. They stay in the store, and perfdash_store_show_runs() takes it back. A run that is
 * hidden already stays as it is. Blocks.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_NOT_FOUND (there is no such run),
 *   %PERFDASH_ERROR_INVALID (there is no reason, or it is longer than a line; or the run is
 *   replaced) or %PERFDASH_ERROR_STORE; then nothing has changed
 *
 * Since: 0.1
 */
gboolean
perfdash_store_hide_runs(PerfdashStore *self,
			 const gint64 *ids,
			 gsize n_ids,
			 const char *reason,
			 const char *who,
			 GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && (ids != NULL || n_ids == 0), FALSE);
	g_return_val_if_fail(reason != NULL && who != NULL, FALSE);
	return check_reason(reason, error) &&
	       PERFDASH_STORE_GET_CLASS(self)->set_standing(self,
							    ids,
							    n_ids,
							    PERFDASH_STANDING_HIDDEN,
							    reason,
							    who,
							    error);
}

/**
 * perfdash_store_show_runs:
 * @self: a #PerfdashStore
 * @ids: (array length=n_ids): the ids of runs
 * @n_ids: how many
 * @who: who says it, for the history
 * @error: return location for an error, or %NULL
 *
 * Shows runs again that perfdash_store_hide_runs() hid, in one transaction. A run that is shown
 * stays as it is. Blocks.
 *
 * Returns: %TRUE, or %FALSE with %PERFDASH_ERROR_NOT_FOUND (there is no such run),
 *   %PERFDASH_ERROR_INVALID (the run is replaced) or %PERFDASH_ERROR_STORE; then nothing has
 * changed
 *
 * Since: 0.1
 */
gboolean
perfdash_store_show_runs(PerfdashStore *self,
			 const gint64 *ids,
			 gsize n_ids,
			 const char *who,
			 GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && (ids != NULL || n_ids == 0), FALSE);
	g_return_val_if_fail(who != NULL, FALSE);
	return PERFDASH_STORE_GET_CLASS(self)
		->set_standing(self, ids, n_ids, PERFDASH_STANDING_SHOWN, "", who, error);
}

/**
 * perfdash_store_list_hidden_runs:
 * @self: a #PerfdashStore
 * @series: the id of a series
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer container) (element-type PerfdashRun): the runs that have a result of the
 *   series and are hidden, the one that came last first; of their results each has only that one,
 *   with the labels of the series. Or %NULL with %PERFDASH_ERROR_NOT_FOUND or
 *   %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_hidden_runs(PerfdashStore *self, const char *series, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self) && series != NULL, NULL);
	return PERFDASH_STORE_GET_CLASS(self)->list_hidden_runs(self, series, error);
}

/**
 * perfdash_store_list_run_events:
 * @self: a #PerfdashStore
 * @run: the id of a run
 * @error: return location for an error, or %NULL
 *
 * Returns: (transfer container) (element-type PerfdashChangeEvent): what happened to the run since
 *   it was stored, the oldest first: what it was from then on, such as `hidden`, and as value why;
 *   or %NULL with %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_store_list_run_events(PerfdashStore *self, gint64 run, GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(self), NULL);
	return PERFDASH_STORE_GET_CLASS(self)->list_run_events(self, run, error);
}
