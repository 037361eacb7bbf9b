/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads every file of folders once, as a fuzzer would: golden logs, and what fuzzers once found. */

#include <gio/gio.h>

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t size);

static void
replay_folder(const char *folder)
{
	g_autoptr(GDir) files = g_dir_open(folder, 0, NULL);
	const char *name;
	guint n = 0;
	while (files != NULL && (name = g_dir_read_name(files)) != NULL) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_autofree char *data = NULL;
		gsize size;
		if (g_str_has_suffix(name, ".expected.json") ||
		    !g_file_get_contents(path, &data, &size, NULL))
			continue;
		g_printerr("%s\n", path);
		LLVMFuzzerTestOneInput((const guint8 *)data, size);
		n++;
	}
	g_print("# %u files of %s\n", n, folder);
}

int
main(int argc, char **argv)
{
	g_print("1..1\n");
	for (int i = 1; i < argc; i++)
		replay_folder(argv[i]);
	g_print("ok 1 - nothing goes wrong\n");
	return 0;
}
