/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-budget-report.h"

#include "perfdash-budget-row-private.h"
#include "perfdash-pair.h"

struct _PerfdashBudgetReport {
	gatomicrefcount refs;
	GPtrArray *rows; /* of PerfdashBudgetRow, the worst first */
	guint n_without_baseline;
};

G_DEFINE_BOXED_TYPE(PerfdashBudgetReport,
		    perfdash_budget_report,
		    perfdash_budget_report_ref,
		    perfdash_budget_report_unref)

static int
compare_times(gconstpointer a, gconstpointer b)
{
	gint64 one = *(const gint64 *)a;
	gint64 other = *(const gint64 *)b;
	return (one > other) - (one < other);
}

/* what it drifts is seen from the first result of the baseline to the last of now */
static gboolean
extrapolate(PerfdashBudgetRow *row, PerfdashPair *pair, PerfdashStore *store, GError **error)
{
	GArray *times = pair->after.times;
	gsize n;
	if (row->series == NULL)
		return TRUE;
	g_autoptr(PerfdashSeries) all = perfdash_store_load_series(store, row->series, error);
	if (all == NULL)
		return FALSE;
	g_array_sort(pair->before.times, compare_times);
	g_array_sort(times, compare_times);
	gint64 first = g_array_index(pair->before.times, gint64, 0);
	gint64 last = g_array_index(times, gint64, times->len - 1);
	g_autoptr(PerfdashSeries) since = perfdash_series_slice(all, first, last + 1);
	const double *values = perfdash_series_get_values(since, &n);
	g_autoptr(PerfdashTrend) trend = perfdash_trend_new(values,
							    n,
							    perfdash_series_get_times(since, &n),
							    n,
							    pair->direction,
							    error);
	if (trend == NULL)
		return FALSE;
	perfdash_budget_row_extrapolate(row,
					trend,
					g_array_index(times, gint64, times->len / 2),
					last);
	return TRUE;
}

/* against_limits: of all rows together, from which each takes its own when they are adjusted */
static void
add_row(PerfdashBudgetReport *self,
	PerfdashBudget *budget,
	PerfdashPair *pair,
	GPtrArray *against_limits)
{
	PerfdashBudgetRow *row = perfdash_budget_row_new(pair->labels,
							 g_strdup(pair->after.series),
							 pair->unit,
							 pair->direction,
							 perfdash_budget_get_limit(budget));
	perfdash_budget_row_compare(row, pair->before.values, pair->after.values, against_limits);
	g_ptr_array_add(self->rows, row);
}

/* what the sides say of time, such as 14d, is of now */
static GPtrArray *
load_pairs(PerfdashBudget *budget, PerfdashStore *store, GError **error)
{
	g_autoptr(PerfdashSide)
		before = perfdash_side_new(perfdash_budget_get_since(budget), error);
	g_autoptr(PerfdashSide) after = NULL;
	if (before != NULL)
		after = perfdash_side_new(perfdash_budget_get_now(budget), error);
	if (after == NULL)
		return NULL;
	return perfdash_pair_load(store,
				  perfdash_budget_get_selector(budget),
				  before,
				  after,
				  NULL,
				  error);
}

/* only what has a baseline */
static void
drop_without_baseline(PerfdashBudgetReport *self, GPtrArray *pairs)
{
	for (guint i = pairs->len; i > 0; i--) {
		const PerfdashPair *pair = g_ptr_array_index(pairs, i - 1);
		if (pair->before.values->len > 0)
			continue;
		if (pair->after.values->len > 0)
			self->n_without_baseline++;
		g_ptr_array_remove_index(pairs, i - 1);
	}
}

/**
 * perfdash_budget_report_new:
 * @budget: a budget
 * @store: where the results are
 * @error: return location for an error, or %NULL
 *
 * Compares the results of now with those of the baseline, one value of each run, in each series
 * that has a baseline. A result that both @budget's sides choose belongs to the baseline only; what
 * failed runs measured does not count.
 *
 * Returns: (transfer full): how the series stand to the budget; or %NULL with %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
PerfdashBudgetReport *
perfdash_budget_report_new(PerfdashBudget *budget, PerfdashStore *store, GError **error)
{
	g_return_val_if_fail(budget != NULL && PERFDASH_IS_STORE(store), NULL);
	g_autoptr(GPtrArray) pairs = load_pairs(budget, store, error);
	if (pairs == NULL)
		return NULL;
	g_autoptr(PerfdashBudgetReport) self = g_new0(PerfdashBudgetReport, 1);
	g_autoptr(GPtrArray) against_limits = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_comparison_unref);
	guint next = 0;
	g_atomic_ref_count_init(&self->refs);
	self->rows = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_budget_row_unref);
	drop_without_baseline(self, pairs);
	for (guint i = 0; i < pairs->len; i++)
		add_row(self, budget, g_ptr_array_index(pairs, i), against_limits);
	g_autoptr(GPtrArray) adjusted = perfdash_comparison_adjust(against_limits);
	for (guint i = 0; i < pairs->len; i++) {
		PerfdashBudgetRow *row = g_ptr_array_index(self->rows, i);
		perfdash_budget_row_judge(row, adjusted, &next);
		if (!extrapolate(row, g_ptr_array_index(pairs, i), store, error))
			return NULL;
	}
	g_ptr_array_sort(self->rows, perfdash_budget_row_compare_worst);
	return g_steal_pointer(&self);
}

/**
 * perfdash_budget_report_ref:
 * @self: a #PerfdashBudgetReport
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashBudgetReport *
perfdash_budget_report_ref(PerfdashBudgetReport *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_budget_report_unref:
 * @self: (transfer full): a #PerfdashBudgetReport
 *
 * Since: 0.1
 */
void
perfdash_budget_report_unref(PerfdashBudgetReport *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_ptr_array_unref(self->rows);
	g_free(self);
}

/**
 * perfdash_budget_report_get_rows:
 * @self: a #PerfdashBudgetReport
 *
 * Returns: (transfer none) (element-type PerfdashBudgetRow): each series that has a baseline, the
 *   worst first
 *
 * Since: 0.1
 */
GPtrArray *
perfdash_budget_report_get_rows(PerfdashBudgetReport *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	return self->rows;
}

/**
 * perfdash_budget_report_get_state:
 * @self: a #PerfdashBudgetReport
 *
 * Returns: the state of the worst series; %PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA when there is none
 *
 * Since: 0.1
 */
PerfdashBudgetState
perfdash_budget_report_get_state(PerfdashBudgetReport *self)
{
	g_return_val_if_fail(self != NULL, PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA);
	if (self->rows->len == 0)
		return PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA;
	return perfdash_budget_row_get_state(g_ptr_array_index(self->rows, 0));
}

/**
 * perfdash_budget_report_count:
 * @self: a #PerfdashBudgetReport
 * @state: a state
 *
 * Returns: the number of series in that state
 *
 * Since: 0.1
 */
guint
perfdash_budget_report_count(PerfdashBudgetReport *self, PerfdashBudgetState state)
{
	g_return_val_if_fail(self != NULL, 0);
	guint n = 0;
	for (guint i = 0; i < self->rows->len; i++)
		n += perfdash_budget_row_get_state(g_ptr_array_index(self->rows, i)) == state;
	return n;
}

/**
 * perfdash_budget_report_get_n_without_baseline:
 * @self: a #PerfdashBudgetReport
 *
 * Returns: the number of series that have results of now and none of the baseline: what is new
 *   since then, or was given another name
 *
 * Since: 0.1
 */
guint
perfdash_budget_report_get_n_without_baseline(PerfdashBudgetReport *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->n_without_baseline;
}
