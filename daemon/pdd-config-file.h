/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* one setting, and where it stands */
typedef struct {
	char *group;
	char *key;   /* NULL for the head of a group */
	char *value; /* likewise */
	char *file;
	guint line;
} PddConfigEntry;

GPtrArray *
pdd_config_file_read(const char *path, GPtrArray *errors);
void
pdd_config_file_add_error(GPtrArray *errors, const PddConfigEntry *entry, const char *format, ...)
	G_GNUC_PRINTF(3, 4);

G_END_DECLS
