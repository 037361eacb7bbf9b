/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-choice.h"

void
pdc_choice_clear(PdcChoice *self)
{
	g_free(self->store);
	g_free(self->format);
	g_strfreev(self->matches);
	g_free(self->words);
}

static void
add_entries(GArray *entries, const GOptionEntry *added)
{
	for (; added != NULL && added->long_name != NULL; added++)
		g_array_append_vals(entries, added, 1);
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
					"table (default), json or csv",
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
	gboolean has_limit = self->limit != 0;
	g_autoptr(GArray) entries = g_array_new(TRUE, FALSE, sizeof(GOptionEntry));
	add_entries(entries, common);
	add_entries(entries, others);
	add_entries(entries, has_limit ? limit : NULL);
	if (!pdc_read_options(argc, argv, (const GOptionEntry *)entries->data, arguments, summary))
		return FALSE;
	if (!has_limit || self->limit > 0)
		return TRUE;
	pdc_complain("limit %d is not 1 or more", self->limit);
	return FALSE;
}

PerfdashSelector *
pdc_choice_get_selector(const PdcChoice *self, GError **error)
{
	return perfdash_selector_new((const char *const *)self->matches, self->words, error);
}

int
pdc_choice_complain(const GError *error)
{
	pdc_complain("%s", error->message);
	return error->code == PERFDASH_ERROR_INVALID ? PDC_USAGE : PDC_FAILED;
}
