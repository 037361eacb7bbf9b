/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "pdc-choice.h"
#include "pdc-table.h"

/* exit statuses, for scripts: what is wrong with a command is no state */
enum {
	KEPT = 0,
	FAILED = 1,
	EXCEEDED = 2,
	UNDECIDED = 3,
};

typedef struct {
	PdcChoice choice;
	char *since;
	char *now;
	char *limit;
} Options;

static void
options_clear(Options *options)
{
	pdc_choice_clear(&options->choice);
	g_free(options->since);
	g_free(options->now);
	g_free(options->limit);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
read_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry own[] = {{"since",
				     0,
				     0,
				     G_OPTION_ARG_STRING,
				     &options->since,
				     "The baseline: a side, as for perfdash compare",
				     "SIDE"},
				    {"now",
				     0,
				     0,
				     G_OPTION_ARG_STRING,
				     &options->now,
				     "What is compared with it (default: " PERFDASH_BUDGET_NOW ")",
				     "SIDE"},
				    {"limit",
				     0,
				     0,
				     G_OPTION_ARG_STRING,
				     &options->limit,
				     "How much worse a series may become, such as 3%",
				     "PERCENT"},
				    G_OPTION_ENTRY_NULL};
	return pdc_choice_read(
		&options->choice,
		argc,
		argv,
		own,
		"",
		"Says how much of a budget each series has used, the worst first:\n"
		"  perfdash budget --since revision:2.4 --limit 3% --match stat:p99\n"
		"Now are the newest 10 results of each series, when nobody says otherwise.\n"
		"Exit status: 0 all kept, 2 one is exceeded, 3 not enough data or unclear, 1 "
		"something failed.");
}

static char *
format_share(double share)
{
	return isnan(share) ? g_strdup("") : g_strdup_printf("%.0f %%", share * 100);
}

static char *
format_day(gint64 microseconds)
{
	g_autoptr(GDateTime) time = NULL;
	if (microseconds == G_MAXINT64)
		return g_strdup("later");
	time = g_date_time_new_from_unix_utc(microseconds / G_USEC_PER_SEC);
	return g_date_time_format(time, "%Y-%m-%d");
}

static char *
format_state(PerfdashBudgetRow *row)
{
	PerfdashBudgetState state = perfdash_budget_row_get_state(row);
	guint needed = perfdash_budget_row_get_runs_needed(row);
	const char *name = state == PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA
				   ? "not enough data"
				   : perfdash_budget_state_to_string(state);
	if (needed == 0 || needed == G_MAXUINT)
		return g_strdup(name);
	return g_strdup_printf("%s, takes %u runs", name, needed);
}

static void
add_for_people(PdcTable *table, PerfdashBudgetRow *row)
{
	double low;
	double high;
	gint64 first;
	gint64 last;
	g_autofree char *labels = perfdash_labels_to_string(perfdash_budget_row_get_labels(row));
	g_autofree char *state = format_state(row);
	g_autofree char *used = format_share(perfdash_budget_row_get_used(row, &low, &high));
	g_autofree char *from = format_share(low);
	g_autofree char *to = format_share(high);
	g_autofree char *bounds = g_strdup_printf("%s .. %s", from, to);
	pdc_table_add_text(table, state);
	pdc_table_add_text(table, used);
	pdc_table_add_text(table, isnan(low) ? "" : bounds);
	if (perfdash_budget_row_get_used_up(row, &first, &last)) {
		g_autofree char *begin = format_day(first);
		g_autofree char *end = format_day(last);
		g_autofree char *days = g_strdup_printf("%s .. %s", begin, end);
		pdc_table_add_text(table, days);
	} else {
		pdc_table_add_text(table, "");
	}
	pdc_table_add_text(table, labels);
}

static void
add_change(PdcTable *table, PerfdashComparison *comparison)
{
	double low = NAN;
	double high = NAN;
	gboolean is_there = comparison != NULL;
	if (is_there)
		perfdash_comparison_get_interval(comparison, &low, &high);
	pdc_table_add_double(table, is_there ? perfdash_comparison_get_n_before(comparison) : NAN);
	pdc_table_add_double(table, is_there ? perfdash_comparison_get_n_after(comparison) : NAN);
	pdc_table_add_double(table, is_there ? perfdash_comparison_get_before(comparison) : NAN);
	pdc_table_add_double(table, is_there ? perfdash_comparison_get_after(comparison) : NAN);
	pdc_table_add_double(table, is_there ? perfdash_comparison_get_change(comparison) : NAN);
	pdc_table_add_double(table, low);
	pdc_table_add_double(table, high);
}

