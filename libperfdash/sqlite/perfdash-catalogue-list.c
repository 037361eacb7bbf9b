/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-catalogue.h"

typedef struct {
	PerfdashSeriesInfo *info;
	char *name; /* what people order by */
} Named;

static char *
order_name(PerfdashSeriesInfo *info)
{
	static const char *const keys[] =
		{"project", "suite", "benchmark", "metric", "stat", "branch", "lab"};
	PerfdashLabels *labels = perfdash_series_info_get_labels(info);
	GString *name = g_string_new(NULL);
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *value = perfdash_labels_get(labels, keys[i]);
		g_string_append_printf(name, "%s\x1f", value != NULL ? value : "");
	}
	g_string_append(name, perfdash_series_info_get_id(info));
	return g_string_free(name, FALSE);
}

static int
compare_named(gconstpointer a, gconstpointer b)
{
	return strcmp(((const Named *)a)->name, ((const Named *)b)->name);
}

static GPtrArray *
list_all(PerfdashCatalogue *self)
{
	GPtrArray *infos = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_series_info_unref);
	g_rw_lock_reader_lock(&self->lock);
	for (guint i = 0; i < self->n_settled_series; i++) {
		PerfdashSeriesEntry *entry = g_ptr_array_index(self->series, i);
		if (!entry->is_empty)
			g_ptr_array_add(infos, perfdash_series_info_ref(entry->info));
	}
	g_rw_lock_reader_unlock(&self->lock);
	return infos;
}

/* nobody waits while labels are matched */
static GArray *
select_series(PerfdashCatalogue *self, PerfdashSelector *selector)
{
	GArray *named = g_array_new(FALSE, FALSE, sizeof(Named));
	g_autoptr(GPtrArray) infos = list_all(self);
	for (guint i = 0; i < infos->len; i++) {
		PerfdashSeriesInfo *info = g_ptr_array_index(infos, i);
		PerfdashLabels *labels = perfdash_series_info_get_labels(info);
		if (selector != NULL && !perfdash_selector_matches(selector, labels))
			continue;
		Named one = {perfdash_series_info_ref(info), NULL};
		g_array_append_val(named, one);
	}
	return named;
}

/* infos of the series that are selected, in the order in which people look for them */
GPtrArray *
perfdash_catalogue_list_series(PerfdashCatalogue *self, PerfdashSelector *selector)
{
	GPtrArray *infos = g_ptr_array_new_with_free_func(
		(GDestroyNotify)perfdash_series_info_unref);
	g_autoptr(GArray) named = select_series(self, selector);
	for (guint i = 0; i < named->len; i++) {
		Named *one = &g_array_index(named, Named, i);
		one->name = order_name(one->info);
	}
	g_array_sort(named, compare_named);
	for (guint i = 0; i < named->len; i++) {
		Named *one = &g_array_index(named, Named, i);
		g_free(one->name);
		g_ptr_array_add(infos, one->info);
	}
	return infos;
}
