/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-comparison-list.h"

#include "perfdash-error.h"
#include "perfdash-side.h"

typedef struct {
	PerfdashLabels *labels;
	const char *unit; /* interned */
	PerfdashDirection direction;
	GArray *before; /* of double */
	GArray *after;  /* of double */
} Row;

struct _PerfdashComparisonList {
	gatomicrefcount refs;
	GPtrArray *rows;        /* of Row */
	GPtrArray *comparisons; /* of each row, adjusted to each other */
	GArray *shared;         /* of gint64: runs that are on both sides, each once, ascending */
};

G_DEFINE_BOXED_TYPE(PerfdashComparisonList,
		    perfdash_comparison_list,
		    perfdash_comparison_list_ref,
		    perfdash_comparison_list_unref)

static void
row_free(Row *row)
{
	perfdash_labels_unref(row->labels);
	g_array_unref(row->before);
	g_array_unref(row->after);
	g_free(row);
}

static Row *
row_new(PerfdashLabels *labels, PerfdashSeriesInfo *info)
{
	Row *row = g_new0(Row, 1);
	row->labels = perfdash_labels_ref(labels);
	row->unit = perfdash_series_info_get_unit(info);
	row->direction = perfdash_series_info_get_direction(info);
	row->before = g_array_new(FALSE, FALSE, sizeof(double));
	row->after = g_array_new(FALSE, FALSE, sizeof(double));
	return row;
}

/* series that differ only in labels by which the sides are chosen are compared with each other */
static PerfdashLabels *
common_labels(PerfdashLabels *labels, PerfdashSide *before, PerfdashSide *after, GError **error)
{
	g_autoptr(PerfdashLabels) common = perfdash_labels_new();
	const char *key;
	const char *value;
	for (guint i = 0; (key = perfdash_labels_get_nth(labels, i, &value)) != NULL; i++) {
		if (perfdash_side_chooses_by(before, key) || perfdash_side_chooses_by(after, key))
			continue;
		PerfdashLabels *more = perfdash_labels_with(common, key, value, error);
		if (more == NULL)
			return NULL;
		perfdash_labels_unref(common);
		common = more;
	}
	return g_steal_pointer(&common);
}

/* rows holds them in their order, known finds them */
static Row *
find_row(PerfdashComparisonList *self,
	 GHashTable *known,
	 PerfdashLabels *common,
	 PerfdashSeriesInfo *info)
{
	g_autofree char *labels = perfdash_labels_to_string(common);
	g_autofree char *name = g_strdup_printf("%s\n%s",
						labels,
						perfdash_series_info_get_unit(info));
	Row *row = g_hash_table_lookup(known, name);
	if (row == NULL) {
		row = row_new(common, info);
		g_ptr_array_add(self->rows, row);
		g_hash_table_insert(known, g_steal_pointer(&name), row);
	}
	return row;
}

static gboolean
add_series(PerfdashComparisonList *self,
	   GHashTable *known,
	   PerfdashStore *store,
	   PerfdashSeriesInfo *info,
	   PerfdashSide *before,
	   PerfdashSide *after,
	   GError **error)
{
	PerfdashLabels *labels = perfdash_series_info_get_labels(info);
	gboolean is_before = perfdash_side_has_series(before, labels);
	gboolean is_after = perfdash_side_has_series(after, labels);
	if (!is_before && !is_after)
		return TRUE;
	g_autoptr(PerfdashSeries)
		series = perfdash_store_load_series(store,
						    perfdash_series_info_get_id(info),
						    error);
	g_autoptr(PerfdashLabels) common = NULL;
	if (series != NULL)
		common = common_labels(labels, before, after, error);
	if (common == NULL)
		return FALSE;
	Row *row = find_row(self, known, common, info);
	if (is_before)
		perfdash_side_add_values(before, series, row->before);
	if (is_after)
		perfdash_side_add_values(after, series, row->after);
	if (is_before && is_after)
		perfdash_side_add_shared_runs(before, after, series, self->shared);
	return TRUE;
}

static void
drop_one_sided(GPtrArray *rows)
{
	for (guint i = rows->len; i > 0; i--) {
		const Row *row = g_ptr_array_index(rows, i - 1);
		if (row->before->len == 0 || row->after->len == 0)
			g_ptr_array_remove_index(rows, i - 1);
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
compare_rows(PerfdashComparisonList *self, double margin, GError **error)
{
	g_autoptr(GPtrArray)
		alone = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_comparison_unref);
	for (guint i = 0; i < self->rows->len; i++) {
		const Row *row = g_ptr_array_index(self->rows, i);
		PerfdashComparison *comparison = perfdash_comparison_new(
			(const double *)row->before->data,
			row->before->len,
			(const double *)row->after->data,
			row->after->len,
			row->direction,
			margin,
			error);
		if (comparison == NULL) {
			g_autofree char *name = perfdash_labels_to_string(row->labels);
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
 * reads them. Series that have the same labels, but for those that stand in a side, are compared
 * with each other: so "branch:main" can be compared with "branch:next". Results of failed runs do
 * not count.
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
	g_autoptr(GPtrArray) infos = NULL;
	g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (other != NULL)
		infos = perfdash_store_list_series(store, selector, error);
	if (infos == NULL)
		return NULL;
	g_autoptr(PerfdashComparisonList) self = g_new0(PerfdashComparisonList, 1);
	g_atomic_ref_count_init(&self->refs);
	self->rows = g_ptr_array_new_with_free_func((GDestroyNotify)row_free);
	self->shared = g_array_new(FALSE, FALSE, sizeof(gint64));
	for (guint i = 0; i < infos->len; i++) {
		PerfdashSeriesInfo *info = g_ptr_array_index(infos, i);
		if (!add_series(self, known, store, info, one, other, error))
			return NULL;
	}
	drop_one_sided(self->rows);
	keep_each_once(self->shared);
	if (self->rows->len == 0) {
		g_set_error(error,
			    PERFDASH_ERROR,
			    PERFDASH_ERROR_NOT_FOUND,
			    "no series has results of both \"%s\" and \"%s\"",
			    before,
			    after);
		return NULL;
	}
	return compare_rows(self, margin, error) ? g_steal_pointer(&self) : NULL;
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
	g_ptr_array_unref(self->rows);
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
	return self->rows->len;
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

static const Row *
nth_row(PerfdashComparisonList *self, guint index)
{
	g_return_val_if_fail(self != NULL && index < self->rows->len, NULL);
	return g_ptr_array_index(self->rows, index);
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
	const Row *row = nth_row(self, index);
	return row != NULL ? row->labels : NULL;
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
	const Row *row = nth_row(self, index);
	return row != NULL ? row->unit : NULL;
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
	const Row *row = nth_row(self, index);
	return row != NULL ? row->direction : PERFDASH_DIRECTION_NONE;
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
	return nth_row(self, index) != NULL ? g_ptr_array_index(self->comparisons, index) : NULL;
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
	for (guint i = 0; i < self->rows->len; i++) {
		const Row *row = g_ptr_array_index(self->rows, i);
		if (row->direction == direction && perfdash_labels_get(row->labels, "stat") == NULL)
			g_ptr_array_add(chosen, g_ptr_array_index(self->comparisons, i));
	}
	return perfdash_comparison_get_mean_ratio(chosen, ratio, low, high);
}
