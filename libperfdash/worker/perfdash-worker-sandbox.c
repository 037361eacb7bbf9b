/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-worker-sandbox.h"

#include "perfdash-worker-landlock.h"
#include "perfdash-worker-limits.h"
#include "perfdash-worker-seccomp.h"

/* each one once; modules of one folder stand together */
static GStrv
list_folders(char **modules)
{
	g_autoptr(GStrvBuilder) folders = g_strv_builder_new();
	g_autofree char *last = NULL;
	for (guint i = 0; modules[i] != NULL; i++) {
		g_autofree char *folder = g_path_get_dirname(modules[i]);
		if (g_strcmp0(folder, last) == 0)
			continue;
		g_strv_builder_add(folders, folder);
		g_free(last);
		last = g_steal_pointer(&folder);
	}
	return g_strv_builder_end(folders);
}

gboolean
perfdash_worker_sandbox_apply(char **modules, int output, guint64 log_size, GError **error)
{
	g_auto(GStrv) folders = list_folders(modules);
	return perfdash_worker_limits_apply(log_size, error) &&
	       perfdash_worker_landlock_apply((const char *const *)folders, error) &&
	       perfdash_worker_seccomp_apply(output, error);
}
