/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-change-table.h"
#include "pdc-choice.h"

typedef struct {
	PdcChoice choice;
	char *state;
	char *direction;
	GStrv controls;
	gboolean is_grouped;
	gboolean is_precision;
} Options;

static void
options_clear(Options *options)
{
	pdc_choice_clear(&options->choice);
	g_free(options->state);
	g_free(options->direction);
	g_strfreev(options->controls);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static gboolean
read_options(Options *options, int *argc, char ***argv)
{
	const GOptionEntry own[] = {{"state",
				     0,
				     0,
				     G_OPTION_ARG_STRING,
				     &options->state,
				     "new, unsure, acknowledged, ignored, fixed, historic or "
				     "withdrawn",
				     "STATE"},
				    {"direction",
				     0,
				     0,
				     G_OPTION_ARG_STRING,
				     &options->direction,
				     "regression, improvement or neither",
				     "DIRECTION"},
				    {"group",
				     0,
				     0,
				     G_OPTION_ARG_NONE,
				     &options->is_grouped,
				     "Put together what one cause can explain, and say whom to "
				     "suspect",
				     NULL},
				    {"precision",
				     0,
				     0,
				     G_OPTION_ARG_NONE,
				     &options->is_precision,
				     "Only how many of the changes that somebody judged were real",
				     NULL},
				    {"control",
				     0,
				     0,
				     G_OPTION_ARG_STRING_ARRAY,
				     &options->controls,
				     "Series that code cannot move: matches with blanks between "
				     "them; may be repeated",
				     "MATCHES"},
				    G_OPTION_ENTRY_NULL};
	return pdc_choice_read(&options->choice,
			       argc,
			       argv,
			       own,
			       "[ID]",
			       "Lists what changed, the newest first: what, where, by how much, "
			       "since when and how sure that is. With the id of a change: what "
			       "changed around the code at the same time, and may have caused it.");
}

static gboolean
set_controls(PerfdashStore *store, const Options *options)
{
	g_autoptr(GPtrArray)
		selectors = g_ptr_array_new_with_free_func((GDestroyNotify)perfdash_selector_unref);
	g_autoptr(GError) error = NULL;
	for (guint i = 0; options->controls != NULL && options->controls[i] != NULL; i++) {
		PerfdashSelector *selector = perfdash_selector_parse(options->controls[i], &error);
		if (selector == NULL) {
			pdc_complain("control \"%s\": %s", options->controls[i], error->message);
			return FALSE;
		}
		g_ptr_array_add(selectors, selector);
	}
	perfdash_store_set_controls(store, selectors);
	return TRUE;
}

static gboolean
has_time(const Options *options, PerfdashChange *change)
{
	return pdc_choice_has_time(&options->choice, perfdash_change_get_time(change));
}

/* of all changes of the chosen series, whatever their state: those of one state would say nothing
 */
static PerfdashPrecision *
load_precision(PerfdashStore *store, const Options *options, GError **error)
{
	g_autoptr(PerfdashSelector) selector = pdc_choice_get_selector(&options->choice, error);
	g_autoptr(GPtrArray) all = NULL;
	if (selector != NULL)
		all = perfdash_store_list_changes(store, selector, NULL, NULL, G_MININT64, error);
	return all != NULL ? perfdash_precision_new(all) : NULL;
}

static void
print_precision(PdcTable *table, PerfdashPrecision *precision)
{
	g_autofree char *sentence = perfdash_precision_describe(precision, NULL);
	if (pdc_table_is_for_people(table) && !pdc_table_is_markdown(table) && *sentence != '\0')
		g_print("%s\n", sentence);
}

static gboolean
add_changes(PdcTable *table,
	    PerfdashStore *store,
	    const Options *options,
	    PerfdashPrecision *precision,
	    GError **error)
{
	g_autoptr(PerfdashSelector) selector = pdc_choice_get_selector(&options->choice, error);
	g_autoptr(GPtrArray) changes = NULL;
	int n = 0;
	if (selector != NULL)
		changes = perfdash_store_list_changes(store,
						      selector,
						      options->state,
						      options->direction,
						      options->choice.since,
						      error);
	for (guint i = 0; changes != NULL && i < changes->len && n < options->choice.limit; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		if (!has_time(options, change))
			continue;
		pdc_change_table_add(table, change, precision);
		n++;
	}
	return changes != NULL;
}

static gboolean
add_groups(PdcTable *table, PerfdashStore *store, const Options *options, GError **error)
{
	g_autoptr(PerfdashSelector) selector = pdc_choice_get_selector(&options->choice, error);
	g_autoptr(GPtrArray) groups = NULL;
	int n = 0;
	if (selector != NULL)
		groups = perfdash_store_list_change_groups(store,
							   selector,
							   options->state,
							   options->direction,
							   options->choice.since,
							   error);
	for (guint i = 0; groups != NULL && i < groups->len && n < options->choice.limit; i++) {
		PerfdashChangeGroup *group = g_ptr_array_index(groups, i);
		if (!has_time(options, perfdash_change_group_get_typical(group)))
			continue;
		pdc_group_table_add(table, group);
		n++;
	}
	return groups != NULL;
}

static gboolean
print_causes(PdcTable *table, PerfdashStore *store, gint64 id, GError **error)
{
	g_autoptr(PerfdashChange) change = perfdash_store_load_change(store, id, error);
	g_autoptr(GPtrArray) causes = NULL;
	if (change != NULL)
		causes = perfdash_store_list_causes(store, change, error);
	if (causes == NULL)
		return FALSE;
	if (pdc_table_is_for_people(table)) {
		g_autofree char *sentence = perfdash_change_describe(change);
		g_print("%s\n\n%s\n",
			sentence,
			causes->len > 0
				? "What changed at the same time:"
				: "Nothing that the runs tell of changed at the same time.");
	}
	for (guint i = 0; i < causes->len; i++)
		pdc_cause_table_add(table, g_ptr_array_index(causes, i));
	pdc_table_print(table);
	return TRUE;
}

static gboolean
print_changes(PdcTable *table, PerfdashStore *store, const Options *options, GError **error)
{
	g_autoptr(PerfdashPrecision) precision = load_precision(store, options, error);
	if (precision != NULL && options->is_precision) {
		pdc_precision_table_add(table, precision);
		pdc_table_print(table);
		return TRUE;
	}
	if (precision == NULL ||
	    !(options->is_grouped ? add_groups(table, store, options, error)
				  : add_changes(table, store, options, precision, error)))
		return FALSE;
	pdc_table_print(table);
	print_precision(table, precision);
	return TRUE;
}

static PdcTable *
table_new(const Options *options, gint64 id)
{
	const char *format = options->choice.format;
	if (id != 0)
		return pdc_cause_table_new(format);
	if (options->is_precision)
		return pdc_precision_table_new(format);
	return options->is_grouped ? pdc_group_table_new(format) : pdc_change_table_new(format);
}

/* 0 when there is no argument */
static gboolean
read_id(int argc, char **argv, gint64 *id)
{
	guint64 number = 0;
	if (argc > 1 && !g_ascii_string_to_unsigned(argv[1], 10, 1, G_MAXINT64, &number, NULL)) {
		pdc_complain("\"%s\" is not the id of a change", argv[1]);
		return FALSE;
	}
	*id = number;
	return TRUE;
}

int
pdc_changes(int argc, char **argv)
{
	g_auto(Options) options = {.choice.limit = G_MAXINT, .choice.has_times = TRUE};
	g_autoptr(GError) error = NULL;
	gint64 id;
	if (!read_options(&options, &argc, &argv) || !read_id(argc, argv, &id))
		return PDC_USAGE;
	g_autoptr(PdcTable) table = table_new(&options, id);
	if (table == NULL)
		return PDC_USAGE;
	g_autoptr(PerfdashStore)
		store = pdc_open_store(options.choice.store, PERFDASH_STORE_FLAGS_READ_ONLY);
	if (store == NULL)
		return PDC_FAILED;
	if (!set_controls(store, &options))
		return PDC_USAGE;
	gboolean is_fine = id != 0 ? print_causes(table, store, id, &error)
				   : print_changes(table, store, &options, &error);
	return is_fine ? PDC_OK : pdc_choice_complain(error);
}
