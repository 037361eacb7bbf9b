/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-command.h"

int
pdc_rebuild(int argc, char **argv)
{
	g_autofree char *place = NULL;
	g_autoptr(GError) error = NULL;
	const GOptionEntry entries[] = {
		{"store",
		 0,
		 0,
		 G_OPTION_ARG_FILENAME,
		 &place,
		 "the store (default: $PERFDASH_STORE)",
		 "DIRECTORY"},
		{NULL},
	};
	if (!pdc_read_options(
		    &argc,
		    &argv,
		    entries,
		    NULL,
		    "Derives again what a store derives from its runs, for a database that "
		    "is damaged there.\nNo other program may be writing to the store."))
		return PDC_USAGE;
	if (argc > 1) {
		pdc_complain("unexpected argument \"%s\"; see perfdash rebuild --help", argv[1]);
		return PDC_USAGE;
	}
	/* opened for reading first, which does not make a store that is not there */
	g_autoptr(PerfdashStore) store = pdc_open_store(place, PERFDASH_STORE_FLAGS_READ_ONLY);
	if (store != NULL) {
		g_clear_object(&store);
		store = pdc_open_store(place, PERFDASH_STORE_FLAGS_NONE);
	}
	if (store == NULL)
		return PDC_FAILED;
	if (!perfdash_store_rebuild(store, &error)) {
		pdc_complain("%s", error->message);
		return PDC_FAILED;
	}
	PerfdashTotals totals;
	perfdash_store_get_totals(store, &totals);
	g_print("derived %" G_GUINT64_FORMAT " results of %" G_GUINT64_FORMAT " runs again\n",
		totals.results,
		totals.runs);
	return PDC_OK;
}
