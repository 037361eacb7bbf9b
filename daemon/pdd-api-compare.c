/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "pdd-api.h"
#include "pdd-json.h"

static void
add_interval(PerfdashJsonWriter *writer, const char *name, double low, double high)
{
	perfdash_json_writer_name(writer, name);
	if (isnan(low) || isnan(high)) {
		perfdash_json_writer_null(writer);
		return;
	}
	perfdash_json_writer_begin_array(writer);
	perfdash_json_writer_double(writer, low);
	perfdash_json_writer_double(writer, high);
	perfdash_json_writer_end_array(writer);
}

static void
add_runs_needed(PerfdashJsonWriter *writer, PerfdashComparison *comparison)
{
	guint needed = perfdash_comparison_get_runs_needed(comparison);
	gboolean is_open = perfdash_comparison_get_verdict(comparison) ==
			   PERFDASH_VERDICT_NOT_ENOUGH_DATA;
	if (is_open && needed != G_MAXUINT)
		pdd_json_add_int(writer, "runs_needed", needed);
	else
		pdd_json_add_null(writer, "runs_needed");
}

static void
write_comparison(PerfdashJsonWriter *writer, PerfdashComparisonList *list, guint index)
{
	PerfdashComparison *one = perfdash_comparison_list_get_comparison(list, index);
	PerfdashDirection direction = perfdash_comparison_list_get_direction(list, index);
	double low;
	double high;
	perfdash_comparison_get_interval(one, &low, &high);
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_labels(writer, "labels", perfdash_comparison_list_get_labels(list, index));
	pdd_json_add_text(writer, "unit", perfdash_comparison_list_get_unit(list, index));
	pdd_json_add_text(writer, "direction", perfdash_direction_to_string(direction));
	pdd_json_add_int(writer, "n_before", perfdash_comparison_get_n_before(one));
	pdd_json_add_int(writer, "n_after", perfdash_comparison_get_n_after(one));
	pdd_json_add_double(writer, "before", perfdash_comparison_get_before(one));
	pdd_json_add_double(writer, "after", perfdash_comparison_get_after(one));
	pdd_json_add_boolean(writer, "is_relative", perfdash_comparison_is_relative(one));
	pdd_json_add_number(writer, "change", perfdash_comparison_get_change(one));
	add_interval(writer, "interval", low, high);
	pdd_json_add_double(writer, "p", perfdash_comparison_get_p(one));
	pdd_json_add_double(writer, "p_adjusted", perfdash_comparison_get_p_adjusted(one));
	pdd_json_add_double(writer, "delta", perfdash_comparison_get_delta(one));
	pdd_json_add_text(writer,
			  "verdict",
			  perfdash_verdict_to_string(perfdash_comparison_get_verdict(one)));
	add_runs_needed(writer, one);
	perfdash_json_writer_end_object(writer);
}

/* of all rows of a direction, not of those of a page */
static void
add_mean_ratio(PerfdashJsonWriter *writer,
	       PerfdashComparisonList *list,
	       PerfdashDirection direction)
{
	double ratio;
	double low;
	double high;
	perfdash_json_writer_name(writer, perfdash_direction_to_string(direction));
	if (!perfdash_comparison_list_get_mean_ratio(list, direction, &ratio, &low, &high)) {
		perfdash_json_writer_null(writer);
		return;
	}
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_double(writer, "ratio", ratio);
	add_interval(writer, "interval", low, high);
	perfdash_json_writer_end_object(writer);
}

static void
add_shared_runs(PerfdashJsonWriter *writer, PerfdashComparisonList *list)
{
	gsize n;
	const gint64 *shared = perfdash_comparison_list_get_shared_runs(list, &n);
	perfdash_json_writer_name(writer, "shared_runs");
	perfdash_json_writer_begin_array(writer);
	for (gsize i = 0; i < n; i++)
		perfdash_json_writer_int(writer, shared[i]);
	perfdash_json_writer_end_array(writer);
}

static gboolean
get_margin(PddRequest *request, double *margin, GError **error)
{
	const char *text = pdd_request_get(request, "margin");
	char *end;
	*margin = PERFDASH_COMPARISON_MARGIN;
	if (text == NULL)
		return TRUE;
	*margin = g_ascii_strtod(text, &end);
	if (end != text && *end == '\0' && isfinite(*margin) && *margin >= 0)
		return TRUE;
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_INVALID,
		    "\"margin\" is a share from 0 up, such as 0.02, not \"%s\"",
		    text);
	return FALSE;
}

PddAnswer *
pdd_api_compare(PddService *service, PddRequest *request, GError **error)
{
	const char *a = pdd_request_get(request, "a");
	const char *b = pdd_request_get(request, "b");
	double margin;
	guint64 limit;
	guint64 first;
	if (a == NULL || b == NULL) {
		g_set_error_literal(error,
				    PERFDASH_ERROR,
				    PERFDASH_ERROR_INVALID,
				    "say what to compare: \"a\" and \"b\", such as "
				    "a=revision:77be01c&b=revision:1f00d42");
		return NULL;
	}
	if (!get_margin(request, &margin, error) ||
	    !pdd_request_get_page(request, &first, &limit, error))
		return NULL;
	g_autoptr(PerfdashSelector) selector = pdd_request_get_selector(request, error);
	if (selector == NULL)
		return NULL;
	guint64 generation = perfdash_store_get_generation(service->store);
	g_autoptr(PerfdashComparisonList)
		list = perfdash_comparison_list_new(service->store, selector, a, b, margin, error);
	if (list == NULL)
		return NULL;
	guint64 length = perfdash_comparison_list_get_length(list);
	guint64 end = MIN(first + limit, length);
	g_autofree char *next = end < length ? g_strdup_printf("%" G_GUINT64_FORMAT, end) : NULL;
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	pdd_json_add_double(writer, "margin", margin);
	pdd_json_add_int(writer, "matched", length);
	perfdash_json_writer_name(writer, "geometric_mean");
	perfdash_json_writer_begin_object(writer);
	add_mean_ratio(writer, list, PERFDASH_DIRECTION_LOWER);
	add_mean_ratio(writer, list, PERFDASH_DIRECTION_HIGHER);
	perfdash_json_writer_end_object(writer);
	add_shared_runs(writer, list);
	pdd_json_begin_items(writer);
	for (guint64 i = first; i < end; i++)
		write_comparison(writer, list, i);
	pdd_json_end_items(writer, next);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}
