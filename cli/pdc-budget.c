/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "pdc-choice.h"
#include "pdc-table.h"
#include "pdd-config-budget.h"

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
	char *config;
} Options;

static void
options_clear(Options *options)
{
	pdc_choice_clear(&options->choice);
	g_free(options->since);
	g_free(options->now);
	g_free(options->limit);
	g_free(options->config);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* what budgets are judged by, and what came of it */
typedef struct {
	PdcTable *table;
	GString *notes; /* that stand below the table */
	PerfdashStore *store;
	PerfdashBudgetState worst; /* states are in their order */
} Judging;

static void
judging_clear(Judging *self)
{
	g_clear_pointer(&self->table, pdc_table_free);
	g_string_free(self->notes, TRUE);
	g_clear_object(&self->store);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Judging, judging_clear)

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
				    {"config",
				     'c',
				     0,
				     G_OPTION_ARG_FILENAME,
				     &options->config,
				     "Where budgets stand: that of perfdashd",
				     "FILE"},
				    G_OPTION_ENTRY_NULL};
	return pdc_choice_read(
		&options->choice,
		argc,
		argv,
		own,
		"[NAME…]",
		"Says how much of a budget each series has used, the worst first:\n"
		"  perfdash budget --since revision:2.4 --limit 3% --match stat:p99\n"
		"  perfdash budget --config /etc/perfdash/perfdashd.conf p99\n"
		"With --config the budgets are those of that file that are named, or all of them.\n"
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

/* name: of the budget, NULL when there is but one without a name */
static void
add_for_people(PdcTable *table, const char *name, PerfdashBudgetRow *row)
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
	if (name != NULL)
		pdc_table_add_text(table, name);
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
add_for_programs(PdcTable *table, const char *name, PerfdashBudgetRow *row)
{
	double low;
	double high;
	gint64 first = 0;
	gint64 last = 0;
	guint needed = perfdash_budget_row_get_runs_needed(row);
	g_autofree char *labels = perfdash_labels_to_string(perfdash_budget_row_get_labels(row));
	double used = perfdash_budget_row_get_used(row, &low, &high);
	if (name != NULL)
		pdc_table_add_text(table, name);
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
budget_table_new(const Options *options)
{
	static const char *const for_people[] =
		{"budget", "state", "used", "95 %", "used up", "labels", NULL};
	static const char *const for_programs[] = {
		"budget",       "state",  "labels",    "unit",       "n_before",
		"n_after",      "before", "after",     "change",     "low",
		"high",         "used",   "used_low",  "used_high",  "p_adjusted",
		"runs_needed",  "drift",  "drift_low", "drift_high", "used_up_first",
		"used_up_last", NULL};
	guint unnamed = options->config == NULL;
	return pdc_table_new(options->choice.format, for_people + unnamed, for_programs + unnamed);
}

static gboolean
check_options(const Options *options, int n_names)
{
	const PdcChoice *choice = &options->choice;
	gboolean is_said = options->since != NULL || options->now != NULL ||
			   options->limit != NULL || choice->matches != NULL ||
			   choice->words != NULL;
	if (options->config != NULL && is_said)
		pdc_complain("--config says what budgets are: name them, without --since, --now, "
			     "--limit, --match and --words");
	else if (options->config == NULL &&
		 (n_names > 0 || options->since == NULL || options->limit == NULL))
		pdc_complain("which budget? give --since SIDE --limit PERCENT, such as --since "
			     "revision:2.4 --limit 3%%, or --config FILE");
	else
		return TRUE;
	return FALSE;
}

/* NULL after complaining */
static PerfdashBudget *
read_budget(const Options *options)
{
	double limit;
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashSelector) selector = NULL;
	PerfdashBudget *budget = NULL;
	if (perfdash_budget_parse_limit(options->limit, &limit, &error))
		selector = pdc_choice_get_selector(&options->choice, &error);
	if (selector != NULL)
		budget = perfdash_budget_new(selector, options->since, options->now, limit, &error);
	if (budget == NULL)
		pdc_choice_complain(error);
	return budget;
}

/* of PddBudgetConfig; NULL after complaining */
static GPtrArray *
load_config(const char *path)
{
	g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GPtrArray) entries = pdd_config_file_read(path, errors);
	g_autoptr(GPtrArray) budgets = pdd_config_budget_collect(entries, errors);
	for (guint i = 0; i < errors->len; i++)
		pdc_complain("%s", (const char *)g_ptr_array_index(errors, i));
	if (errors->len > 0)
		return NULL;
	if (budgets->len > 0)
		return g_steal_pointer(&budgets);
	pdc_complain("%s has no [budget NAME]", path);
	return NULL;
}

