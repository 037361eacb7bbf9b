/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "pdd-config-file.h"

G_BEGIN_DECLS

/* puts a value where it belongs in what owns the key */
typedef gboolean (*PddConfigRead)(gpointer owner, const char *value, GError **error);

/* the last of a table has no name */
typedef struct {
	const char *name;
	PddConfigRead read;
} PddConfigKey;

void
pdd_config_value_read(const PddConfigEntry *entry,
		      const PddConfigKey *keys,
		      gpointer owner,
		      GPtrArray *errors);
const char *
pdd_config_value_get_name(const PddConfigEntry *entry, const char *kind, GPtrArray *errors);

gboolean
pdd_config_value_reject(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
gboolean
pdd_config_value_set_text(char **field, const char *value);
gboolean
pdd_config_value_set_path(char **field, const char *value, GError **error);
gboolean
pdd_config_value_set_size(guint64 *field, const char *value, GError **error);
gboolean
pdd_config_value_set_days(GTimeSpan *field, const char *value, GError **error);
gboolean
pdd_config_value_parse_span(const char *value, GTimeSpan *span);

G_END_DECLS
