/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-comparison-list.h"

#include "perfdash-error.h"
#include "perfdash-pair.h"

struct _PerfdashComparisonList {
	gatomicrefcount refs;
	GPtrArray *pairs;       /* of PerfdashPair */
	GPtrArray *comparisons; /* of each pair, adjusted to each other */
	GArray *shared;         /* of gint64: runs that are on both sides, each once, ascending */
};

G_DEFINE_BOXED_TYPE(PerfdashComparisonList,
		    perfdash_comparison_list,
		    perfdash_comparison_list_ref,
		    perfdash_comparison_list_unref)

static gboolean
is_one_sided(const PerfdashPair *pair)
{
	return pair->before.values->len == 0 || pair->after.values->len == 0;
}

static void
drop_one_sided(GPtrArray *pairs)
{
	for (guint i = pairs->len; i > 0; i--) {
		if (is_one_sided(g_ptr_array_index(pairs, i - 1)))
			g_ptr_array_remove_index(pairs, i - 1);
	}
}

static int
compare_runs(gconstpointer a, gconstpointer b)
{
	gint64 one = *(const gint64 *)a;
	gint64 other = *(const gint64 *)b;
	return (one > other) - (one < other);
}

/* a run has results in many series */
static void
keep_each_once(GArray *runs)
{
	gint64 *all = (gint64 *)runs->data;
	guint n = 0;
	g_array_sort(runs, compare_runs);
	for (guint i = 0; i < runs->len; i++) {
		if (n == 0 || all[n - 1] != all[i])
			all[n++] = all[i];
	}
	g_array_set_size(runs, n);
}

static gboolean
compare_pairs(PerfdashComparisonList *self, double margin, GError **error)
{
	g_autoptr(GPtrArray)
		alone = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_comparison_unref);
	for (guint i = 0; i < self->pairs->len; i++) {
		const PerfdashPair *pair = g_ptr_array_index(self->pairs, i);
		PerfdashComparison *comparison = perfdash_comparison_new(
			(const double *)pair->before.values->data,
			pair->before.values->len,
			(const double *)pair->after.values->data,
			pair->after.values->len,
			pair->direction,
			margin,
			error);
		if (comparison == NULL) {
			g_autofree char *name = perfdash_labels_to_string(pair->labels);
			g_prefix_error(error, "failed to compare %s: ", name);
			return FALSE;
		}
		g_ptr_array_add(alone, comparison);
	}
	self->comparisons = perfdash_comparison_adjust(alone);
	return TRUE;
}

/**
 * perfdash_comparison_list_new:
 * @store: where the results are
 * @selector: which series to compare
 * @before: which results are before
 * @after: which results are after
 * @margin: the relative change that is taken for none, such as %PERFDASH_COMPARISON_MARGIN
 * @error: return location for an error, or %NULL
 *
 * Compares results of a store, one value of each run. A side is terms with blanks between them:
 * `key:value`, `key:~regex` or `key:!value` as in perfdash_selector_new(), of labels and of
 * `build`, `revision` and `run`; `from:TIME` and `to:TIME` (before it) as perfdash_time_parse()
 * reads them; `last:N` for the newest N of each series. Series that have the same labels, but for
 * those that stand in a side, are compared with each other: so "branch:main" can be compared with
 * "branch:next". Results of failed runs do not count.
 *
 * Returns: (transfer full): a comparison for each series that has results on both sides, in the
 * order of the store, with p values that are adjusted to each other; or %NULL with
 * %PERFDASH_ERROR_INVALID: a side or the margin is not valid; %PERFDASH_ERROR_NOT_FOUND: no series
 * has results on both sides; %PERFDASH_ERROR_STORE
 *
 * Since: 0.1
 */
PerfdashComparisonList *
perfdash_comparison_list_new(PerfdashStore *store,
			     PerfdashSelector *selector,
			     const char *before,
			     const char *after,
			     double margin,
			     GError **error)
{
	g_return_val_if_fail(PERFDASH_IS_STORE(store) && selector != NULL, NULL);
	g_autoptr(PerfdashSide) one = perfdash_side_new(before, error);
	g_autoptr(PerfdashSide) other = one != NULL ? perfdash_side_new(after, error) : NULL;
	g_autoptr(GArray) shared = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(GPtrArray) pairs = NULL;
	if (other != NULL)
		pairs = perfdash_pair_load(store, selector, one, other, shared, error);
	if (pairs == NULL)
		return NULL;
	g_autoptr(PerfdashComparisonList) self = g_new0(PerfdashComparisonList, 1);
	g_atomic_ref_count_init(&self->refs);
	self->pairs = g_steal_pointer(&pairs);
	drop_one_sided(self->pairs);
	self->shared = g_steal_pointer(&shared);
	keep_each_once(self->shared);
	if (self->pairs->len == 0) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "no series has results of both \"%s\" and \"%s\"",
			    before,
			    after);
		return NULL;
	}
	return compare_pairs(self, margin, error) ? g_steal_pointer(&self) : NULL;
}

/**
 * perfdash_comparison_list_ref:
 * @self: a #PerfdashComparisonList
 *
 * Returns: (transfer full): @self
 *
 * Since: 0.1
 */
