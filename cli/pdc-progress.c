/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pdc-progress.h"

#include <unistd.h>

#define WIDTH 30

void
pdc_progress_show(guint done, guint total, const char *what)
{
	char bar[WIDTH + 1];
	guint filled = total > 0 ? (guint64)done * WIDTH / total : 0;
	if (!isatty(STDERR_FILENO))
		return;
	for (guint i = 0; i < WIDTH; i++)
		bar[i] = i < filled ? '#' : '.';
	bar[WIDTH] = '\0';
	g_printerr("\r\033[K[%s] %u/%u %.40s", bar, done, total, what);
}

void
pdc_progress_clear(void)
{
	if (isatty(STDERR_FILENO))
		g_printerr("\r\033[K");
}
