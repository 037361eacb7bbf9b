/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "pdd-api.h"
#include "pdd-json.h"

/* a series and what it is sorted by */
typedef struct {
	PerfdashSeriesInfo *info;
	PerfdashSummary *summary; /* nullable until it is needed */
	guint place;              /* in the order of names */
	double key;               /* NaN when the series has none */
} Row;

typedef enum {
	SORT_NAME,
	SORT_BASELINE,
	SORT_CHANGE,
	SORT_LAST,
	SORT_BASELINE_DOWN,
	SORT_CHANGE_DOWN,
	SORT_LAST_DOWN,
} Sort;

static const char *const sorts[] =
	{"name", "baseline", "change", "last", "-baseline", "-change", "-last", NULL};

static void
row_free(Row *row)
{
	perfdash_series_info_unref(row->info);
	g_clear_pointer(&row->summary, perfdash_summary_unref);
	g_free(row);
}

static gboolean
load_summary(PddService *service, Row *row, GError **error)
{
	if (row->summary == NULL)
		row->summary = perfdash_store_load_summary(service->store,
							   perfdash_series_info_get_id(row->info),
							   error);
	return row->summary != NULL;
}

/* how much worse it got; what has no direction counts by its size, for nobody knows */
static double
get_worsening(PerfdashBaseline *baseline)
{
	PerfdashVerdict verdict = perfdash_baseline_get_verdict(baseline);
	double size = fabs(perfdash_baseline_get_change(baseline, NULL, NULL));
	if (verdict == PERFDASH_VERDICT_NOT_ENOUGH_DATA)
		return NAN;
	if (verdict == PERFDASH_VERDICT_SAME)
		return 0;
	/* from 0 on every change is larger than any share */
	if (isnan(size))
		size = INFINITY;
	return verdict == PERFDASH_VERDICT_BETTER ? -size : size;
}

static double
sort_key(PerfdashSummary *summary, Sort sort)
{
	double before;
	double after;
	double change = NAN;
	if (sort == SORT_LAST || sort == SORT_LAST_DOWN)
		return perfdash_summary_get_last_time(summary);
	if (sort == SORT_BASELINE || sort == SORT_BASELINE_DOWN)
		return get_worsening(perfdash_summary_get_baseline(summary));
	perfdash_summary_get_week(summary, &before, &after, &change);
	return change;
}

static int
compare_rows(gconstpointer a, gconstpointer b, gpointer user_data)
{
	const Row *one = *(Row *const *)a;
	const Row *other = *(Row *const *)b;
	gboolean down = GPOINTER_TO_UINT(user_data);
	/* series without a key come last either way */
	if (isnan(one->key) != isnan(other->key))
		return isnan(one->key) ? 1 : -1;
	if (one->key < other->key)
		return down ? 1 : -1;
	if (one->key > other->key)
		return down ? -1 : 1;
	return one->place < other->place ? -1 : 1;
}

static Row *
row_new(PerfdashSeriesInfo *info, guint place)
{
	Row *row = g_new0(Row, 1);
	row->info = perfdash_series_info_ref(info);
	row->place = place;
	return row;
}

static gboolean
sort_rows(PddService *service, GPtrArray *rows, Sort sort, GError **error)
{
	gboolean down = sort >= SORT_BASELINE_DOWN;
	for (guint i = 0; i < rows->len; i++) {
		Row *row = g_ptr_array_index(rows, i);
		if (!load_summary(service, row, error))
			return FALSE;
		row->key = sort_key(row->summary, sort);
	}
	g_ptr_array_sort_with_data(rows, compare_rows, GUINT_TO_POINTER(down));
	return TRUE;
}

static GPtrArray *
list_rows(PddService *service, PddRequest *request, Sort sort, GError **error)
{
	g_autoptr(PerfdashSelector) selector = pdd_request_get_selector(request, error);
	g_autoptr(GPtrArray) infos = NULL;
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)row_free);
	if (selector != NULL)
		infos = perfdash_store_list_series(service->store, selector, error);
	if (infos == NULL)
		return NULL;
	/* the store gives them in the order of their names */
	for (guint i = 0; i < infos->len; i++)
		g_ptr_array_add(rows, row_new(g_ptr_array_index(infos, i), i));
	if (sort != SORT_NAME && !sort_rows(service, rows, sort, error))
		return NULL;
	return g_steal_pointer(&rows);
}

static gboolean
write_summary(PddService *service,
	      PerfdashJsonWriter *writer,
	      PerfdashSummary *summary,
	      GError **error)
{
	g_autoptr(PerfdashChange) open = NULL;
	if (!perfdash_store_find_open_change(service->store, summary, &open, error))
		return FALSE;
	pdd_json_write_summary(writer, summary, open);
	return TRUE;
}

static gboolean
write_rows(PddService *service,
	   GPtrArray *rows,
	   guint64 first,
	   guint64 end,
	   PerfdashJsonWriter *writer,
	   GError **error)
{
	for (guint64 i = first; i < end; i++) {
		Row *row = g_ptr_array_index(rows, i);
		if (!load_summary(service, row, error))
			return FALSE;
		if (!write_summary(service, writer, row->summary, error))
			return FALSE;
	}
	return TRUE;
}

PddAnswer *
pdd_api_list_series(PddService *service, PddRequest *request, GError **error)
{
	PerfdashTotals totals;
	guint sort = SORT_NAME;
	guint64 limit;
	guint64 first;
	if (!pdd_request_get_choice(request, "sort", sorts, &sort, error) ||
	    !pdd_request_get_page(request, &first, &limit, error))
		return NULL;
	guint64 generation = perfdash_store_get_generation(service->store);
	perfdash_store_get_totals(service->store, &totals);
	g_autoptr(GPtrArray) rows = list_rows(service, request, sort, error);
	if (rows == NULL)
		return NULL;
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	guint64 end = MIN(first + limit, rows->len);
	g_autofree char *next = end < rows->len ? g_strdup_printf("%" G_GUINT64_FORMAT, end) : NULL;
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	pdd_json_add_int(writer, "total", totals.series);
	pdd_json_add_int(writer, "matched", rows->len);
	pdd_json_begin_items(writer);
	if (!write_rows(service, rows, first, end, writer, error))
		return NULL;
	pdd_json_end_items(writer, next);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

PddAnswer *
pdd_api_get_series(PddService *service, PddRequest *request, GError **error)
{
	g_autoptr(PerfdashSummary)
		summary = perfdash_store_load_summary(service->store,
						      pdd_request_get_capture(request, 0),
						      error);
	if (summary == NULL)
		return NULL;
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	if (!write_summary(service, writer, summary, error))
		return NULL;
	return pdd_json_end(writer);
}
