/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-command.h"
#include "pdd-config-value.h"

typedef struct {
	char *place; /* nullable */
	char *quota;
	char *age;
	gboolean dry_run;
} Options;

static gboolean
read_limits(const Options *options, guint64 *quota, GTimeSpan *age)
{
	g_autoptr(GError) error = NULL;
	if (options->quota != NULL && !pdd_config_value_set_size(quota, options->quota, &error))
		pdc_complain("--quota: %s", error->message);
	else if (options->age != NULL && !pdd_config_value_set_days(age, options->age, &error))
		pdc_complain("--age: %s", error->message);
	else if (*quota == 0 && *age == 0)
		pdc_complain("give --quota SIZE, or an --age of a day or more");
	else
		return TRUE;
	return FALSE;
}

static void
print_size(const char *words, guint64 n, guint64 n_bytes)
{
	g_autofree char *size = g_format_size_full(n_bytes, G_FORMAT_SIZE_IEC_UNITS);
	g_print("%s %" G_GUINT64_FORMAT " logs, %s\n", words, n, size);
}

static int
prune(const Options *options, guint64 quota, GTimeSpan age)
{
	g_autoptr(GError) error = NULL;
	PerfdashPruning pruning;
	g_autoptr(PerfdashStore) store = pdc_open_store(
		options->place,
		options->dry_run ? PERFDASH_STORE_FLAGS_READ_ONLY : PERFDASH_STORE_FLAGS_NONE);
	if (store == NULL)
		return PDC_FAILED;
	g_autoptr(GFile) logs = pdc_find_logs(options->place);
	g_autoptr(PerfdashArchive) archive = perfdash_archive_new(logs);
	do {
		if (!perfdash_pruning_run(store,
					  archive,
					  quota,
					  age,
					  options->dry_run,
					  &pruning,
					  NULL,
					  &error)) {
			pdc_complain("%s", error->message);
			return PDC_FAILED;
		}
		print_size("kept were", pruning.n_logs, pruning.n_bytes);
		print_size(options->dry_run ? "it would remove" : "removed",
			   pruning.n_removed,
			   pruning.n_removed_bytes);
	} while (pruning.is_more);
	print_size("open changes hold", pruning.n_held, pruning.n_held_bytes);
	return PDC_OK;
}

int
pdc_prune(int argc, char **argv)
{
	Options options = {0};
	guint64 quota = 0;
	GTimeSpan age = 0;
	const GOptionEntry entries[] = {
		{"store",
		 0,
		 0,
		 G_OPTION_ARG_FILENAME,
		 &options.place,
		 "the store (default: $PERFDASH_STORE)",
		 "DIRECTORY"},
		{"quota",
		 0,
		 0,
		 G_OPTION_ARG_STRING,
		 &options.quota,
		 "what all logs may take on disk, such as \"50 GiB\"",
		 "SIZE"},
		{"age",
		 0,
		 0,
		 G_OPTION_ARG_STRING,
		 &options.age,
		 "how old a log may be, such as 400d",
		 "DAYS"},
		{"dry-run",
		 'n',
		 0,
		 G_OPTION_ARG_NONE,
		 &options.dry_run,
		 "say what would be removed, and remove nothing",
		 NULL},
		{NULL},
	};
	if (!pdc_read_options(
		    &argc,
		    &argv,
		    entries,
		    NULL,
		    "Removes the bytes of the oldest logs, not what they said, and not those "
		    "that an open change refers to.\nNo other program may be writing to the "
		    "store, but with --dry-run."))
		return PDC_USAGE;
	g_autofree char *place = options.place;
	g_autofree char *size = options.quota;
	g_autofree char *days = options.age;
	if (argc > 1) {
		pdc_complain("unexpected argument \"%s\"; see perfdash prune --help", argv[1]);
		return PDC_USAGE;
	}
	if (!read_limits(&options, &quota, &age))
		return PDC_USAGE;
	return prune(&options, quota, age);
}
