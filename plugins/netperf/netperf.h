/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "reader-quantity.h"
#include "reader-text.h"

G_BEGIN_DECLS

/* what the numbers of a command mean; without keys it is a classic test */
typedef struct {
	const char *test;
	const char *heading; /* that the table would begin with */
	const char *unit;    /* that it would name */
	char *keys;          /* nullable: of omni's CSV */
} NetperfCommand;

/* FALSE when a line is not the trace of a shell that runs netperf -P 0 */
gboolean
netperf_command_read(const char *line, NetperfCommand *command);

/* whether omni's output has such a key that we read */
gboolean
netperf_omni_is_key(const char *key);
/* whether a line is the heading of omni's CSV */
gboolean
netperf_omni_is_csv(const char *line);
/* a line of CSV, or of columns for people, into values by their keys */
void
netperf_omni_read_csv(GHashTable *values, const char *heading, const char *line);
void
netperf_omni_read_columns(GHashTable *values, GPtrArray *headings, const char *line);
/* whether the values say what the test was for; test is nullable, as no banner may be there */
gboolean
netperf_omni_has_result(GHashTable *values, const char *test);
void
netperf_omni_write(GHashTable *values, const char *test, PerfdashRunBuilder *builder);

G_END_DECLS
