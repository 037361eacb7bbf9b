/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reader-field.h"

#include <string.h>

#include "reader-text.h"

gboolean
reader_add_field(PerfdashRunBuilder *builder,
		 const char *benchmark,
		 const char *line,
		 const ReaderField *fields)
{
	line += strspn(line, " \t");
	for (const ReaderField *one = fields; one->prefix != NULL; one++) {
		const char *text = reader_after(line, one->prefix);
		double value;
		if (text == NULL || !reader_number(text, &value, NULL))
			continue;
		perfdash_run_builder_add_result(builder,
						benchmark,
						one->metric,
						one->unit,
						one->direction,
						value);
		return TRUE;
	}
	return FALSE;
}

typedef void (*SetFact)(PerfdashRunBuilder *builder, const char *key, const char *value);

static gboolean
set_fact(PerfdashRunBuilder *builder, const char *line, const ReaderFact *facts, SetFact set)
{
	line += strspn(line, " \t");
	for (const ReaderFact *one = facts; one->prefix != NULL; one++) {
		const char *text = reader_after(line, one->prefix);
		if (text == NULL || *text == '\0')
			continue;
		g_autofree char *value = reader_name(text);
		set(builder, one->key, value);
		return TRUE;
	}
	return FALSE;
}

gboolean
reader_set_parameter(PerfdashRunBuilder *builder, const char *line, const ReaderFact *facts)
{
	return set_fact(builder, line, facts, perfdash_run_builder_set_parameter);
}

gboolean
reader_set_environment(PerfdashRunBuilder *builder, const char *line, const ReaderFact *facts)
{
	return set_fact(builder, line, facts, perfdash_run_builder_set_environment);
}
