/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "pdd-api.h"
#include "pdd-json.h"

typedef struct {
	const char *value; /* belongs to a series */
	guint n_series;
} Count;

/* in this order, then the others by name */
static const char *const well_known[] =
	{"lab", "project", "suite", "branch", "tool", "benchmark", "metric", "stat", NULL};

static guint
rank(const char *key)
{
	guint i = 0;
	while (well_known[i] != NULL && !g_str_equal(well_known[i], key))
		i++;
	return i;
}

static int
compare_keys(gconstpointer a, gconstpointer b)
{
	const char *one = *(char *const *)a;
	const char *other = *(char *const *)b;
	guint ranks[] = {rank(one), rank(other)};
	return ranks[0] != ranks[1] ? (int)ranks[0] - (int)ranks[1] : strcmp(one, other);
}

/* most series first */
static int
compare_counts(gconstpointer a, gconstpointer b)
{
	const Count *one = a;
	const Count *other = b;
	if (one->n_series != other->n_series)
		return one->n_series > other->n_series ? -1 : 1;
	return strcmp(one->value, other->value);
}

static void
add_one(GHashTable *by_value, const char *value)
{
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(by_value, value));
	g_hash_table_replace(by_value, (gpointer)value, GUINT_TO_POINTER(n + 1));
}

/* the values of a key and the number of series of each, most first */
static GArray *
count_values(GPtrArray *infos, const char *key)
{
	g_autoptr(GHashTable) by_value = g_hash_table_new(g_str_hash, g_str_equal);
	GArray *counts = g_array_new(FALSE, FALSE, sizeof(Count));
	GHashTableIter iter;
	gpointer value;
	gpointer n;
	for (guint i = 0; i < infos->len; i++) {
		PerfdashSeriesInfo *info = g_ptr_array_index(infos, i);
		PerfdashLabels *labels = perfdash_series_info_get_labels(info);
		const char *found = perfdash_labels_get(labels, key);
		if (found != NULL)
			add_one(by_value, found);
	}
	g_hash_table_iter_init(&iter, by_value);
	while (g_hash_table_iter_next(&iter, &value, &n)) {
		Count count = {value, GPOINTER_TO_UINT(n)};
		g_array_append_val(counts, count);
	}
	g_array_sort(counts, compare_counts);
	return counts;
}

static void
add_keys(GHashTable *keys, GPtrArray *infos)
{
	const char *key;
	for (guint i = 0; i < infos->len; i++) {
		PerfdashSeriesInfo *info = g_ptr_array_index(infos, i);
		PerfdashLabels *labels = perfdash_series_info_get_labels(info);
		for (guint j = 0; (key = perfdash_labels_get_nth(labels, j, NULL)) != NULL; j++)
			g_hash_table_add(keys, (gpointer)key);
	}
}

static gboolean
has_match_on(const char *const *matches, const char *key)
{
	gsize length = strlen(key);
	for (guint i = 0; matches[i] != NULL; i++) {
		if (strncmp(matches[i], key, length) == 0 && matches[i][length] == ':')
			return TRUE;
	}
	return FALSE;
}

static GPtrArray *
list_without(PddService *service, PerfdashSelector *selector, const char *key, GError **error)
{
	g_autoptr(PerfdashSelector) open = perfdash_selector_without(selector, key);
	return perfdash_store_list_series(service->store, open, error);
}

static void
write_values(PerfdashJsonWriter *writer, GArray *counts, guint64 first, guint64 end)
{
	for (guint64 i = first; i < end; i++) {
		const Count *count = &g_array_index(counts, Count, i);
		perfdash_json_writer_begin_object(writer);
		pdd_json_add_text(writer, "value", count->value);
		pdd_json_add_int(writer, "series", count->n_series);
		perfdash_json_writer_end_object(writer);
	}
}

static void
write_key(PerfdashJsonWriter *writer, const char *key, GPtrArray *infos, guint64 max_values)
{
	g_autoptr(GArray) counts = count_values(infos, key);
	if (counts->len == 0)
		return;
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_text(writer, "key", key);
	pdd_json_add_int(writer, "n_values", counts->len);
	perfdash_json_writer_name(writer, "values");
	perfdash_json_writer_begin_array(writer);
	write_values(writer, counts, 0, MIN(max_values, counts->len));
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_end_object(writer);
}

