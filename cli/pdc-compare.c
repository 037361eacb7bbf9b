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
		"to:2026-11-30   last:10\n"
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
	return pdc_table_new(format, for_people, for_programs);
}

static const PerfdashDirection directions[] = {PERFDASH_DIRECTION_LOWER, PERFDASH_DIRECTION_HIGHER};

/* for Markdown, a paragraph each */
static void
print_mean_ratios(PdcTable *table, PerfdashComparisonList *list)
{
	const char *start = pdc_table_is_markdown(table) ? "\n" : "";
	for (guint i = 0; i < G_N_ELEMENTS(directions); i++) {
		double ratio;
		double low;
		double high;
		if (!perfdash_comparison_list_get_mean_ratio(list,
							     directions[i],
							     &ratio,
							     &low,
							     &high))
			continue;
		g_print("%sgeometric mean where %s is better: %+.1f %%",
			start,
			perfdash_direction_to_string(directions[i]),
			(ratio - 1) * 100);
		if (!isnan(low))
			g_print(" (%+.1f %% .. %+.1f %%)", (low - 1) * 100, (high - 1) * 100);
		g_print("\n");
	}
}

/* a row of CSV for each, with what it has in common with the others */
static void
add_mean_ratios(PdcTable *table, PerfdashComparisonList *list)
{
	for (guint i = 0; i < G_N_ELEMENTS(directions); i++) {
		double ratio;
		double low;
		double high;
		if (!perfdash_comparison_list_get_mean_ratio(list,
							     directions[i],
							     &ratio,
							     &low,
							     &high))
			continue;
		pdc_table_add_text(table, "");
		pdc_table_add_text(table, "ratio");
		pdc_table_add_text(table, perfdash_direction_to_string(directions[i]));
		for (guint column = 0; column < 4; column++)
			pdc_table_add_nothing(table);
		pdc_table_add_text(table, "geometric mean");
		pdc_table_add_double(table, ratio - 1);
		pdc_table_add_double(table, low - 1);
		pdc_table_add_double(table, high - 1);
		for (guint column = 0; column < 5; column++)
			pdc_table_add_nothing(table);
	}
}

static void
write_mean_ratio(PerfdashJsonWriter *writer,
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
	perfdash_json_writer_name(writer, "ratio");
	perfdash_json_writer_double(writer, ratio);
	perfdash_json_writer_name(writer, "interval");
	if (isnan(low)) {
		perfdash_json_writer_null(writer);
	} else {
		perfdash_json_writer_begin_array(writer);
		perfdash_json_writer_double(writer, low);
		perfdash_json_writer_double(writer, high);
		perfdash_json_writer_end_array(writer);
	}
	perfdash_json_writer_end_object(writer);
}

/* as GET /api/v1/compare says it, but for the rows */
static void
print_json(PdcTable *table, PerfdashComparisonList *list)
{
	gsize n;
	const gint64 *shared = perfdash_comparison_list_get_shared_runs(list, &n);
	g_autoptr(PerfdashJsonWriter) writer = perfdash_json_writer_new();
	perfdash_json_writer_begin_object(writer);
	perfdash_json_writer_name(writer, "geometric_mean");
	perfdash_json_writer_begin_object(writer);
	for (guint i = 0; i < G_N_ELEMENTS(directions); i++)
		write_mean_ratio(writer, list, directions[i]);
	perfdash_json_writer_end_object(writer);
	perfdash_json_writer_name(writer, "shared_runs");
	perfdash_json_writer_begin_array(writer);
	for (gsize i = 0; i < n; i++)
		perfdash_json_writer_int(writer, shared[i]);
	perfdash_json_writer_end_array(writer);
	perfdash_json_writer_name(writer, "items");
	pdc_table_write(table, writer);
	perfdash_json_writer_end_object(writer);
	g_autoptr(GBytes) bytes = perfdash_json_writer_end(writer);
	g_print("%.*s\n",
		(int)g_bytes_get_size(bytes),
		(const char *)g_bytes_get_data(bytes, NULL));
}

/* the first of the runs that are on both sides; NULL when there are none */
static char *
describe_overlap(PerfdashComparisonList *list)
{
	gsize n;
	const gint64 *shared = perfdash_comparison_list_get_shared_runs(list, &n);
	g_autoptr(GString) text = g_string_new(NULL);
	if (n == 0)
		return NULL;
	g_string_append_printf(text,
			       "%" G_GSIZE_FORMAT " %s on both sides, which hides what differs:",
			       n,
			       n == 1 ? "run is" : "runs are");
	for (gsize i = 0; i < MIN(n, 5); i++)
		g_string_append_printf(text, " %" G_GINT64_FORMAT, shared[i]);
	g_string_append(text, n > 5 ? " ..." : "");
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static void
print_list(PdcTable *table, PerfdashComparisonList *list)
{
	gboolean people = pdc_table_is_for_people(table);
	g_autofree char *overlap = describe_overlap(list);
	for (guint i = 0; i < perfdash_comparison_list_get_length(list); i++) {
		if (people)
			add_for_people(table, list, i);
		else
			add_for_programs(table, list, i);
	}
	if (pdc_table_is_json(table)) {
		print_json(table, list);
		return;
	}
	if (!people)
		add_mean_ratios(table, list);
	pdc_table_print(table);
	if (people)
		print_mean_ratios(table, list);
	if (overlap != NULL && people)
		g_print("%swarning: %s\n", pdc_table_is_markdown(table) ? "\n" : "", overlap);
	else if (overlap != NULL)
		pdc_complain("warning: %s", overlap);
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
