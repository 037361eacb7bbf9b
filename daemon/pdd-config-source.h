/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

#include "pdd-config-value.h"
#include "pdd-source-layout.h"

G_BEGIN_DECLS

typedef struct {
	char *name;
	char *type;
	char *path;
	PddSourceLayout *layout; /* nullable */
	PerfdashLabels *labels;
	char *parser; /* nullable: the parsers decide */
	char *file;   /* where it stands */
	guint line;
} PddSourceConfig;

extern const PddConfigKey pdd_config_source_keys[];

PddSourceConfig *
pdd_config_source_new(const char *name, const PddConfigEntry *entry);
void
pdd_config_source_free(PddSourceConfig *self);
gboolean
pdd_config_source_is_name(const char *name);
void
pdd_config_source_check(PddSourceConfig *self, GPtrArray *errors);

G_END_DECLS
