/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* a row of the table for people or of the comma-separated values */
typedef struct {
	char *name;       /* of the benchmark, maybe with the name of an aggregate behind it */
	const char *unit; /* of the times; % for a coefficient of variation; static */
	double real, cpu;
	double iterations;
	guint line;
	GArray *counters; /* of GbCounter */
} GbRow;

typedef struct {
	char *name;
	const char *unit; /* static */
	double value;
} GbCounter;

typedef struct _GbRows GbRows;

GbRows *
gb_rows_new(void);
void
gb_rows_free(GbRows *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GbRows, gb_rows_free)
/* takes the name */
GbRow *
gb_rows_add(GbRows *self, char *name, guint line);
void
gb_row_add_counter(GbRow *self, const char *name, const char *unit, double value);
guint
gb_rows_get_n(GbRows *self);
/* adds the results of all rows, and forgets the rows */
void
gb_rows_write(GbRows *self, PerfdashRunBuilder *builder);

gboolean
gb_json_is_own(const char *text);
gboolean
gb_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error);
void
gb_text_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
