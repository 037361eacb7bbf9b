/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "pdc-choice.h"
#include "pdc-table.h"

typedef struct {
	PdcChoice choice;
	double margin; /* percent */
} Options;

static void
options_clear(Options *options)
{
	pdc_choice_clear(&options->choice);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
read_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry own[] = {{"margin",
				     0,
				     0,
				     G_OPTION_ARG_DOUBLE,
				     &options->margin,
				     "A change of less is none (default: 2)",
				     "PERCENT"},
				    G_OPTION_ENTRY_NULL};
	return pdc_choice_read(
		&options->choice,
		argc,
		argv,
		own,
		"BEFORE AFTER",
		"Compares two sets of runs, one value of each run. A side is terms such as\n"
		"  revision:77be01c   build:~^8   run:1234   branch:main   from:2026-11-23   "
		"to:2026-11-30\n"
		"with blanks between them: perfdash compare revision:77be01c 'branch:next "
		"from:2026-11-01'.\n"
		"Series with the same labels, but for those that stand in a side, are compared.\n\n"
		"The change is that of the medians, with the interval that holds it in 95 of 100 "
		"cases;\n"
		"p is of the test of Mann and Whitney, adjusted to the number of rows.");
}

/* +3.1 %, or the difference in its unit */
static char *
format_change(PerfdashComparison *comparison, const char *unit, double change)
{
	if (perfdash_comparison_is_relative(comparison))
		return g_strdup_printf("%+.1f %%", change * 100);
	g_autofree char *value = perfdash_unit_format(unit, change);
	return g_strconcat(change > 0 ? "+" : "", value, NULL);
}

static char *
format_interval(PerfdashComparison *comparison, const char *unit)
{
	double low;
	double high;
	if (!perfdash_comparison_get_interval(comparison, &low, &high))
		return g_strdup("");
	g_autofree char *from = format_change(comparison, unit, low);
	g_autofree char *to = format_change(comparison, unit, high);
	return g_strdup_printf("%s .. %s", from, to);
}

static char *
format_verdict(PerfdashComparison *comparison)
{
	PerfdashVerdict verdict = perfdash_comparison_get_verdict(comparison);
	guint needed = perfdash_comparison_get_runs_needed(comparison);
	if (verdict != PERFDASH_VERDICT_NOT_ENOUGH_DATA)
		return g_strdup(perfdash_verdict_to_string(verdict));
	if (needed == G_MAXUINT)
		return g_strdup("not enough data");
	return g_strdup_printf("not enough data, takes %u runs", needed);
}

static void
add_for_people(PdcTable *table, PerfdashComparisonList *list, guint index)
{
	PerfdashComparison *comparison = perfdash_comparison_list_get_comparison(list, index);
	const char *unit = perfdash_comparison_list_get_unit(list, index);
	g_autofree char *n = g_strdup_printf("%" G_GSIZE_FORMAT "+%" G_GSIZE_FORMAT,
					     perfdash_comparison_get_n_before(comparison),
					     perfdash_comparison_get_n_after(comparison));
	g_autofree char *before = perfdash_unit_format(unit,
						       perfdash_comparison_get_before(comparison));
	g_autofree char *after = perfdash_unit_format(unit,
						      perfdash_comparison_get_after(comparison));
	g_autofree char *change = format_change(comparison,
						unit,
						perfdash_comparison_get_change(comparison));
	g_autofree char *interval = format_interval(comparison, unit);
	g_autofree char *p = g_strdup_printf("%.2g",
					     perfdash_comparison_get_p_adjusted(comparison));
	g_autofree char *verdict = format_verdict(comparison);
	g_autofree char *labels = perfdash_labels_to_string(
		perfdash_comparison_list_get_labels(list, index));
	pdc_table_add_text(table, n);
	pdc_table_add_text(table, before);
	pdc_table_add_text(table, after);
	pdc_table_add_text(table, change);
	pdc_table_add_text(table, interval);
	pdc_table_add_text(table, p);
	pdc_table_add_text(table, verdict);
	pdc_table_add_text(table, labels);
}