PerfdashComparisonList *
perfdash_comparison_list_ref(PerfdashComparisonList *self)
{
	g_return_val_if_fail(self != NULL, NULL);
	g_atomic_ref_count_inc(&self->refs);
	return self;
}

/**
 * perfdash_comparison_list_unref:
 * @self: (transfer full): a #PerfdashComparisonList
 *
 * Since: 0.1
 */
void
perfdash_comparison_list_unref(PerfdashComparisonList *self)
{
	g_return_if_fail(self != NULL);
	if (!g_atomic_ref_count_dec(&self->refs))
		return;
	g_ptr_array_unref(self->pairs);
	g_array_unref(self->shared);
	g_clear_pointer(&self->comparisons, g_ptr_array_unref);
	g_free(self);
}

/**
 * perfdash_comparison_list_get_length:
 * @self: a #PerfdashComparisonList
 *
 * Returns: the number of comparisons
 *
 * Since: 0.1
 */
guint
perfdash_comparison_list_get_length(PerfdashComparisonList *self)
{
	g_return_val_if_fail(self != NULL, 0);
	return self->pairs->len;
}

/**
 * perfdash_comparison_list_get_shared_runs:
 * @self: a #PerfdashComparisonList
 * @n_runs: (out): their number
 *
 * Runs of which the same results are before and after: what differs looks smaller than it is, and
 * surer than it is, for a comparison takes its sides for independent of each other.
 *
 * Returns: (transfer none) (array length=n_runs): their ids, ascending
 *
 * Since: 0.1
 */
const gint64 *
perfdash_comparison_list_get_shared_runs(PerfdashComparisonList *self, gsize *n_runs)
{
	g_return_val_if_fail(self != NULL && n_runs != NULL, NULL);
	*n_runs = self->shared->len;
	return (const gint64 *)self->shared->data;
}

static const PerfdashPair *
nth_pair(PerfdashComparisonList *self, guint index)
{
	g_return_val_if_fail(self != NULL && index < self->pairs->len, NULL);
	return g_ptr_array_index(self->pairs, index);
}

/**
 * perfdash_comparison_list_get_labels:
 * @self: a #PerfdashComparisonList
 * @index: which comparison
 *
 * Returns: (transfer none): the labels that both sides have
 *
 * Since: 0.1
 */
PerfdashLabels *
perfdash_comparison_list_get_labels(PerfdashComparisonList *self, guint index)
{
	const PerfdashPair *pair = nth_pair(self, index);
	return pair != NULL ? pair->labels : NULL;
}

/**
 * perfdash_comparison_list_get_unit:
 * @self: a #PerfdashComparisonList
 * @index: which comparison
 *
 * Returns: the base unit of its values
 *
 * Since: 0.1
 */
const char *
perfdash_comparison_list_get_unit(PerfdashComparisonList *self, guint index)
{
	const PerfdashPair *pair = nth_pair(self, index);
	return pair != NULL ? pair->unit : NULL;
}

/**
 * perfdash_comparison_list_get_direction:
 * @self: a #PerfdashComparisonList
 * @index: which comparison
 *
 * Returns: which way the metric gets better
 *
 * Since: 0.1
 */
PerfdashDirection
perfdash_comparison_list_get_direction(PerfdashComparisonList *self, guint index)
{
	const PerfdashPair *pair = nth_pair(self, index);
	return pair != NULL ? pair->direction : PERFDASH_DIRECTION_NONE;
}

/**
 * perfdash_comparison_list_get_comparison:
 * @self: a #PerfdashComparisonList
 * @index: which comparison
 *
 * Returns: (transfer none): what it says
 *
 * Since: 0.1
 */
PerfdashComparison *
perfdash_comparison_list_get_comparison(PerfdashComparisonList *self, guint index)
{
	return nth_pair(self, index) != NULL ? g_ptr_array_index(self->comparisons, index) : NULL;
}

/**
 * perfdash_comparison_list_get_mean_ratio:
 * @self: a #PerfdashComparisonList
 * @direction: of which metrics
 * @ratio: (out): as perfdash_comparison_get_mean_ratio() gives it
 * @low: (out): where its interval begins, or NaN
 * @high: (out): where it ends, or NaN
 *
 * The geometric mean of after / before over all metrics that get better that way. Percentiles and
 * other statistics of a result do not count again.
 *
 * Returns: whether there is one
 *
 * Since: 0.1
 */
gboolean
perfdash_comparison_list_get_mean_ratio(PerfdashComparisonList *self,
					PerfdashDirection direction,
					double *ratio,
					double *low,
					double *high)
{
	g_return_val_if_fail(self != NULL, FALSE);
	g_autoptr(GPtrArray) chosen = g_ptr_array_new();
	for (guint i = 0; i < self->pairs->len; i++) {
		const PerfdashPair *pair = g_ptr_array_index(self->pairs, i);
		if (pair->direction == direction &&
		    perfdash_labels_get(pair->labels, "stat") == NULL)
			g_ptr_array_add(chosen, g_ptr_array_index(self->comparisons, i));
	}
	return perfdash_comparison_get_mean_ratio(chosen, ratio, low, high);
}
