/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* those of a JTL that matter */
typedef enum {
	JMETER_START_COLUMN,
	JMETER_ELAPSED_COLUMN,
	JMETER_LABEL_COLUMN,
	JMETER_MESSAGE_COLUMN,
	JMETER_SUCCESS_COLUMN,
	JMETER_N_COLUMNS,
} JmeterColumn;

/* what JMeter writes when nothing was set; the same in all versions as far as we need it */
#define JMETER_LABEL_POSITION   2
#define JMETER_SUCCESS_POSITION 7
static const int jmeter_default_positions[JMETER_N_COLUMNS] = {0,
							       1,
							       JMETER_LABEL_POSITION,
							       4,
							       JMETER_SUCCESS_POSITION};

/* of the row that a text begins with */
char
jmeter_columns_find_separator(const char *text, gsize size);
/* the position of each column, or -1, by their names; FALSE when the fields are no header */
gboolean
jmeter_columns_name(GPtrArray *fields, int *positions);
/* the same from the first row of a text, a header or not; FALSE when it is no JTL */
gboolean
jmeter_columns_find(const char *text, gsize size, char separator, int *positions);
/* Whether a text begins with rows that are unmistakable without a header. next, nullable: where a
 * search that was in vain must go on */
gboolean
jmeter_columns_are_certain(const char *text, gsize size, const char **next);

G_END_DECLS