static void
add_for_programs(PdcTable *table, PerfdashComparisonList *list, guint index)
{
	PerfdashComparison *comparison = perfdash_comparison_list_get_comparison(list, index);
	PerfdashDirection direction = perfdash_comparison_list_get_direction(list, index);
	PerfdashVerdict verdict = perfdash_comparison_get_verdict(comparison);
	guint needed = perfdash_comparison_get_runs_needed(comparison);
	double low;
	double high;
	g_autofree char *labels = perfdash_labels_to_string(
		perfdash_comparison_list_get_labels(list, index));
	perfdash_comparison_get_interval(comparison, &low, &high);
	pdc_table_add_text(table, labels);
	pdc_table_add_text(table, perfdash_comparison_list_get_unit(list, index));
	pdc_table_add_text(table, perfdash_direction_to_string(direction));
	pdc_table_add_int(table, perfdash_comparison_get_n_before(comparison));
	pdc_table_add_int(table, perfdash_comparison_get_n_after(comparison));
	pdc_table_add_double(table, perfdash_comparison_get_before(comparison));
	pdc_table_add_double(table, perfdash_comparison_get_after(comparison));
	pdc_table_add_text(table,
			   perfdash_comparison_is_relative(comparison) ? "relative" : "difference");
	pdc_table_add_double(table, perfdash_comparison_get_change(comparison));
	pdc_table_add_double(table, low);
	pdc_table_add_double(table, high);
	pdc_table_add_double(table, perfdash_comparison_get_p(comparison));
	pdc_table_add_double(table, perfdash_comparison_get_p_adjusted(comparison));
	pdc_table_add_double(table, perfdash_comparison_get_delta(comparison));
	pdc_table_add_text(table, perfdash_verdict_to_string(verdict));
	pdc_table_add_double(
		table,
		verdict != PERFDASH_VERDICT_NOT_ENOUGH_DATA || needed == G_MAXUINT ? NAN : needed);
}

static PdcTable *
comparison_table_new(const char *format)
{
	static const char *const for_people[] =
		{"runs", "before", "after", "change", "95 %", "p", "verdict", "labels", NULL};
	static const char *const for_programs[] = {"labels",
						   "unit",
						   "direction",
						   "n_before",
						   "n_after",
						   "before",
						   "after",
						   "kind",
						   "change",
						   "low",
						   "high",
						   "p",
						   "p_adjusted",
						   "delta",
						   "verdict",
						   "runs_needed",
						   NULL};
	gboolean people = format == NULL || g_str_equal(format, "table");
	return pdc_table_new(format, people ? for_people : for_programs);
}

static void
print_mean_ratio(PerfdashComparisonList *list, PerfdashDirection direction)
{
	double ratio;
	double low;
	double high;
	if (!perfdash_comparison_list_get_mean_ratio(list, direction, &ratio, &low, &high))
		return;
	g_print("geometric mean where %s is better: %+.1f %%",
		perfdash_direction_to_string(direction),
		(ratio - 1) * 100);
	if (!isnan(low))
		g_print(" (%+.1f %% .. %+.1f %%)", (low - 1) * 100, (high - 1) * 100);
	g_print("\n");
}

static void
print_list(PdcTable *table, PerfdashComparisonList *list)
{
	gboolean people = pdc_table_is_for_people(table);
	for (guint i = 0; i < perfdash_comparison_list_get_length(list); i++) {
		if (people)
			add_for_people(table, list, i);
		else
			add_for_programs(table, list, i);
	}
	pdc_table_print(table);
	if (people) {
		print_mean_ratio(list, PERFDASH_DIRECTION_LOWER);
		print_mean_ratio(list, PERFDASH_DIRECTION_HIGHER);
	}
}

int
pdc_compare(int argc, char **argv)
{
	g_auto(Options) options = {.margin = PERFDASH_COMPARISON_MARGIN * 100};
	g_autoptr(GError) error = NULL;
	if (!read_options(&options, &argc, &argv))
		return PDC_USAGE;
	g_autoptr(PdcTable) table = comparison_table_new(options.choice.format);
	if (table == NULL)
		return PDC_USAGE;
	if (argc != 3) {
		pdc_complain("what with what? give two sides, such as revision:77be01c "
			     "revision:1f00d42");
		return PDC_USAGE;
	}
	g_autoptr(PerfdashStore)
		store = pdc_open_store(options.choice.store, PERFDASH_STORE_FLAGS_READ_ONLY);
	if (store == NULL)
		return PDC_FAILED;
	g_autoptr(PerfdashSelector) selector = pdc_choice_get_selector(&options.choice, &error);
	g_autoptr(PerfdashComparisonList) list = NULL;
	if (selector != NULL)
		list = perfdash_comparison_list_new(store,
						    selector,
						    argv[1],
						    argv[2],
						    options.margin / 100,
						    &error);
	if (list == NULL)
		return pdc_choice_complain(error);
	print_list(table, list);
	return PDC_OK;
}