static void
add_for_programs(PdcTable *table, PerfdashBudgetRow *row)
{
	double low;
	double high;
	gint64 first = 0;
	gint64 last = 0;
	guint needed = perfdash_budget_row_get_runs_needed(row);
	g_autofree char *labels = perfdash_labels_to_string(perfdash_budget_row_get_labels(row));
	double used = perfdash_budget_row_get_used(row, &low, &high);
	pdc_table_add_text(table,
			   perfdash_budget_state_to_string(perfdash_budget_row_get_state(row)));
	pdc_table_add_text(table, labels);
	pdc_table_add_text(table, perfdash_budget_row_get_unit(row));
	add_change(table, perfdash_budget_row_get_comparison(row));
	pdc_table_add_double(table, used);
	pdc_table_add_double(table, low);
	pdc_table_add_double(table, high);
	pdc_table_add_double(table, perfdash_budget_row_get_p(row));
	pdc_table_add_double(table, needed == 0 || needed == G_MAXUINT ? NAN : needed);
	gboolean has_drift = perfdash_budget_row_get_drift(row, &used, &low, &high, NULL);
	pdc_table_add_double(table, has_drift ? used : NAN);
	pdc_table_add_double(table, has_drift ? low : NAN);
	pdc_table_add_double(table, has_drift ? high : NAN);
	if (perfdash_budget_row_get_used_up(row, &first, &last))
		pdc_table_add_time(table, first);
	else
		pdc_table_add_nothing(table);
	if (last != 0 && last != G_MAXINT64)
		pdc_table_add_time(table, last);
	else
		pdc_table_add_nothing(table);
}

static PdcTable *
budget_table_new(const char *format)
{
	static const char *const for_people[] =
		{"state", "used", "95 %", "used up", "labels", NULL};
	static const char *const for_programs[] = {
		"state",  "labels",    "unit",       "n_before",      "n_after",
		"before", "after",     "change",     "low",           "high",
		"used",   "used_low",  "used_high",  "p_adjusted",    "runs_needed",
		"drift",  "drift_low", "drift_high", "used_up_first", "used_up_last",
		NULL};
	return pdc_table_new(format, for_people, for_programs);
}

static PerfdashBudget *
read_budget(const Options *options, GError **error)
{
	double limit;
	if (!perfdash_budget_parse_limit(options->limit, &limit, error))
		return NULL;
	g_autoptr(PerfdashSelector) selector = pdc_choice_get_selector(&options->choice, error);
	if (selector == NULL)
		return NULL;
	return perfdash_budget_new(selector, options->since, options->now, limit, error);
}

static int
print_report(PdcTable *table, PerfdashBudgetReport *report)
{
	static const int statuses[] = {[PERFDASH_BUDGET_STATE_KEPT] = KEPT,
				       [PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA] = UNDECIDED,
				       [PERFDASH_BUDGET_STATE_UNCLEAR] = UNDECIDED,
				       [PERFDASH_BUDGET_STATE_EXCEEDED] = EXCEEDED};
	GPtrArray *rows = perfdash_budget_report_get_rows(report);
	guint n_new = perfdash_budget_report_get_n_without_baseline(report);
	gboolean people = pdc_table_is_for_people(table);
	for (guint i = 0; i < rows->len; i++) {
		if (people)
			add_for_people(table, g_ptr_array_index(rows, i));
		else
			add_for_programs(table, g_ptr_array_index(rows, i));
	}
	pdc_table_print(table);
	if (people && n_new > 0)
		g_print("%u series have no results in the baseline\n", n_new);
	return statuses[perfdash_budget_report_get_state(report)];
}

int
pdc_budget(int argc, char **argv)
{
	g_auto(Options) options = {.since = NULL};
	g_autoptr(GError) error = NULL;
	if (!read_options(&options, &argc, &argv))
		return FAILED;
	g_autoptr(PdcTable) table = budget_table_new(options.choice.format);
	if (table == NULL)
		return FAILED;
	if (argc != 1 || options.since == NULL || options.limit == NULL) {
		pdc_complain("which budget? give --since SIDE --limit PERCENT, such as --since "
			     "revision:2.4 --limit 3%%");
		return FAILED;
	}
	g_autoptr(PerfdashBudget) budget = read_budget(&options, &error);
	g_autoptr(PerfdashStore) store = NULL;
	g_autoptr(PerfdashBudgetReport) report = NULL;
	if (budget != NULL) {
		store = pdc_open_store(options.choice.store, PERFDASH_STORE_FLAGS_READ_ONLY);
		if (store == NULL)
			return FAILED;
		report = perfdash_budget_report_new(budget, store, &error);
	}
	if (report == NULL) {
		pdc_choice_complain(error);
		return FAILED;
	}
	return print_report(table, report);
}
