/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* a unit of JMH, and how to make one of ours of it */
typedef struct {
	const char *unit; /* NULL: what was measured is no number */
	double factor, divisor;
	PerfdashDirection direction;
} JmhUnit;

JmhUnit
jmh_unit_find(const char *name);
double
jmh_unit_convert(const JmhUnit *self, double value);

/* short names of what --prof and groups measure, without the dot before them */
const char *
jmh_skip_dot(const char *name);
/* the name of the percentile "99.9" of 100, or of its ratio "0.999" of 1; NULL when it is none */
char *
jmh_find_percentile(const char *number, double whole);
/* adds a statistic to the result added last, unless its name is among the seen ones */
void
jmh_add_stat(PerfdashRunBuilder *builder, GPtrArray *seen, const char *stat, double value);

gboolean
jmh_json_is_own(const char *text);
gboolean
jmh_json_read(GBytes *document, PerfdashRunBuilder *builder, GError **error);
void
jmh_text_read(GBytes *log, PerfdashRunBuilder *builder);

G_END_DECLS
