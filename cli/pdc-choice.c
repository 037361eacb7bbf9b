/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-choice.h"

void
pdc_choice_clear(PdcChoice *self)
{
	g_free(self->store);
	g_free(self->format);
	g_strfreev(self->matches);
	g_free(self->words);
	g_free(self->since_text);
	g_free(self->until_text);
}

static void
add_entries(GArray *entries, const GOptionEntry *added)
{
	for (; added != NULL && added->long_name != NULL; added++)
		g_array_append_vals(entries, added, 1);
}

static gboolean
read_time(const char *name, const char *text, gint64 now, gint64 *time)
{
	g_autoptr(GError) error = NULL;
	if (text == NULL || perfdash_time_parse(text, now, time, NULL, &error))
		return TRUE;
	pdc_complain("%s %s", name, error->message);
	return FALSE;
}

static gboolean
read_times(PdcChoice *self)
{
	gint64 now = g_get_real_time();
	self->since = G_MININT64;
	self->until = G_MAXINT64;
	return read_time("since", self->since_text, now, &self->since) &&
	       read_time("until", self->until_text, now, &self->until);
}

gboolean
pdc_choice_read(PdcChoice *self,
		int *argc,
		char ***argv,
		const GOptionEntry *others,
		const char *arguments,
		const char *summary)
{
	const GOptionEntry common[] = {{"store",
					's',
					0,
					G_OPTION_ARG_FILENAME,
					&self->store,
					"Directory or URI of the store (default: $PERFDASH_STORE)",
					"PLACE"},
				       {"format",
					'f',
					0,
					G_OPTION_ARG_STRING,
					&self->format,
					"table (default), markdown, json or csv",
					"FORMAT"},
				       {"match",
					'm',
					0,
					G_OPTION_ARG_STRING_ARRAY,
					&self->matches,
					"key:value, key:~regex or key:!value; may be repeated",
					"MATCH"},
				       {"words",
					'q',
					0,
					G_OPTION_ARG_STRING,
					&self->words,
					"Words that must occur in label values",
					"WORDS"},
				       G_OPTION_ENTRY_NULL};
	const GOptionEntry limit[] = {
		{"limit", 'n', 0, G_OPTION_ARG_INT, &self->limit, "How many at most", "N"},
		G_OPTION_ENTRY_NULL};
	const GOptionEntry times[] = {{"since",
				       0,
				       0,
				       G_OPTION_ARG_STRING,
				       &self->since_text,
				       "Only runs since then: 2026-11-23, 2026-11-23T17:12:20Z, "
				       "14d (so long ago; m h d w), today or yesterday",
				       "TIME"},
				      {"until",
				       0,
				       0,
				       G_OPTION_ARG_STRING,
				       &self->until_text,
				       "Only runs before then",
				       "TIME"},
				      G_OPTION_ENTRY_NULL};
	gboolean has_limit = self->limit != 0;
	g_autoptr(GArray) entries = g_array_new(TRUE, FALSE, sizeof(GOptionEntry));
	add_entries(entries, common);
	add_entries(entries, others);
	add_entries(entries, self->has_times ? times : NULL);
	add_entries(entries, has_limit ? limit : NULL);
	if (!pdc_read_options(argc, argv, (const GOptionEntry *)entries->data, arguments, summary))
		return FALSE;
	if (!has_limit || self->limit > 0)
		return read_times(self);
	pdc_complain("limit %d is not 1 or more", self->limit);
	return FALSE;
}

PerfdashSelector *
pdc_choice_get_selector(const PdcChoice *self, GError **error)
{
	return perfdash_selector_new((const char *const *)self->matches, self->words, error);
}

gboolean
pdc_choice_has_time(const PdcChoice *self, gint64 time)
{
	return self->since <= time && time < self->until;
}

PerfdashSeries *
pdc_choice_load_series(const PdcChoice *self, PerfdashStore *store, const char *id, GError **error)
{
	g_autoptr(PerfdashSeries) whole = perfdash_store_load_series(store, id, error);
	return whole != NULL ? perfdash_series_slice(whole, self->since, self->until) : NULL;
}

int
pdc_choice_complain(const GError *error)
{
	pdc_complain("%s", error->message);
	return error->code == PERFDASH_ERROR_INVALID ? PDC_USAGE : PDC_FAILED;
}
