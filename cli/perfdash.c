/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <locale.h>
#include <string.h>

#include <string.h>

#include "pdc-command.h"

typedef struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} Command;

static const Command commands[] = {
	{"parse", pdc_parse, "show what a parser reads from logs; stores nothing"},
	{"ingest", pdc_ingest, "read logs into a store, or send them to a server"},
	{"parsers", pdc_parsers, "list the parsers, and those that are blocked and why"},
	{"series", pdc_series, "list series with their last value and change"},
	{"points", pdc_points, "print the results of series"},
	{"runs", pdc_runs, "list runs, newest first"},
	{"hide", pdc_hide, "take runs that are no measurements out of all series, with a reason"},
	{"show", pdc_show, "put runs that were hidden back"},
	{"analyze", pdc_analyze, "find the changes in series that are given as JSON lines"},
	{"changes", pdc_changes, "list what got better or worse, newest first"},
	{"compare", pdc_compare, "compare the results of two sets of runs"},
	{"budget", pdc_budget, "tell how much of what a series may lose is used"},
	{"sources", pdc_sources, "tell how the sources of a server are doing"},
	{"prune", pdc_prune, "remove the bytes of old logs"},
	{"reparse",
	 pdc_reparse,
	 "parse logs again with the parsers of today, or tell what that changes"},
	{"rebuild", pdc_rebuild, "derive again what a store derives from its runs"},
	{"token", pdc_token, "make, list and revoke tokens for those who write to a server"},
};

void
pdc_complain(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *text = g_strdup_vprintf(format, args);
	va_end(args);
	g_printerr("perfdash: %s\n", text);
}

gboolean
pdc_read_options(int *argc,
		 char ***argv,
		 const GOptionEntry *entries,
		 const char *arguments,
		 const char *summary)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *name = g_strdup_printf("perfdash %s", (*argv)[0]);
	g_autoptr(GOptionContext) context = g_option_context_new(arguments);
	g_option_context_set_summary(context, summary);
	g_option_context_add_main_entries(context, entries, NULL);
	g_set_prgname(name);
	if (g_option_context_parse(context, argc, argv, &error))
		return TRUE;
	pdc_complain("%s; see %s --help", error->message, name);
	return FALSE;
}

char *
pdc_store_directory(const char *place)
{
	if (place == NULL)
		place = g_getenv("PERFDASH_STORE");
	return place != NULL && *place != '\0' ? g_strdup(place) : NULL;
}

PerfdashStore *
pdc_open_store(const char *place, PerfdashStoreFlags flags)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *directory = pdc_store_directory(place);
	g_autofree char *uri = NULL;
	if (directory == NULL) {
		pdc_complain("which store? give --store DIRECTORY or set PERFDASH_STORE");
		return NULL;
	}
	if (g_str_has_prefix(directory, "sqlite:")) {
		uri = g_strdup(directory);
	} else {
		g_autofree char *path = g_build_filename(directory, "perfdash.db", NULL);
		uri = g_strconcat("sqlite:", path, NULL);
	}
	PerfdashStore *store = perfdash_store_open(uri, flags, &error);
	if (store == NULL)
		pdc_complain("%s", error->message);
	return store;
}

GFile *
pdc_find_logs(const char *place)
{
	g_autofree char *directory = pdc_store_directory(place);
	if (!g_str_has_prefix(directory, "sqlite:"))
		return g_file_new_build_filename(directory, "logs", NULL);
	g_autofree char *parent = g_path_get_dirname(directory + strlen("sqlite:"));
	return g_file_new_build_filename(parent, "logs", NULL);
}

static void
print_help(void)
{
	g_print("Usage: perfdash COMMAND [OPTION...]\n\n"
		"Performance results of any lab as trends.\n\nCommands:\n");
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++)
		g_print("  %-9s %s\n", commands[i].name, commands[i].summary);
	g_print("\n'perfdash COMMAND --help' explains a command.\n"
		"Exit status: 0 all went well, 1 something failed, 2 wrong usage.\n");
}

int
main(int argc, char **argv)
{
	setlocale(LC_ALL, "");
	if (argc < 2) {
		print_help();
		return PDC_USAGE;
	}
	if (g_str_equal(argv[1], "--help") || g_str_equal(argv[1], "-h") ||
	    g_str_equal(argv[1], "help")) {
		print_help();
		return PDC_OK;
	}
	if (g_str_equal(argv[1], "--version")) {
		g_print("perfdash %s\n", PERFDASH_VERSION_S);
		return PDC_OK;
	}
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
		if (g_str_equal(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	}
	pdc_complain("there is no command \"%s\"; see perfdash --help", argv[1]);
	return PDC_USAGE;
}
