/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "pdd-api.h"
#include "pdd-json-change.h"
#include "pdd-json.h"

static void
add_estimate_or_null(PerfdashJsonWriter *writer,
		     const char *name,
		     double value,
		     double low,
		     double high)
{
	if (isnan(value))
		pdd_json_add_null(writer, name);
	else
		pdd_json_add_estimate(writer, name, value, low, high);
}

static void
add_used(PerfdashJsonWriter *writer, PerfdashBudgetRow *row)
{
	double low;
	double high;
	double used = perfdash_budget_row_get_used(row, &low, &high);
	add_estimate_or_null(writer, "used", used, low, high);
}

static void
add_comparison(PerfdashJsonWriter *writer, PerfdashComparison *comparison)
{
	double low;
	double high;
	double change;
	if (comparison == NULL) {
		pdd_json_add_null(writer, "comparison");
		return;
	}
	change = perfdash_comparison_get_change(comparison);
	perfdash_comparison_get_interval(comparison, &low, &high);
	perfdash_json_writer_name(writer, "comparison");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "n_before", perfdash_comparison_get_n_before(comparison));
	pdd_json_add_int(writer, "n_after", perfdash_comparison_get_n_after(comparison));
	pdd_json_add_double(writer, "before", perfdash_comparison_get_before(comparison));
	pdd_json_add_double(writer, "after", perfdash_comparison_get_after(comparison));
	pdd_json_add_boolean(writer, "is_relative", perfdash_comparison_is_relative(comparison));
	pdd_json_add_estimate(writer, "change", change, low, high);
	perfdash_json_writer_end_object(writer);
}

static void
add_drift(PerfdashJsonWriter *writer, PerfdashBudgetRow *row)
{
	double drift;
	double low;
	double high;
	gboolean is_relative;
	if (!perfdash_budget_row_get_drift(row, &drift, &low, &high, &is_relative)) {
		pdd_json_add_null(writer, "drift_per_week");
		return;
	}
	perfdash_json_writer_name(writer, "drift_per_week");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_number(writer, "value", drift);
	pdd_json_add_number(writer, "low", low);
	pdd_json_add_number(writer, "high", high);
	pdd_json_add_boolean(writer, "is_relative", is_relative);
	perfdash_json_writer_end_object(writer);
}

static void
add_used_up(PerfdashJsonWriter *writer, PerfdashBudgetRow *row)
{
	gint64 first;
	gint64 last;
	if (!perfdash_budget_row_get_used_up(row, &first, &last)) {
		pdd_json_add_null(writer, "used_up");
		return;
	}
	perfdash_json_writer_name(writer, "used_up");
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_time(writer, "first", first);
	pdd_json_add_time(writer, "last", last != G_MAXINT64 ? last : 0);
	perfdash_json_writer_end_object(writer);
}

static void
add_series(PerfdashJsonWriter *writer, PerfdashBudgetRow *row)
{
	const char *id = perfdash_budget_row_get_series(row);
	if (id != NULL)
		pdd_json_add_text(writer, "id", id);
	else
		pdd_json_add_null(writer, "id");
	pdd_json_add_labels(writer, "labels", perfdash_budget_row_get_labels(row));
	pdd_json_add_text(writer, "unit", perfdash_budget_row_get_unit(row));
	pdd_json_add_text(writer,
			  "direction",
			  perfdash_direction_to_string(perfdash_budget_row_get_direction(row)));
}

static void
write_row(PerfdashJsonWriter *writer, PerfdashBudgetRow *row)
{
	guint needed = perfdash_budget_row_get_runs_needed(row);
	perfdash_json_writer_begin_object(writer);
	add_series(writer, row);
	pdd_json_add_text(writer,
			  "state",
			  perfdash_budget_state_to_string(perfdash_budget_row_get_state(row)));
	add_used(writer, row);
	add_comparison(writer, perfdash_budget_row_get_comparison(row));
	pdd_json_add_number(writer, "p_adjusted", perfdash_budget_row_get_p(row));
	if (needed != 0 && needed != G_MAXUINT)
		pdd_json_add_int(writer, "runs_needed", needed);
	else
		pdd_json_add_null(writer, "runs_needed");
	add_drift(writer, row);
	add_used_up(writer, row);
	perfdash_json_writer_end_object(writer);
}

