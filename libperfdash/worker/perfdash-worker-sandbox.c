/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "perfdash-worker-sandbox.h"

#include "perfdash-parser-loader.h"
#include "perfdash-worker-landlock.h"
#include "perfdash-worker-limits.h"
#include "perfdash-worker-seccomp.h"

/* A module may load what stands beside it; a key file may stand in somebody's home. Each folder
 * once: modules of one stand together */
static GStrv
list_places(char **modules)
{
	g_autoptr(GStrvBuilder) places = g_strv_builder_new();
	g_autofree char *last = NULL;
	for (guint i = 0; modules[i] != NULL; i++) {
		g_autofree char *place = g_str_has_suffix(modules[i], PERFDASH_KEY_FILE_SUFFIX)
						 ? g_strdup(modules[i])
						 : g_path_get_dirname(modules[i]);
		if (g_strcmp0(place, last) == 0)
			continue;
		g_strv_builder_add(places, place);
		g_free(last);
		last = g_steal_pointer(&place);
	}
	return g_strv_builder_end(places);
}

gboolean
perfdash_worker_sandbox_apply(char **modules,
			      int output,
			      guint64 log_size,
			      guint64 output_size,
			      GError **error)
{
	g_auto(GStrv) places = list_places(modules);
	return perfdash_worker_limits_apply(log_size, output_size, error) &&
	       perfdash_worker_landlock_apply((const char *const *)places, error) &&
	       perfdash_worker_seccomp_apply(output, error);
}
