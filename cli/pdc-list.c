/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-choice.h"
#include "pdc-table.h"

/* for people just what they look for */
static void
add_parser(PdcTable *table, PerfdashParserInfo *info, gboolean all)
{
	const char *blocked = perfdash_parser_info_get_blocked(info);
	g_auto(GStrv) places = perfdash_parser_info_dup_places(info);
	g_autofree char *reads = g_strjoinv(" ", places);
	pdc_table_add_text(table, perfdash_parser_info_get_name(info));
	pdc_table_add_text(table, perfdash_parser_info_get_version(info));
	pdc_table_add_text(table, perfdash_parser_info_get_kind(info));
	pdc_table_add_text(table, perfdash_parser_info_get_description(info));
	if (all) {
		g_auto(GStrv) marks = perfdash_parser_info_dup_marks(info);
		g_autofree char *globs = g_strjoinv(" ",
						    (GStrv)perfdash_parser_info_get_globs(info));
		g_autofree char *lines = g_strjoinv("\n", marks);
		pdc_table_add_text(table, reads);
		pdc_table_add_text(table, lines);
		pdc_table_add_text(table, globs);
		pdc_table_add_text(table, perfdash_parser_info_get_path(info));
	}
	if (blocked != NULL)
		pdc_table_add_text(table, blocked);
	else
		pdc_table_add_nothing(table);
}

int
pdc_parsers(int argc, char **argv)
{
	static const char *const few[] =
		{"name", "version", "kind", "description", "blocked", NULL};
	static const char *const all[] = {"name",
					  "version",
					  "kind",
					  "description",
					  "reads",
					  "marks",
					  "globs",
					  "path",
					  "blocked",
					  NULL};
	g_autoptr(GError) error = NULL;
	g_autofree char *format = NULL;
	const GOptionEntry entries[] = {{"format",
					 'f',
					 0,
					 G_OPTION_ARG_STRING,
					 &format,
					 "table (default), markdown, json or csv",
					 "FORMAT"},
					G_OPTION_ENTRY_NULL};
	if (!pdc_read_options(&argc,
			      &argv,
			      entries,
			      "",
			      "Lists the parsers, and those that are blocked and why."))
		return PDC_USAGE;
	g_autoptr(PdcTable) table = pdc_table_new(format, few, all);
	if (table == NULL)
		return PDC_USAGE;
	g_autoptr(PerfdashParserRegistry) registry = perfdash_parser_registry_new(NULL, &error);
	if (registry == NULL)
		return pdc_choice_complain(error);
	g_autoptr(GPtrArray) parsers = perfdash_parser_registry_list(registry);
	for (guint i = 0; i < parsers->len; i++)
		add_parser(table, g_ptr_array_index(parsers, i), !pdc_table_is_for_people(table));
	pdc_table_print(table);
	return PDC_OK;
}

/* the newest values as blocks of eight heights */
static char *
draw_spark(PerfdashSummary *summary)
{
	static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	gsize n;
	const double *values = perfdash_summary_get_spark(summary, &n);
	GString *text = g_string_new(NULL);
	double low = n > 0 ? values[0] : 0;
	double high = low;
	for (gsize i = 0; i < n; i++) {
		low = MIN(low, values[i]);
		high = MAX(high, values[i]);
	}
	for (gsize i = 0; i < n; i++) {
		double height = high > low ? (values[i] - low) / (high - low) : 0.5;
		g_string_append(text, blocks[(int)(height * 7.999)]);
	}
	return g_string_free(text, FALSE);
}

static void
add_series_for_people(PdcTable *table, PerfdashSummary *summary)
{
	PerfdashSeriesInfo *info = perfdash_summary_get_info(summary);
	double before;
	double after;
	double change;
	g_autofree char *labels = perfdash_labels_to_string(perfdash_series_info_get_labels(info));
	g_autofree char *last = perfdash_unit_format(perfdash_series_info_get_unit(info),
						     perfdash_summary_get_last_value(summary));
	g_autofree char *spark = g_get_charset(NULL) ? draw_spark(summary) : g_strdup("");
	g_autofree char *week = perfdash_summary_get_week(summary, &before, &after, &change)
					? g_strdup_printf("%+.1f %%", change * 100)
					: g_strdup("");
	pdc_table_add_text(table, perfdash_series_info_get_id(info));
	pdc_table_add_int(table, perfdash_summary_get_length(summary));
	pdc_table_add_text(table, last);
	pdc_table_add_text(table, week);
	pdc_table_add_text(table, spark);
	pdc_table_add_text(table, labels);
}

static void
add_series_for_programs(PdcTable *table, PerfdashSummary *summary)
{
	PerfdashSeriesInfo *info = perfdash_summary_get_info(summary);
	double before;
	double after;
	double change;
	g_autofree char *labels = perfdash_labels_to_string(perfdash_series_info_get_labels(info));
	pdc_table_add_text(table, perfdash_series_info_get_id(info));
	pdc_table_add_text(table, labels);
	pdc_table_add_text(table, perfdash_series_info_get_unit(info));
	pdc_table_add_text(table,
			   perfdash_direction_to_string(perfdash_series_info_get_direction(info)));
	pdc_table_add_int(table, perfdash_summary_get_length(summary));
	pdc_table_add_double(table, perfdash_summary_get_last_value(summary));
	pdc_table_add_time(table, perfdash_summary_get_last_time(summary));
	if (perfdash_summary_get_week(summary, &before, &after, &change))
		pdc_table_add_double(table, change);
	else
		pdc_table_add_nothing(table);
}

