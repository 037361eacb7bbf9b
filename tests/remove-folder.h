/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

/* with all that is in it */
static inline void
remove_folder(const char *path)
{
	const char *argv[] = {"rm", "-rf", path, NULL};
	g_spawn_sync(NULL,
		     (char **)argv,
		     NULL,
		     G_SPAWN_SEARCH_PATH,
		     NULL,
		     NULL,
		     NULL,
		     NULL,
		     NULL,
		     NULL);
}
