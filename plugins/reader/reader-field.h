/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <perfdash.h>

G_BEGIN_DECLS

/* a line of a report that begins with a name and has a number behind it; tables end with NULL */
typedef struct {
	const char *prefix; /* with the colon or what else follows the name */
	const char *metric;
	const char *unit;
	PerfdashDirection direction;
} ReaderField;

/* what a line says of how a test was set up; tables end with NULL */
typedef struct {
	const char *prefix;
	const char *key;
} ReaderFact;

/* adds the number behind the prefix that a line begins with; blanks before it do not count. FALSE
 * when the line is none of the fields or has no number */
gboolean
reader_add_field(PerfdashRunBuilder *builder,
		 const char *benchmark,
		 const char *line,
		 const ReaderField *fields);
/* sets what stands behind the prefix that a line begins with as a parameter */
gboolean
reader_set_parameter(PerfdashRunBuilder *builder, const char *line, const ReaderFact *facts);
gboolean
reader_set_environment(PerfdashRunBuilder *builder, const char *line, const ReaderFact *facts);

G_END_DECLS