static PdcTable *
series_table_new(const char *format)
{
	static const char *const for_people[] =
		{"id", "n", "last", "week", "newest", "labels", NULL};
	static const char *const for_programs[] = {"id",
						   "labels",
						   "unit",
						   "direction",
						   "n",
						   "last",
						   "last_time",
						   "week_change",
						   NULL};
	return pdc_table_new(format, for_people, for_programs);
}

static GPtrArray *
select_series(PerfdashStore *store, PdcChoice *options, GError **error)
{
	g_autoptr(PerfdashSelector) selector = pdc_choice_get_selector(options, error);
	return selector != NULL ? perfdash_store_list_series(store, selector, error) : NULL;
}

/* whether runs that are asked for have results of it */
static gboolean
is_asked_for(PerfdashStore *store, PdcChoice *options, const char *id, GError **error)
{
	if (options->since_text == NULL && options->until_text == NULL)
		return TRUE;
	g_autoptr(PerfdashSeries) series = pdc_choice_load_series(options, store, id, error);
	return series != NULL && perfdash_series_get_length(series) > 0;
}

static gboolean
add_series(PdcTable *table, PerfdashStore *store, const char *id, GError **error)
{
	g_autoptr(PerfdashSummary) summary = perfdash_store_load_summary(store, id, error);
	if (summary == NULL)
		return FALSE;
	if (pdc_table_is_for_people(table))
		add_series_for_people(table, summary);
	else
		add_series_for_programs(table, summary);
	return TRUE;
}

int
pdc_series(int argc, char **argv)
{
	g_auto(PdcChoice) options = {.limit = G_MAXINT, .has_times = TRUE};
	g_autoptr(GError) error = NULL;
	int n = 0;
	if (!pdc_choice_read(&options,
			     &argc,
			     &argv,
			     NULL,
			     "",
			     "Lists series with their last value and how the last week compares "
			     "with the one before."))
		return PDC_USAGE;
	g_autoptr(PdcTable) table = series_table_new(options.format);
	if (table == NULL)
		return PDC_USAGE;
	g_autoptr(PerfdashStore)
		store = pdc_open_store(options.store, PERFDASH_STORE_FLAGS_READ_ONLY);
	if (store == NULL)
		return PDC_FAILED;
	g_autoptr(GPtrArray) infos = select_series(store, &options, &error);
	for (guint i = 0; error == NULL && i < infos->len && n < options.limit; i++) {
		const char *id = perfdash_series_info_get_id(g_ptr_array_index(infos, i));
		if (is_asked_for(store, &options, id, &error))
			n += add_series(table, store, id, &error);
	}
	if (error != NULL)
		return pdc_choice_complain(error);
	pdc_table_print(table);
	return PDC_OK;
}

static void
add_points(PdcTable *table, PerfdashSeries *series, guint limit)
{
	PerfdashSeriesInfo *info = perfdash_series_get_info(series);
	const char *unit = perfdash_series_info_get_unit(info);
	gsize n;
	const double *values = perfdash_series_get_values(series, &n);
	const gint64 *times = perfdash_series_get_times(series, &n);
	const gint64 *runs = perfdash_series_get_runs(series, &n);
	for (gsize i = n > limit ? n - limit : 0; i < n; i++) {
		pdc_table_add_text(table, perfdash_series_info_get_id(info));
		pdc_table_add_time(table, times[i]);
		if (pdc_table_is_for_people(table)) {
			g_autofree char *value = perfdash_unit_format(unit, values[i]);
			pdc_table_add_text(table, value);
		} else {
			pdc_table_add_double(table, values[i]);
		}
		pdc_table_add_text(table, unit);
		pdc_table_add_int(table, runs[i]);
		pdc_table_add_text(table, perfdash_series_get_build(series, i));
		pdc_table_add_text(table, perfdash_series_get_revision(series, i));
		pdc_table_add_text(
			table,
			perfdash_outcome_to_string(perfdash_series_get_outcome(series, i)));
	}
}

static gboolean
load_points(PdcTable *table,
	    PerfdashStore *store,
	    PdcChoice *options,
	    const char *id,
	    GError **error)
{
	g_autoptr(PerfdashSeries) series = pdc_choice_load_series(options, store, id, error);
	if (series != NULL)
		add_points(table, series, options->limit);
	return series != NULL;
}

static gboolean
add_selected_points(PdcTable *table, PerfdashStore *store, PdcChoice *options, GError **error)
{
	g_autoptr(GPtrArray) infos = select_series(store, options, error);
	gboolean loaded = infos != NULL;
	for (guint i = 0; loaded && i < infos->len; i++)
		loaded = load_points(table,
				     store,
				     options,
				     perfdash_series_info_get_id(g_ptr_array_index(infos, i)),
				     error);
	return loaded;
}

