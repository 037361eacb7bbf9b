/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-choice.h"
#include "pdc-table.h"

typedef struct {
	PdcChoice choice;
	char *state;
	char *direction;
} Options;

static void
options_clear(Options *options)
{
	pdc_choice_clear(&options->choice);
	g_free(options->state);
	g_free(options->direction);
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
				    G_OPTION_ENTRY_NULL};
	return pdc_choice_read(&options->choice,
			       argc,
			       argv,
			       own,
			       "",
			       "Lists what changed, the newest first: what, where, by how much, "
			       "since when and how sure that is.");
}

static const char *
state_of(PerfdashChange *change)
{
	return perfdash_change_state_to_string(perfdash_change_get_state(change));
}

static void
add_for_people(PdcTable *table, PerfdashChange *change)
{
	PerfdashChangePoint *point = perfdash_change_get_point(change);
	PerfdashChangeKind kind = perfdash_change_point_get_kind(point);
	g_autofree char *sentence = perfdash_change_describe(change);
	pdc_table_add_int(table, perfdash_change_get_id(change));
	pdc_table_add_text(table, state_of(change));
	pdc_table_add_text(table, perfdash_change_kind_to_string(kind));
	pdc_table_add_text(table, perfdash_change_get_owner(change));
	pdc_table_add_text(table, sentence);
}

static void
add_size(PdcTable *table, PerfdashChangePoint *point)
{
	double low;
	double high;
	double change = perfdash_change_point_get_change(point, &low, &high);
	pdc_table_add_double(table, perfdash_change_point_get_before(point, NULL, NULL));
	pdc_table_add_double(table, perfdash_change_point_get_after(point, NULL, NULL));
	pdc_table_add_double(table, change);
	pdc_table_add_double(table, low);
	pdc_table_add_double(table, high);
	pdc_table_add_double(table, perfdash_change_point_get_p(point));
	pdc_table_add_text(table, perfdash_change_point_get_confidence(point));
}

static void
add_for_programs(PdcTable *table, PerfdashChange *change)
{
	PerfdashSeriesInfo *info = perfdash_change_get_info(change);
	PerfdashChangePoint *point = perfdash_change_get_point(change);
	PerfdashChangeKind kind = perfdash_change_point_get_kind(point);
	const char *previous_build;
	const char *previous_revision;
	const char *build = perfdash_change_get_build(change, &previous_build);
	const char *revision = perfdash_change_get_revision(change, &previous_revision);
	g_autofree char *labels = perfdash_labels_to_string(perfdash_series_info_get_labels(info));
	g_autofree char *sentence = perfdash_change_describe(change);
	pdc_table_add_int(table, perfdash_change_get_id(change));
	pdc_table_add_text(table, state_of(change));
	pdc_table_add_text(table, perfdash_change_kind_to_string(kind));
	pdc_table_add_text(table, perfdash_series_info_get_id(info));
	pdc_table_add_text(table, labels);
	pdc_table_add_text(table, perfdash_series_info_get_unit(info));
	pdc_table_add_time(table, perfdash_change_get_time(change));
	pdc_table_add_int(table, perfdash_change_get_run(change));
	pdc_table_add_text(table, build);
	pdc_table_add_text(table, previous_build);
	pdc_table_add_text(table, revision);
	pdc_table_add_text(table, previous_revision);
	add_size(table, point);
	pdc_table_add_text(table, perfdash_change_get_owner(change));
	pdc_table_add_text(table, perfdash_change_get_reason(change));
	pdc_table_add_text(table, perfdash_change_get_note(change));
	pdc_table_add_text(table, perfdash_change_get_link(change));
	pdc_table_add_text(table, sentence);
}

static PdcTable *
table_new(const char *format)
{
	static const char *const for_people[] = {"id", "state", "direction", "owner", "what", NULL};
	static const char *const for_programs[] = {"id",         "state",
						   "direction",  "series",
						   "labels",     "unit",
						   "time",       "run",
						   "build",      "previous_build",
						   "revision",   "previous_revision",
						   "before",     "after",
						   "change",     "low",
						   "high",       "p",
						   "confidence", "owner",
						   "reason",     "note",
						   "link",       "sentence",
						   NULL};
	return pdc_table_new(format, for_people, for_programs);
}

static GPtrArray *
list_changes(PerfdashStore *store, const Options *options, GError **error)
{
	g_autoptr(PerfdashSelector) selector = pdc_choice_get_selector(&options->choice, error);
	if (selector == NULL)
		return NULL;
	return perfdash_store_list_changes(store,
					   selector,
					   options->state,
					   options->direction,
					   options->choice.since,
					   error);
}

int
pdc_changes(int argc, char **argv)
{
	g_auto(Options) options = {.choice.limit = G_MAXINT, .choice.has_times = TRUE};
	g_autoptr(GError) error = NULL;
	int n = 0;
	if (!read_options(&options, &argc, &argv))
		return PDC_USAGE;
	g_autoptr(PdcTable) table = table_new(options.choice.format);
	if (table == NULL)
		return PDC_USAGE;
	g_autoptr(PerfdashStore)
		store = pdc_open_store(options.choice.store, PERFDASH_STORE_FLAGS_READ_ONLY);
	if (store == NULL)
		return PDC_FAILED;
	g_autoptr(GPtrArray) changes = list_changes(store, &options, &error);
	if (changes == NULL)
		return pdc_choice_complain(error);
	for (guint i = 0; i < changes->len && n < options.choice.limit; i++) {
		PerfdashChange *change = g_ptr_array_index(changes, i);
		if (!pdc_choice_has_time(&options.choice, perfdash_change_get_time(change)))
			continue;
		if (pdc_table_is_for_people(table))
			add_for_people(table, change);
		else
			add_for_programs(table, change);
		n++;
	}
	pdc_table_print(table);
	return PDC_OK;
}
