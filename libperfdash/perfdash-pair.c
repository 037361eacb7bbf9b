/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-pair.h"

/* what is loaded, how, and what is found so far */
typedef struct {
	PerfdashSide *before;
	PerfdashSide *after;
	GArray *shared;    /* of gint64, nullable */
	GPtrArray *pairs;  /* of PerfdashPair, in their order */
	GHashTable *known; /* of labels and unit to PerfdashPair */
} Loading;

static void
side_init(PerfdashPairSide *side)
{
	side->values = g_array_new(FALSE, FALSE, sizeof(double));
	side->times = g_array_new(FALSE, FALSE, sizeof(gint64));
}

static void
side_clear(PerfdashPairSide *side)
{
	g_array_unref(side->values);
	g_array_unref(side->times);
	g_free(side->series);
}

static void
pair_free(PerfdashPair *pair)
{
	perfdash_labels_unref(pair->labels);
	side_clear(&pair->before);
	side_clear(&pair->after);
	g_free(pair);
}

static PerfdashPair *
pair_new(PerfdashLabels *labels, PerfdashSeriesInfo *info)
{
	PerfdashPair *pair = g_new0(PerfdashPair, 1);
	pair->labels = perfdash_labels_ref(labels);
	pair->unit = perfdash_series_info_get_unit(info);
	pair->direction = perfdash_series_info_get_direction(info);
	side_init(&pair->before);
	side_init(&pair->after);
	return pair;
}

static PerfdashLabels *
common_labels(const Loading *self, PerfdashLabels *labels, GError **error)
{
	g_autoptr(PerfdashLabels) common = perfdash_labels_new();
	const char *key;
	const char *value;
	for (guint i = 0; (key = perfdash_labels_get_nth(labels, i, &value)) != NULL; i++) {
		if (perfdash_side_chooses_by(self->before, key) ||
		    perfdash_side_chooses_by(self->after, key))
			continue;
		PerfdashLabels *more = perfdash_labels_with(common, key, value, error);
		if (more == NULL)
			return NULL;
		perfdash_labels_unref(common);
		common = more;
	}
	return g_steal_pointer(&common);
}

static PerfdashPair *
find_pair(Loading *self, PerfdashLabels *common, PerfdashSeriesInfo *info)
{
	g_autofree char *labels = perfdash_labels_to_string(common);
	g_autofree char *name = g_strdup_printf("%s\n%s",
						labels,
						perfdash_series_info_get_unit(info));
	PerfdashPair *pair = g_hash_table_lookup(self->known, name);
	if (pair == NULL) {
		pair = pair_new(common, info);
		g_ptr_array_add(self->pairs, pair);
		g_hash_table_insert(self->known, g_steal_pointer(&name), pair);
	}
	return pair;
}

static void
add_results(PerfdashPairSide *side, PerfdashSeries *series, const GArray *places)
{
	gsize n;
	const double *values = perfdash_series_get_values(series, &n);
	const gint64 *times = perfdash_series_get_times(series, &n);
	if (places->len == 0)
		return;
	for (guint i = 0; i < places->len; i++) {
		guint place = g_array_index(places, guint, i);
		g_array_append_val(side->values, values[place]);
		g_array_append_val(side->times, times[place]);
	}
	g_clear_pointer(&side->series, g_free);
	if (side->n_series++ == 0)
		side->series = g_strdup(
			perfdash_series_info_get_id(perfdash_series_get_info(series)));
}

/* what is on both sides stays there, and is told */
static void
add_shared(GArray *shared, PerfdashSeries *series, const GArray *before, const GArray *after)
{
	gsize n;
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	guint j = 0;
	for (guint i = 0; i < after->len; i++) {
		guint place = g_array_index(after, guint, i);
		while (j < before->len && g_array_index(before, guint, j) < place)
			j++;
		if (j < before->len && g_array_index(before, guint, j) == place)
			g_array_append_val(shared, runs[place]);
	}
}

static gboolean
add_series(Loading *self, PerfdashStore *store, PerfdashSeriesInfo *info, GError **error)
{
	PerfdashLabels *labels = perfdash_series_info_get_labels(info);
	gboolean is_before = perfdash_side_has_series(self->before, labels);
	gboolean is_after = perfdash_side_has_series(self->after, labels);
	if (!is_before && !is_after)
		return TRUE;
	g_autoptr(PerfdashSeries)
		series = perfdash_store_load_series(store,
						    perfdash_series_info_get_id(info),
						    error);
	g_autoptr(PerfdashLabels) common = series != NULL ? common_labels(self, labels, error)
							  : NULL;
	if (common == NULL)
		return FALSE;
	g_autoptr(GArray) before = NULL;
	g_autoptr(GArray) after = NULL;
	if (is_before)
		before = perfdash_side_find(self->before, series, NULL);
	if (is_after)
		after = perfdash_side_find(self->after,
					   series,
					   self->shared == NULL ? before : NULL);
	if (is_before && is_after && self->shared != NULL)
		add_shared(self->shared, series, before, after);
	PerfdashPair *pair = find_pair(self, common, info);
	if (is_before)
		add_results(&pair->before, series, before);
	if (is_after)
		add_results(&pair->after, series, after);
	return TRUE;
}

GPtrArray *
perfdash_pair_load(PerfdashStore *store,
		   PerfdashSelector *selector,
		   PerfdashSide *before,
		   PerfdashSide *after,
		   GArray *shared,
		   GError **error)
{
	g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func((GDestroyNotify)pair_free);
	g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) infos = perfdash_store_list_series(store, selector, error);
	Loading loading = {before, after, shared, pairs, known};
	if (infos == NULL)
		return NULL;
	for (guint i = 0; i < infos->len; i++) {
		if (!add_series(&loading, store, g_ptr_array_index(infos, i), error))
			return NULL;
	}
	return g_steal_pointer(&pairs);
}