/* of series, by their state */
static void
add_counts(PerfdashJsonWriter *writer, PerfdashBudgetReport *report)
{
	static const struct {
		const char *name;
		PerfdashBudgetState state;
	} counts[] = {
		{"exceeded", PERFDASH_BUDGET_STATE_EXCEEDED},
		{"unclear", PERFDASH_BUDGET_STATE_UNCLEAR},
		{"not_enough_data", PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA},
		{"kept", PERFDASH_BUDGET_STATE_KEPT},
	};
	perfdash_json_writer_name(writer, "series");
	perfdash_json_writer_begin_object(writer);
	for (guint i = 0; i < G_N_ELEMENTS(counts); i++)
		pdd_json_add_int(writer,
				 counts[i].name,
				 perfdash_budget_report_count(report, counts[i].state));
	pdd_json_add_int(writer,
			 "without_baseline",
			 perfdash_budget_report_get_n_without_baseline(report));
	perfdash_json_writer_end_object(writer);
}

/* members of an object */
static void
add_budget(PerfdashJsonWriter *writer, PddBudget *budget, PerfdashBudgetReport *report)
{
	const PddBudgetConfig *config = pdd_budget_get_config(budget);
	PerfdashBudgetState state = perfdash_budget_report_get_state(report);
	GPtrArray *rows = perfdash_budget_report_get_rows(report);
	pdd_json_add_text(writer, "name", config->name);
	pdd_json_add_text(writer, "title", config->title);
	pdd_json_add_text(writer, "match", config->match);
	pdd_json_add_text(writer, "since", perfdash_budget_get_since(config->budget));
	pdd_json_add_text(writer, "now", perfdash_budget_get_now(config->budget));
	pdd_json_add_double(writer, "limit", perfdash_budget_get_limit(config->budget));
	pdd_json_add_text(writer, "state", perfdash_budget_state_to_string(state));
	if (rows->len > 0)
		add_used(writer, g_ptr_array_index(rows, 0));
	else
		pdd_json_add_null(writer, "used");
	add_counts(writer, report);
}

static gboolean
write_budget(PerfdashJsonWriter *writer, PddBudget *budget, PerfdashStore *store, GError **error)
{
	g_autoptr(PerfdashBudgetReport) report = pdd_budget_judge(budget, store, error);
	if (report == NULL)
		return FALSE;
	GPtrArray *rows = perfdash_budget_report_get_rows(report);
	perfdash_json_writer_begin_object(writer);
	add_budget(writer, budget, report);
	perfdash_json_writer_name(writer, "worst");
	if (rows->len > 0)
		write_row(writer, g_ptr_array_index(rows, 0));
	else
		perfdash_json_writer_null(writer);
	perfdash_json_writer_end_object(writer);
	return TRUE;
}

PddAnswer *
pdd_api_list_budgets(PddService *service, PddRequest *request, GError **error)
{
	guint64 generation = perfdash_store_get_generation(service->store);
	g_autoptr(GPtrArray) budgets = pdd_service_ref_budgets(service);
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	pdd_json_begin_items(writer);
	for (guint i = 0; i < budgets->len; i++) {
		if (!write_budget(writer, g_ptr_array_index(budgets, i), service->store, error))
			return NULL;
	}
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}

/* it lives as long as budgets */
static PddBudget *
find_budget(GPtrArray *budgets, const char *name, GError **error)
{
	for (guint i = 0; i < budgets->len; i++) {
		PddBudget *budget = g_ptr_array_index(budgets, i);
		if (g_str_equal(pdd_budget_get_config(budget)->name, name))
			return budget;
	}
	g_set_error(error,
		    PERFDASH_ERROR,
		    PERFDASH_ERROR_NOT_FOUND,
		    "there is no budget \"%.64s\"; /api/v1/budgets lists them",
		    name);
	return NULL;
}

PddAnswer *
pdd_api_get_budget(PddService *service, PddRequest *request, GError **error)
{
	guint64 generation = perfdash_store_get_generation(service->store);
	g_autoptr(GPtrArray) budgets = pdd_service_ref_budgets(service);
	PddBudget *budget = find_budget(budgets, pdd_request_get_capture(request, 0), error);
	guint64 limit;
	guint64 begin;
	if (budget == NULL || !pdd_request_get_page(request, &begin, &limit, error))
		return NULL;
	g_autoptr(PerfdashBudgetReport) report = pdd_budget_judge(budget, service->store, error);
	if (report == NULL)
		return NULL;
	GPtrArray *rows = perfdash_budget_report_get_rows(report);
	guint64 end = MIN(begin + limit, rows->len);
	g_autofree char *next = end < rows->len ? g_strdup_printf("%" G_GUINT64_FORMAT, end) : NULL;
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	pdd_json_add_int(writer, "generation", generation);
	add_budget(writer, budget, report);
	pdd_json_add_int(writer, "matched", rows->len);
	pdd_json_begin_items(writer);
	for (guint64 i = begin; i < end; i++)
		write_row(writer, g_ptr_array_index(rows, i));
	pdd_json_end_items(writer, next);
	perfdash_json_writer_end_object(writer);
	return pdd_json_end(writer);
}