/* the keys to show: those of the matching series, and those that were chosen from */
static GPtrArray *
sort_keys(GPtrArray *infos, const char *const *matches)
{
	g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
	GPtrArray *sorted = g_ptr_array_new_with_free_func(g_free);
	GHashTableIter iter;
	gpointer key;
	add_keys(keys, infos);
	g_hash_table_iter_init(&iter, keys);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		g_ptr_array_add(sorted, g_strdup(key));
	for (guint i = 0; matches[i] != NULL; i++) {
		g_autofree char *chosen = g_strndup(matches[i], strcspn(matches[i], ":"));
		if (!g_hash_table_contains(keys, chosen) &&
		    !g_ptr_array_find_with_equal_func(sorted, chosen, g_str_equal, NULL))
			g_ptr_array_add(sorted, g_steal_pointer(&chosen));
	}
	g_ptr_array_sort(sorted, compare_keys);
	return sorted;
}

PddAnswer *
pdd_api_list_labels(PddService *service, PddRequest *request, GError **error)
{
	g_autoptr(PerfdashSelector) selector = pdd_request_get_selector(request, error);
	g_auto(GStrv) matches = pdd_request_dup_matches(request);
	const char *const *all_matches = (const char *const *)matches;
	guint64 generation = perfdash_store_get_generation(service->store);
	guint64 max_values = 20;
	if (selector == NULL ||
	    !pdd_request_get_number(request, "values", 0, 1000, &max_values, error))
		return NULL;
	g_autoptr(GPtrArray) infos = perfdash_store_list_series(service->store, selector, error);
	if (infos == NULL)
		return NULL;
	g_autoptr(GPtrArray) keys = sort_keys(infos, all_matches);
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	pdd_json_begin_items(writer);
	for (guint i = 0; i < keys->len; i++) {
		const char *key = g_ptr_array_index(keys, i);
		g_autoptr(GPtrArray) open = has_match_on(all_matches, key)
						    ? list_without(service, selector, key, error)
						    : g_ptr_array_ref(infos);
		if (open == NULL)
			return NULL;
		write_key(writer, key, open, max_values);
	}
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

/* drops the values that do not hold the text, whatever its case */
static void
filter_values(GArray *counts, const char *text)
{
	g_autofree char *wanted = g_utf8_casefold(text, -1);
	guint kept = 0;
	for (guint i = 0; i < counts->len; i++) {
		Count count = g_array_index(counts, Count, i);
		g_autofree char *folded = g_utf8_casefold(count.value, -1);
		if (strstr(folded, wanted) != NULL)
			g_array_index(counts, Count, kept++) = count;
	}
	g_array_set_size(counts, kept);
}

PddAnswer *
pdd_api_list_label_values(PddService *service, PddRequest *request, GError **error)
{
	const char *key = pdd_request_get_capture(request, 0);
	g_auto(GStrv) matches = pdd_request_dup_matches(request);
	const char *const *all_matches = (const char *const *)matches;
	guint64 generation = perfdash_store_get_generation(service->store);
	guint64 limit;
	guint64 first;
	g_autoptr(PerfdashSelector) selector = perfdash_selector_new(all_matches, NULL, error);
	if (selector == NULL || !pdd_request_get_page(request, &first, &limit, error))
		return NULL;
	g_autoptr(GPtrArray) infos = list_without(service, selector, key, error);
	if (infos == NULL)
		return NULL;
	g_autoptr(GArray) counts = count_values(infos, key);
	const char *text = pdd_request_get(request, "q");
	if (text != NULL)
		filter_values(counts, text);
	guint64 end = MIN(first + limit, counts->len);
	g_autofree char *next = end < counts->len ? g_strdup_printf("%" G_GUINT64_FORMAT, end)
						  : NULL;
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	pdd_json_add_text(writer, "key", key);
	pdd_json_begin_items(writer);
	write_values(writer, counts, first, end);
	pdd_json_end_items(writer, next);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}