static PddBudgetConfig *
find_budget(GPtrArray *budgets, const char *name)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	for (guint i = 0; i < budgets->len; i++) {
		PddBudgetConfig *budget = g_ptr_array_index(budgets, i);
		if (g_str_equal(budget->name, name))
			return budget;
		g_ptr_array_add(names, budget->name);
	}
	g_ptr_array_add(names, NULL);
	g_autofree char *all = g_strjoinv(", ", (char **)names->pdata);
	pdc_complain("there is no budget \"%s\": there are %s", name, all);
	return NULL;
}

/* name: NULL for that of the options */
static gboolean
judge(Judging *self, const char *name, PerfdashBudget *budget)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(PerfdashBudgetReport)
		report = perfdash_budget_report_new(budget, self->store, &error);
	if (report == NULL) {
		pdc_choice_complain(error);
		return FALSE;
	}
	GPtrArray *rows = perfdash_budget_report_get_rows(report);
	guint n_new = perfdash_budget_report_get_n_without_baseline(report);
	for (guint i = 0; i < rows->len; i++) {
		if (pdc_table_is_for_people(self->table))
			add_for_people(self->table, name, g_ptr_array_index(rows, i));
		else
			add_for_programs(self->table, name, g_ptr_array_index(rows, i));
	}
	if (n_new > 0)
		g_string_append_printf(self->notes,
				       "%s%s%u series have no results in the baseline\n",
				       name != NULL ? name : "",
				       name != NULL ? ": " : "",
				       n_new);
	self->worst = MAX(self->worst, perfdash_budget_report_get_state(report));
	return TRUE;
}

/* names: which of them, none for all */
static gboolean
judge_config(Judging *self, GPtrArray *budgets, char **names)
{
	for (guint i = 0; names[0] == NULL && i < budgets->len; i++) {
		PddBudgetConfig *config = g_ptr_array_index(budgets, i);
		if (!judge(self, config->name, config->budget))
			return FALSE;
	}
	for (; *names != NULL; names++) {
		PddBudgetConfig *config = find_budget(budgets, *names);
		if (config == NULL || !judge(self, config->name, config->budget))
			return FALSE;
	}
	return TRUE;
}

static gboolean
judge_all(Judging *self, const Options *options, char **names)
{
	g_autoptr(GPtrArray) budgets = NULL;
	g_autoptr(PerfdashBudget) budget = NULL;
	if (options->config != NULL)
		budgets = load_config(options->config);
	else
		budget = read_budget(options);
	if (budgets == NULL && budget == NULL)
		return FALSE;
	self->store = pdc_open_store(options->choice.store, PERFDASH_STORE_FLAGS_READ_ONLY);
	if (self->store == NULL)
		return FALSE;
	return budget != NULL ? judge(self, NULL, budget) : judge_config(self, budgets, names);
}

static int
print(const Judging *self)
{
	static const int statuses[] = {[PERFDASH_BUDGET_STATE_KEPT] = KEPT,
				       [PERFDASH_BUDGET_STATE_NOT_ENOUGH_DATA] = UNDECIDED,
				       [PERFDASH_BUDGET_STATE_UNCLEAR] = UNDECIDED,
				       [PERFDASH_BUDGET_STATE_EXCEEDED] = EXCEEDED};
	pdc_table_print(self->table);
	if (pdc_table_is_for_people(self->table))
		g_print("%s", self->notes->str);
	return statuses[self->worst];
}

int
pdc_budget(int argc, char **argv)
{
	g_auto(Options) options = {.since = NULL};
	if (!read_options(&options, &argc, &argv) || !check_options(&options, argc - 1))
		return FAILED;
	g_auto(Judging) judging = {.table = budget_table_new(&options)};
	judging.notes = g_string_new(NULL);
	if (judging.table == NULL || !judge_all(&judging, &options, argv + 1))
		return FAILED;
	return print(&judging);
}