int
pdc_points(int argc, char **argv)
{
	static const char *const names[] =
		{"series", "time", "value", "unit", "run", "build", "revision", "outcome", NULL};
	g_auto(PdcChoice) options = {.limit = G_MAXINT, .has_times = TRUE};
	g_autoptr(GError) error = NULL;
	if (!pdc_choice_read(&options,
			     &argc,
			     &argv,
			     NULL,
			     "[ID...]",
			     "Prints the results of series, given by id or chosen by --match and "
			     "--words; --limit counts for each, the newest stay."))
		return PDC_USAGE;
	g_autoptr(PdcTable) table = pdc_table_new(options.format, names, names);
	if (table == NULL)
		return PDC_USAGE;
	if (argc < 2 && options.matches == NULL && options.words == NULL) {
		pdc_complain("which series? give ids, --match or --words");
		return PDC_USAGE;
	}
	g_autoptr(PerfdashStore)
		store = pdc_open_store(options.store, PERFDASH_STORE_FLAGS_READ_ONLY);
	if (store == NULL)
		return PDC_FAILED;
	for (int i = 1; i < argc && error == NULL; i++)
		load_points(table, store, &options, argv[i], &error);
	if (argc < 2)
		add_selected_points(table, store, &options, &error);
	if (error != NULL)
		return pdc_choice_complain(error);
	pdc_table_print(table);
	return PDC_OK;
}

#define PAGE_SIZE 500

/* the newest that are asked for; the store lists them as they came, whenever they started */
static GPtrArray *
select_runs(PerfdashStore *store, PdcChoice *options, GError **error)
{
	g_autoptr(PerfdashSelector) selector = pdc_choice_get_selector(options, error);
	g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func(g_object_unref);
	guint limit = options->limit;
	gint64 before = 0;
	if (selector == NULL)
		return NULL;
	for (guint n = PAGE_SIZE; n == PAGE_SIZE && runs->len < limit;) {
		g_autoptr(GPtrArray) page =
			perfdash_store_list_runs(store, selector, NULL, before, PAGE_SIZE, error);
		if (page == NULL)
			return NULL;
		n = page->len;
		for (guint i = 0; i < n && runs->len < limit; i++) {
			PerfdashRun *run = g_ptr_array_index(page, i);
			before = perfdash_run_get_id(run);
			if (pdc_choice_has_time(options, perfdash_run_get_started_at(run)))
				g_ptr_array_add(runs, g_object_ref(run));
		}
	}
	return g_steal_pointer(&runs);
}

static void
add_run(PdcTable *table, PerfdashRun *run)
{
	g_autofree char *labels = perfdash_labels_to_string(perfdash_run_get_labels(run));
	PerfdashChangeEvent *event = perfdash_run_get_standing_event(run);
	pdc_table_add_int(table, perfdash_run_get_id(run));
	pdc_table_add_time(table, perfdash_run_get_started_at(run));
	pdc_table_add_text(table, perfdash_run_get_build(run));
	pdc_table_add_text(table, perfdash_run_get_revision(run));
	pdc_table_add_text(table, perfdash_outcome_to_string(perfdash_run_get_outcome(run)));
	pdc_table_add_text(table, perfdash_run_get_parser(run));
	pdc_table_add_int(table, perfdash_run_get_n_results(run));
	pdc_table_add_text(table, perfdash_run_get_log_name(run));
	pdc_table_add_text(table, labels);
	pdc_table_add_text(table, event != NULL ? perfdash_change_event_get_value(event) : "");
}

int
pdc_runs(int argc, char **argv)
{
	static const char *const names[] = {"run",
					    "started_at",
					    "build",
					    "revision",
					    "outcome",
					    "parser",
					    "results",
					    "log",
					    "labels",
					    "hidden",
					    NULL};
	g_auto(PdcChoice) options = {.limit = 50, .has_times = TRUE};
	g_autoptr(GError) error = NULL;
	if (!pdc_choice_read(
		    &options,
		    &argc,
		    &argv,
		    NULL,
		    "",
		    "Lists runs, newest first; fifty when --limit does not say otherwise. Of those "
		    "that somebody hid, 'hidden' says why."))
		return PDC_USAGE;
	g_autoptr(PdcTable) table = pdc_table_new(options.format, names, names);
	if (table == NULL)
		return PDC_USAGE;
	g_autoptr(PerfdashStore)
		store = pdc_open_store(options.store, PERFDASH_STORE_FLAGS_READ_ONLY);
	if (store == NULL)
		return PDC_FAILED;
	g_autoptr(GPtrArray) runs = select_runs(store, &options, &error);
	if (runs == NULL)
		return pdc_choice_complain(error);
	for (guint i = 0; i < runs->len; i++)
		add_run(table, g_ptr_array_index(runs, i));
	pdc_table_print(table);
	return PDC_OK;
}
